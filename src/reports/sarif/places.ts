/** Files and lines in SARIF's terms. */
import type { ArtifactLocation, Region, Location as SarifLocation } from "sarif";
import type { Location } from "../../triage/report.ts";
import type { Workspace } from "../context.ts";
import { uriOf, whereIs } from "../where.ts";
import { plainMessage } from "./message.ts";

/** The name by which SARIF files refer to the root of the repository; that which CodeQL uses. */
export const rootId = "%SRCROOT%";

/** A file; undefined for what is in none. */
export function artifactLocation(file: string, workspace: Workspace): ArtifactLocation | undefined {
  const where = whereIs(file, workspace);
  if (where === undefined) return undefined;
  return { uri: uriOf(where), ...(where.inside ? { uriBaseId: rootId } : {}) };
}

/** A range as SARIF has it: both start at 1 and the end is exclusive, as in the report. */
export function regionOf({ line, column, endLine, endColumn }: Location): Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A line of a file with what is said of it; none where it is in no file. */
export function sarifLocation(
  location: Location,
  workspace: Workspace,
  label = "",
): SarifLocation | undefined {
  const artifact = artifactLocation(location.file, workspace);
  if (artifact === undefined) return undefined;
  return {
    physicalLocation: { artifactLocation: artifact, region: regionOf(location) },
    ...(label === "" ? {} : { message: plainMessage(label) }),
  };
}
