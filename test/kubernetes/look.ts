/** Lints manifests held in memory and tells in short lines what was made of them. */
import { isUnknown } from "../../src/facts/unknown.ts";
import type { LintOptions } from "../../src/lint.ts";
import type { ReportedDeployment } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

/** What tests look at. */
export interface Look {
  readonly deployments: readonly string[];
  /** "orthanc http 8042 internal". */
  readonly listeners: readonly string[];
  /** "orthanc http network :30042 direct". */
  readonly entries: readonly string[];
  /** "high rule file:line:column". */
  readonly findings: readonly string[];
  /** "kind file:line message". */
  readonly problems: readonly string[];
  readonly assumptions: readonly string[];
}

/** Lints and looks. */
export function look(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<LintOptions> = {},
): Look {
  const { report } = lintFiles(files, { paths: ["."], orthancVersion: "1.12.11", ...options });
  return {
    deployments: report.deployments.map(({ id }) => id),
    listeners: report.deployments.flatMap(listenersOf),
    entries: report.deployments.flatMap(entriesOf),
    findings: report.findings
      .filter(({ state }) => state === "open")
      .map(
        ({ severity, rule, location: { file, line, column } }) =>
          `${severity} ${rule} ${file}:${line}:${column}`,
      ),
    problems: report.problems.map(
      ({ kind, message, location }) =>
        `${kind} ${location === undefined ? "" : `${location.file}:${location.line} `}${message}`,
    ),
    assumptions: report.assumptions.map(({ message }) => message),
  };
}

function listenersOf({ services }: ReportedDeployment): readonly string[] {
  return services.flatMap((service) =>
    service.listeners.map(({ protocol, port, reach }) =>
      [service.name, protocol, shown(port), shown(reach)].join(" "),
    ),
  );
}

function entriesOf({ services }: ReportedDeployment): readonly string[] {
  return services.flatMap((service) =>
    service.listeners.flatMap(({ protocol, entries }) =>
      entries.map(({ reach, port, through, auth, tls }) =>
        [
          service.name,
          protocol,
          shown(reach),
          `:${shown(port)}`,
          through,
          `login=${shown(auth.mode)}`,
          `tls=${shown(tls.mode)}`,
        ].join(" "),
      ),
    ),
  );
}

function shown(value: unknown): string {
  return isUnknown(value) ? "?" : String(value);
}
