/** Lists in which a later entry replaces an earlier one with the same key; after compose-go's uncity.go (2.4). */
import type { Tree } from "../../sources/tree.ts";
import type { Text } from "../../text/text.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { type Report, refusal } from "./problems.ts";
import { kindName, printed, valueAt } from "./trees.ts";
import { splitVolume } from "./volumes.ts";

/** The key of a list entry; undefined when the entry is nothing that may stand there. */
type Indexer = (item: Tree) => string | undefined;

const text = (tree: Tree | undefined): string | undefined => {
  const found = tree === undefined || tree.kind === "null" ? undefined : printed(tree);
  return found === undefined ? undefined : keyOf(found);
};

/** The text itself; what is unknown in it equals only what is unknown for the same reason. */
function keyOf(found: Text): string {
  const reasons = found.pieces.flatMap((piece) => piece.hole?.reason ?? []);
  return reasons.length === 0 ? found.value : `${found.value}\n${reasons.join("\n")}`;
}

const name: Indexer = (item) => {
  if (item.kind !== "string") return undefined;
  const { value } = item.text;
  return value.includes("=") ? value.split("=", 1)[0] : keyOf(item.text);
};

const target: Indexer = (item) => text(valueAt(item, "target"));

const volume: Indexer = (item) => {
  if (item.kind === "object") return target(item);
  if (item.kind !== "string") return "";
  const found = splitVolume(item.text)?.target;
  return found === undefined ? undefined : keyOf(found);
};

const device: Indexer = (item) => {
  if (item.kind === "object") return target(item);
  const parts = item.kind === "string" ? item.text.value.split(":") : [];
  return parts[1] ?? parts[0];
};

const mount =
  (folder: string): Indexer =>
  (item) => {
    if (item.kind === "string") return `${folder}/${keyOf(item.text)}`;
    if (item.kind !== "object") return undefined;
    return target(item) ?? `${folder}/${text(valueAt(item, "source")) ?? ""}`;
  };

const port: Indexer = (item) => {
  if (item.kind !== "object") return text(item) ?? "";
  const container = text(valueAt(item, "target"));
  if (container === undefined) return undefined;
  const host = text(valueAt(item, "host_ip")) ?? "0.0.0.0";
  const protocol = text(valueAt(item, "protocol")) ?? "tcp";
  const published = valueAt(item, "published");
  // Compose's key tells a number from a text: `published: 80` and `published: "80"` are two ports to it.
  return `${host}:${published?.kind === "number" ? "number " : ""}${text(published) ?? ""}:${container}/${protocol}`;
};

const envFile: Indexer = (item) =>
  item.kind === "object" ? text(valueAt(item, "path")) : (text(item) ?? "");

const indexers: PatternNode<Indexer> = patterns<Indexer>({
  "networks.*.labels": name,
  "networks.*.ipam.options": name,
  "services.*.annotations": name,
  "services.*.build.args": name,
  "services.*.build.additional_contexts": name,
  "services.*.build.tags": name,
  "services.*.build.labels": name,
  "services.*.cap_add": name,
  "services.*.cap_drop": name,
  "services.*.devices": device,
  "services.*.configs": mount(""),
  "services.*.deploy.labels": name,
  "services.*.dns": name,
  "services.*.dns_opt": name,
  "services.*.dns_search": name,
  "services.*.environment": name,
  "services.*.env_file": envFile,
  "services.*.expose": text,
  "services.*.labels": name,
  "services.*.links": name,
  "services.*.networks.*.aliases": name,
  "services.*.networks.*.link_local_ips": name,
  "services.*.ports": port,
  "services.*.profiles": name,
  "services.*.secrets": mount("/run/secrets"),
  "services.*.sysctls": name,
  "services.*.tmpfs": name,
  "services.*.volumes": volume,
});

/** The tree with every such list made unique: the later entry takes the place of the earlier. */
export function enforceUnicity(tree: Tree, report: Report): Tree {
  return unique(tree, indexers, "", report);
}

function unique(tree: Tree, node: PatternNode<Indexer> | undefined, path: string, report: Report): Tree {
  if (node === undefined) return tree;
  if (tree.kind === "object") {
    let changed = false;
    const members = tree.members.map((one) => {
      const next = below(node, one.key);
      if (next === undefined) return one;
      const value = unique(one.value, next, path === "" ? one.key : `${path}.${one.key}`, report);
      if (value === one.value) return one;
      changed = true;
      return { ...one, value };
    });
    return changed ? { ...tree, members } : tree;
  }
  if (tree.kind !== "array" || node.rule === undefined) return tree;
  const entries = new Map<string, Tree>();
  for (const [index, item] of tree.items.entries()) {
    const key = item.kind === "unknown" ? `\0${index}` : node.rule(item);
    if (key === undefined)
      report(refusal("syntax", `${path}: a ${kindName(item)} cannot stand here like this`, item));
    entries.set(key ?? `\0${index}`, item);
  }
  return entries.size === tree.items.length ? tree : { ...tree, items: [...entries.values()] };
}
