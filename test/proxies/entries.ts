/** What a lint says of the ways in through a proxy, each on a line. */
import type { LintRun } from "../../src/lint.ts";
import type { ReportedEntry } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

/** Lints a deployment in the folder "site". */
export function lintSite(files: Readonly<Record<string, string>>): LintRun {
  const named = Object.entries(files).map(([name, text]) => [`site/${name}`, text]);
  return lintFiles(Object.fromEntries(named), { paths: ["site"] });
}

/** The entries of a service that go through a proxy. */
export function throughProxy(run: LintRun, service = "orthanc"): readonly ReportedEntry[] {
  return run.report.deployments
    .flatMap((deployment) => deployment.services)
    .filter(({ name }) => name === service)
    .flatMap(({ listeners }) => listeners.flatMap(({ entries }) => entries))
    .filter(({ through }) => through !== "direct");
}

/** "80 /dicom-web off none: read write dicomweb": port, paths, TLS, login, and what a stranger can do. */
export function told(run: LintRun, service?: string): readonly string[] {
  return throughProxy(run, service).map((entry) => {
    const { port, paths, tls, auth, anonymous, via } = entry;
    const known = (value: unknown) => (typeof value === "string" ? value : "unknown");
    const can = Object.entries(anonymous ?? {}).flatMap(([ability, value]) =>
      value === true ? [ability] : [],
    );
    const from = via.some(({ label }) => label === "who is let in by address") ? " by address" : "";
    return `${String(port)} ${paths.join(" ")} ${known(tls.mode)} ${known(auth.mode)}${from}: ${can.join(" ")}`.trim();
  });
}

/** "compose.yml:7 published on every address of the host": the lines that make the first entry so. */
export function chainOf(entry: ReportedEntry | undefined): readonly string[] {
  return (entry?.via ?? []).map(({ location, label }) =>
    `${(location.file ?? "").replace("site/", "")}:${location.line} ${label ?? ""}`.trim(),
  );
}

/** Orthanc without a login of its own, in a compose file. */
export const orthanc = `services:
  orthanc:
    image: orthancteam/orthanc:26.7.0
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false", DICOM_WEB_PLUGIN_ENABLED: "true" }
`;
