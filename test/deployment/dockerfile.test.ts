/** Images that are built where the input has no Dockerfile. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

/** The problems as "kind line:column message". */
function problems(files: Readonly<Record<string, string>>): readonly string[] {
  const { report } = lintFiles(files, { paths: ["pacs"] });
  return report.problems.map(
    ({ kind, message, location }) => `${kind} ${location?.line}:${location?.column} ${message}`,
  );
}

test("a Dockerfile that is not there is told at the line that names it", () => {
  const compose = `services:
  orthanc:
    build:
      context: ./image
      dockerfile: Dockerfile.pacs
  viewer:
    build: ./viewer
  db:
    build:
      context: .
      dockerfile_inline: FROM postgres:17.6
`;
  expect(problems({ "pacs/compose.yml": compose })).toEqual([
    "missing-file 5:19 the Dockerfile of service orthanc is not part of the input: there is no pacs/image/Dockerfile.pacs",
    "missing-file 7:12 the Dockerfile of service viewer is not part of the input: there is no pacs/viewer/Dockerfile",
  ]);
});

test("nothing is told of one that is there, that lies elsewhere, or whose place is not known", () => {
  const compose = `services:
  orthanc:
    build: .
  viewer:
    build: https://git.clinic.example/viewer.git
  db:
    build: \${FOLDER}
`;
  const told = problems({
    "pacs/compose.yml": compose,
    "pacs/Dockerfile": "FROM orthancteam/orthanc:24.6.2\n",
  });
  expect(told.filter((line) => line.includes("Dockerfile"))).toEqual([]);
});
