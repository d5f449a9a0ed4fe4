/** Puts an example of a rule, or of examples/, on a stage where the daemon can run it: what it names is there. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Example } from "../../../src/rules/rule.ts";
import { type Case, certificate, type Fixture, filesCase } from "../case.ts";
import { parseRoughly } from "../hints.ts";
import { ADDRESS } from "../site.ts";

/** What stands at the paths that these options name, where the example does not bring it. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  SslCertificate: "server.pem",
  SslTrustedClientCertificates: "trusted-ca.crt",
  DicomTlsCertificate: "server.crt",
  DicomTlsPrivateKey: "server.key",
  DicomTlsTrustedCertificates: "trusted-ca.crt",
};

/** Names that examples use, and whose address each is. Without the second file the C library would ask a name server. */
const NAMES: Readonly<Record<string, string>> = {
  "/etc/hosts": [
    `${ADDRESS.loopback} localhost`,
    `${ADDRESS.listed} ct01.clinic.example`,
    `${ADDRESS.partner} hub.clinic.example`,
    "",
  ].join("\n"),
  "/etc/nsswitch.conf": "hosts: files\n",
};

/** Files that make folders which examples name. */
const FOLDERS: Readonly<Record<string, string>> = {
  "/var/lib/orthanc/worklists/lockfile": "",
  "/srv/documents/notes.txt": "notes",
  "/etc/orthanc/orthanc.json": '{"Name": "Staged"}',
};

type Staged = Pick<Example, "name" | "files" | "args">;

/** The configuration of an example of Orthanc: a file, or a folder of several. Undefined for examples of anything else. */
export function configurationOf(files: Readonly<Record<string, string>>): string | undefined {
  const paths = Object.keys(files);
  if (paths.some((path) => /\.(ya?ml|env)$|Dockerfile/i.test(path))) return undefined;
  const json = paths.filter((path) => path.endsWith(".json"));
  const main = json.find((path) => path.endsWith("orthanc.json"));
  if (main === undefined) return undefined;
  return json.length > 1 ? dirname(main) : main;
}

/** The case of an example of a rule. */
export function stage(example: Staged, env: Readonly<Record<string, string>> = {}): Case {
  const configuration = configurationOf(example.files);
  if (configuration === undefined) throw new Error(`${example.name}: not an example of Orthanc`);
  const all = { ...variablesOf(example), ...env };
  const { fixtures, elsewhere } = certificatesOf(example.files, all);
  return filesCase({ ...example.files }, configuration, {
    name: example.name,
    env: all,
    fixtures,
    elsewhere: { ...NAMES, ...FOLDERS, ...elsewhere },
  });
}

/** The environment that the arguments of an example give. */
export function variablesOf({ args = [] }: Pick<Example, "args">): Record<string, string> {
  const pairs = args.filter((_, index) => args[index - 1] === "--env").map((pair) => pair.split(/=(.*)/s));
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, value]));
}

function certificatesOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Required<Pick<Case, "fixtures" | "elsewhere">> {
  const fixtures: Record<string, Fixture> = {};
  const elsewhere: Record<string, string> = {};
  for (const [file, text] of Object.entries(files)) {
    if (!file.endsWith(".json")) continue;
    const root = parseRoughly(text, env);
    for (const [key, name] of Object.entries(CERTIFICATES)) {
      const path = key === "SslCertificate" ? (root[key] ?? "certificate.pem") : root[key];
      if (typeof path !== "string" || files[path] !== undefined) continue;
      if (path.startsWith("/")) elsewhere[path] = readFileSync(certificate(name), "utf8");
      else fixtures[path] = `certificates/${name}`;
    }
  }
  return { fixtures, elsewhere };
}
