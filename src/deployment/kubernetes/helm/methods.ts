/** What the objects of a template can be asked: files of the chart, versions that the cluster knows. */
import { type Located, type Text, textAt } from "../../../text/text.ts";
import { wordOf } from "./calls.ts";
import { hasVersion } from "./capabilities.ts";
import { encoded } from "./functions.ts";
import { globPattern } from "./glob.ts";
import { printed } from "./print.ts";
import { toYaml } from "./to-yaml.ts";
import {
  dictTree,
  fieldOf,
  flagTree,
  type Known,
  linesOf,
  listTree,
  textTree,
  type Value,
  wordTree,
} from "./values.ts";

/** Reads files of a chart. */
export interface FileReader {
  readonly read: (path: string) => Text | undefined;
  /** The files below a folder, as paths from it. */
  readonly below: (folder: string) => readonly string[];
}

type Method = (holder: Value, values: readonly Value[], files: FileReader, at: Located) => Value;

function folderOf(holder: Value, at: Located): string {
  return wordOf(fieldOf(holder, ["folder"]), at);
}

function fileAt(holder: Value, path: Value, files: FileReader, at: Located): Text | undefined {
  const name = wordOf(path, at);
  return name === "" ? undefined : files.read(`${folderOf(holder, at)}/${name}`);
}

/** The files that a pattern takes, with their texts. */
function globbed(holder: Value, values: readonly Value[], files: FileReader, at: Located): Known {
  const folder = folderOf(holder, at);
  const pattern = globPattern(wordOf(values[0], at));
  const found = files.below(folder).flatMap((path): readonly (readonly [string, Known])[] => {
    // Charts see neither their templates nor what makes them charts.
    if (
      /^(?:templates|charts)\/|^(?:Chart|values)\.yaml$|^(?:Chart\.lock|values\.schema\.json|\.helmignore)$/u.test(
        path,
      )
    )
      return [];
    const text = pattern.test(path) ? files.read(`${folder}/${path}`) : undefined;
    return text === undefined ? [] : [[path, textTree(text.value === "" ? textAt("", at) : text)]];
  });
  return dictTree(found, at);
}

/** Keys are the names of the files. */
function named(holder: Value, at: Located, change: (text: Known) => Known): Known {
  const entries = holder?.kind === "object" ? holder.members : [];
  if (entries.length === 0) return wordTree("", at);
  const files = entries.map(
    ({ key, value }) => [key.slice(key.lastIndexOf("/") + 1), change(value)] as const,
  );
  return textTree(toYaml(dictTree(files, at), at));
}

const methods: Readonly<Record<string, Method>> = {
  "Files.Get": (holder, [path], files, at) => {
    const text = fileAt(holder, path, files, at);
    return text === undefined || text.value === "" ? wordTree("", at) : textTree(text);
  },
  "Files.Glob": globbed,
  "Files.Lines": (holder, [path], files, at) => {
    const lines = linesOf(fileAt(holder, path, files, at) ?? textAt("", at));
    // What stands behind the last line end is no line.
    const kept = lines.at(-1)?.value === "" ? lines.slice(0, -1) : lines;
    return listTree(kept.map(textTree), at);
  },
  "APIVersions.Has": (_, [version], __, at) => flagTree(hasVersion(wordOf(version, at)), at),
};

/** A method by the last two words of its path; undefined: it is a field. */
export function methodNamed(words: string): Method | undefined {
  if (Object.hasOwn(methods, words)) return methods[words];
  const last = words.slice(words.indexOf(".") + 1);
  if (last === "AsConfig") return (holder, _, __, at) => named(holder, at, (text) => text);
  if (last === "AsSecrets")
    return (holder, _, __, at) =>
      named(holder, at, (text) => wordTree(encoded(printed(text, at).value), text));
  return words === "Files.GetBytes" ? methods["Files.Get"] : undefined;
}
