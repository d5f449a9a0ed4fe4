/** Whole deployments as sites keep them, with every finding that an everyday run has to have, and no other. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { deviceLdif } from "./support.ts";

function findings(name: string): readonly string[] {
  const folder = join(import.meta.dirname, "deployments", name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const contents = files.map(({ parentPath, name: file }) => {
    const path = join(parentPath, file);
    return [path.slice(folder.length + 1), readFileSync(path, "utf8")] as const;
  });
  const { report } = lintFiles(Object.fromEntries(contents), { paths: ["."] });
  return report.findings
    .filter(({ state }) => state === "open")
    .map(({ rule, severity, location }) => `${location.file}:${location.line} ${severity} ${rule}`)
    .sort();
}

test("a realm that a hospital exported", () => {
  expect(findings("hospital-realm")).toEqual([
    "hospital-realm.json:12 high client-redirects-anywhere",
    "hospital-realm.json:13 high archive-default-secret",
    "hospital-realm.json:19 high archive-default-secret",
    "hospital-realm.json:3 high realm-tls-not-required",
    "hospital-realm.json:4 high realm-self-registration",
    "hospital-realm.json:5 medium realm-guessing-unlimited",
  ]);
});

test("a WildFly of the site's own, managed from everywhere", () => {
  expect(findings("own-wildfly")).toEqual([
    "standalone-full.xml:1 critical known-weakness",
    "standalone-full.xml:10 critical wildfly-console-without-login",
    "standalone-full.xml:23 medium archive-default-secret",
    "standalone-full.xml:29 high ajp-open",
    "standalone-full.xml:49 critical archive-rest-without-login",
  ]);
});

test("a server of dcm4chee 2.18 as it was unpacked", () => {
  expect(findings("jboss-2.18")).toEqual([
    "bin/run.conf:1 critical archive-dicom-from-anyone",
    "bin/run.conf:1 medium archive-unsupported",
    "server/default/conf/props/jmx-console-users.properties:2 critical archive-default-user",
    "server/default/deploy/jboss-web.deployer/server.xml:3 high archive-wado-without-login",
    "server/default/deploy/jboss-web.deployer/server.xml:4 high ajp-open",
    "server/default/deploy/jboss-web.deployer/server.xml:5 medium archive-tls-old-version",
    "server/default/deploy/jboss-web.deployer/server.xml:6 medium archive-default-secret",
    "server/default/deploy/jboss-web.deployer/server.xml:7 high archive-tls-without-encryption",
    "server/default/deploy/jmx-console.war/WEB-INF/web.xml:3 critical jboss-console-without-login",
    "server/default/deploy/pacs-mysql-ds.xml:1 medium archive-default-secret",
  ]);
});

test("a secured tag beside an identity provider of others", () => {
  expect(findings("older-identity-provider")).toEqual([
    "docker-compose.env:1 medium directory-link-unencrypted",
    "docker-compose.env:2 high archive-default-secret",
    "docker-compose.env:4 high tokens-over-http",
    "docker-compose.yml:2 medium archive-default-secret",
    "docker-compose.yml:3 high archive-xdsi-without-login",
    "docker-compose.yml:3 high known-weakness",
    "docker-compose.yml:3 high sample-key-in-use",
    "docker-compose.yml:3 medium audit-trail-lost",
    "docker-compose.yml:6 high server-does-not-start",
    "docker-compose.yml:7 high misspelt-key-opens",
  ]);
});

test("a secured tag with secret files, and what they leave open", () => {
  expect(findings("secured")).toEqual([
    "compose.yaml:17 critical keycloak-default-login",
    "compose.yaml:17 high sample-key-in-use",
    "compose.yaml:17 medium archive-default-secret",
    "compose.yaml:18 medium realm-guessing-unlimited",
    "compose.yaml:28 high realm-tls-not-required",
    "compose.yaml:3 critical archive-default-user",
    "compose.yaml:3 critical archive-dicom-from-anyone",
    "compose.yaml:3 high public-authorities-trusted",
    "compose.yaml:3 high sample-key-in-use",
    "compose.yaml:34 medium archive-default-secret",
    "compose.yaml:43 medium protection-without-effect",
  ]);
});

test("a device beside a compose file that does not load it is the archive's; of two nobody knows", () => {
  const compose = `services:
  arc:
    image: dcm4che/dcm4chee-arc-psql:5.35.1-secure
    ports: ["11112:11112"]
  ldap:
    image: dcm4che/slapd-dcm4chee:2.6.13-35.1
`;
  const device = deviceLdif({ ae: "dcmAcceptedCallingAETitle: CT1" });
  const told = (files: Readonly<Record<string, string>>): readonly string[] => {
    const { report } = lintFiles({ "compose.yml": compose, ...files }, { paths: ["."] });
    return report.findings
      .filter(({ rule }) => /^archive-(?:dicom-from-anyone|title-is-enough)$/.test(rule))
      .map(({ rule, location }) => `${location.file}:${location.line} ${rule}`);
  };
  expect(told({})).toEqual(["compose.yml:6 archive-dicom-from-anyone"]);
  expect(told({ "ldap/archive.ldif": device })).toEqual(["ldap/archive.ldif:28 archive-title-is-enough"]);
  expect(told({ "ldap/a.ldif": device, "ldap/b.ldif": device })).toEqual([
    "compose.yml:6 archive-dicom-from-anyone",
  ]);
  const { report } = lintFiles({ "compose.yml": compose, "ldap/archive.ldif": device }, { paths: ["."] });
  expect(report.deployments.map(({ id }) => id)).toEqual(["compose.yml"]);
  expect(report.assumptions.map(({ message }) => message)).toContain(
    "ldap/archive.ldif is taken for the device in the directory of arc, though nothing here loads it.",
  );
});
