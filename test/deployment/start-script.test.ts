import { describe, expect, test } from "vitest";
import { madeFiles } from "../../src/deployment/start-script.ts";
import { shellCommands } from "../../src/sources/shell.ts";
import { holeIn, locate, type Text, textAt, textOfFile } from "../../src/text/text.ts";
import { lintFiles } from "../inspect.ts";

const at = locate(textOfFile("docker-compose.yml", "x"), 0, 1);
const template = textOfFile("site.tmpl", "host ${HOST}; user @USER@; $uri");

/** What `sh -c SCRIPT` makes of /in. */
function made(script: string, variables: Readonly<Record<string, string>> = { HOST: "pacs" }) {
  return madeFiles(
    {
      entrypoint: ["sh", "-c", script].map((word) => textAt(word, at)),
      command: undefined,
      variables: Object.entries(variables).map(([name, value]) => ({ name, value: textAt(value, at), at })),
      variablesComplete: true,
    },
    (path) => (path === "/in" ? template : undefined),
  );
}

/** A text with "?" for what is not known. */
function shown(text: Text | undefined): string | undefined {
  return text?.value.replaceAll("\uFFFC", "?");
}

describe("the commands of a script", () => {
  test("end at line ends, semicolons and joins, and begin behind keywords", () => {
    const commands = shellCommands(
      '# a\nset -e\nif [ -n "$A" ]; then cp /a "/b c" && exec nginx -g "daemon off;"; fi\n',
    );
    expect(commands.map(({ words }) => words.map(({ text }) => text))).toEqual([
      ["set", "-e"],
      ["[", "-n", "$A", "]"],
      ["cp", "/a", "/b c"],
      ["nginx", "-g", "daemon off;"],
      ["fi"],
    ]);
  });

  test("have redirections, pipes and assignments", () => {
    const [, last] = shellCommands("cat /a | envsubst '$A' > /b");
    expect(last).toMatchObject({
      to: { text: "/b" },
      pipedFrom: { words: [{ text: "cat" }, { text: "/a" }] },
    });
    expect(last?.words[1]).toMatchObject({ text: "$A", verbatim: true });
    expect(shellCommands("export A=1 B=$(date)")[0]?.assignments.map(({ name }) => name)).toEqual(["A", "B"]);
  });

  test("are read in linear time", () => {
    const start = performance.now();
    shellCommands(`"${"$(a) ".repeat(20_000)}`);
    shellCommands("((".repeat(20_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("files that a start makes", () => {
  test.each([
    ["envsubst < /in > /out", "host pacs; user @USER@; $uri"],
    ["envsubst '$OTHER' < /in > /out", "host ${HOST}; user @USER@; $uri"],
    ["cat /in | envsubst > /out", "host pacs; user @USER@; $uri"],
    ['envsubst "$(env | cut -d= -f1)" < /in > /tmp/x && mv /tmp/x /out', "host pacs; user @USER@; $uri"],
    ["sed 's/@USER@/reader/g' /in > /out", "host ${HOST}; user reader; $uri"],
    ['sed -e "s|@USER@|$HOST|" /in > /out', "host ${HOST}; user pacs; $uri"],
    ['U=$(id -un)\nsed "s|@USER@|$U|" /in > /out', "host ${HOST}; user ?; $uri"],
    ["cp /in /out; sed -i 's/@USER@/a/' /out", "host ${HOST}; user a; $uri"],
    ["cp /in /out && exec nginx", "host ${HOST}; user @USER@; $uri"],
  ])("%s", (script, expected) => {
    expect(shown(made(script).get("/out"))).toBe(expected);
  });

  test.each(["sed 's/@.*@/x/' /in > /out", "python3 /make.py > /out", "envsubst < /elsewhere > /out"])(
    "%s makes one that is not known",
    (script) => {
      expect([...made(script)]).toEqual([["/out", undefined]]);
    },
  );

  test("a value keeps the place of its variable", () => {
    const text = made("envsubst < /in > /out").get("/out");
    expect(text === undefined ? "none" : holeIn(text, 0, text.value.length)).toBeUndefined();
    expect(text?.pieces.map(({ at }) => at.file)).toContain("docker-compose.yml");
  });
});

describe("nginx behind a start script", () => {
  const site = "server { listen ${PORT}; location / { proxy_pass http://orthanc:8042; } }\n";
  const compose = (proxy: string) => `services:
  orthanc:
    image: orthancteam/orthanc:25.2.0
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
  proxy:
    image: nginx:1.27
    ports: ["443:8443"]
    environment: { PORT: "8443" }
${proxy}`;
  const open = (files: Readonly<Record<string, string>>) =>
    lintFiles(files).report.findings.filter(({ rule }) => rule === "http-no-authentication");

  test("is read as the script writes it", () => {
    const files = {
      "docker-compose.yml": compose(`    entrypoint: ["/start.sh"]
    volumes: ["./start.sh:/start.sh:ro", "./site.tmpl:/etc/nginx/site.tmpl:ro"]
`),
      "start.sh":
        "#!/bin/sh\nenvsubst '$PORT' < /etc/nginx/site.tmpl > /etc/nginx/conf.d/default.conf\nexec nginx -g 'daemon off;'\n",
      "site.tmpl": site,
    };
    expect(
      open(files).map(({ related }) => related.map(({ location }) => `${location.file}:${location.line}`)),
    ).toEqual([expect.arrayContaining(["docker-compose.yml:7", "site.tmpl:1"])]);
  });

  test("is not known where the script is not there to read", () => {
    const files = { "docker-compose.yml": compose(`    entrypoint: ["/start.sh"]\n`) };
    expect(open(files)).toEqual([]);
    const { undetermined } = lintFiles(files).report;
    expect(undetermined.filter(({ rule }) => rule === "http-no-authentication")).toMatchObject([
      { service: "orthanc", reason: "what proxy passes on is not part of the input" },
    ]);
  });
});

describe("Orthanc behind a start script", () => {
  const compose = (start: string) => `services:
  orthanc:
    image: jodogne/orthanc-plugins:1.12.4
    ports: ["8042:8042"]
    environment: { PASSWORD: "seven red horses in rain" }
    volumes: ["./start.sh:/start.sh:ro", "./orthanc.json:/template.json:ro"]
${start}`;
  const template = `{
  "RemoteAccessAllowed": true,
  "RegisteredUsers": { "reader": "%PASSWORD%" }
}
`;
  const script = (last: string) =>
    `#!/bin/sh\nset -e\nARGS="$@"\nsed "s/%PASSWORD%/$PASSWORD/" /template.json > /etc/orthanc/orthanc.json\n${last}\n`;
  const inspect = (start: string, last: string) => {
    const { report } = lintFiles({
      "docker-compose.yml": compose(start),
      "start.sh": script(last),
      "orthanc.json": template,
    });
    const listeners = report.deployments[0]?.services[0]?.listeners ?? [];
    return {
      http: listeners.find(({ protocol }) => protocol === "http"),
      found: report.findings.map(({ rule }) => rule),
      reasons: new Set(report.undetermined.map(({ reason }) => reason)),
    };
  };

  test.each([
    ['    entrypoint: ["/start.sh"]\n    command: ["/etc/orthanc"]\n', 'exec Orthanc "$@"'],
    ['    entrypoint: ["/start.sh"]\n    command: ["/etc/orthanc"]\n', "Orthanc --verbose ${ARGS}"],
    ['    entrypoint: ["/start.sh", "Orthanc", "/etc/orthanc/"]\n', 'exec "$@"'],
    ['    entrypoint: ["/start.sh"]\n', "sleep 1\nOrthanc /etc/orthanc/orthanc.json"],
  ])("%j with %j reads what the script makes", (start, last) => {
    const { http, found, reasons } = inspect(start, last);
    expect(http).toMatchObject({ port: 8042 });
    expect(found).toContain("http-no-tls");
    expect(found).not.toContain("http-default-credentials");
    expect([...reasons].filter((reason) => reason.includes("decides what"))).toEqual([]);
  });

  test.each(["python3 /more.py\nexec Orthanc /etc/orthanc", "supervisord"])(
    "after %j nobody knows what it reads",
    (last) => {
      const { found, reasons } = inspect('    entrypoint: ["/start.sh"]\n', last);
      expect(found).not.toContain("http-no-tls");
      expect([...reasons]).toContain("the container runs start.sh, which decides what Orthanc reads");
    },
  );
});
