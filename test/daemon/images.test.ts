/**
 * What the start script of orthancteam/orthanc makes of variables, files and secrets is handed to the real daemon: it does
 * what the linter says of the compose file.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { surveyPaths } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { containerConfiguration } from "../../src/products/orthanc/container.ts";
import { renderJson } from "../../src/reports/json.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { lintFiles, usualOptions } from "../inspect.ts";
import { complaint, judge } from "./judge.ts";
import type { Predict, Predicted } from "./predict.ts";
import { stage } from "./proofs/stage.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { closeSites, openSite, type Site } from "./site.ts";

/** A tag with the same Orthanc as a release of Debian's (data/orthanc/images.json). */
const tags: Readonly<Record<string, string>> = { "1.12.7": "25.6.0", "1.13.0": "26.8.1" };

/** Debian has put what later releases have into 1.9.1 and 1.10.1: the image's own Orthanc does not do as these do. */
const installed = daemonAvailability().installed.filter(({ version }) => version in tags);

interface Deployed {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Put into /etc/orthanc. */
  readonly files?: Readonly<Record<string, string>>;
}

const users = '{ "desk": "nine blue doors by the sea" }';

const deployments: readonly Deployed[] = [
  { name: "a login, by variables", variables: { ORTHANC__REGISTERED_USERS: users } },
  { name: "no login, by a variable", variables: { ORTHANC__AUTHENTICATION_ENABLED: "false" } },
  {
    name: "a variable over a file",
    variables: { ORTHANC__AUTHENTICATION_ENABLED: "false" },
    files: { "orthanc.json": `{ "AuthenticationEnabled": true, "RegisteredUsers": ${users} }` },
  },
  {
    name: "several files, and text that becomes numbers and truth",
    variables: { ORTHANC__DICOM_ALWAYS_ALLOW_STORE: "false", ORTHANC__EXECUTE_LUA_ENABLED: "true" },
    files: {
      "10-users.json": `{ "RegisteredUsers": ${users} }`,
      "20-dicom.json":
        '{ "DicomModalities": { "ct": ["CT01", "127.0.0.5", 104] }, "DicomCheckModalityHost": true }',
    },
  },
  {
    name: "all of it in one variable",
    variables: {
      ORTHANC_JSON: `{ "RemoteAccessAllowed": true, "RegisteredUsers": ${users}, "DicomAlwaysAllowFind": true }`,
    },
  },
];

describe.runIf(installed.length > 0).each(deployments)("$name", (deployed) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(closeSites);

  test.each(installed)("Orthanc $version", { timeout: 60_000 }, async (release) => {
    const files = composeOf(deployed, release);
    const generated = stage({ name: deployed.name, files: { "orthanc.json": generatedOf(files, release) } });
    const verdict = await judge(site, release, generated, predictionOf(files));
    expect(complaint(verdict)).toBeUndefined();
    expect(verdict.comparisons.length).toBeGreaterThan(0);
  });
});

/** On the host's own network, as the daemon of the harness is. The image's plug-ins are not on this machine. */
function composeOf({ variables, files = {} }: Deployed, { version }: Release): Record<string, string> {
  const mounts = Object.keys(files).map((name) => `./${name}:/etc/orthanc/${name}:ro`);
  const service = {
    image: `orthancteam/orthanc:${tags[version]}`,
    network_mode: "host",
    environment: { ...variables, ORTHANC__PLUGINS: "[]" },
    volumes: mounts,
  };
  return { ...files, "compose.yml": stringify({ services: { pacs: service } }) };
}

/** /tmp/orthanc.json, as the start script writes it. */
function generatedOf(files: Readonly<Record<string, string>>, { version }: Release): string {
  const platform = { files: memoryFiles(files), crypto: nodeCrypto, now: new Date(0), cwd: "/" };
  const { deployments: found, context } = surveyPaths(usualOptions, platform);
  const container = found[0]?.services.find(({ name }) => name === "pacs")?.container;
  if (container === undefined) throw new Error("there is no container");
  const { image } = containerConfiguration(container, version, context);
  const text = image.generated?.source.text.value;
  if (text === undefined || image.startup !== "starts") throw new Error("the start script stops");
  return text;
}

/** What the linter says of the compose file, whatever the daemon is given. */
function predictionOf(files: Readonly<Record<string, string>>): Predict {
  return async () => {
    const report: { deployments: { services: (Predicted & { name: string })[] }[] } = JSON.parse(
      renderJson(lintFiles(files, { paths: ["."] }).report),
    );
    const service = report.deployments[0]?.services.find(({ name }) => name === "pacs");
    return service ?? "there is no service";
  };
}
