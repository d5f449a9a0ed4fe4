/** Edits of compose files: in every way in which people write them, and nothing else changes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repaired } from "./repair.ts";

const database = (ports: string): string => `# the archive's database
services:
  db:
    image: postgres:17.6
    environment: { POSTGRES_PASSWORD: nine-blue-doors-by-the-sea } # long
    ports:${ports}
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`;

const only = (rule: string) => ({ unsafe: true, rules: [rule] });

describe("published ports", () => {
  test.each([
    ['\n      - "5432:5432"', '\n      - "127.0.0.1:5432:5432"'],
    ["\n      - '5432:5432/tcp' # reports", "\n      - '127.0.0.1:5432:5432/tcp' # reports"],
    ["\n      - 5432:5432", '\n      - "127.0.0.1:5432:5432"'],
    ["\n    - 0.0.0.0:5432:5432", '\n    - "127.0.0.1:5432:5432"'],
    ["\n    - '[::]:5432:5432'", "\n    - '127.0.0.1:5432:5432'"],
    ['\n      - "5430-5432:5430-5432"', '\n      - "127.0.0.1:5430-5432:5430-5432"'],
    ['\n      - "${DB_PORT:-5432}:5432"', '\n      - "127.0.0.1:${DB_PORT:-5432}:5432"'],
    [' ["5432:5432"]', ' ["127.0.0.1:5432:5432"]'],
    [" [ '5432:5432', '9999:9999' ]", " [ '127.0.0.1:5432:5432', '9999:9999' ]"],
    [
      "\n      - target: 5432 # inside\n        published: 5432",
      "\n      - target: 5432 # inside\n        published: 5432\n        host_ip: 127.0.0.1",
    ],
    [
      '\n      - { target: 5432, published: "5432" }',
      '\n      - { target: 5432, published: "5432", host_ip: 127.0.0.1 }',
    ],
    [
      "\n      - target: 5432\n        host_ip: 0.0.0.0\n        published: 5432",
      "\n      - target: 5432\n        host_ip: 127.0.0.1\n        published: 5432",
    ],
  ])("%j", (before, after) => {
    const { files } = repaired({ files: { "compose.yml": database(before) } }, only("database-published"));
    expect(files["compose.yml"]).toBe(database(after));
  });

  test("an address of the site's own stays", () => {
    const text = database('\n      - "192.168.20.5:5432:5432"');
    const { files } = repaired({ files: { "compose.yml": text } }, only("database-published"));
    expect(files["compose.yml"]).toBe(text);
  });
});

const tool = (body: string): string =>
  `services:\n  tool:\n    image: tool:1.2.3@sha256:${"0".repeat(64)}\n${body}`;

describe("rights of containers", () => {
  test.each([
    ["container-privileged", "    privileged: true # why?\n    user: '1000'\n", "    user: '1000'\n"],
    ["container-privileged", "    user: '1000'\n    privileged: true", "    user: '1000'\n"],
    ["container-shares-host", "    pid: host\n    ipc: host\n", ""],
    [
      "container-strong-capabilities",
      "    cap_add:\n      - NET_ADMIN\n      - SYS_ADMIN # for mounts\n    user: '1000'\n",
      "    cap_add:\n      - NET_ADMIN\n    user: '1000'\n",
    ],
    ["container-strong-capabilities", "    cap_add: [SYS_ADMIN, NET_ADMIN]\n", "    cap_add: [NET_ADMIN]\n"],
    [
      "container-strong-capabilities",
      "    cap_add: [CAP_SYS_ADMIN]\n    user: '1000'\n",
      "    user: '1000'\n",
    ],
    [
      "container-unconfined",
      "    security_opt:\n      - seccomp:unconfined\n      - no-new-privileges:true\n",
      "    security_opt:\n      - no-new-privileges:true\n",
    ],
  ])("%s: %j", (rule, before, after) => {
    const { files } = repaired({ files: { "compose.yml": tool(before) } }, only(rule));
    expect(files["compose.yml"]).toBe(tool(after));
  });
});

const archive = (environment: string): string =>
  `services:\n  orthanc:\n    image: orthancteam/orthanc:24.6.2\n    ports: ['8042:8042']\n${environment}`;

describe("variables", () => {
  test.each([
    ["    environment:\n      VERBOSE_STARTUP: 'true'\n      A: b\n", "    environment:\n      A: b\n"],
    ["    environment:\n      - A=b\n      - VERBOSE_STARTUP=true\n", "    environment:\n      - A=b\n"],
    ["    environment: { VERBOSE_STARTUP: 'true', A: b }\n", "    environment: { A: b }\n"],
    ["    environment:\n      VERBOSE_STARTUP: 'true'\n    restart: always\n", "    restart: always\n"],
  ])("one that is removed: %j", (before, after) => {
    const { files } = repaired({ files: { "compose.yml": archive(before) } }, only("secrets-in-log"));
    expect(files["compose.yml"]).toBe(archive(after));
  });

  test("one that an env file sets is changed there, and its comment stays", () => {
    const env = "# ours\r\nORTHANC__DICOM_ALWAYS_ALLOW_STORE=true # all senders\r\nA=b\r\n";
    const compose = archive("    env_file: pacs.env\n");
    const files = { "compose.yml": compose.replace("8042:8042", "4242:4242"), "pacs.env": env };
    const done = repaired({ files }, only("dicom-store-from-anyone"));
    expect(done.files["pacs.env"]).toBe(env.replace("STORE=true", "STORE=false"));
    expect(done.files["compose.yml"]).toBe(files["compose.yml"]);
  });

  test("one that does not exist yet joins the others", () => {
    const compose = archive("    environment:\n      - ORTHANC__NAME=Clinic\n").replace(
      "8042:8042",
      "4242:4242",
    );
    const { files } = repaired({ files: { "compose.yml": compose } }, only("dicom-store-from-anyone"));
    expect(files["compose.yml"]).toBe(
      `${compose.trimEnd()}\n      - ORTHANC__DICOM_ALWAYS_ALLOW_STORE=false\n`,
    );
  });

  test("several that do not exist yet come into one block", () => {
    const compose = archive("").replace("8042:8042", "4242:4242");
    const { files } = repaired(
      { files: { "compose.yml": compose } },
      { unsafe: true, rules: ["dicom-store-from-anyone", "dicom-echo-from-anyone"] },
    );
    expect(files["compose.yml"]).toBe(
      `${compose}    environment:\n      ORTHANC__DICOM_ALWAYS_ALLOW_STORE: "false"\n      ORTHANC__DICOM_ALWAYS_ALLOW_ECHO: "false"\n`,
    );
  });

  test("a password leaves the file, and what has to be set is told", () => {
    const login = (password: string): string =>
      `services:\n  login:\n    image: quay.io/keycloak/keycloak:25.0\n    environment: { KEYCLOAK_ADMIN: admin, KEYCLOAK_ADMIN_PASSWORD: ${password} } # long\n`;
    const compose = login("seven red horses in rain");
    const { files, repair } = repaired({ files: { "compose.yml": compose } }, only("secret-in-manifest"));
    expect(files["compose.yml"]).toBe(login('"${KEYCLOAK_ADMIN_PASSWORD:?set it in .env}"'));
    expect(repair.made.flatMap(({ needs }) => needs)).toEqual([
      { variable: "KEYCLOAK_ADMIN_PASSWORD", withQuotes: false },
    ]);
  });
});

/** Compose files as different people write them; all of them leave something open. */
const written = fc
  .record({
    list: fc.boolean(),
    quote: fc.constantFrom('"', "'", ""),
    newline: fc.constantFrom("\n", "\r\n"),
    indent: fc.constantFrom("  ", "    "),
    comment: fc.constantFrom("", " # ours", " # a: b, 'c'"),
    authentication: fc.constantFrom("true", "false"),
    store: fc.constantFrom("true", "false"),
    before: fc.constantFrom("", "# first line", "name: pacs"),
    restart: fc.boolean(),
    final: fc.boolean(),
  })
  .map((style) => {
    const { indent: i, quote: q, comment } = style;
    const pair = (name: string, value: string): string =>
      style.list
        ? `${i}${i}${i}- ${q}${name}=${value}${q}${comment}`
        : `${i}${i}${i}${name}: ${q || '"'}${value}${q || '"'}${comment}`;
    const lines = [
      ...(style.before === "" ? [] : [style.before]),
      `services:${comment}`,
      `${i}orthanc:`,
      `${i}${i}image: orthancteam/orthanc:24.6.2`,
      ...(style.restart ? [`${i}${i}restart: unless-stopped`] : []),
      `${i}${i}environment:${comment}`,
      pair("ORTHANC__AUTHENTICATION_ENABLED", style.authentication),
      pair("ORTHANC__DICOM_ALWAYS_ALLOW_STORE", style.store),
      pair("VERBOSE_STARTUP", "true"),
      `${i}${i}ports:`,
      `${i}${i}${i}- ${q}8042:8042${q}${comment}`,
      `${i}${i}${i}- ${q}4242:4242${q}`,
    ];
    return lines.join(style.newline) + (style.final ? style.newline : "");
  });

describe("any edits of any compose file", () => {
  test("keep every other line, are made once, and leave nothing worse", { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(written, (compose) => {
        const first = repaired({ files: { "compose.yml": compose } });
        const text = first.files["compose.yml"] ?? "";
        const touched = first.repair.made.reduce((sum, { written: lines }) => sum + lines.length, 0);
        expect(linesLost(compose, text)).toBeLessThanOrEqual(touched);
        expect(text.includes("\r\n")).toBe(compose.includes("\r\n"));
        expect(text.replaceAll("\r\n", "").includes("\n")).toBe(!compose.includes("\r\n"));
        expect(text.endsWith("\n")).toBe(compose.endsWith("\n"));
        expect(first.repair.after.report.problems).toEqual(first.repair.before.report.problems);
        const second = repaired({ files: first.files });
        expect(second.repair.made.map(({ finding }) => finding.rule)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});

/** How many lines of the first text are not in the second, in their order. */
function linesLost(before: string, after: string): number {
  const rest = after.split("\n");
  let lost = 0;
  for (const line of before.split("\n")) {
    const found = rest.indexOf(line);
    if (found < 0) lost++;
    else rest.splice(0, found + 1);
  }
  return lost;
}
