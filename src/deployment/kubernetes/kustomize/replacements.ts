/**
 * `replacements`: values of one object that are put into others.
 * Source: sigs.k8s.io/kustomize/api/filters/replacement/replacement.go.
 */
import type { ArrayTree, Tree } from "../../../sources/tree.ts";
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { itemsAt, placeOf, scalarOf, valueAt, wordAt } from "../values.ts";
import { stringTree } from "./edit.ts";
import { changeField, stepsOfField } from "./field-path.ts";
import type { OpenText } from "./generate.ts";
import { type Item, nameOf } from "./item.ts";
import { documentsOf, fileText, type Patched } from "./patches.ts";
import { hasLabels, isSelected } from "./select.ts";

/** The objects after the replacements of a kustomization. */
export function replaced(
  items: readonly Item[],
  kustomization: Tree,
  folder: string,
  open: OpenText,
): Patched {
  const problems: Problem[] = [];
  const entries = itemsAt(kustomization, "replacements").flatMap((entry) =>
    entriesOf(entry, folder, open, problems),
  );
  let result = items;
  for (const entry of entries) result = withReplacement(result, entry, problems);
  return { items: result, problems };
}

/** An entry as it stands, or those of the file that it names. */
function entriesOf(entry: Tree, folder: string, open: OpenText, problems: Problem[]): readonly Tree[] {
  const path = valueAt(entry, "path");
  if (path === undefined) return [entry];
  const text = fileText(path, folder, open, problems);
  if (text === undefined) return [];
  return documentsOf(text, "replacement", problems).flatMap((document) =>
    document.kind === "array" ? document.items : [document],
  );
}

function withReplacement(items: readonly Item[], entry: Tree, problems: Problem[]): readonly Item[] {
  const source = valueAt(entry, "source");
  const value = source === undefined ? undefined : sourceValue(items, source);
  if (value === undefined) {
    const message = "kustomize refuses this replacement: its source is not found, or stands for several";
    problems.push({ kind: "unresolved", message, where: placeOf(source ?? entry) });
    return items;
  }
  let result = items;
  for (const target of itemsAt(entry, "targets"))
    result = result.map((item) => (isTarget(item, target) ? withValue(item, value, target, problems) : item));
  return result;
}

/** What the source holds: all of a field, or one part of it. */
function sourceValue(items: readonly Item[], source: Tree): Tree | undefined {
  const [item, ...others] = items.filter((one) => isSelected(one, source));
  if (item === undefined || others.length > 0) return undefined;
  const path = stepsOfField(wordAt(source, "fieldPath") ?? "metadata.name");
  let found: Tree | undefined;
  changeField(item.tree, path, (own) => {
    found ??= own;
    return own;
  });
  const delimiter = wordAt(source, "options", "delimiter") ?? "";
  const text = scalarOf(found);
  if (delimiter === "" || text === undefined) return found;
  const part = partsOf(text, delimiter)[Number(wordAt(source, "options", "index") ?? "0")];
  return part === undefined ? undefined : stringTree(part);
}

function isTarget(item: Item, target: Tree): boolean {
  const select = valueAt(target, "select");
  return (
    select !== undefined &&
    isSelected(item, select) &&
    hasLabels(item, wordAt(select, "labelSelector"), "labels") &&
    hasLabels(item, wordAt(select, "annotationSelector"), "annotations") &&
    !itemsAt(target, "reject").some((reject) => isSelected(item, reject))
  );
}

function withValue(item: Item, value: Tree, target: Tree, problems: Problem[]): Item {
  const options = valueAt(target, "options");
  const create = wordAt(options, "create") === "true" ? placeOf(value) : undefined;
  const written = valueAt(target, "fieldPaths");
  const paths: ArrayTree["items"] =
    written?.kind === "array" ? written.items : [stringTree(textAt("metadata.name", placeOf(target)))];
  let result = item.tree;
  for (const path of paths) {
    const steps = stepsOfField(wordAt(path) ?? "");
    const tree = changeField(result, steps, (before) => setTo(before, value, options), create);
    if (tree?.kind === "object") result = tree;
    else {
      const message = `kustomize refuses this replacement: ${nameOf(item)} has no ${wordAt(path)}`;
      problems.push({ kind: "unresolved", message, where: placeOf(path) });
    }
  }
  return { ...item, tree: result };
}

/** A scalar takes the value and stays the string that it was; everything else becomes the value. */
function setTo(before: Tree | undefined, value: Tree, options: Tree | undefined): Tree {
  const own = scalarOf(before);
  const text = scalarOf(value);
  if (text === undefined) return value;
  const delimiter = wordAt(options, "delimiter") ?? "";
  if (delimiter !== "" && own !== undefined)
    return stringTree(withPart(own, text, delimiter, Number(wordAt(options, "index") ?? "0"), value));
  return before?.kind === "string" ? stringTree(text.value === "" ? textAt("", value) : text) : value;
}

/** The text with one of its parts replaced; in front of all parts, behind all where there are fewer. */
function withPart(own: Text, text: Text, delimiter: string, index: number, at: Located): Text {
  const parts = partsOf(own, delimiter);
  const next = index < 0 ? [text, ...parts] : [...parts.slice(0, index), text, ...parts.slice(index + 1)];
  const seam = textAt(delimiter, at);
  return concat(next.flatMap((part, at) => (at === 0 ? [part] : [seam, part])));
}

function partsOf(text: Text, delimiter: string): readonly Text[] {
  let end = 0;
  return text.value.split(delimiter).map((part) => {
    const start = end;
    end += part.length + delimiter.length;
    return slice(text, start, start + part.length);
  });
}
