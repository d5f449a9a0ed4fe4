/** Files that a compose project includes are parts of it, not projects beside it. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const pacs = `services:
  orthanc:
    image: orthancteam/orthanc:25.4.0
    ports: ["8042:8042"]
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
`;
const production = `services:
  orthanc:
    ports: !reset []
`;

test("what is put over an included file counts, and the file alone is not judged", () => {
  const files = {
    "site/compose.yml": "include:\n  - path: [pacs/compose.yml, pacs/production.yml]\n",
    "site/pacs/compose.yml": pacs,
    "site/pacs/production.yml": production,
  };
  const { report } = lintFiles(files, { paths: ["site"] });
  expect(report.deployments.map(({ id }) => id)).toEqual(["site/compose.yml"]);
  expect(report.findings.filter(({ rule }) => rule === "http-no-authentication")).toEqual([]);
});

test("a project that merely extends a service of another leaves that one as it is", () => {
  const files = {
    "site/compose.yml":
      "services:\n  orthanc:\n    extends: { file: pacs/compose.yml, service: orthanc }\n    ports: !reset []\n",
    "site/pacs/compose.yml": pacs,
  };
  const { report } = lintFiles(files, { paths: ["site"] });
  expect(report.deployments.map(({ id }) => id)).toEqual(["site/compose.yml", "site/pacs/compose.yml"]);
});
