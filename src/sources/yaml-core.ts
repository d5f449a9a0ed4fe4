/** Which type a YAML scalar has for go-yaml v3 (resolve.go): YAML 1.2 core, plus what it keeps of 1.1. */

/** A scalar's type and value; a string whose value is undefined is the text as it is written. */
export type CoreValue =
  | { readonly kind: "string"; readonly value?: string }
  | { readonly kind: "number"; readonly value: number; readonly integer: boolean }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "bad"; readonly message: string };

const words: ReadonlyMap<string, CoreValue> = new Map<string, CoreValue>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { kind: "null" }] as const),
  ...["true", "True", "TRUE"].map((word) => [word, { kind: "boolean", value: true }] as const),
  ...["false", "False", "FALSE"].map((word) => [word, { kind: "boolean", value: false }] as const),
  ...[".nan", ".NaN", ".NAN"].map(
    (word) => [word, { kind: "number", value: Number.NaN, integer: false }] as const,
  ),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, { kind: "number", value: Number.POSITIVE_INFINITY, integer: false }] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map(
    (word) => [word, { kind: "number", value: Number.NEGATIVE_INFINITY, integer: false }] as const,
  ),
]);

const text: CoreValue = { kind: "string" };

/** The type of a scalar with this content and tag; `plain` when it is written without quotes and is no block. */
export function resolvePlain(
  value: string,
  tag: string | undefined,
  plain: boolean,
  isV2 = false,
): CoreValue {
  const short = tag?.replace(/^tag:yaml\.org,2002:/, "!!");
  if (short === "!!str" || short === "!!binary") return text;
  if (short?.startsWith("!!") === true) return typed(value, short);
  // A tag of someone's own, such as `!override`, keeps a scalar from having a type.
  if (short !== undefined && short !== "!") return text;
  if (!plain) return text;
  return isV2 ? resolvedByV2(value) : resolved(value);
}

/** go-yaml v2, as sigs.k8s.io/yaml uses it: the switches of YAML 1.1, and times as they are written. */
function resolvedByV2(value: string): CoreValue {
  if (/^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(value)) return { kind: "boolean", value: true };
  if (/^(?:n|N|no|No|NO|off|Off|OFF)$/.test(value)) return { kind: "boolean", value: false };
  return timestamp(value) === undefined ? resolved(value) : text;
}

function typed(value: string, tag: string): CoreValue {
  const found = resolved(value);
  const expected = { "!!int": "number", "!!float": "number", "!!bool": "boolean", "!!null": "null" }[tag];
  if (expected === undefined) return text;
  if (tag === "!!float" && found.kind === "number") return { ...found, integer: false };
  return found.kind === expected ? found : { kind: "bad", message: `cannot decode "${value}" as ${tag}` };
}

function resolved(value: string): CoreValue {
  const word = words.get(value);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(value)) return text;
  return timestamp(value) ?? integer(value) ?? float(value) ?? text;
}

const integerForms: readonly (readonly [RegExp, number])[] = [
  [/^[-+]?0[xX]([0-9a-fA-F]+)$/, 16],
  [/^[-+]?0[bB]([01]+)$/, 2],
  [/^[-+]?0[oO]?([0-7]+)$/, 8],
  [/^[-+]?(0|[1-9][0-9]*)$/, 10],
];

/** Go's integer literals, underscores left out. Beyond 2^53 the digits are kept as text: no one calculates with them. */
function integer(value: string): CoreValue | undefined {
  const plain = value.replaceAll("_", "");
  for (const [form, base] of integerForms) {
    const digits = form.exec(plain)?.[1];
    if (digits === undefined) continue;
    const size = Number.parseInt(digits, base);
    if (Number.isSafeInteger(size))
      return { kind: "number", value: plain.startsWith("-") ? -size : size, integer: true };
    return base === 10
      ? { kind: "string", value: plain.replace(/^\+/, "") }
      : { kind: "number", value: size, integer: true };
  }
  return undefined;
}

function float(value: string): CoreValue | undefined {
  const plain = value.startsWith(".") ? value : value.replaceAll("_", "");
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return undefined;
  return { kind: "number", value: Number(plain), integer: false };
}

const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dateTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?$/;

/** go-yaml makes a time of what looks like one, and programs print it back in Go's form. */
function timestamp(value: string): CoreValue | undefined {
  const day = date.exec(value);
  if (day !== null) {
    const [, year = "", month = "", dayOfMonth = ""] = day;
    const pad = (part: string): string => part.padStart(2, "0");
    if (!isDay(Number(year), Number(month), Number(dayOfMonth))) return undefined;
    return { kind: "string", value: `${year}-${pad(month)}-${pad(dayOfMonth)} 00:00:00 +0000 UTC` };
  }
  return dateTime.test(value) ? text : undefined;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0;
}
