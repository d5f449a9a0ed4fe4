/**
 * The functions of Helm's templates that say something of a value without running anything.
 * Sources: helm.sh/docs/chart_template_guide/function_list; masterminds.github.io/sprig.
 */
import { base64Text } from "../../../sources/base64.ts";
import { readJson } from "../../../sources/json.ts";
import type { Tree } from "../../../sources/tree.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Located } from "../../../text/text.ts";
import { ofKnown, type TemplateFunction } from "./calls.ts";
import { dictionaries } from "./dictionaries.ts";
import { lists } from "./lists.ts";
import { strings } from "./strings.ts";
import {
  flagTree,
  numberTree,
  printed,
  textTree,
  truth,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";
import { toJson, toYaml } from "./write.ts";

const choosing: Readonly<Record<string, TemplateFunction>> = {
  default: ([fallback, value], at) => {
    const set = truth(value);
    return set === undefined ? (value ?? unknownTree("it is not known", at)) : set ? value : fallback;
  },
  coalesce: (values) => values.find((value) => truth(value) !== false),
  ternary: ([yes, no, test], at) => {
    const holds = truth(test);
    return holds === undefined ? unknownTree("it depends on what is not known", at) : holds ? yes : no;
  },
  empty: ([value], at) => told(negated(truth(value)), at),
  not: ([value], at) => told(negated(truth(value)), at),
  // `and` and `or` give the value that decides.
  and: (values) => values.find((value) => truth(value) !== true) ?? values.at(-1),
  or: (values) => values.find((value) => truth(value) !== false) ?? values.at(-1),
  required: ([, value], at) =>
    truth(value) === false ? unknownTree("whoever installs the chart has to give it", at) : value,
  fail: (_, at) => unknownTree("the chart refuses these values", at),
  lookup: () => undefined,
};

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function told(value: boolean | undefined, at: Located): Tree {
  return value === undefined ? unknownTree("it depends on what is not known", at) : flagTree(value, at);
}

/** A scalar for comparing; a number and a string are never the same. */
function comparable(value: Value): string | number | boolean | undefined {
  switch (value?.kind) {
    case "string":
      return value.text.value;
    case "number":
    case "boolean":
      return value.value;
    default:
      return undefined;
  }
}

function ordered(test: (order: number) => boolean): TemplateFunction {
  return ofKnown(([left, right], at) => {
    const [one, other] = [comparable(left), comparable(right)];
    if (typeof one !== typeof other || one === undefined || other === undefined) return flagTree(false, at);
    return flagTree(test(one < other ? -1 : one > other ? 1 : 0), at);
  });
}

const comparing: Readonly<Record<string, TemplateFunction>> = {
  eq: ofKnown(([first, ...others], at) =>
    flagTree(
      others.some((other) => comparable(other) === comparable(first)),
      at,
    ),
  ),
  ne: ofKnown(([left, right], at) => flagTree(comparable(left) !== comparable(right), at)),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  kindIs: ofKnown(([kind, value], at) => flagTree(comparable(kind) === kindOf(value), at)),
  kindOf: ([value], at) => wordTree(kindOf(value), at),
  typeIs: ofKnown(([type, value], at) => flagTree(comparable(type) === typeOf(value), at)),
  typeIsLike: ofKnown(([type, value], at) =>
    flagTree([typeOf(value), `*${typeOf(value)}`].includes(String(comparable(type))), at),
  ),
  typeOf: ([value], at) => wordTree(typeOf(value), at),
  deepEqual: ofKnown(([left, right], at) => flagTree(printedJson(left, at) === printedJson(right, at), at)),
  semverCompare: ofKnown(([constraint, version], at) =>
    flagTree(satisfies(String(comparable(version)), String(comparable(constraint))), at),
  ),
};

function kindOf(value: Value): string {
  const kinds = {
    object: "map",
    array: "slice",
    string: "string",
    boolean: "bool",
    null: "invalid",
    unknown: "string",
  } as const;
  if (value === undefined) return "invalid";
  return value.kind === "number" ? (value.integer ? "int64" : "float64") : kinds[value.kind];
}

/** As Go calls the types of values that were read from YAML. */
function typeOf(value: Value): string {
  const kind = kindOf(value);
  if (kind === "map") return "map[string]interface {}";
  if (kind === "invalid") return "<nil>";
  // Helm reads every number as one with a fraction.
  return kind === "slice" ? "[]interface {}" : kind === "int64" ? "float64" : kind;
}

function printedJson(value: Value, at: Located): string {
  return value === undefined ? "null" : toJson(value, at).value;
}

/** ">=1.19-0", also several with spaces or commas between them. */
function satisfies(version: string, constraint: string): boolean {
  const numbers = (text: string): readonly number[] =>
    (/^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/u.exec(text)?.slice(1) ?? []).map((part) => Number(part ?? 0));
  const own = numbers(version);
  return constraint.split(/[\s,]+(?=[<>=!~^])/u).every((part) => {
    const [, operator = "=", rest = ""] = /^\s*([<>=!~^]*)\s*(.*)$/u.exec(part) ?? [];
    const other = numbers(rest);
    const index = [0, 1, 2].find((at) => own[at] !== other[at]) ?? 0;
    const order = Math.sign((own[index] ?? 0) - (other[index] ?? 0));
    if (operator.startsWith(">")) return operator === ">=" ? order >= 0 : order > 0;
    if (operator.startsWith("<")) return operator === "<=" ? order <= 0 : order < 0;
    if (operator === "^") return order >= 0 && own[0] === other[0];
    if (operator === "~") return order >= 0 && own[0] === other[0] && own[1] === other[1];
    return operator === "!=" ? order !== 0 : order === 0;
  });
}

function arithmetic(apply: (left: number, right: number) => number): TemplateFunction {
  return ofKnown((values, at) => {
    const [first = 0, ...others] = values.map((value) => Number(comparable(value) ?? 0));
    return numberTree(others.reduce(apply, first), at);
  });
}

const numbers: Readonly<Record<string, TemplateFunction>> = {
  add: arithmetic((left, right) => left + right),
  add1: arithmetic((left) => left + 1),
  sub: arithmetic((left, right) => left - right),
  mul: arithmetic((left, right) => left * right),
  div: arithmetic((left, right) => Math.trunc(left / right)),
  mod: arithmetic((left, right) => left % right),
  max: arithmetic(Math.max),
  min: arithmetic(Math.min),
  ceil: ofKnown(([value], at) => numberTree(Math.ceil(Number(comparable(value) ?? 0)), value ?? at)),
  floor: ofKnown(([value], at) => numberTree(Math.floor(Number(comparable(value) ?? 0)), value ?? at)),
  atoi: ofKnown(([value], at) => numberTree(Math.trunc(Number(comparable(value) ?? 0)) || 0, value ?? at)),
  int: ofKnown(([value], at) => numberTree(Math.trunc(Number(comparable(value) ?? 0)) || 0, value ?? at)),
  int64: ofKnown(([value], at) => numberTree(Math.trunc(Number(comparable(value) ?? 0)) || 0, value ?? at)),
  float64: ofKnown(([value], at) => numberTree(Number(comparable(value) ?? 0) || 0, value ?? at)),
};

const formats: Readonly<Record<string, TemplateFunction>> = {
  toYaml: ([value], at) => (value === undefined ? wordTree("null", at) : textTree(toYaml(value, at))),
  toJson: ([value], at) => (value === undefined ? wordTree("null", at) : textTree(toJson(value, at))),
  toRawJson: ([value], at) => (value === undefined ? wordTree("null", at) : textTree(toJson(value, at))),
  toPrettyJson: ([value], at) => (value === undefined ? wordTree("null", at) : textTree(toJson(value, at))),
  fromYaml: ([value], at) => readYaml(printed(value, at)).documents[0],
  fromYamlArray: ([value], at) => readYaml(printed(value, at)).documents[0],
  fromJson: ([value], at) => readJson(printed(value, at), "strict").root,
  fromJsonArray: ([value], at) => readJson(printed(value, at), "strict").root,
  b64enc: ofKnown(([value], at) => wordTree(encoded(printed(value, at).value), value ?? at)),
  b64dec: ofKnown(([value], at) => {
    const text = base64Text(printed(value, at));
    return text === undefined ? wordTree("", at) : textTree(text);
  }),
};

/** Base64 of UTF-8. */
function encoded(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Functions whose results are made when the chart is installed. */
const made =
  /^(?:rand\w+|gen\w+|derivePassword|htpasswd|bcrypt|encryptAES|decryptAES|buildCustomCert|uuidv4|now|date\w*|unixEpoch|ago|htmlDate\w*|sha\d+sum|adler32sum|getHostByName|env|expandenv)$/u;

/** A function by its name; undefined: it is not known here. */
export function functionNamed(name: string): TemplateFunction | undefined {
  for (const table of [choosing, comparing, numbers, formats, strings, lists, dictionaries])
    if (Object.hasOwn(table, name)) return table[name];
  // The same, but that a mistake is an error.
  const strict = /^must([A-Z]\w*)$/u.exec(name)?.[1];
  if (strict !== undefined) return functionNamed(strict.charAt(0).toLowerCase() + strict.slice(1));
  return made.test(name)
    ? (_, at) => unknownTree(`${name} makes it when the chart is installed`, at)
    : undefined;
}
