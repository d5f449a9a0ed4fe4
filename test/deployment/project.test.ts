/** What is told of a compose project as a whole: its files, its defaults, and what its images hold. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

function project(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const { report } = lintFiles(files, { paths: ["."], env });
  const [deployment] = report.deployments;
  const service = (name: string) => deployment?.services.find((one) => one.name === name);
  return {
    files: deployment?.files.map(({ path, kind, linked }) => `${path} ${kind} ${linked}`),
    assumed: report.assumptions.map(({ message }) => message),
    software: (name: string) => service(name)?.software,
    listener: (name: string, port: number) => service(name)?.listeners.find((one) => one.port === port),
  };
}

const bound = `services:
  archive:
    image: orthancteam/orthanc:24.6.2
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "\${LOGIN:-false}"
    ports: ["\${BIND:-127.0.0.1}:8042:8042"]
`;

describe("a default behind a variable that nobody sets", () => {
  test("counts, and is told; of an address with its value", () => {
    const { assumed, listener } = project({ "compose.yml": bound });
    expect(listener("archive", 8042)?.entries).toMatchObject([{ address: "127.0.0.1", reach: "host" }]);
    expect(assumed).toEqual([
      "Nobody sets BIND here, so that its default 127.0.0.1 counts: with another address others may get in. State it with --env BIND=… or --env-file.",
      "Variables that nobody sets here have the defaults behind them: LOGIN.",
    ]);
  });

  test.each([
    ["the file .env", { "compose.yml": bound, ".env": "BIND=0.0.0.0\n" }, {}],
    ["the command line", { "compose.yml": bound }, { BIND: "0.0.0.0" }],
  ])("gives way to %s, and nothing is assumed", (_name, files, env) => {
    const { assumed, listener } = project(files, env);
    expect(listener("archive", 8042)?.entries).toMatchObject([{ address: "*", reach: "network" }]);
    expect(assumed).toEqual([]);
  });
});

test("the files of a project are its compose files, its .env, and the env files of its services", () => {
  const compose =
    "services:\n  db:\n    image: mariadb:11.4.2\n    env_file: [db.env, { path: no.env, required: false }]\n";
  const { files, software } = project({ "compose.yml": compose, ".env": "A=1\n", "db.env": "TZ=UTC\n" });
  expect(files).toEqual(["compose.yml compose null", ".env dotenv null", "db.env dotenv db"]);
  expect(software("db")).toBe("MariaDB");
});

describe("Kibana asks for a login when its Elasticsearch does", () => {
  const compose = (security: string, hosts: string): string => `services:
  index:
    image: elasticsearch:8.13.0
    environment:
      xpack.security.enabled: "${security}"
  kibana:
    image: kibana:8.13.0
    environment: { ELASTICSEARCH_HOSTS: "${hosts}" }
    ports: ["5601:5601"]
`;
  test.each([
    ["false", "http://index:9200", { mode: "none" }],
    ["true", '[\\"https://index:9200\\"]', { mode: "form" }],
    ["false", "http://elsewhere.example:9200", { mode: { cause: "opaque" } }],
  ])("security %s at %s", (security, hosts, auth) => {
    const { listener } = project({ "compose.yml": compose(security, hosts) });
    expect(listener("kibana", 5601)).toMatchObject({ reach: "network", auth });
  });
});
