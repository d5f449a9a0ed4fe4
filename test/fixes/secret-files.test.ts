/** Passwords of compose files that become secrets of Compose, as far as the image reads a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasJudge, judge } from "../compose/judge.ts";
import { repaired } from "./repair.ts";

const rules = ["secret-in-manifest", "guessable-secret", "secret-in-file", "guessable-password-inside"];
const scope = { unsafe: true, rules };

function done(compose: string, more: Readonly<Record<string, string>> = {}) {
  const { files, repair } = repaired({ files: { "compose.yml": compose, ...more } }, scope);
  return {
    text: files["compose.yml"] ?? "",
    files,
    creates: [...new Set(repair.made.flatMap(({ creates }) => creates.map(({ file }) => file)))],
    needs: [...new Set(repair.made.flatMap(({ needs }) => needs.map(({ variable }) => variable)))],
    readers: [...new Set(repair.made.flatMap(({ creates }) => creates.map(({ reader }) => reader)))],
  };
}

const database = (environment: string, rest = ""): string =>
  `services:\n  db:\n    image: postgres:16.4\n    environment:${environment}\n${rest}`;

describe("the password of a database", () => {
  test.each([
    [
      "\n      POSTGRES_PASSWORD: postgres # ours",
      "",
      "\n      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password # ours",
      "    secrets:\n      - postgres_password\n",
    ],
    [
      '\n      - "POSTGRES_PASSWORD=postgres"',
      "    restart: always\n",
      '\n      - "POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password"',
      "    restart: always\n    secrets:\n      - postgres_password\n",
    ],
    [
      ' { "POSTGRES_PASSWORD" :  "postgres" }',
      "",
      " { POSTGRES_PASSWORD_FILE :  /run/secrets/postgres_password }",
      "    secrets:\n      - postgres_password\n",
    ],
    [
      "\n      POSTGRES_PASSWORD: postgres",
      "    secrets: [other]\nsecrets:\n  other: { file: ./other.txt }\n",
      "\n      POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password",
      "    secrets: [other, postgres_password]\nsecrets:\n  other: { file: ./other.txt }\n  postgres_password:\n    file: ./secrets/postgres_password.txt\n",
    ],
  ])("%j %j", (environment, rest, wanted, after) => {
    const { text, creates, needs } = done(database(environment, rest), { "other.txt": "x" });
    const top = after.includes("\nsecrets:")
      ? ""
      : "secrets:\n  postgres_password:\n    file: ./secrets/postgres_password.txt\n";
    expect(text).toBe(database(wanted, after + top));
    expect(creates).toEqual(["secrets/postgres_password.txt"]);
    expect(needs).toEqual([]);
  });

  test("a default of a variable stays with the variable", () => {
    const { text, creates, needs } = done(database('\n      POSTGRES_PASSWORD: "${DB_PASSWORD:-postgres}"'));
    expect(text).toBe(database('\n      POSTGRES_PASSWORD: "${DB_PASSWORD:?set it in .env}"'));
    expect(creates).toEqual([]);
    expect(needs).toEqual(["DB_PASSWORD"]);
  });

  test("a name that is taken for something else is not used twice", () => {
    const rest = "secrets:\n  postgres_password:\n    external: true\n";
    const { text, creates } = done(database("\n      POSTGRES_PASSWORD: postgres", rest));
    expect(text).toContain("POSTGRES_PASSWORD_FILE: /run/secrets/db_postgres_password\n");
    expect(creates).toEqual(["secrets/db_postgres_password.txt"]);
  });

  test("one that several services take from a common block becomes a variable", () => {
    const compose = `x-common: &common
  POSTGRES_PASSWORD: postgres
services:
  db:
    image: postgres:16.4
    environment: *common
`;
    const { text, needs } = done(compose);
    expect(text).toBe(compose.replace(": postgres\n", ": ${POSTGRES_PASSWORD:?set it in .env}\n"));
    expect(needs).toEqual(["POSTGRES_PASSWORD"]);
  });

  test("one that a variable of the .env file supplies is changed there, by a person: others may share it", () => {
    const compose = database(" { POSTGRES_PASSWORD: '${PASSWORD}' }");
    const env = "PASSWORD=postgres\n";
    const { files, creates, needs } = done(compose, { ".env": env });
    expect(files).toEqual({ "compose.yml": compose, ".env": env });
    expect([...creates, ...needs]).toEqual([]);
  });
});

test("Orthanc's image takes the name of the file, in a variable of its own kind", () => {
  const { text, creates } = done(`services:
  pacs:
    image: orthancteam/orthanc:24.6.2
    environment:
      ORTHANC__POSTGRESQL__PASSWORD: postgres
`);
  expect(text).toContain("      ORTHANC__POSTGRESQL__PASSWORD_SECRET: orthanc_postgresql_password\n");
  expect(creates).toEqual(["secrets/orthanc_postgresql_password.txt"]);
});

test("an image that reads no file gets a variable; who reads a file is told", () => {
  const { needs, creates, readers } = done(`services:
  login:
    image: quay.io/keycloak/keycloak:25.0
    environment: { KEYCLOAK_ADMIN: admin, KEYCLOAK_ADMIN_PASSWORD: seven red horses in rain }
  metrics:
    image: grafana/grafana:11.0.0
    environment: { GF_SECURITY_ADMIN_PASSWORD: seven red horses in rain }
`);
  expect(needs).toEqual(["KEYCLOAK_ADMIN_PASSWORD"]);
  expect(creates).toEqual(["secrets/gf_security_admin_password.txt"]);
  expect(readers).toEqual(["472"]);
});

test("a variable that the finding shows besides is none with a secret in it", () => {
  const compose = `services:
  keycloak:
    image: dcm4che/keycloak:26.0.6
    ports: ["8880:8880"]
    environment:
      HTTP_PORT: 8880
      KC_HTTP_PORT: 8880
      KC_BOOTSTRAP_ADMIN_USERNAME: admin
      KC_BOOTSTRAP_ADMIN_PASSWORD: changeit
      RS_CLIENT_SECRET_FILE: /run/secrets/rs
`;
  const { files } = repaired({ files: { "compose.yml": compose } });
  expect(files["compose.yml"]).toContain("      HTTP_PORT: 8880\n      KC_HTTP_PORT: 8880\n");
  expect(files["compose.yml"]).not.toContain("changeit");
});

const archive = `services:
  ldap:
    image: dcm4che/slapd-dcm4chee:2.6.13-35.0
    environment:
      STORAGE_DIR: /storage/fs1

  db:
    image: dcm4che/postgres-dcm4chee:18.1-35
    environment:
      POSTGRES_DB: pacsdb
      POSTGRES_USER: pacs
      POSTGRES_PASSWORD: pacs

  arc:
    image: dcm4che/dcm4chee-arc-psql:5.35.0
    environment:
      POSTGRES_DB: pacsdb
      POSTGRES_USER: pacs
      POSTGRES_PASSWORD: pacs

volumes:
  db:
`;

describe("an archive with its directory and its database", () => {
  const after = repaired({ files: { "compose.yml": archive } });
  const text = after.files["compose.yml"] ?? "";

  test("get the same files, also for a password that nobody has set", () => {
    expect(text.match(/LDAP_ROOTPASS_FILE: \/run\/secrets\/ldap_rootpass$/gm)).toHaveLength(2);
    expect(text.match(/POSTGRES_PASSWORD_FILE: \/run\/secrets\/postgres_password$/gm)).toHaveLength(2);
    expect(text.match(/^secrets:$/gm)).toHaveLength(1);
    const rest = after.repair.after.report.findings.filter(({ rule }) => rule === "archive-default-secret");
    expect(rest.map(({ message }) => message)).toEqual([expect.stringContaining("KEYSTORE_PASSWORD")]);
  });

  test("a second run finds nothing to do", () => {
    const files = { ...after.files, "secrets/x": "" };
    expect(repaired({ files }).repair.made.map(({ finding }) => finding.rule)).toEqual([]);
  });

  test.runIf(hasJudge)("Compose takes the result", () => {
    const folder = mkdtempSync(join(tmpdir(), "pacslint-fix-"));
    try {
      const made = after.repair.made.flatMap(({ creates }) =>
        creates.map(({ file }) => [file, "x"] as const),
      );
      for (const [path, content] of [...Object.entries(after.files), ...made]) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      expect(judge({ files: [join(folder, "compose.yml")] })).toMatchObject({ accepted: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
