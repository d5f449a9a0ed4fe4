/** `pacslint plan`: steps by effect, with lines, in three formats that agree. */
import { describe, expect, test } from "vitest";
import { cli } from "./fake.ts";

const compose = `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    ports:
      - "8042:8042"
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
      ORTHANC__REGISTERED_USERS: '{"demo": "demo"}'
  db:
    image: postgres:17.6
    ports: ["5432:5432"] # for the report server
    environment:
      POSTGRES_PASSWORD: nine-blue-doors-by-the-sea
`;

interface PlanJson {
  readonly steps: readonly {
    readonly severity: string;
    readonly rules: readonly string[];
    readonly how: string;
    readonly command: string | null;
    readonly together: readonly string[];
    readonly needs: readonly string[];
    readonly lines: readonly {
      readonly location: { readonly file: string; readonly line: number };
      readonly text: string;
    }[];
    readonly removes: readonly unknown[];
    readonly closedPaths: number;
  }[];
}

async function plan(format: string): Promise<string> {
  const { code, stdout, stderr } = await cli(["plan", ".", "--format", format], {
    files: { "compose.yml": compose },
  });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

async function steps(): Promise<PlanJson["steps"]> {
  return (JSON.parse(await plan("json")) as PlanJson).steps;
}

describe("pacslint plan", () => {
  test("begins with what closes most", async () => {
    // Nobody reaches the port any more: neither the missing login nor the plain HTTP counts then.
    const [first, second] = await steps();
    expect(first?.lines.map(({ location, text }) => [location.line, text])).toEqual([
      [5, '- "127.0.0.1:8042:8042"'],
    ]);
    expect(first?.closedPaths).toBe(1);
    expect(second?.rules).toEqual(["http-no-authentication"]);
  });

  test("tells a step with its lines and what has to be set", async () => {
    const first = (await steps()).find(({ rules }) => rules.includes("http-no-authentication"));
    expect(first).toMatchObject({
      severity: "critical",
      rules: ["http-no-authentication"],
      how: "unsafe",
      together: ["http-default-credentials"],
      needs: ["REGISTERED_USERS_DEMO"],
      command: "pacslint fix . --unsafe --rule http-no-authentication --rule http-default-credentials",
    });
    expect(first?.lines.map(({ location, text }) => [location.line, text])).toEqual([
      [7, 'ORTHANC__AUTHENTICATION_ENABLED: "true"'],
      [8, '"demo": "${REGISTERED_USERS_DEMO:?set it in .env}"'],
    ]);
    expect(first?.closedPaths).toBe(1);
  });

  test("has the line of a port that is published", async () => {
    const bind = (await steps()).find(({ rules }) => rules.includes("database-published"));
    expect(bind?.lines).toMatchObject([
      { location: { file: "compose.yml", line: 11 }, text: '- "127.0.0.1:5432:5432"' },
    ]);
  });

  test("puts what only a person can do where its severity belongs", async () => {
    const order = ["critical", "high", "medium", "low", "info"];
    const ranks = (await steps())
      .filter(({ how }) => how === "by-hand")
      .map(({ severity }) => order.indexOf(severity));
    expect(ranks.length).toBeGreaterThan(0);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test("has the example of what a person writes, and whose line it is", async () => {
    const files = {
      "compose.yml":
        "services:\n  arc:\n    image: dcm4che/dcm4chee-arc-psql:5.35.1\n    ports: ['8080:8080']\n",
    };
    const text = (await cli(["plan", "."], { files })).stdout;
    expect(text).toContain(`
        image: dcm4che/dcm4chee-arc-psql:5.35.1-secure

        compose.yml
            3  service arc
`);
    const markdown = (await cli(["plan", ".", "--format", "markdown"], { files })).stdout;
    expect(markdown).toContain("    ```\n        image: dcm4che/dcm4chee-arc-psql:5.35.1-secure\n    ```\n");
  });

  test("tells the same steps in every format", async () => {
    const rules = (await steps()).map((step) => step.rules.join(", "));
    const text = await plan("text");
    const markdown = await plan("markdown");
    expect(text.match(/^\d+\. +[A-Z]+ {2}.+$/gm)?.map((line) => line.replace(/^\S+ +\S+ +/, ""))).toEqual(
      rules,
    );
    const boxes = markdown.match(/^- \[ \] .+$/gm) ?? [];
    expect(boxes.map((line) => line.match(/`[a-z0-9-]+`/g)?.[0]?.slice(1, -1))).toEqual(
      rules.map((list) => list.split(", ")[0]),
    );
  });

  test("the first step's command does what the step says", async () => {
    const { saved } = await cli(
      ["fix", ".", "--unsafe", "--rule", "http-no-authentication", "--rule", "http-default-credentials"],
      { files: { "compose.yml": compose } },
    );
    expect(saved["compose.yml"]).toBe(
      compose
        .replace('ENABLED: "false"', 'ENABLED: "true"')
        .replace('"demo": "demo"', '"demo": "${REGISTERED_USERS_DEMO:?set it in .env}"'),
    );
  });

  test("says so when nothing is to be done, and when nothing was read", async () => {
    const shut = { "orthanc.json": '{ "RemoteAccessAllowed": false, "DicomServerEnabled": false }' };
    const done = await cli(["plan", ".", "--orthanc-version", "1.12.7"], { files: shut });
    expect([done.code, done.stdout]).toEqual([0, "Nothing is to be done.\n"]);
    expect((await cli(["plan", "nowhere"], { files: shut })).code).toBe(3);
  });
});
