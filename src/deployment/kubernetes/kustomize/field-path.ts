/**
 * Paths of fields as `replacements` write them: "spec.template.spec.containers.[name=orthanc].env.*.value".
 * Source: sigs.k8s.io/kustomize/kyaml/yaml/match.go (PathMatcher) and kyaml/utils/pathsplitter.go.
 */
import type { Tree } from "../../../sources/tree.ts";
import { type Located, textAt } from "../../../text/text.ts";
import { wordAt } from "../values.ts";
import { objectTree, withMember } from "./edit.ts";

/** What is made of the value at a path; `undefined` in: nothing stands there, out: it does not fit. */
export type Change = (before: Tree | undefined) => Tree | undefined;

/** The steps of a path: dots part them, those behind a backslash and inside brackets do not. */
export function stepsOfField(path: string): readonly string[] {
  const steps = path.match(/(?:\[[^\]]*\]|\\.|[^.\\])+/gu) ?? [];
  return steps.map((step) => {
    const plain = step.replaceAll("\\.", ".");
    return plain.startsWith("[") && plain.endsWith("]") && !plain.includes("=") ? plain.slice(1, -1) : plain;
  });
}

/**
 * The tree with every value at the path changed; undefined where nothing stands there. `create`: where what is missing is
 * made, as standing there.
 */
export function changeField(
  tree: Tree,
  [step, ...rest]: readonly string[],
  change: Change,
  create?: Located,
): Tree | undefined {
  if (step === undefined) return change(tree);
  if (tree.kind === "array") return changeItems(tree, step, rest, change, create);
  if (tree.kind !== "object") return undefined;
  if (step === "*") return changeEach(tree, rest, change, create);
  const own = tree.members.findLast(({ key }) => key === step)?.value;
  const absent = own === undefined || own.kind === "null";
  if (absent && create === undefined) return undefined;
  const changed = absent ? made(rest, change, create) : changeField(own, rest, change, create);
  return changed === undefined ? undefined : withMember(tree, step, changed, create);
}

function changeEach(
  tree: Tree & { readonly kind: "object" },
  rest: readonly string[],
  change: Change,
  create: Located | undefined,
): Tree | undefined {
  let hit = false;
  const members = tree.members.map((member) => {
    const changed = changeField(member.value, rest, change, create);
    hit ||= changed !== undefined;
    return changed === undefined ? member : { ...member, value: changed };
  });
  return hit ? { ...tree, members } : undefined;
}

function changeItems(
  tree: Tree & { readonly kind: "array" },
  step: string,
  rest: readonly string[],
  change: Change,
  create: Located | undefined,
): Tree | undefined {
  const [, key, value = ""] = /^\[([^=]*)=(.*)\]$/u.exec(step) ?? [];
  const fits = (item: Tree, index: number): boolean => {
    if (key === undefined) return step === "*" || step === String(index);
    return (key === "" ? wordAt(item) : wordAt(item, key)) === value;
  };
  let hit = false;
  const items = tree.items.map((item, index) => {
    const changed = fits(item, index) ? changeField(item, rest, change, create) : undefined;
    hit ||= changed !== undefined;
    return changed ?? item;
  });
  if (hit) return { ...tree, items };
  return create === undefined ? undefined : withItem(tree, { step, key, value }, rest, change, create);
}

function withItem(
  tree: Tree & { readonly kind: "array" },
  { step, key, value }: { readonly step: string; readonly key: string | undefined; readonly value: string },
  rest: readonly string[],
  change: Change,
  create: Located,
): Tree | undefined {
  if (key === undefined && step !== String(tree.items.length)) return undefined;
  const item = made(rest, change, create);
  if (item === undefined) return undefined;
  const word: Tree = { kind: "string", text: textAt(value, create), ...create };
  const keyed =
    key === undefined || key === "" || item.kind !== "object" ? item : withMember(item, key, word);
  return { ...tree, items: [...tree.items, keyed] };
}

/** What stands at a path that was not there. */
function made(steps: readonly string[], change: Change, create: Located | undefined): Tree | undefined {
  const [next] = steps;
  if (next === undefined) return change(undefined);
  if (create === undefined) return undefined;
  const list = /^\[[^=]*=.*\]$|^\d+$/u.test(next);
  const holder: Tree = list ? { kind: "array", items: [], ...create } : objectTree([], create);
  return changeField(holder, steps, change, create);
}
