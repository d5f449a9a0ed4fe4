/** The positioned tree that every parser makes: JSON, YAML and what is embedded in them look alike from here on. */
import type { Hole, Located, Text } from "../text/text.ts";

/** A parsed value with its place. */
export type Tree = ObjectTree | ArrayTree | StringTree | NumberTree | BooleanTree | NullTree | UnknownTree;

/** Keys and values. */
export interface ObjectTree extends Located {
  readonly kind: "object";
  /** In file order; a key may occur more than once, what that means is the product's affair. */
  readonly members: readonly Member[];
  /** Set when an unknown variable stands where members could be: the object may have others. */
  readonly open?: Hole;
}

/** A key with its value. */
export interface Member {
  readonly key: string;
  /** Where the key stands. */
  readonly keyAt: Located;
  readonly value: Tree;
}

/** A list. */
export interface ArrayTree extends Located {
  readonly kind: "array";
  readonly items: readonly Tree[];
}

/** A string. */
export interface StringTree extends Located {
  readonly kind: "string";
  /** The string's content (without quotes, escapes resolved), itself with positions, for what is embedded in it. */
  readonly text: Text;
}

/** A number. */
export interface NumberTree extends Located {
  readonly kind: "number";
  readonly value: number;
  /** Whether it is written as an integer: `30` is, `30.0` and `3e1` are not. */
  readonly integer: boolean;
}

/** True or false. */
export interface BooleanTree extends Located {
  readonly kind: "boolean";
  readonly value: boolean;
}

/** Nothing: null, or a key without a value. */
export interface NullTree extends Located {
  readonly kind: "null";
}

/** A value that cannot be known, because a variable in it is not. */
export interface UnknownTree extends Located {
  readonly kind: "unknown";
  readonly hole: Hole;
  /** Whether it stands in quotes: then it is some string, otherwise it may be anything. */
  readonly quoted: boolean;
}

/** The last member with this key: duplicates are resolved as most readers do. */
export function member(tree: ObjectTree, key: string): Member | undefined {
  return tree.members.findLast((candidate) => candidate.key === key);
}

/** The value at a path of keys, through objects only. */
export function at(tree: Tree, path: readonly string[]): Tree | undefined {
  let current: Tree | undefined = tree;
  for (const key of path) {
    if (current?.kind !== "object") return undefined;
    current = member(current, key)?.value;
  }
  return current;
}
