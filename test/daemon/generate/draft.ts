import type { Credential, Fixture } from "../case.ts";
import type { Random } from "../random.ts";

/** A configuration in the making. A value is source text, so that a variable can stand outside quotes. */
export interface Draft {
  random: Random;
  /** Keys in the order of the file; a key may come twice. */
  keys: [key: string, text: string][];
  fixtures: Record<string, Fixture>;
  files: Record<string, string>;
  env: Record<string, string>;
  titles: Record<string, string[]>;
  credentials: Credential[];
  dicomWebRoots: string[];
  called: string;
}

/** Adds a key. */
export function set(draft: Draft, key: string, value: unknown): void {
  draft.keys.push([key, json(value)]);
}

/** Adds a key with one of several values, or not at all where the value is undefined. */
export function maybe(
  draft: Draft,
  key: string,
  choices: readonly (readonly [weight: number, value: unknown])[],
): unknown {
  const value = draft.random.weighted(choices);
  if (value !== undefined) set(draft, key, value);
  return value;
}

/** Source text of a value. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}
