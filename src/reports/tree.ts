/** Draws trees of text: a line for each node, its children below it. */
import { wrap } from "./layout.ts";

/** A line and what belongs to it. */
export interface Branch {
  readonly text: string;
  readonly children?: readonly Branch[];
}

/** What a tree is drawn with. */
export interface TreeStyle {
  readonly width: number;
  readonly unicode: boolean;
  /** Prepares words for the terminal. */
  readonly words: (text: string) => string;
}

const boxes = { fork: "├─ ", last: "└─ ", line: "│  ", gap: "   " };
const ascii = { fork: "|- ", last: "`- ", line: "|  ", gap: "   " };

/** The lines of the branches below a heading; long texts are wrapped beside the trunk. */
export function drawTree(branches: readonly Branch[], style: TreeStyle, margin = "  "): readonly string[] {
  const signs = style.unicode ? boxes : ascii;
  return branches.flatMap(({ text, children = [] }, index) => {
    const isLast = index === branches.length - 1;
    const below = margin + (isLast ? signs.gap : signs.line);
    const beside = below + (children.length > 0 ? signs.line : signs.gap);
    const lines = wrap(style.words(text), Math.max(20, style.width - beside.length));
    return [
      ...lines.map((line, number) =>
        (number === 0 ? margin + (isLast ? signs.last : signs.fork) + line : beside + line).trimEnd(),
      ),
      ...drawTree(children, style, below),
    ];
  });
}
