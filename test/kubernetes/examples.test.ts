/** The examples of a cluster, linted from disk: every finding with its line, as read off the files by hand. */
import { describe, expect, test } from "vitest";
import type { LintOptions } from "../../src/lint.ts";
import { nodeFiles } from "../../src/node/files.ts";
import { lintOver } from "../inspect.ts";

const files = nodeFiles(`${import.meta.dirname}/../../examples`);

function lintExample(name: string, options: Partial<LintOptions> = {}) {
  return lintOver(files, { paths: [name], ...options }).report;
}

function findings(name: string, options: Partial<LintOptions> = {}): readonly string[] {
  return lintExample(name, options)
    .findings.filter(({ state }) => state === "open")
    .map(
      ({ severity, rule, location }) =>
        `${severity} ${rule} ${location.file.split("/").at(-1)}:${location.line}:${location.column}`,
    );
}

describe("exposed-cluster", () => {
  test("what a sysadmin hears", () => {
    expect(findings("exposed-cluster")).toEqual([
      // "AuthenticationEnabled" : false, which the Ingress leads to
      "critical http-no-authentication orthanc.yaml:12:33",
      // "DicomAlwaysAllowFind" : true, behind a load balancer
      "critical dicom-query-from-anyone orthanc.yaml:15:32",
      // the password of the Secret is the name of the user, and its port is one of every node
      "critical database-default-password postgres.yaml:7:13",
      // Orthanc 1.12.4
      "high known-weakness orthanc.yaml:40:17",
      // privileged: true
      "high container-privileged orthanc.yaml:50:13",
      // an Ingress without tls
      "medium proxy-no-tls ingress.yaml:4:3",
      // the same password, as Orthanc takes it
      "medium guessable-secret orthanc.yaml:23:22",
    ]);
  });

  test("who gets in from where", () => {
    const [deployment] = lintExample("exposed-cluster").deployments;
    const ways = deployment?.services.flatMap(({ name, listeners }) =>
      listeners.flatMap(({ entries }) =>
        entries.map(({ reach, port, through }) => [name, String(reach), String(port), through].join(" ")),
      ),
    );
    expect(ways).toEqual([
      "orthanc network 80 ingress nginx: path / (host pacs.hospital.example)",
      "orthanc internet 104 direct",
      "postgres network 30432 direct",
      "ingress nginx network 80 direct",
    ]);
  });
});

describe("hardened-cluster", () => {
  test("silent for the everyday audience", () => {
    expect(findings("hardened-cluster")).toEqual([]);
    expect(lintExample("hardened-cluster").problems).toEqual([]);
  });

  test("what remains for the strict one", () => {
    expect(findings("hardened-cluster", { audience: "strict" })).toEqual([
      // sending to ct without "UseDicomTls"
      "medium dicom-sends-unencrypted orthanc.json:12:12",
      // one path leads to all of the REST API
      "low proxy-passes-administration ingress.yaml:18:19",
      // "LimitFindInstances" and "LimitFindResults" are not written
      "low dicom-find-unlimited orthanc.json:1:1",
      "low dicom-find-unlimited orthanc.json:1:1",
      // "WebDavEnabled" is not written
      "low webdav-enabled orthanc.json:1:1",
    ]);
  });
});
