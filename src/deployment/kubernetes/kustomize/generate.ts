/**
 * ConfigMaps and Secrets that a kustomization makes of files, literals and files of variables. The suffix that kustomize adds
 * to their names is left out: it is added to every reference as well.
 * Source: sigs.k8s.io/kustomize/api/kv and api/internal/generators.
 */

import { baseName, joinPath } from "../../../sources/files.ts";
import type { Member, ObjectTree, Tree } from "../../../sources/tree.ts";
import { type Located, locate, slice, type Text, textAt } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";
import { objectTree, stringTree } from "./edit.ts";

/** What a generator makes, and what becomes of an object that is there already. */
export interface Generated {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace: string | undefined;
  readonly behavior: "create" | "replace" | "merge";
  readonly tree: ObjectTree;
  readonly problems: readonly Problem[];
}

/** Opens a file of the run; undefined: it is not there. */
export type OpenText = (path: string) => Text | undefined;

/** Reads one entry of `configMapGenerator` or `secretGenerator`. */
export function generated(
  kind: Generated["kind"],
  entry: Tree,
  options: Tree | undefined,
  folder: string,
  open: OpenText,
): Generated {
  const at = placeOf(valueAt(entry, "name") ?? entry);
  const problems: Problem[] = [];
  const data = [
    ...itemsAt(entry, "literals").flatMap(literal),
    ...itemsAt(entry, "files").flatMap((item) => fileMember(item, folder, open, problems)),
    ...[
      ...itemsAt(entry, "envs"),
      ...(valueAt(entry, "env") === undefined ? [] : [valueAt(entry, "env")]),
    ].flatMap((item) => (item === undefined ? [] : variables(item, folder, open, problems))),
  ];
  const behavior = wordAt(entry, "behavior");
  return {
    kind,
    name: wordAt(entry, "name") ?? "",
    namespace: wordAt(entry, "namespace"),
    behavior: behavior === "replace" || behavior === "merge" ? behavior : "create",
    tree: objectOf(kind, entry, options, data, at),
    problems,
  };
}

function objectOf(
  kind: Generated["kind"],
  entry: Tree,
  options: Tree | undefined,
  data: readonly Member[],
  at: Located,
): ObjectTree {
  const own = (key: string, value: Tree | undefined): readonly Member[] =>
    value === undefined ? [] : [{ key, keyAt: at, value }];
  const word = (text: string): Tree => stringTree(textAt(text, at));
  const joined = (key: "labels" | "annotations"): Tree | undefined => {
    const members = [options, valueAt(entry, "options")].flatMap((one) => {
      const found = valueAt(one, key);
      return found?.kind === "object" ? found.members : [];
    });
    return members.length === 0
      ? undefined
      : objectTree([...new Map(members.map((one) => [one.key, one])).values()], at);
  };
  const immutable = valueAt(entry, "options", "immutable") ?? valueAt(options, "immutable");
  const metadata = objectTree(
    [
      ...own("name", valueAt(entry, "name")),
      ...own("namespace", valueAt(entry, "namespace")),
      ...own("labels", joined("labels")),
      ...own("annotations", joined("annotations")),
    ],
    at,
  );
  return objectTree(
    [
      ...own("apiVersion", word("v1")),
      ...own("kind", word(kind)),
      ...own("metadata", metadata),
      ...(kind === "Secret" ? own("type", valueAt(entry, "type") ?? word("Opaque")) : []),
      ...(data.length === 0 ? [] : own(kind === "Secret" ? "stringData" : "data", objectTree(data, at))),
      ...own("immutable", immutable),
    ],
    at,
  );
}

/** `key=value`, of which quotes around the value are left out. */
function literal(item: Tree): readonly Member[] {
  const text = textValue(item);
  const equals = text?.value.indexOf("=") ?? -1;
  if (text === undefined || equals < 1) return [];
  const quoted = /^(["'])[\s\S]*\1$/u.test(text.value.slice(equals + 1));
  const value = slice(text, equals + (quoted ? 2 : 1), text.value.length - (quoted ? 1 : 0));
  const at = locate(text, 0, equals);
  const written = value.value === "" ? textAt("", placeOf(item)) : value;
  return [{ key: text.value.slice(0, equals), keyAt: at, value: stringTree(written) }];
}

/** `path`, or `key=path`. */
function fileMember(item: Tree, folder: string, open: OpenText, problems: Problem[]): readonly Member[] {
  const written = wordAt(item) ?? "";
  const equals = written.indexOf("=");
  const path = joinPath(folder, equals < 0 ? written : written.slice(equals + 1));
  const key = equals < 0 ? baseName(path) : written.slice(0, equals);
  const text = open(path);
  if (text === undefined) {
    problems.push({ kind: "missing-file", message: `there is no ${path}`, where: placeOf(item) });
    const hole = { reason: `${path} is not part of the input` };
    return [{ key, keyAt: placeOf(item), value: { kind: "unknown", hole, quoted: true, ...placeOf(item) } }];
  }
  const value = text.value === "" ? textAt("", placeOf(item)) : text;
  return [{ key, keyAt: placeOf(item), value: stringTree(value) }];
}

/** Lines `NAME=value`; those that begin with # are left out. */
function variables(item: Tree, folder: string, open: OpenText, problems: Problem[]): readonly Member[] {
  const path = joinPath(folder, wordAt(item) ?? "");
  const text = open(path);
  if (text === undefined) {
    problems.push({ kind: "missing-file", message: `there is no ${path}`, where: placeOf(item) });
    return [];
  }
  return [...text.value.matchAll(/[^\r\n]+/gu)].flatMap((line): readonly Member[] => {
    const [content] = line;
    const start = line.index + (content.length - content.trimStart().length);
    const equals = content.trimStart().indexOf("=");
    if (content.trimStart().startsWith("#") || content.trim() === "" || equals === 0) return [];
    if (equals < 0)
      return [fromEnvironment(content.trimStart(), locate(text, start, line.index + content.length))];
    const keyAt = locate(text, start, start + equals);
    const end = line.index + content.length;
    const value = slice(text, start + equals + 1, end);
    return [
      {
        key: content.trimStart().slice(0, equals),
        keyAt,
        value: stringTree(value.value === "" ? textAt("", keyAt) : value),
      },
    ];
  });
}

/** A line of only a name: kustomize takes the value from the environment in which it runs. */
function fromEnvironment(key: string, at: Located): Member {
  const hole = { reason: `${key} comes from the environment in which kustomize runs` };
  return { key, keyAt: at, value: { kind: "unknown", hole, quoted: true, ...at } };
}
