/** Versions and what they have to be. Source: constraints.go of Masterminds/semver. */

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly pre: string;
}

/** The parts of a version; a missing number is 0. */
function versionOf(text: string): Version | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\w.-]+))?(?:\+[\w.-]*)?$/u.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, patch, pre = ""] = match;
  return { numbers: [Number(major), Number(minor ?? 0), Number(patch ?? 0)], pre };
}

function compare(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    const difference = left.numbers[index] - right.numbers[index];
    if (difference !== 0) return difference;
  }
  return comparePre(left.pre, right.pre);
}

/** None is newest; numbers count as numbers and come before words. */
function comparePre(left: string, right: string): number {
  if (left === right) return 0;
  if (left === "" || right === "") return left === "" ? 1 : -1;
  const [one, other] = [left.split("."), right.split(".")];
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [a, b] = [one[index], other[index]];
    if (a === b) continue;
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    const [isNumberA, isNumberB] = [/^\d+$/u.test(a), /^\d+$/u.test(b)];
    if (isNumberA && isNumberB) return Number(a) - Number(b);
    if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}

/** Whether a version is what a constraint asks for; undefined: one of them is not understood. */
export function satisfies(version: string, constraint: string): boolean | undefined {
  const own = versionOf(version);
  if (own === undefined) return undefined;
  const ranges = constraint.split("||").map((range) => meets(own, range));
  return ranges.includes(undefined) ? undefined : ranges.includes(true);
}

const part = /(=|!=|>=|=>|<=|=<|>|<|~>|~|\^|)\s*(v?[\dxX*]+(?:\.[\dxX*]+)*(?:-[\w.-]+)?(?:\+[\w.-]+)?)/gu;

function meets(own: Version, range: string): boolean | undefined {
  const hyphened = range.replace(/^\s*(\S+)\s+-\s+(\S+)\s*$/u, ">=$1 <=$2");
  const parts = [...hyphened.matchAll(part)];
  if (parts.length === 0 || hyphened.replaceAll(part, "").replaceAll(/[\s,]/gu, "") !== "") return undefined;
  return parts.every(([, operator = "", text = ""]) => holds(own, operator, text));
}

function holds(own: Version, operator: string, text: string): boolean {
  const written = text.replace(/^v/u, "").split(/[-+]/u)[0]?.split(".") ?? [];
  const given = written.findIndex((word) => /[xX*]/u.test(word));
  const count = given < 0 ? written.length : given;
  const other = versionOf(`${written.slice(0, count).join(".") || "0"}${/-[^+]*/u.exec(text)?.[0] ?? ""}`);
  if (other === undefined) return false;
  // One that is not released counts only for who asks for such.
  if (own.pre !== "" && other.pre === "") return false;
  const order = compare(own, other);
  const sameUpTo = (places: number): boolean =>
    own.numbers.slice(0, places).every((number, index) => number === other.numbers[index]);
  switch (operator) {
    case ">":
      return count < 3 ? order > 0 && !sameUpTo(count) : order > 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
    case "=<":
      return order <= 0 || (count < 3 && sameUpTo(count));
    case "!=":
      return count < 3 ? !sameUpTo(count) : order !== 0;
    case "^":
      return order >= 0 && sameUpTo(firstFilled(other, count));
    case "~":
    case "~>":
      return order >= 0 && sameUpTo(Math.min(count, 2));
    default:
      return count < 3 ? order >= 0 && sameUpTo(count) : order === 0;
  }
}

/** The caret keeps everything up to the first number that is not 0. */
function firstFilled({ numbers }: Version, count: number): number {
  const index = numbers.findIndex((number) => number !== 0);
  return index < 0 ? count : index + 1;
}

/** The fields that `semver` gives. */
export function versionFields(text: string): Readonly<Record<string, string | number>> | undefined {
  const version = versionOf(text);
  if (version === undefined) return undefined;
  const [Major, Minor, Patch] = version.numbers;
  return { Major, Minor, Patch, Prerelease: version.pre, Original: text };
}
