/** Merges what is said of one thing at several releases: what differs is unknown. */
import { isUnknown, unknown } from "../facts/unknown.ts";

/** The common value; where the values differ, property by property, an unknown of cause "version". */
export function mergeVersions<T>(values: readonly T[]): T {
  const [first, ...rest] = values;
  return rest.reduce<T>((merged, value) => mergeTwo(merged, value) as T, first as T);
}

function mergeTwo(left: unknown, right: unknown): unknown {
  if (isUnknown(left)) return left;
  if (isUnknown(right)) return right;
  if (left === right) return left;
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return Object.fromEntries([...keys].map((key) => [key, mergeTwo(left[key], right[key])]));
  }
  if (Array.isArray(left) && Array.isArray(right) && JSON.stringify(left) === JSON.stringify(right))
    return left;
  return unknown("version", "it differs between the releases that may run");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** Merges lists of things with an id, thing by thing; the order is that of the last list. */
export function mergeById<T extends { readonly id: string }>(lists: readonly (readonly T[])[]): readonly T[] {
  const newest = lists.at(-1) ?? [];
  const missing = lists.flat().filter((item) => !newest.some(({ id }) => id === item.id));
  const ids = [...new Set([...newest, ...missing].map(({ id }) => id))];
  return ids.map((id) => mergeVersions(lists.flatMap((list) => list.filter((item) => item.id === id))));
}
