/**
 * The functions of Helm's templates that say something of a value without running anything.
 * Sources: helm.sh/docs/chart_template_guide/function_list; masterminds.github.io/sprig.
 */
import { base64Text } from "../../../sources/base64.ts";
import { readJson } from "../../../sources/json.ts";
import type { Tree } from "../../../sources/tree.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Located } from "../../../text/text.ts";
import { type Functions, ofGiven, ofKnownText, type TemplateFunction, textOf, wordOf } from "./calls.ts";
import { comparing } from "./comparing.ts";
import { dictionaries, dictionariesOfAny } from "./dictionaries.ts";
import { lists, listsOfAny } from "./lists.ts";
import { numbers } from "./numbers.ts";
import { strings } from "./strings.ts";
import { toJson } from "./to-json.ts";
import { toYaml } from "./to-yaml.ts";
import {
  dictTree,
  flagTree,
  type Known,
  listTree,
  orNil,
  ownValue,
  textTree,
  truth,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

const choosing: Functions = {
  default: ([fallback, value], at) => {
    const set = truth(value);
    if (set === undefined) return value ?? unknownTree("it is not known", at);
    return set ? value : fallback;
  },
  coalesce: (values) => values.find((value) => truth(value) !== false),
  ternary: ([yes, no, test], at) => {
    const holds = truth(test);
    if (holds === undefined) return unknownTree("it depends on what is not known", at);
    return holds ? yes : no;
  },
  empty: ([value], at) => told(negated(truth(value)), at),
  not: ([value], at) => told(negated(truth(value)), at),
  all: (values, at) => told(decided(values, false), at),
  any: (values, at) => told(decided(values, true), at),
  // `and` and `or` give the value that decides.
  and: (values) => deciding(values, true),
  or: (values) => deciding(values, false),
  required: ([, value], at) =>
    value === undefined || (value.kind === "string" && truth(value) === false)
      ? unknownTree("whoever installs the chart has to give it", at)
      : value,
  fail: (_, at) => unknownTree("the chart refuses these values", at),
  // No cluster is asked: nothing is there yet.
  lookup: (_, at) => dictTree([], at),
};

/** The first value whose truth is not this one, else the last. */
function deciding(values: readonly Value[], passed: boolean): Value {
  const index = values.findIndex((value) => truth(value) !== passed);
  return values[index < 0 ? values.length - 1 : index];
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Whether one of them is so (`any`), or none is otherwise (`all`). */
function decided(values: readonly Value[], wanted: boolean): boolean | undefined {
  const found = values.map(truth);
  if (found.includes(wanted)) return wanted;
  return found.includes(undefined) ? undefined : !wanted;
}

function told(value: boolean | undefined, at: Located): Known {
  return value === undefined ? unknownTree("it depends on what is not known", at) : flagTree(value, at);
}

function written(write: (value: Known, at: Located) => ReturnType<typeof toYaml>): TemplateFunction {
  return ([value], at) => textTree(write(orNil(value, at), at));
}

/** What a text says; a map with the key Error where it cannot be read, as Helm gives it. */
function readAs(
  read: (text: ReturnType<typeof textOf>) => Tree | undefined,
  empty: (at: Located) => Known,
): TemplateFunction {
  return ofGiven(([value], at) => {
    const tree = read(textOf(value, at));
    return tree === undefined || tree.kind === "null" ? empty(at) : ownValue(tree);
  });
}

const emptyMap = (at: Located): Known => dictTree([], at);
const emptyList = (at: Located): Known => listTree([], at);
const firstYaml = (text: ReturnType<typeof textOf>): Tree | undefined => readYaml(text, "v2").documents[0];
const jsonRoot = (text: ReturnType<typeof textOf>): Tree | undefined => readJson(text, "strict").root;

const formats: Functions = {
  toYaml: written(toYaml),
  toJson: written((value, at) => toJson(value, at, { html: true, pretty: false })),
  toRawJson: written((value, at) => toJson(value, at, { html: false, pretty: false })),
  toPrettyJson: written((value, at) => toJson(value, at, { html: true, pretty: true })),
  fromYaml: readAs(firstYaml, emptyMap),
  fromYamlArray: readAs(firstYaml, emptyList),
  fromJson: readAs(jsonRoot, emptyMap),
  fromJsonArray: readAs(jsonRoot, emptyList),
  b64enc: ofKnownText(([value], at) => wordTree(encoded(wordOf(value, at)), value ?? at)),
  b64dec: ofKnownText(([value], at) => {
    const text = base64Text(textOf(value, at));
    return text === undefined ? wordTree("", at) : textTree(text);
  }),
};

/** Base64 of UTF-8. */
export function encoded(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join(""));
}

/** Functions whose results are made when the chart is installed. */
const made =
  /^(?:rand\w+|gen\w+|shuffle|derivePassword|htpasswd|bcrypt|encryptAES|decryptAES|buildCustomCert|uuidv4|now|date\w*|toDate|unixEpoch|ago|duration\w*|htmlDate\w*|getHostByName|env|expandenv)$/u;
const sums = /^(?:sha\d+sum|adler32sum)$/u;

/** A function by its name; undefined: it is not known here. */
export function functionNamed(name: string): TemplateFunction | undefined {
  for (const table of [
    choosing,
    comparing,
    numbers,
    formats,
    strings,
    lists,
    listsOfAny,
    dictionaries,
    dictionariesOfAny,
  ])
    if (Object.hasOwn(table, name)) return table[name];
  // The same, but that a mistake is an error.
  const strict = /^must([A-Z]\w*)$/u.exec(name)?.[1];
  if (strict !== undefined) return functionNamed(strict.charAt(0).toLowerCase() + strict.slice(1));
  if (sums.test(name)) return (_, at) => unknownTree(`${name} is not computed`, at);
  return made.test(name)
    ? (_, at) => unknownTree(`${name} makes it when the chart is installed`, at, true)
    : undefined;
}
