/** Which files are enough to judge some deployments as if everything were looked at: runs over edits need no others. */
import type { Deployment } from "../deployment/model.ts";
import { type LintOptions, type Platform, type Survey, surveyPaths } from "../lint.ts";
import { holderOf } from "../sources/source.ts";
import { type Contents, withContents } from "./overlay.ts";

/** What is known of which files are enough. */
export interface Narrow {
  /** The files that are enough for deployments with these ids; undefined where only all files will do. */
  filesFor(ids: ReadonlySet<string>): ReadonlySet<string> | undefined;
  /** Whether they were still enough with these edits: all files together make the same of the same deployments. */
  held(groups: readonly ReadonlySet<string>[], contents: Contents): boolean;
}

/** Looks at all files, always. */
export const lookingAtAll: Narrow = { filesFor: () => undefined, held: () => true };

/** Answers from the first run, for each set of deployments once: their files alone have to make the same deployments. */
export function narrowing(survey: Survey, options: LintOptions, platform: Platform): Narrow {
  const known = new Map<string, ReadonlySet<string> | undefined>();
  const surveyOf = (contents: Contents, files?: ReadonlySet<string>): readonly Deployment[] => {
    const again = { survey, edited: new Set(contents.keys()), ...(files === undefined ? {} : { files }) };
    const edited = { ...platform, files: withContents(platform.files, contents) };
    return surveyPaths({ ...options, again }, edited).deployments;
  };
  return {
    filesFor(ids) {
      const key = [...ids].sort().join("\n");
      if (known.has(key)) return known.get(key);
      const wanted = survey.deployments.filter(({ id }) => ids.has(id));
      const files = filesOf(wanted);
      const enough = makesTheSame(wanted, surveyOf(new Map(), files)) ? files : undefined;
      known.set(key, enough);
      return enough;
    },
    held(groups, contents) {
      if (contents.size === 0) return true;
      const together = surveyOf(contents);
      return groups.every((ids) => {
        const files = this.filesFor(ids);
        const wanted = together.filter(({ id }) => ids.has(id));
        const isEdited = files === undefined || [...contents.keys()].some((path) => files.has(path));
        if (!isEdited || files === undefined) return wanted.length === ids.size;
        return wanted.length === ids.size && makesTheSame(wanted, surveyOf(contents, files));
      });
    },
  };
}

function filesOf(deployments: readonly Deployment[]): ReadonlySet<string> {
  return new Set(deployments.flatMap(({ files }) => files.map(({ source }) => holderOf(source.path))));
}

function makesTheSame(wanted: readonly Deployment[], made: readonly Deployment[]): boolean {
  return wanted.every((one) => isSame(one, findById(made, one.id)));
}

function findById(deployments: readonly Deployment[], id: string): Deployment | undefined {
  return deployments.find((deployment) => deployment.id === id);
}

/** Whether two values hold the same all through. Functions count as the same: they are made of what is beside them. */
function isSame(left: unknown, right: unknown, within: ReadonlySet<unknown> = new Set()): boolean {
  if (Object.is(left, right) || within.has(left)) return true;
  if (typeof left === "function" && typeof right === "function") return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const [own, other] = [partsOf(left), partsOf(right)];
  const deeper = new Set([...within, left]);
  return own.length === other.length && own.every((part, index) => isSame(part, other[index], deeper));
}

/** Keys and values of an object, a map or a set, one after the other. */
function partsOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value].flat(1);
  return value instanceof Set || Array.isArray(value) ? [...value] : Object.entries(value).flat(1);
}
