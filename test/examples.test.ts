/** The examples, linted from disk: every finding with its line, as read off the files by hand. */
import { describe, expect, test } from "vitest";
import type { Audience } from "../src/rules/rule.ts";
import { lintExample } from "./inspect.ts";

/** "severity rule file:line:column" of the findings that the audience hears. */
function findings(example: string, audience: Audience, orthancVersion: string): readonly string[] {
  const { report } = lintExample(example, { audience, orthancVersion });
  return report.findings
    .filter(({ state }) => state === "open")
    .map(
      ({ severity, rule, location }) =>
        `${severity} ${rule} ${location.file.split("/").at(-1)}:${location.line}:${location.column}`,
    );
}

describe("exposed-clinic", () => {
  test("Orthanc 1.12.7: what a sysadmin hears", () => {
    expect(findings("exposed-clinic", "everyday", "1.12.7")).toEqual([
      // "AuthenticationEnabled" : false
      "critical http-no-authentication orthanc.json:12:29",
      // "DicomAlwaysAllowGet" : true, beside DicomAlwaysAllowFind in line 26
      "critical dicom-query-from-anyone orthanc.json:27:27",
      // open to the network by "RemoteAccessAllowed" : true
      "high known-weakness orthanc.json:11:27",
      // "DicomCheckModalityHosts" for DicomCheckModalityHost
      "high misspelt-key-opens orthanc.json:28:3",
      // "http://pacs.university.example:8042/"
      "high peers-over-http orthanc.json:41:22",
      // "SslEnabled" : false
      "medium http-no-tls orthanc.json:16:18",
      // "clinic2018" of the user clinic
      "medium guessable-secret orthanc.json:41:72",
      // "HttpsVerifyPeers" : false
      "medium outgoing-https-unverified orthanc.json:44:24",
      // "Password" : "orthanc" of the user orthanc
      "medium guessable-secret postgresql.json:9:18",
      // "EnableSsl" : false
      "medium database-no-tls postgresql.json:10:19",
      // "AllowFInd" for AllowFind
      "low misspelt-key orthanc.json:36:7",
    ]);
  });

  test("Orthanc 1.13.0 knows of no weakness yet, the rest stays", () => {
    const rules = findings("exposed-clinic", "everyday", "1.13.0").map((finding) => finding.split(" ")[1]);
    expect(rules).not.toContain("known-weakness");
    expect(rules).toContain("http-no-authentication");
  });
});

describe("hardened-clinic", () => {
  test.each(["1.12.11", "1.13.0"])("Orthanc %s: silent, also for the strict audience", (version) => {
    expect(
      findings("hardened-clinic", "strict", version).filter((finding) => !finding.includes("known-weakness")),
    ).toEqual([]);
  });
});
