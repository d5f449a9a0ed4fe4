/** Unknown: a value of its own, with the reason for it. Outside JSON, so no configured text can be mistaken for it. */
import type { Located } from "../text/text.ts";

const mark: unique symbol = Symbol("unknown");

/**
 * Why something is not known.
 *
 * - `input`: a variable, file or section that the run was not given; more input would decide it.
 * - `version`: it differs between the releases that this configuration may run on.
 * - `opaque`: it is decided by code that is not evaluated (a script, a plugin, a remote service).
 */
export type UnknownCause = "input" | "version" | "opaque";

/** A value that is not known. */
export interface Unknown {
  readonly [mark]: true;
  readonly cause: UnknownCause;
  /** A clause that completes "not known: …". */
  readonly reason: string;
  /** What stands in the way, if it has a place. */
  readonly where?: Located;
}

/** A value that may be unknown. */
export type Maybe<T> = T | Unknown;

/** Makes an unknown value. */
export function unknown(cause: UnknownCause, reason: string, where?: Located): Unknown {
  return where === undefined ? { [mark]: true, cause, reason } : { [mark]: true, cause, reason, where };
}

/** Whether a value is unknown. */
export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && mark in value;
}

/** The value, or the fallback where it is unknown or absent. */
export function knownOr<T>(value: Maybe<T> | undefined, fallback: T): T {
  return value === undefined || isUnknown(value) ? fallback : value;
}

/** Kleene's "and": false wins, then unknown. */
export function and(...values: readonly Maybe<boolean>[]): Maybe<boolean> {
  if (values.includes(false)) return false;
  return values.find((value) => isUnknown(value)) ?? true;
}

/** Kleene's "or": true wins, then unknown. */
export function or(...values: readonly Maybe<boolean>[]): Maybe<boolean> {
  if (values.includes(true)) return true;
  return values.find((value) => isUnknown(value)) ?? false;
}

/** Kleene's "not". */
export function not(value: Maybe<boolean>): Maybe<boolean> {
  return isUnknown(value) ? value : !value;
}

/** Applies a function to a known value, and passes an unknown one on. */
export function map<T, R>(value: Maybe<T>, change: (known: T) => R): Maybe<R> {
  return isUnknown(value) ? value : change(value);
}
