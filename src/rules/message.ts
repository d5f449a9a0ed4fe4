/**
 * Fills the placeholders of a rule's texts: `{pointer}` or `{pointer|filter}`, the pointer with or without its slash.
 * `${NAME}` is a variable of the reader's configuration, and stays; so do braces of slapd (`{1}mdb`, `{SSHA}`).
 */
import { isUnknown } from "../facts/unknown.ts";
import { valueAt } from "./match.ts";

/** The filters that texts may use. */
export const filters: Readonly<Record<string, (value: unknown) => string>> = {
  /** What a caller without a password can do: "read, change and delete". */
  capabilities: (value) => sentence(wordsOfTrue(value, capabilityWords), "and") || "reach",
  /** DICOM operations: "store images and search patients". */
  operations: (value) => sentence(wordsOfTrue(value, operationWords), "and") || "do nothing",
  /** A list: "a, b and c". */
  list: (value) => sentence(items(value), "and"),
  /** A list of which one is enough: "a, b or c". */
  either: (value) => sentence(items(value), "or"),
  /** The last key of a path: "AllowFind" of "DicomModalities.*.AllowFind". */
  key: (value) => String(value).replace(/^.*\./u, ""),
  /** The name of an account; where it is not known, that it is one. */
  account: String,
};

/** What stands for a value that is not known, by the filter. */
const unknownWords: Readonly<Record<string, string>> = { account: "an account that the image makes" };

const capabilityWords: Readonly<Record<string, string>> = { read: "read", write: "change", delete: "delete" };

const operationWords: Readonly<Record<string, string>> = {
  store: "store images",
  find: "search patients",
  findWorklist: "read the worklist",
  get: "fetch images",
  move: "have images sent away",
};

const placeholder = /(?<!\$)\{(?<pointer>[/a-z][^{}|\s]*)(?:\|(?<filter>\w+))?\}/gu;

/** The placeholders in a text. */
export function placeholders(
  template: string,
): readonly { readonly pointer: string; readonly filter: string | undefined }[] {
  return [...template.matchAll(placeholder)].map(({ groups }) => ({
    pointer: groups?.pointer ?? "",
    filter: groups?.filter,
  }));
}

/** The text with its placeholders filled from a fact. */
export function fill(template: string, fact: unknown): string {
  return withPort(inCluster(withPlace(template, fact), fact), fact).replace(
    placeholder,
    (whole: string, pointer: string, filter: string | undefined) => {
      const value = valueAt(fact, pointer.startsWith("/") ? pointer : `/${pointer}`);
      if (filter === undefined) return plain(value);
      return isUnknown(value) ? (unknownWords[filter] ?? "something") : (filters[filter]?.(value) ?? whole);
    },
  );
}

/** Whether the fact has a value for every placeholder of a text. */
export function isFillable(template: string, fact: unknown): boolean {
  return placeholders(template).every(({ pointer }) => {
    const value = valueAt(fact, pointer.startsWith("/") ? pointer : `/${pointer}`);
    return value !== undefined && value !== null && !isUnknown(value);
  });
}

/** What a tunnel opens is on no port of this host. */
function withPlace(template: string, fact: unknown): string {
  const tunnel = valueAt(fact, "/tunnel");
  if (typeof tunnel !== "string") return template;
  const address = valueAt(fact, "/address");
  const place =
    typeof address === "string"
      ? `${address} through a tunnel (${tunnel})`
      : `the address that a tunnel makes (${tunnel})`;
  return template.replaceAll(/\bthis host on port \{port\}/gu, place);
}

/** A port that the engine chooses at the start, or that a variable holds, has no number to be told. */
function withPort(template: string, fact: unknown): string {
  return isUnknown(valueAt(fact, "/port"))
    ? template
        .replaceAll(/\bDICOM port \{port\}/gu, "a DICOM port whose number is not known")
        .replaceAll(/\bport \{port\}/gu, "a port whose number is not known")
    : template;
}

/** In a cluster nobody reaches "this host": a node, a load balancer, a controller. */
function inCluster(template: string, fact: unknown): string {
  const place = valueAt(fact, "/place");
  const neighbour = valueAt(fact, "/neighbour");
  const outside =
    typeof place === "string" ? template.replaceAll("reach this host", `reach ${place}`) : template;
  return typeof neighbour === "string"
    ? outside.replaceAll("very container of the same network", `very ${neighbour}`)
    : outside;
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

function wordsOfTrue(value: unknown, words: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(words).flatMap(([key, word]) => (valueAt(value, `/${key}`) === true ? [word] : []));
}

function items(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => (isUnknown(item) ? "something" : String(item)));
}

function sentence(parts: readonly string[], conjunction: "and" | "or"): string {
  if (parts.length <= 1) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} ${conjunction} ${parts.at(-1)}`;
}
