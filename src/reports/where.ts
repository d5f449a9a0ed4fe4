/** Where files are for services that know a repository: paths from its root, and URIs. */
import { isAbsolute, joinPath } from "../sources/files.ts";
import type { Location, Report } from "../triage/report.ts";
import type { Workspace } from "./context.ts";

/** A file as others find it. */
export interface Whereabouts {
  /** From the root of the repository, or absolute for a file outside. */
  readonly path: string;
  readonly inside: boolean;
}

/** Where a file of the report is. What was given on the command line is in no file: undefined. */
export function whereIs(file: string, { folder, root }: Workspace): Whereabouts | undefined {
  if (file.startsWith("(")) return undefined;
  const path = joinPath(folder, file);
  if (root === ".") return { path, inside: !isAbsolute(path) && path !== ".." && !path.startsWith("../") };
  const below = root.endsWith("/") ? root : `${root}/`;
  if (path === root) return { path: ".", inside: true };
  return path.startsWith(below) ? { path: path.slice(below.length), inside: true } : { path, inside: false };
}

/**
 * A place that a service can show for a finding: its own line, the first other one that stands in a file, or the start
 * of the first file of its deployment. A finding about the command line has no line of its own.
 */
export function shownAt(
  {
    location,
    related,
    deployment,
  }: { location: Location; related: readonly { location: Location }[]; deployment: string },
  report: Report,
): Location {
  const inFile = [location, ...related.map((other) => other.location)].find(
    ({ file }) => !file.startsWith("("),
  );
  if (inFile !== undefined) return inFile;
  const files = report.deployments.find(({ id }) => id === deployment)?.files ?? [];
  const file = files.find(({ path }) => !path.startsWith("("))?.path ?? deployment;
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** RFC 3986: a relative reference inside the repository, a file URI outside. */
export function uriOf({ path, inside }: Whereabouts): string {
  const [first = "", ...rest] = path.split("/");
  // A colon is part of a drive's name; anywhere else it would make a scheme.
  const start = !inside && /^[A-Za-z]:$/u.test(first) ? `/${first}` : encoded(first);
  const relative = [start, ...rest.map(encoded)].join("/");
  return !inside && isAbsolute(path) ? `file://${relative}` : relative;
}

function encoded(segment: string): string {
  return encodeURIComponent(segment.replace(loneSurrogates, "\ufffd"));
}

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
