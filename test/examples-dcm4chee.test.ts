/** The examples of dcm4chee, linted from disk: every finding with its line, as read off the files by hand. */
import { describe, expect, test } from "vitest";
import type { Audience } from "../src/rules/rule.ts";
import { lintExample } from "./inspect.ts";

/** "severity rule file:line" of the findings that the audience hears. */
function findings(example: string, audience: Audience): readonly string[] {
  return lintExample(example, { audience })
    .report.findings.filter(({ state }) => state === "open")
    .map(
      ({ severity, rule, location }) =>
        `${severity} ${rule} ${location.file.split("/").at(-1)}:${location.line}`,
    );
}

describe("dcm4chee-stock-like", () => {
  test("what a sysadmin hears", () => {
    expect(findings("dcm4chee-stock-like", "everyday")).toEqual([
      "critical archive-dicom-from-anyone compose.yml:6",
      "critical database-default-password compose.yml:22",
      "critical archive-rest-without-login compose.yml:27",
      "critical known-weakness compose.yml:27",
      "critical java-debugger-reachable compose.yml:46",
      "critical directory-default-password compose.yml:5",
      "critical wildfly-console-default-password compose.yml:43",
      "high directory-read-by-anyone compose.yml:5",
      "high hl7-from-anyone compose.yml:6",
      "high public-authorities-trusted compose.yml:6",
      "high sample-key-in-use compose.yml:6",
      "medium audit-trail-lost compose.yml:6",
      "medium archive-default-secret compose.yml:26",
      "medium archive-default-secret compose.yml:41",
    ]);
  });

  test("every server of the project, and who reaches it", () => {
    const services = lintExample("dcm4chee-stock-like").report.deployments.flatMap(
      ({ services }) => services,
    );
    const open = services.flatMap(({ name, listeners }) =>
      listeners.map(({ protocol, port, reach }) => `${name} ${protocol} ${port} ${reach}`),
    );
    expect(open).toEqual([
      "ldap ldap 389 network",
      "db database 5432 network",
      "arc hl7 2575 network",
      "arc dicom 11112 network",
      "arc hl7 12575 network",
      "arc dicom 2762 network",
      "arc http 8080 network",
      "arc http 8443 network",
      "arc management 9990 network",
      "arc management 9993 network",
      "arc debug 8787 network",
    ]);
  });
});

describe("dcm4chee-hardened", () => {
  test("silent, also for the strict audience", () => {
    expect(findings("dcm4chee-hardened", "strict")).toEqual([]);
    expect(lintExample("dcm4chee-hardened", { audience: "strict" }).report.exitCode).toBe(0);
  });

  test("other hosts reach the ports with client certificates only", () => {
    const listeners = lintExample("dcm4chee-hardened", { audience: "strict" }).report.deployments.flatMap(
      ({ services }) => services.flatMap((service) => service.listeners),
    );
    const open = listeners.filter(({ reach }) => reach === "network");
    expect(open.map(({ protocol, port, tls }) => [protocol, port, tls.clientCertificate])).toEqual([
      ["dicom", 2762, "required"],
      ["hl7", 12575, "required"],
    ]);
  });
});
