/**
 * YAML as positioned trees, read as go-yaml v3 reads it (the reader of Compose): YAML 1.2 core types with the 1.1 octals,
 * `yes` and `on` as strings, merge keys, duplicate keys refused. Kubernetes and Helm have go-yaml v2 (sigs.k8s.io/yaml): there
 * `yes` and `on` are switches, what looks like a time stays as it is written, and of duplicate keys the last one counts.
 */
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { placeOf, type Text, textAt } from "../text/text.ts";
import type { Member, Tree } from "./tree.ts";
import { readAlias } from "./yaml-aliases.ts";
import { resolvePlain } from "./yaml-core.ts";
import {
  errorAt,
  fail,
  nullAt,
  place,
  type Reading,
  type YamlError,
  type YamlReader,
} from "./yaml-reading.ts";
import { type ScalarStyle, scalarText } from "./yaml-scalars.ts";

/** What was read. After an error reading goes on as well as it can. */
export interface YamlResult {
  /** One tree a document; a document without content is null. */
  readonly documents: readonly Tree[];
  readonly errors: readonly YamlError[];
  /** The tags that are none of YAML's own, for instance `!reset`, by the tree that has them. */
  readonly tags: ReadonlyMap<Tree, string>;
  /** Keys that are not strings, such as `8080:`; some readers refuse them. */
  readonly typedKeys: readonly YamlError[];
}

/** How many values aliases may add to a file: beyond this it is an attack, not a configuration. */
const aliasBudget = 200_000;

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

/** Reads a YAML text, which may hold several documents. Never throws. */
export function readYaml(text: Text, reader: YamlReader = "v3"): YamlResult {
  const reading: Reading = {
    text,
    reader,
    errors: [],
    typedKeys: [],
    tags: new Map(),
    anchors: new Map(),
    budget: aliasBudget,
    made: 0,
  };
  const documents: Tree[] = [];
  try {
    const composer = new Composer({
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      strict: true,
      stringKeys: false,
    });
    for (const document of composer.compose(new Parser().parse(text.value)))
      documents.push(readDocument(reading, document));
  } catch (error) {
    // The library recurses: text that is nested tens of thousands deep ends its stack.
    const message = error instanceof RangeError ? "nested too deeply" : "cannot be read as YAML";
    fail(reading, message, 0, text.value.length);
  }
  return { documents, errors: reading.errors, tags: reading.tags, typedKeys: reading.typedKeys };
}

function readDocument(reading: Reading, document: Document): Tree {
  for (const error of document.errors) fail(reading, error.message, error.pos[0], error.pos[1]);
  reading.anchors.clear();
  const { contents } = document;
  return isNode(contents)
    ? readNode(reading, contents)
    : { kind: "null", ...place(reading, document.range?.[0] ?? 0, document.range?.[0] ?? 0) };
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value);
}

function readNode(reading: Reading, node: Node): Tree {
  if (isAlias(node)) return readAlias(reading, node.source, rangeOf(node));
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  const before = reading.made;
  if (anchor !== undefined) reading.anchors.set(anchor, "open");
  const tree = readContent(reading, node);
  reading.made++;
  if (anchor !== undefined) reading.anchors.set(anchor, { tree, size: reading.made - before });
  if (node.tag !== undefined && !/^(!|!!.*|tag:yaml\.org,2002:.*)$/.test(node.tag))
    reading.tags.set(tree, node.tag);
  return tree;
}

function readContent(reading: Reading, node: Node): Tree {
  if (isMap(node)) return readMap(reading, node);
  const [start, end] = rangeOf(node);
  if (isSeq(node)) {
    const items = node.items.map((item) => (isNode(item) ? readNode(reading, item) : nullAt(reading, start)));
    return { kind: "array", items, ...place(reading, start, node.flow ? end : lastEnd(node.items, end)) };
  }
  return isScalar(node) ? readScalar(reading, node) : nullAt(reading, start);
}

function readMap(reading: Reading, node: YAMLMap): Tree {
  const [start, end] = rangeOf(node);
  const members: Member[] = [];
  const explicit = new Map<string, Member>();
  const merges: { at: number; value: Tree }[] = [];
  for (const pair of node.items) {
    const found = readPair(reading, pair, start);
    if (found === undefined) continue;
    if (found.merge) {
      if (merges.length > 0) errorAt(reading, 'mapping key "<<" is already defined', found.member.keyAt);
      merges.push({ at: members.length, value: found.member.value });
      continue;
    }
    if (explicit.has(found.member.key) && reading.reader === "v3")
      errorAt(reading, `mapping key "${found.member.key}" is already defined`, found.member.keyAt);
    explicit.set(found.member.key, found.member);
    members.push(found.member);
  }
  const merged = merges.length === 0 ? members : mergeMembers(reading, members, explicit, merges);
  const stop = node.flow
    ? end
    : lastEnd(
        node.items.flatMap((pair) => [pair.key, pair.value]),
        end,
      );
  return { kind: "object", members: merged, ...place(reading, start, stop) };
}

function readPair(
  reading: Reading,
  pair: Pair<unknown, unknown>,
  start: number,
): { member: Member; merge: boolean } | undefined {
  if (!isNode(pair.key)) return undefined;
  const key = readNode(reading, pair.key);
  const keyAt = placeOf(key);
  const plain = isScalar(pair.key) && pair.key.type === "PLAIN";
  const name = key.kind === "string" ? key.text.value : writtenKey(pair.key, key);
  if (name === undefined) {
    errorAt(reading, "a key must be a simple value", keyAt);
    return undefined;
  }
  if (key.kind !== "string") reading.typedKeys.push({ message: `the key ${name} is not a string`, ...keyAt });
  const value = isNode(pair.value)
    ? readNode(reading, pair.value)
    : nullAt(reading, rangeOf(pair.key)[1] ?? start);
  return { member: { key: name, keyAt, value }, merge: plain && name === "<<" };
}

/** As it is written; switches under their one name, which differs for `yes` and its like alone. */
function writtenKey(key: Node, tree: Tree): string | undefined {
  if (tree.kind === "boolean") return String(tree.value);
  return isScalar(key) ? String(key.value) : undefined;
}

/** Merge keys: what is written in the mapping itself wins, then the earlier merged mapping. */
function mergeMembers(
  reading: Reading,
  members: readonly Member[],
  explicit: ReadonlyMap<string, Member>,
  merges: readonly { at: number; value: Tree }[],
): Member[] {
  const taken = new Set(explicit.keys());
  const result = [...members];
  for (const merge of [...merges].reverse()) {
    const added: Member[] = [];
    for (const source of merge.value.kind === "array" ? merge.value.items : [merge.value]) {
      if (source.kind !== "object") {
        errorAt(reading, "map merge requires map or sequence of maps as the value", source);
        continue;
      }
      for (const candidate of source.members) {
        if (taken.has(candidate.key)) continue;
        taken.add(candidate.key);
        added.push(candidate);
      }
    }
    result.splice(merge.at, 0, ...added);
  }
  return result;
}

function readScalar(reading: Reading, node: Scalar): Tree {
  const [start, end] = rangeOf(node);
  const style = styles[node.type ?? "PLAIN"] ?? "plain";
  const where = place(reading, start, end);
  const value = String(node.value ?? "");
  const typed = resolvePlain(value, node.tag, style === "plain", reading.reader === "v2");
  switch (typed.kind) {
    case "string":
      if (typed.value !== undefined) return { kind: "string", text: textAt(typed.value, where), ...where };
      return { kind: "string", text: scalarText(reading.text, { style, start, end, value }), ...where };
    case "number":
      return { kind: "number", value: typed.value, integer: typed.integer, ...where };
    case "boolean":
      return { kind: "boolean", value: typed.value, ...where };
    case "null":
      return { kind: "null", ...where };
    case "bad":
      errorAt(reading, typed.message, where);
      return { kind: "string", text: scalarText(reading.text, { style, start, end, value }), ...where };
  }
}

function rangeOf(node: Node): [number, number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

/** Where the last of these nodes ends: a block collection's own range goes on over comments and empty lines. */
function lastEnd(nodes: readonly unknown[], fallback: number): number {
  const last = nodes.findLast(isNode);
  if (last === undefined) return fallback;
  if (isMap(last) && !last.flow)
    return lastEnd(
      last.items.flatMap((pair) => [pair.key, pair.value]),
      rangeOf(last)[1],
    );
  if (isSeq(last) && !last.flow) return lastEnd(last.items, rangeOf(last)[1]);
  return rangeOf(last)[1];
}
