/** Where compose files are loaded from, and ways between folders. */
import { isAbsolute } from "../../sources/files.ts";
import type { ObjectTree } from "../../sources/tree.ts";
import type { Environment, ReadText } from "./environment.ts";
import type { BaseFile } from "./extends.ts";
import type { Report } from "./problems.ts";

/** Where files are loaded: the project itself, or one that it includes. */
export interface Scope {
  /** The folder from which relative paths start. */
  readonly folder: string;
  readonly environment: Environment;
  readonly readText: ReadText;
  /** What files come to that are no YAML, by their paths. */
  readonly documents?: ReadonlyMap<string, ObjectTree>;
  readonly report: Report;
  readonly home: string | undefined;
  /** Files on the way here, to notice that one includes itself. */
  readonly trail: readonly string[];
  /** Files that services of this scope extend, each loaded once. */
  readonly bases: Map<string, BaseFile | undefined>;
  /** Files loaded so far in the whole project: includes of includes can be without end. */
  readonly loaded: { files: number };
  /** Notes every file that was read. */
  readonly seen: (path: string) => void;
}

/** Whether a path means something that Compose would fetch. */
export function isRemote(path: string): boolean {
  return /^(https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/|oci:)/.test(path);
}

/** The way from one folder to another; both are given from the same place. */
export function relativeFolder(from: string, to: string): string {
  if (isAbsolute(to) !== isAbsolute(from)) return to;
  const parts = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");
  const [start, end] = [parts(from), parts(to)];
  let common = 0;
  while (common < start.length && common < end.length && start[common] === end[common]) common++;
  const way = [...start.slice(common).map(() => ".."), ...end.slice(common)].join("/");
  return way === "" ? "." : way;
}
