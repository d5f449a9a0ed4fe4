/** Product versions: numbers between dots, compared as numbers. */

/** Negative when `left` is older, positive when newer, zero when equal. What follows the numbers is not compared. */
export function compareVersions(left: string, right: string): number {
  const a = numbers(left);
  const b = numbers(right);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` is `since` or newer. */
export function atLeast(version: string, since: string): boolean {
  return compareVersions(version, since) >= 0;
}

/** Whether `version` is older than `below`. */
export function before(version: string, below: string): boolean {
  return compareVersions(version, below) < 0;
}

/** The same few versions are compared for every option of every release. */
const parsed = new Map<string, readonly number[]>();

function numbers(version: string): readonly number[] {
  const known = parsed.get(version);
  if (known !== undefined) return known;
  const found = (/^\D*(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? "0").split(".").map(Number);
  if (parsed.size < 10_000) parsed.set(version, found);
  return found;
}
