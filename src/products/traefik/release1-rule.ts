/** Rules of Traefik 1 in the words of release 2. Source: Traefik 1.7, docs/basics.md ("Matchers", "Modifiers"). */
import { isUnknown } from "../../facts/unknown.ts";
import type { Word } from "../proxy/tree.ts";

/** A middleware that changes the path, one of its settings, and the value of that. */
type Change = readonly [kind: string, key: string, value: string];

/** "Host:a,b;PathPrefixStrip:/x": parts between semicolons all have to hold, of a list between commas one. */
export function translatedRule({ value }: Word): {
  readonly rule: string;
  readonly changes: readonly Change[];
} {
  const changes: Change[] = [];
  if (isUnknown(value)) return { rule: "", changes };
  const parts = value.split(";").flatMap((part): readonly string[] => {
    const [, matcher = "", list = ""] = /^\s*(\w+)\s*:\s*(.*?)\s*$/su.exec(part) ?? [];
    const values = list
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "");
    const [first = ""] = values;
    const kind = matcher.toLowerCase();
    if (kind === "pathprefixstrip" || kind === "pathstrip")
      for (const one of values) changes.push(["stripprefix", "prefixes", one]);
    if (kind.endsWith("stripregex")) changes.push(["stripprefixregex", "regex", first]);
    if (kind === "addprefix") changes.push(["addprefix", "prefix", first]);
    if (kind === "replacepath") changes.push(["replacepath", "path", first]);
    const name = matchers[kind];
    return name === undefined || values.length === 0
      ? []
      : [`(${values.map((one) => `${name}(\`${one}\`)`).join(" || ")})`];
  });
  return { rule: parts.join(" && "), changes };
}

const matchers: Readonly<Record<string, string>> = {
  host: "Host",
  hostregexp: "HostRegexp",
  path: "Path",
  pathstrip: "Path",
  pathprefix: "PathPrefix",
  pathprefixstrip: "PathPrefix",
  pathstripregex: "Path",
  pathprefixstripregex: "PathPrefix",
  method: "Method",
};
