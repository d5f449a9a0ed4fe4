/**
 * The deep merge of the start script, with one addition: where the order of two inputs is not defined and it matters, the
 * value is unknown.
 * Source: docker/orthanc/configurator.py, _mergeConfigs.
 */
import type { Member, ObjectTree, Tree } from "../../../sources/tree.ts";
import { type Hole, type Located, placeOf } from "../../../text/text.ts";

/** Who writes: inputs of one stage may come in any order unless it is ordered. */
export interface Writer {
  readonly stage: number;
  readonly ordered: boolean;
  /** Unique within a run: a file, a variable. */
  readonly input: number;
  /** What to call it: "/etc/orthanc/orthanc.json". */
  readonly name: string;
}

/** An object that is being merged. */
export interface Merged {
  readonly kind: "merged";
  readonly entries: Map<string, Entry>;
  readonly at: Located;
  open: Hole | undefined;
}

interface Entry {
  readonly keyAt: Located;
  readonly node: Merged | Leaf;
  readonly by: Writer;
}

interface Leaf {
  readonly kind: "leaf";
  readonly tree: Tree;
  /** Inputs of `by`'s stage disagree. */
  readonly disputed: boolean;
}

/** What merging came across. */
export type MergeEvent =
  | {
      readonly type: "undefined-order";
      readonly path: readonly string[];
      readonly places: readonly Located[];
      readonly inputs: readonly string[];
      readonly mayStop: boolean;
    }
  /** The script dies: an object is merged into something that is none. */
  /** An object is merged into a value of which only one of several kinds would let it. */
  | { readonly type: "uncertain" }
  | { readonly type: "crash"; readonly path: readonly string[]; readonly places: readonly Located[] }
  /** A member joins an object that another input began. */
  | {
      readonly type: "joined";
      readonly path: readonly string[];
      readonly by: Writer;
      readonly others: readonly Entry[];
    };

/** Merging into one object, input by input. */
export interface Merging {
  readonly root: Merged;
  readonly events: MergeEvent[];
}

/** An object without members. */
export function emptyObject(at: Located): Merged {
  return { kind: "merged", entries: new Map(), at, open: undefined };
}

/** Merges an object into the root; `overwrite` false fills in only what is absent. */
export function mergeInto(merging: Merging, second: ObjectTree, writer: Writer, overwrite = true): void {
  mergeObject({ merging, writer, overwrite }, merging.root, second, []);
}

interface Work {
  readonly merging: Merging;
  readonly writer: Writer;
  readonly overwrite: boolean;
}

function mergeObject(work: Work, first: Merged, second: ObjectTree, path: readonly string[]): void {
  first.open ??= second.open;
  const before = [...first.entries.values()].filter((entry) => entry.by.input !== work.writer.input);
  for (const member of distinct(second)) mergeMember(work, first, member, [...path, member.key]);
  if (before.length > 0) work.merging.events.push({ type: "joined", path, by: work.writer, others: before });
}

/** The members as a Python dictionary has them: of a key that stands twice the last one. */
export function distinct(tree: ObjectTree): readonly Member[] {
  return [...new Map(tree.members.map((member) => [member.key, member])).values()];
}

function mergeMember(work: Work, first: Merged, member: Member, path: readonly string[]): void {
  const entry = first.entries.get(member.key);
  const node =
    entry === undefined ? fresh(member.value, work.writer) : replacement(work, entry, member.value, path);
  if (node !== undefined) first.entries.set(member.key, { keyAt: member.keyAt, node, by: work.writer });
}

/** What takes the place of a value that is there; undefined: nothing does. */
function replacement(
  work: Work,
  entry: Entry,
  value: Tree,
  path: readonly string[],
): Entry["node"] | undefined {
  if (value.kind === "object") {
    if (entry.node.kind === "leaf") return intoLeaf(work, entry, entry.node, value, path);
    mergeObject(work, entry.node, value, path);
    return undefined;
  }
  if (!work.overwrite) return undefined;
  const rival = rivalIn(entry, work.writer);
  if (rival !== undefined && !sameValue(entry.node, value)) return dispute(work, entry, rival, value, path);
  return { kind: "leaf", tree: value, disputed: false };
}

/** An object is merged into a value that is none. */
function intoLeaf(
  work: Work,
  entry: Entry,
  leaf: Leaf,
  value: ObjectTree,
  path: readonly string[],
): Leaf | Merged | undefined {
  const rival = rivalIn(entry, work.writer);
  if (rival !== undefined) return dispute(work, entry, rival, value, path);
  if (distinct(value).length === 0) return undefined;
  if (leaf.tree.kind === "unknown") {
    if (leaf.disputed) work.merging.events.push({ type: "uncertain" });
    return undefined;
  }
  if (!work.overwrite && isTolerated(leaf.tree, value)) return undefined;
  work.merging.events.push({ type: "crash", path, places: [value, leaf.tree] });
  // What follows is derived as if the mistake were mended: with the object that was meant to be there.
  return fresh(value, work.writer);
}

/** Python's "in" finds keys in lists and parts in texts too; then a default that is there already is passed over. */
function isTolerated(leaf: Tree, value: ObjectTree): boolean {
  const holds = (key: string): boolean => {
    if (leaf.kind === "string") return leaf.text.value.includes(key);
    return (
      leaf.kind === "array" && leaf.items.some((item) => item.kind === "string" && item.text.value === key)
    );
  };
  return distinct(value).every((member) => member.value.kind !== "object" && holds(member.key));
}

function dispute(work: Work, entry: Entry, rival: Writer, value: Tree, path: readonly string[]): Leaf {
  const inputs = [rival.name, work.writer.name];
  const mayStop = value.kind === "object" || entry.node.kind === "merged" || entry.node.disputed;
  const other: Located = entry.node.kind === "leaf" ? entry.node.tree : entry.node.at;
  work.merging.events.push({ type: "undefined-order", path, places: [value, other], inputs, mayStop });
  const reason = `${inputs.join(" and ")} both set ${path.join(".")}, and their order is not defined`;
  const tree: Tree = { kind: "unknown", quoted: false, hole: { reason }, ...placeOf(value) };
  return { kind: "leaf", tree, disputed: true };
}

/** Another input of the same stage that wrote here, when the stage has no order. */
function rivalIn(entry: Entry, writer: Writer): Writer | undefined {
  if (writer.ordered) return undefined;
  if (entry.by.stage === writer.stage && (entry.by.input !== writer.input || isDisputed(entry.node)))
    return entry.by;
  if (entry.node.kind === "leaf") return undefined;
  for (const below of entry.node.entries.values()) {
    const found = rivalIn(below, writer);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isDisputed(node: Entry["node"]): boolean {
  return node.kind === "leaf" && node.disputed;
}

function fresh(value: Tree, writer: Writer): Entry["node"] {
  if (value.kind !== "object") return { kind: "leaf", tree: value, disputed: false };
  const node = emptyObject(placeOf(value));
  node.open = value.open;
  for (const member of distinct(value))
    node.entries.set(member.key, { keyAt: member.keyAt, node: fresh(member.value, writer), by: writer });
  return node;
}

function sameValue(node: Entry["node"], tree: Tree): boolean {
  return node.kind === "leaf" && !node.disputed && sameTree(node.tree, tree);
}

function sameTree(left: Tree, right: Tree): boolean {
  if (left.kind === "string") return right.kind === "string" && left.text.value === right.text.value;
  if (left.kind === "number")
    return right.kind === "number" && left.integer === right.integer && left.value === right.value;
  if (left.kind === "boolean") return right.kind === "boolean" && left.value === right.value;
  if (left.kind === "null") return right.kind === "null";
  if (left.kind === "array") {
    return (
      right.kind === "array" &&
      left.items.length === right.items.length &&
      left.items.every((item, index) => isSame(item, right.items[index]))
    );
  }
  if (left.kind !== "object" || right.kind !== "object") return false;
  const members = distinct(left);
  return (
    members.length === distinct(right).length &&
    members.every((member) =>
      isSame(member.value, right.members.findLast((other) => other.key === member.key)?.value),
    )
  );
}

function isSame(left: Tree, right: Tree | undefined): boolean {
  return right !== undefined && sameTree(left, right);
}

/** The merged object as a tree. */
export function toTree(node: Merged): ObjectTree {
  const members = [...node.entries].map(
    ([key, entry]): Member => ({
      key,
      keyAt: entry.keyAt,
      value: entry.node.kind === "merged" ? toTree(entry.node) : entry.node.tree,
    }),
  );
  return { kind: "object", members, ...(node.open === undefined ? {} : { open: node.open }), ...node.at };
}

/** The value of a key of the merged object, as it stands. */
export function valueAt(node: Merged, key: string): Tree | undefined {
  const entry = node.entries.get(key);
  if (entry === undefined) return undefined;
  return entry.node.kind === "merged" ? toTree(entry.node) : entry.node.tree;
}
