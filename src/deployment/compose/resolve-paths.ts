/** Paths on the host, made to start from where Compose runs; after compose-go's paths package (2.4). */
import { joinPath } from "../../sources/files.ts";
import type { Tree } from "../../sources/tree.ts";
import { concat, holeAt, locate, type Text, textAt } from "../../text/text.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { holeOf, mapMembers, printed, stringTree, valueAt, withMember } from "./trees.ts";

/** From where paths start, and what `~` is when it is known. */
export interface PathBase {
  readonly folder: string;
  readonly home: string | undefined;
}

type Resolver = (tree: Tree, base: PathBase) => Tree;

const path: Resolver = (tree, base) => {
  if (tree.kind === "array") return { ...tree, items: tree.items.map((item) => path(item, base)) };
  return tree.kind === "string" ? stringTree(resolvePath(tree.text, base), tree) : tree;
};

const rules: PatternNode<Resolver> = patterns<Resolver>({
  "services.*.build.context": context,
  "services.*.build.additional_contexts.*": context,
  "services.*.env_file.*.path": path,
  "services.*.label_file": path,
  "services.*.extends.file": path,
  "services.*.develop.watch.*.path": path,
  "services.*.volumes.*": mount,
  "configs.*.file": path,
  "secrets.*.file": path,
  "volumes.*": volume,
});

/** The tree with its relative paths joined to the folder. */
export function resolvePaths(tree: Tree, base: PathBase): Tree {
  return resolve(tree, rules, base);
}

function resolve(tree: Tree, node: PatternNode<Resolver> | undefined, base: PathBase): Tree {
  if (node === undefined) return tree;
  if (node.rule !== undefined) return node.rule(tree, base);
  if (tree.kind === "object") return mapMembers(tree, (value, key) => resolve(value, below(node, key), base));
  if (tree.kind === "array")
    return { ...tree, items: tree.items.map((item) => resolve(item, below(node, "[]"), base)) };
  return tree;
}

/** One path. A path that begins with something unknown stays as it is. */
function resolvePath(text: Text, base: PathBase): Text {
  const { value } = text;
  if (value === "" || isHostPath(value) || holeAt(text, 0) !== undefined) return text;
  const where = locate(text, 0, value.length);
  if (value.startsWith("~"))
    return base.home === undefined ? text : textAt(joinPath(base.home, `.${value.slice(1)}`), where);
  if (holeOf(text) !== undefined) return concat([textAt(`${base.folder}/`, where), text]);
  // A name that only begins like a Windows share is a name for Compose.
  if (value.startsWith("\\\\")) return textAt(`${base.folder}/${value}`, where);
  return textAt(joinPath(base.folder, value), where);
}

/** Whether a path is absolute on Unix or, with its drive or share, on Windows. */
function isHostPath(value: string): boolean {
  return (
    value.startsWith("/") ||
    /^[A-Za-z]:[\\/]/.test(value) ||
    /^[\\/]{2}[^\\/.][^\\/]*[\\/][^\\/.][^\\/]*[\\/]/.test(value)
  );
}

const remoteContext = /^(https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

/** Whether a build context is not a folder of this host. */
export function isRemoteContext(value: string): boolean {
  return value.includes("://") || remoteContext.test(value);
}

function context(tree: Tree, base: PathBase): Tree {
  return tree.kind === "string" && isRemoteContext(tree.text.value) ? tree : path(tree, base);
}

function mount(tree: Tree, base: PathBase): Tree {
  const type = valueAt(tree, "type");
  const source = valueAt(tree, "source");
  if (tree.kind !== "object" || source === undefined) return tree;
  return type !== undefined && printed(type)?.value === "bind"
    ? withMember(tree, "source", path(source, base))
    : tree;
}

/** A local volume that is a bind mount by its driver options. */
function volume(tree: Tree, base: PathBase): Tree {
  const options = valueAt(tree, "driver_opts");
  const device = valueAt(options, "device");
  const driver = valueAt(tree, "driver");
  const kind = valueAt(options, "o");
  if (tree.kind !== "object" || options?.kind !== "object" || device === undefined) return tree;
  if (
    driver === undefined ||
    printed(driver)?.value !== "local" ||
    kind === undefined ||
    printed(kind)?.value !== "bind"
  )
    return tree;
  return withMember(tree, "driver_opts", withMember(options, "device", path(device, base)));
}
