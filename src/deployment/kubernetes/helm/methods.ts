/** What the objects of a template can be asked: files of the chart, versions that the cluster knows. */
import type { Tree } from "../../../sources/tree.ts";
import { type Located, type Text, textAt } from "../../../text/text.ts";
import {
  dictTree,
  fieldOf,
  flagTree,
  linesOf,
  printed,
  textTree,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";
import { toYaml } from "./write.ts";

/** Reads files of a chart. */
export interface FileReader {
  readonly read: (path: string) => Text | undefined;
  /** The files below a folder, as paths from it. */
  readonly below: (folder: string) => readonly string[];
}

type Method = (holder: Value, values: readonly Value[], files: FileReader, at: Located) => Value;

/** Groups that every cluster knows. */
const builtIn =
  /^(?:v1|apps|batch|autoscaling|policy|networking\.k8s\.io|rbac\.authorization\.k8s\.io|apiextensions\.k8s\.io|storage\.k8s\.io|coordination\.k8s\.io)(?:\/|$)/u;

function folderOf(holder: Value, at: Located): string {
  return printed(fieldOf(holder, ["folder"]) ?? wordTree("", at), at).value;
}

/** The files that a pattern takes, with their texts. */
function globbed(holder: Value, values: readonly Value[], files: FileReader, at: Located): Tree {
  const folder = folderOf(holder, at);
  const pattern = globPattern(printed(values[0], at).value);
  const found = files.below(folder).flatMap((path): readonly (readonly [string, Tree])[] => {
    const text = pattern.test(path) ? files.read(`${folder}/${path}`) : undefined;
    return text === undefined ? [] : [[path, textTree(text.value === "" ? textAt("", at) : text)]];
  });
  return dictTree(found, at);
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^$()|\\]/gu, "\\$&")
    .replaceAll("**", "\u0000")
    .replaceAll("*", "[^/]*")
    .replaceAll("\u0000", ".*")
    .replaceAll("?", "[^/]")
    .replaceAll("{", "(?:")
    .replaceAll("}", ")")
    .replaceAll(",", "|");
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return /^$/u;
  }
}

/** Keys are the names of the files. */
function asConfig(holder: Value, at: Located): Tree {
  const entries = holder?.kind === "object" ? holder.members : [];
  const named = dictTree(
    entries.map(({ key, value }) => [key.slice(key.lastIndexOf("/") + 1), value] as const),
    at,
  );
  return textTree(toYaml(named, at));
}

const methods: Readonly<Record<string, Method>> = {
  "Files.Get": (holder, [path], files, at) => {
    const text = files.read(`${folderOf(holder, at)}/${printed(path, at).value}`);
    return text === undefined || text.value === "" ? wordTree("", at) : textTree(text);
  },
  "Files.Glob": globbed,
  "Files.Lines": (holder, [path], files, at) => {
    const text = files.read(`${folderOf(holder, at)}/${printed(path, at).value}`);
    return { kind: "array", items: text === undefined ? [] : linesOf(text).map(textTree), at: at.at };
  },
  "APIVersions.Has": (_, [version], __, at) => {
    const name = printed(version, at).value;
    return builtIn.test(name) ? flagTree(true, at) : flagTree(false, at);
  },
};

/** A method by the last two words of its path; undefined: it is a field. */
export function methodNamed(words: string): Method | undefined {
  if (Object.hasOwn(methods, words)) return methods[words];
  const last = words.slice(words.indexOf(".") + 1);
  if (last === "AsConfig") return (holder, _, __, at) => asConfig(holder, at);
  return last === "AsSecrets"
    ? (_, __, ___, at) => unknownTree("files are put into a Secret", at)
    : undefined;
}
