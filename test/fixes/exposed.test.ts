/** The exposed examples become silent by the edits, and by the steps that are left to a person, each done here as an edit of its own. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lint } from "../../src/lint.ts";
import type { Report } from "../../src/triage/report.ts";
import { repaired, subjectOf } from "./repair.ts";

const examples = join(import.meta.dirname, "../../examples");

function filesOf(folder: string): Readonly<Record<string, string>> {
  const root = join(examples, folder);
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(root, name)).isFile(),
  );
  return Object.fromEntries(
    names
      .filter((name) => /\.(?:json|ya?ml|conf|env|ldif)$/u.test(name) && !name.startsWith("expected"))
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(root, name), "utf8")]),
  );
}

const everything = { unsafe: true, rules: [] };

/** The rules with an open finding, each once. */
function openRules({ findings }: Pick<Report, "findings">): readonly string[] {
  const open = findings.filter(({ state }) => state === "open");
  return [...new Set(open.map(({ rule }) => rule))].sort();
}

/** What a person does for a rule: in a file, this text becomes that one. */
type Step = readonly [file: string, from: string, to: string];

/** An example, and what is left of it after `fix --unsafe`, by rule. */
interface Exposed {
  readonly folder: string;
  readonly args?: readonly string[];
  readonly steps: Readonly<Record<string, readonly Step[]>>;
  /** Files that the steps add. */
  readonly adds?: Readonly<Record<string, string>>;
  /** Variables of the example itself. */
  readonly variables?: readonly string[];
}

/** "clinic.pem" lies where only the server's host can see it. */
const clinic: Exposed = {
  folder: "exposed-clinic",
  args: ["--orthanc-version", "1.13.1"],
  variables: ["UNIVERSITY_PASSWORD"],
  steps: {
    "dicom-host-is-a-name": [["orthanc.json", '"reading-room.clinic.example"', '"192.168.10.30"']],
    "http-no-tls": [
      ["orthanc.json", '"SslEnabled" : false', '"SslEnabled" : true'],
      ["orthanc.json", '"clinic.pem"', '"/etc/orthanc/clinic.pem"'],
    ],
    "peers-over-http": [
      ["orthanc.json", "http://pacs.university.example:8042/", "https://pacs.university.example/"],
    ],
  },
};

const certificate = `
  ssl_certificate /etc/nginx/tls/pacs.pem;
  ssl_certificate_key /etc/nginx/tls/pacs.key;`;

/** Keycloak behind the proxy only, which asks for a login before the archive. */
const hospital: Exposed = {
  folder: "exposed-hospital",
  steps: {
    "docker-socket-mounted": [["compose.yml", "      - /var/run/docker.sock:/var/run/docker.sock\n", ""]],
    "identity-no-tls": [
      ["compose.yml", "command: start-dev", "command: start"],
      ["compose.yml", '    ports:\n      - "8080:8080"\n', ""],
      [
        "compose.yml",
        "      KC_BOOTSTRAP_ADMIN_USERNAME:",
        "      KC_HOSTNAME: https://pacs.hospital.example/auth\n      KC_HTTP_ENABLED: true\n      KC_BOOTSTRAP_ADMIN_USERNAME:",
      ],
    ],
    "proxy-no-tls": [
      ["nginx/pacs.conf", "  listen 80;", `  listen 443 ssl;${certificate}`],
      ["compose.yml", '"80:80"', '"443:443"'],
    ],
  },
};

/** The password leaves the repository, and Orthanc asks for a login behind an Ingress with a certificate. */
const cluster: Exposed = {
  folder: "exposed-cluster",
  steps: {
    "http-no-authentication": [
      [
        "orthanc.yaml",
        '"AuthenticationEnabled" : false,',
        '"AuthenticationEnabled" : true,\n      "RegisteredUsers" : { "radiology" : "${RADIOLOGY_PASSWORD}" },',
      ],
      [
        "orthanc.yaml",
        "          env:\n",
        "          env:\n            - name: RADIOLOGY_PASSWORD\n              valueFrom:\n                secretKeyRef: { name: orthanc-users, key: radiology }\n",
      ],
    ],
    "guessable-secret": [
      [
        "postgres.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: postgres\n  namespace: pacs\ndata:\n  password: b3J0aGFuYw==\n---\n",
        "",
      ],
    ],
    "known-weakness": [["orthanc.yaml", "orthancteam/orthanc:24.6.2", "orthancteam/orthanc:26.6.1"]],
    "proxy-no-tls": [
      [
        "ingress.yaml",
        "  rules:\n",
        "  tls:\n    - hosts: [pacs.hospital.example]\n      secretName: pacs-tls\n  rules:\n",
      ],
    ],
  },
};

const hardened = filesOf("dcm4chee-hardened");

/** The Keycloak of the hardened example, without what its other services have in common. */
const keycloak = (/^ {2}keycloak:\n(?: {4}.*\n)+/mu.exec(hardened["compose.yml"] ?? "")?.[0] ?? "")
  .replace("    <<: *hardening\n", "")
  .replace("    networks: [inside]\n", "")
  .replaceAll("ldap_root]", "ldap_rootpass]")
  .replaceAll("ldap_root,", "ldap_rootpass,")
  .replaceAll("/ldap_root\n", "/ldap_rootpass\n");

/** The secrets of the hardened example that the edits have not made. */
const secretFiles = [
  "keycloak_admin",
  "keycloak.p12",
  "keycloak_keys",
  "rs_client",
  "archive.p12",
  "archive_keys",
  "hospital-ca.p12",
  "hospital_ca",
]
  .map((name) => `  ${name}: { file: /etc/pacs/secrets/${name} }\n`)
  .join("");

/** The archive's own settings are those of the hardened example: lists of callers, TLS, audit. */
const archive: Exposed = {
  folder: "dcm4chee-stock-like",
  adds: {
    "ldap/device.ldif": hardened["ldap/device.ldif"] ?? "",
    "keycloak/dcm4che-realm.json": hardened["keycloak/dcm4che-realm.json"] ?? "",
  },
  steps: {
    "archive-dicom-from-anyone": [
      [
        "compose.yml",
        "      STORAGE_DIR: /storage/fs1\n",
        "      LDAP_INIT_CONFIG: init-config.ldif /etc/ldap/site/device.ldif\n",
      ],
      [
        "compose.yml",
        "      - ldap:/var",
        "      - ./ldap/device.ldif:/etc/ldap/site/device.ldif:ro\n      - ldap:/var",
      ],
      ["compose.yml", '      - "11112:11112"\n', ""],
    ],
    "hl7-from-anyone": [["compose.yml", '      - "2575:2575"\n', ""]],
    "audit-trail-lost": [],
    "archive-rest-without-login": [
      ["compose.yml", "dcm4chee-arc-psql:5.35.0", "dcm4chee-arc-psql:5.35.1-secure"],
      ["compose.yml", '      - "8080:8080"\n      - "8443:8443"\n', '      - "127.0.0.1:8443:8443"\n'],
      [
        "compose.yml",
        "      WILDFLY_CHOWN: /storage\n",
        '      WILDFLY_CHOWN: /storage\n      AUTH_SERVER_URL: https://login.clinic.example\n      ALLOW_ANY_HOSTNAME: "false"\n      SSL_REQUIRED: all\n',
      ],
      ["compose.yml", "\nvolumes:\n", `\n${keycloak}\nvolumes:\n  keycloak:\n`],
      ["compose.yml", "\nsecrets:\n", `\nsecrets:\n${secretFiles}`],
    ],
    // The new tag closes what is published of the old one.
    "known-weakness": [],
    "java-debugger-on": [
      ["compose.yml", " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8787", ""],
      ["compose.yml", '      - "127.0.0.1:8787:8787"\n', ""],
    ],
    "public-authorities-trusted": [
      [
        "compose.yml",
        "      WILDFLY_WAIT_FOR:",
        "      TRUSTSTORE: /run/secrets/hospital-ca.p12\n      TRUSTSTORE_TYPE: PKCS12\n      TRUSTSTORE_PASSWORD_FILE: /run/secrets/hospital_ca\n      WILDFLY_WAIT_FOR:",
      ],
    ],
    "sample-key-in-use": [
      [
        "compose.yml",
        "      WILDFLY_WAIT_FOR:",
        "      KEYSTORE: /run/secrets/archive.p12\n      WILDFLY_WAIT_FOR:",
      ],
      [
        "compose.yml",
        "      - wildfly_admin_password\n",
        "      - wildfly_admin_password\n      - archive.p12\n      - archive_keys\n      - hospital-ca.p12\n      - hospital_ca\n",
      ],
    ],
    "archive-default-secret": [
      [
        "compose.yml",
        "      WILDFLY_WAIT_FOR:",
        "      KEYSTORE_PASSWORD_FILE: /run/secrets/archive_keys\n      WILDFLY_WAIT_FOR:",
      ],
    ],
  },
};

describe.each([clinic, hospital, cluster, archive])("$folder", { timeout: 240_000 }, (example) => {
  const { folder, args = [], steps, adds = {}, variables = [] } = example;
  const done = repaired({ files: filesOf(folder), args }, everything, "everyday");

  test("what the edits leave to a person", () => {
    expect(openRules(done.repair.after.report)).toEqual(Object.keys(steps).sort());
  });

  test("is silent when a person has done that", () => {
    const files: Record<string, string> = { ...done.files, ...adds };
    for (const [file, from, to] of Object.values(steps).flat()) {
      expect(files[file]).toContain(from);
      files[file] = (files[file] ?? "").replace(from, () => to);
    }
    const needs = done.repair.made.flatMap((made) => made.needs);
    const env = [...new Set([...needs.map(({ variable }) => variable), ...variables])].flatMap(
      (name, index) => {
        const isQuoted = needs.some(({ variable, withQuotes }) => variable === name && !withQuotes);
        const value = `nine blue doors by the sea ${index}`;
        return ["--env", `${name}=${isQuoted ? value : JSON.stringify(value)}`];
      },
    );
    const made = done.repair.made.flatMap(({ creates }) => creates.map(({ file }) => file));
    for (const [index, file] of made.entries()) files[file] = `nine blue doors by the sea ${index}\n`;
    const { options, platform } = subjectOf({ files, args: [...args, ...env] }, "everyday");
    const { report } = lint(options, platform);
    expect(openRules(report)).toEqual([]);
  });
});
