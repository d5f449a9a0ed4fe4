/** Aliases of YAML: the value that their anchor names, seen through the alias. */
import type { Place } from "../text/text.ts";
import type { Tree } from "./tree.ts";
import { errorAt, place, type Reading } from "./yaml-reading.ts";

/** What an anchor names, with the alias as the place through which it came. */
export function readAlias(reading: Reading, name: string, [start, end]: readonly [number, number]): Tree {
  const where = place(reading, start, end);
  const anchor = reading.anchors.get(name);
  if (anchor === undefined || anchor === "open") {
    const message =
      anchor === undefined ? `unknown anchor '${name}' referenced` : `anchor '${name}' value contains itself`;
    errorAt(reading, message, where);
    return { kind: "unknown", hole: { reason: message }, quoted: false, ...where };
  }
  reading.budget -= anchor.size;
  if (reading.budget < 0) {
    const message = "the file contains excessive aliasing";
    if (reading.budget + anchor.size >= 0) errorAt(reading, message, where);
    return { kind: "unknown", hole: { reason: message }, quoted: false, ...where };
  }
  reading.made += anchor.size;
  return through(reading, anchor.tree, [where.at, ...(where.via ?? [])]);
}

/** The same tree, with places added to every `via`. */
function through(reading: Reading, tree: Tree, outer: readonly Place[]): Tree {
  const moved = move(reading, tree, outer);
  const tag = reading.tags.get(tree);
  if (tag !== undefined) reading.tags.set(moved, tag);
  return moved;
}

function move(reading: Reading, tree: Tree, outer: readonly Place[]): Tree {
  const via = [...(tree.via ?? []), ...outer];
  switch (tree.kind) {
    case "object": {
      const members = tree.members.map((one) => ({
        key: one.key,
        keyAt: { at: one.keyAt.at, via: [...(one.keyAt.via ?? []), ...outer] },
        value: through(reading, one.value, outer),
      }));
      return { ...tree, via, members };
    }
    case "array":
      return { ...tree, via, items: tree.items.map((item) => through(reading, item, outer)) };
    case "string": {
      const pieces = tree.text.pieces.map((piece) => ({ ...piece, via: [...piece.via, ...outer] }));
      return { ...tree, via, text: { value: tree.text.value, pieces } };
    }
    default:
      return { ...tree, via };
  }
}
