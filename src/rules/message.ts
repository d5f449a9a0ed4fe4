/**
 * Fills the placeholders of a rule's texts: `{pointer}` or `{pointer|filter}`, the pointer with or without its slash.
 * `${NAME}` is a variable of the reader's configuration, and stays.
 */
import { isUnknown } from "../facts/unknown.ts";
import { valueAt } from "./match.ts";

/** The filters that texts may use. */
export const filters: Readonly<Record<string, (value: unknown) => string>> = {
  /** What a caller without a password can do: "read, change and delete". */
  capabilities: (value) => sentence(trueKeys(value, capabilityWords)) || "reach",
  /** DICOM operations: "send and search". */
  operations: (value) => sentence(trueKeys(value, operationWords)) || "do nothing",
  /** A list: "a, b and c". */
  list: (value) => (Array.isArray(value) ? sentence(value.map(String)) : String(value)),
  /** A list of which one is enough: "a, b or c". */
  either: (value) =>
    Array.isArray(value) ? sentence(value.map(String)).replace(/ and (?=[^,]*$)/u, " or ") : String(value),
  /** The last key of a path: "AllowFind" of "DicomModalities.*.AllowFind". */
  key: (value) => String(value).replace(/^.*\./u, ""),
  /** The number of items. */
  count: (value) => String(Array.isArray(value) ? value.length : Object.keys(Object(value)).length),
  /** Keys of an object whose value has something true in it: AE titles that may do something. */
  titles: (value) => sentence(Object.keys(Object(value))),
};

const capabilityWords: Readonly<Record<string, string>> = { read: "read", write: "change", delete: "delete" };

const operationWords: Readonly<Record<string, string>> = {
  store: "store images",
  find: "search patients",
  findWorklist: "read the worklist",
  get: "fetch images",
  move: "have images sent away",
};

/** The names of the placeholders in a text, without their filters. */
export function placeholders(
  template: string,
): readonly { readonly pointer: string; readonly filter: string | undefined }[] {
  return [...template.matchAll(/(?<!\$)\{([^{}|]+)(?:\|(\w+))?\}/gu)].map((match) => ({
    pointer: match[1] ?? "",
    filter: match[2],
  }));
}

/** The text with its placeholders filled from a fact. An unknown value reads "an unknown value". */
export function fill(template: string, fact: unknown): string {
  return template.replace(
    /(?<!\$)\{([^{}|]+)(?:\|(\w+))?\}/gu,
    (whole, pointer: string, filter: string | undefined) => {
      if (!/^[/\w]/u.test(pointer) || /\s/u.test(pointer)) return whole;
      const value = valueAt(fact, pointer.startsWith("/") ? pointer : `/${pointer}`);
      if (filter !== undefined) return isUnknown(value) ? "something" : (filters[filter]?.(value) ?? whole);
      return plain(value);
    },
  );
}

/** A value as people read it. */
export function plain(value: unknown): string {
  if (isUnknown(value)) return "not known";
  if (value === undefined || value === null) return "nothing";
  if (value === "*") return "every address";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : value.map(plain).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function trueKeys(value: unknown, words: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(Object(value)) as [string, unknown][];
  return Object.keys(words).flatMap((key) =>
    entries.some(([name, on]) => name === key && on === true) ? [words[key] ?? key] : [],
  );
}

function sentence(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
