import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, CACHE } from "./bundle.ts";
import type { Case } from "./case.ts";
import { REPOSITORY } from "./paths.ts";
import type { Release } from "./releases.ts";

/** What the linter says of the one Orthanc of a case: the part of the JSON report that can be measured. */
export interface Predicted {
  startup: { verdict: string; reasons: { message: string }[] };
  listeners: PredictedListener[];
}

/** A listener as the report has it. Any value may be "unknown". */
export interface PredictedListener {
  protocol: string;
  port?: unknown;
  reach?: unknown;
  tls?: Record<string, unknown>;
  auth?: Record<string, unknown>;
  anonymous?: Record<string, unknown>;
  unknownPeer?: Record<string, unknown>;
  spoofedPeer?: Record<string, Record<string, unknown>>;
}

/** Makes the prediction for a case that has been written into a folder. A text says why there is none. */
export type Predict = (test: Case, release: Release, folder: string) => Promise<Predicted | string>;

/** The linter's own function, in this process: quick. */
export const predictInProcess: Predict = async (test, release, folder) => {
  const path = test.configuration ?? ".";
  try {
    const { lintToJson } = await linter();
    const elsewhere = `${folder}-elsewhere`;
    writeElsewhere(test, elsewhere);
    const disks = [elsewhere, release.tree];
    const env = completeEnvironment(test);
    return readReport(test, lintToJson(folder, path, release.packageVersion, env, disks));
  } catch (error) {
    return `the linter failed: ${error instanceof Error ? error.stack : error}`;
  }
};

/** What a case has outside its folder, below a folder that stands for the root. */
function writeElsewhere({ elsewhere = {} }: Case, root: string): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(elsewhere)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

type Linter = typeof import("./lint-in-process.ts");
let loading: Promise<Linter> | undefined;

/** Bundled when it is wanted, so that daemons can be measured while the linter does not compile. */
export function linter(): Promise<Linter> {
  loading ??= import(pathToFileURL(bundle("lint-in-process.ts", join(CACHE, "lint-in-process.mjs"))).href);
  return loading;
}

/** The environment is complete, which the linter believes as soon as it is given any of it. */
function completeEnvironment(test: Case): Record<string, string> {
  return { PL_COMPLETE: "1", ...test.env };
}

/** The built command, as people run it. */
export const predictByCommand: Predict = (test, release, folder) =>
  new Promise((resolve) => {
    const program = join(REPOSITORY, "dist/pacslint.js");
    if (!existsSync(program)) return resolve("dist/pacslint.js is not built (npm run build)");
    const args = ["lint", test.configuration ?? ".", "--format", "json", "--on-host", "--no-config"];
    args.push("--orthanc-version", release.packageVersion);
    for (const [name, value] of Object.entries(completeEnvironment(test)))
      args.push("--env", `${name}=${value}`);
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, ...args], options, (_, stdout, stderr) => {
      resolve(readReport(test, stdout, stderr));
    });
  });

/**
 * Takes the Orthanc of a case out of a JSON report. Other files that look like an Orthanc's, in folders below or with other
 * extensions, are deployments of their own there.
 */
function readReport(test: Case, stdout: string, stderr = ""): Predicted | string {
  let report: { deployments?: ReportedDeployment[] };
  try {
    report = JSON.parse(stdout);
  } catch {
    return `no report: ${(stderr || stdout).slice(0, 500)}`;
  }
  const isFolder = test.files[test.configuration ?? ""] === undefined;
  const root = isFolder ? (test.configuration ?? ".") : ".";
  const own = (report.deployments ?? []).filter(
    (deployment) => deployment.root === root && deployment.files.some(({ path }) => /\.json$/i.test(path)),
  );
  const orthancs = own.flatMap(({ services }) => services).filter(({ product }) => product === "orthanc");
  const [service] = orthancs;
  if (service === undefined || orthancs.length > 1)
    return `${orthancs.length} Orthancs in the report instead of one`;
  return service;
}

interface ReportedDeployment {
  root: string;
  files: { path: string }[];
  services: (Predicted & { product: string })[];
}
