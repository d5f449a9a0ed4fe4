/** Goes through a configuration with the catalogue beside it: every value with its path and the option that it is. */

import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import { type CatalogueOption, catalogue } from "./catalogue.ts";

/** A place in the catalogue: a top-level key, a section, an entry of a list … */
export interface CatalogueNode {
  /** With stars for names that the site chooses: "DicomModalities.*.AllowFind"; "" is the top level. */
  readonly path: string;
  /** Undefined for a step on the way that is no option of its own. */
  readonly option: CatalogueOption | undefined;
  readonly names: ReadonlyMap<string, CatalogueNode>;
  /** What any other key is. */
  readonly any: CatalogueNode | undefined;
  /** What an item of a list is. */
  readonly item: CatalogueNode | undefined;
}

interface Growing extends CatalogueNode {
  option: CatalogueOption | undefined;
  readonly names: Map<string, Growing>;
  any: Growing | undefined;
  item: Growing | undefined;
}

/** The top of the catalogue. */
export const catalogueRoot: CatalogueNode = buildRoot();

function buildRoot(): CatalogueNode {
  const root = grow("");
  for (const option of catalogue) {
    let node = root;
    for (const step of option.path.replaceAll("[]", ".[]").split(".")) node = child(node, step);
    node.option = option;
  }
  return root;
}

function grow(path: string): Growing {
  return { path, option: undefined, names: new Map(), any: undefined, item: undefined };
}

function child(node: Growing, step: string): Growing {
  const path = step === "[]" ? `${node.path}[]` : node.path === "" ? step : `${node.path}.${step}`;
  if (step === "[]") {
    node.item ??= grow(path);
    return node.item;
  }
  if (step === "*" || step === "<other>") {
    node.any ??= grow(path);
    return node.any;
  }
  const known = node.names.get(step) ?? grow(path);
  node.names.set(step, known);
  return known;
}

/** One value of a configuration. */
export interface Visited {
  /** Keys joined by dots, items with their index: "MultitenantDicom.Servers[0].AET". */
  readonly path: string;
  /** Its key; of an item the key of the list. */
  readonly key: string;
  /** Its index when it is an item of a list. */
  readonly index: number | undefined;
  /** Where the key stands; of an item the item itself. */
  readonly keyAt: Located;
  readonly tree: Tree;
  /** What the catalogue says of it; undefined when it does not know it. */
  readonly node: CatalogueNode | undefined;
  /** The value that it stands in; undefined at the top level. */
  readonly holder: Visited | undefined;
  /** Earlier members of the same object with the same key, which it overrides. */
  readonly overrides: readonly Member[];
}

/** Whether members that another one overrides are visited as well, and counted under the same path. */
type Duplicates = "last" | "all";

/** Every value below these members, outer ones first. */
export function walk(members: Iterable<Member>, duplicates: Duplicates = "last"): readonly Visited[] {
  const found: Visited[] = [];
  visitMembers([...members], undefined, catalogueRoot, duplicates, found);
  return found;
}

function visitMembers(
  members: readonly Member[],
  holder: Visited | undefined,
  node: CatalogueNode | undefined,
  duplicates: Duplicates,
  found: Visited[],
): void {
  const last = new Map(members.map((member) => [member.key, member]));
  for (const member of members) {
    if (duplicates === "last" && last.get(member.key) !== member) continue;
    const overrides =
      duplicates === "last" ? members.filter((other) => other.key === member.key && other !== member) : [];
    const visited: Visited = {
      path: holder === undefined ? member.key : `${holder.path}.${member.key}`,
      key: member.key,
      index: undefined,
      keyAt: member.keyAt,
      tree: member.value,
      node: node?.names.get(member.key) ?? node?.any,
      holder,
      overrides,
    };
    visit(visited, duplicates, found);
  }
}

function visit(visited: Visited, duplicates: Duplicates, found: Visited[]): void {
  found.push(visited);
  const { tree, node } = visited;
  if (tree.kind === "object") visitMembers(tree.members, visited, node, duplicates, found);
  if (tree.kind !== "array") return;
  for (const [index, item] of tree.items.entries()) {
    const path = `${visited.path}[${index}]`;
    visit(
      {
        path,
        key: visited.key,
        index,
        keyAt: item,
        tree: item,
        node: node?.item,
        holder: visited,
        overrides: [],
      },
      duplicates,
      found,
    );
  }
}

/** The value beside this one with another key. */
export function sibling(visited: Visited, key: string): Tree | undefined {
  const holder = visited.holder?.tree;
  return holder?.kind === "object" ? memberValue(holder, key) : undefined;
}

/** The value of a key; the last one where it stands several times. */
export function memberValue(object: ObjectTree, key: string): Tree | undefined {
  return object.members.findLast((candidate) => candidate.key === key)?.value;
}
