import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

test("what a configuration lacks that cannot be read is not told", () => {
  const { report } = lintFiles({
    "compose.yml":
      "services:\n  pacs:\n    image: orthancteam/orthanc:26.8.1\n    ports: ['8042:8042', '4242:4242']\n    volumes: ['./orthanc.json:/etc/orthanc/orthanc.json']\n",
    "orthanc.json": '{ "AuthenticationEnabled": false, "Sonador": { "A": 1 }\n',
  });
  expect(report.findings.map(({ rule }) => rule).filter((rule) => rule === "server-does-not-start")).toEqual([
    "server-does-not-start",
  ]);
  expect(report.findings.map(({ message }) => message).join("\n")).not.toContain("there is no user");
});
