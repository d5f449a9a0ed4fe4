/** Compose profiles: what starts with one only, where nobody says which are started. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const compose = `services:
  orthanc:
    image: orthancteam/orthanc:25.4.0
  pgadmin:
    image: dpage/pgadmin4:8.12
    profiles: [debug]
    ports: ["5050:80"]
    environment:
      PGADMIN_DEFAULT_EMAIL: admin@example.org
      PGADMIN_DEFAULT_PASSWORD: admin
`;

function consoles(env: Readonly<Record<string, string>>) {
  const { report } = lintFiles({ "pacs/compose.yml": compose }, { paths: ["pacs"], env });
  const { findings, assumptions } = report;
  return {
    found: findings
      .filter(({ rule }) => rule === "console-default-password")
      .map(({ confidence, location, message }) => ({ confidence, line: location.line, message })),
    assumed: assumptions.map(({ message }) => message),
  };
}

test("is judged as if it were started, as possible", () => {
  const { found, assumed } = consoles({});
  expect(found).toMatchObject([{ confidence: "possible", line: 10 }]);
  expect(found[0]?.message).toMatch(/ The service starts with the profile debug only\.$/u);
  expect(assumed).toContainEqual(expect.stringContaining("judged as if started: pgadmin."));
});

test("counts like any other when its profile is started", () => {
  expect(consoles({ COMPOSE_PROFILES: "debug" }).found).toMatchObject([{ confidence: "certain", line: 10 }]);
});

test("is left out when others are started, or none", () => {
  for (const COMPOSE_PROFILES of ["viewer", ""]) {
    const { found, assumed } = consoles({ COMPOSE_PROFILES });
    expect(found).toEqual([]);
    expect(assumed).toContain("Services of profiles that are not started are left out: pgadmin.");
  }
});

test("a project of which everything has a profile is no empty one", () => {
  const all = compose.replace("    image: orthancteam", "    profiles: [pacs]\n    image: orthancteam");
  const { report } = lintFiles({ "pacs/compose.yml": all }, { paths: ["pacs"] });
  expect(report.deployments[0]?.services.map(({ name }) => name)).toEqual(["orthanc", "pgadmin"]);
});
