/** Which objects a patch, a replacement or a variable means. */
import type { Tree } from "../../../sources/tree.ts";
import { wordsAt } from "../pods.ts";
import { wordAt } from "../values.ts";
import { groupOf, type Item, kindOf } from "./item.ts";

/** What identifies an object, exactly; what is not said fits every one. */
export function isSelected(item: Item, select: Tree): boolean {
  return fits(item, select, (wanted, value) => wanted === value);
}

/** The same as a target of patches says it, with regular expressions that have to fit all of a word. */
export function isTargeted(item: Item, target: Tree): boolean {
  return (
    fits(item, target, matches) &&
    hasLabels(item, wordAt(target, "labelSelector"), "labels") &&
    hasLabels(item, wordAt(target, "annotationSelector"), "annotations")
  );
}

/** Whether a patch without a target names this object, as it is called or was called. */
export function isNamed(item: Item, body: Tree): boolean {
  const apiVersion = wordAt(body, "apiVersion") ?? "";
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const namespace = spaceOf(wordAt(body, "metadata", "namespace"));
  return (
    wordAt(body, "kind") === kindOf(item) &&
    group === groupOf(item) &&
    item.names.includes(wordAt(body, "metadata", "name") ?? "") &&
    item.namespaces.some((one) => spaceOf(one) === namespace)
  );
}

function spaceOf(namespace: string | undefined): string {
  return namespace === undefined || namespace === "" ? "default" : namespace;
}

function fits(item: Item, select: Tree, same: (wanted: string, value: string) => boolean): boolean {
  const one = (key: string, values: readonly string[]): boolean => {
    const wanted = wordAt(select, key);
    return wanted === undefined || wanted === "" || values.some((value) => same(wanted, value));
  };
  const version = (wordAt(item.tree, "apiVersion") ?? "").split("/").at(-1) ?? "";
  return (
    one("group", [groupOf(item)]) &&
    one("version", [version]) &&
    one("kind", [kindOf(item)]) &&
    one("name", item.names) &&
    one("namespace", item.namespaces)
  );
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return pattern === value;
  }
}

/** "app=orthanc,tier!=test", "app in (a, b)", "!old". */
export function hasLabels(
  item: Item,
  selector: string | undefined,
  where: "labels" | "annotations",
): boolean {
  if (selector === undefined || selector === "") return true;
  const own = wordsAt(item.tree, "metadata", where);
  return selector.split(/,(?![^(]*\))/u).every((part) => hasLabel(own, part.trim()));
}

function hasLabel(own: ReadonlyMap<string, string>, part: string): boolean {
  const [, listed, not, values] = /^(\S+)\s+(not)?\s*in\s*\(([^)]*)\)$/u.exec(part) ?? [];
  if (listed !== undefined) {
    const found = (values ?? "").split(",").some((value) => value.trim() === own.get(listed));
    return found === (not === undefined);
  }
  const [, absent, key = "", operator, value] =
    /^(!)?\s*([^!=\s]+)\s*(?:(==?|!=)\s*(\S*))?$/u.exec(part) ?? [];
  if (operator === undefined) return own.has(key) === (absent === undefined);
  return (own.get(key) === value) === (operator !== "!=");
}
