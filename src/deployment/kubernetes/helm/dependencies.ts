/**
 * Which charts below a chart are taken, under which name, and which of their values it imports.
 * Source: pkg/chart/v2/util/dependencies.go of Helm.
 */
import { joinPath } from "../../../sources/files.ts";
import { itemsAt, placeOf, wordAt } from "../values.ts";
import { coalesced, mergeTables } from "./coalesce.ts";
import type { Chart, Work } from "./load.ts";
import {
  copyOf,
  type Dict,
  dictTree,
  fieldOf,
  type Known,
  setMember,
  type Value,
  wordTree,
} from "./values.ts";

/** The chart without what is switched off, with aliases, and with what it imports among its values. */
export function withDependencies(chart: Chart, given: Dict, work: Work): Chart {
  const chosen = chosenBelow(named(chart, work), given, "");
  return withImports(chosen);
}

/** Charts that are listed, under their aliases, and those that lie there unlisted; missing ones are told. */
function named(chart: Chart, work: Work): Chart {
  const listed = new Set(chart.dependencies.map((dependency) => wordAt(dependency, "name")));
  const aliased = chart.dependencies.flatMap((dependency): readonly Chart[] => {
    const name = wordAt(dependency, "name") ?? "";
    const found = chart.below.find((one) => one.name === name);
    if (found === undefined) {
      work.problems.push({
        kind: "missing-file",
        message: `the chart ${name} is not in ${joinPath(chart.folder, "charts")}: what it holds is not judged`,
        where: placeOf(dependency),
      });
      return [];
    }
    const alias = wordAt(dependency, "alias") ?? "";
    if (alias === "") return [found];
    const meta: Dict = { ...found.meta, members: [...found.meta.members] };
    setMember(meta, "name", wordTree(alias, dependency));
    // Maps that templates may change are not shared between two of one chart.
    return [{ ...found, name: alias, meta, values: ownMap(found.values) }];
  });
  const others = chart.below.filter(({ name }) => !listed.has(name));
  return { ...chart, below: [...aliased, ...others].map((one) => named(one, work)) };
}

function ownMap(value: Dict): Dict {
  const copy = copyOf(value);
  return copy.kind === "object" ? copy : value;
}

/** Without the charts that conditions or tags switch off; `path` leads to the chart's part of the values. */
function chosenBelow(chart: Chart, given: Dict, path: string): Chart {
  const values = path === "" ? coalesced(chart, given) : given;
  const isOff = ({ name }: Chart): boolean => {
    const dependency = chart.dependencies.find(
      (one) =>
        (wordAt(one, "alias") ?? "") === name ||
        ((wordAt(one, "alias") ?? "") === "" && wordAt(one, "name") === name),
    );
    return dependency !== undefined && !isWanted(dependency, values, path);
  };
  return {
    ...chart,
    below: chart.below
      .filter((one) => !isOff(one))
      .map((one) => chosenBelow(one, values, path === "" ? one.name : `${path}.${one.name}`)),
  };
}

/** `condition` names switches, the first of which that is set decides; else one of the `tags` has to be on. */
function isWanted(dependency: Known, values: Dict, path: string): boolean {
  const prefix = path === "" ? [] : path.split(".");
  const condition = (wordAt(dependency, "condition") ?? "")
    .split(",")
    .map((word) => fieldOf(values, [...prefix, ...word.trim().split(".")]))
    .find((found) => found?.kind === "boolean");
  if (condition?.kind === "boolean") return condition.value;
  const tags = itemsAt(dependency, "tags")
    .map((tag): Value => fieldOf(values, ["tags", tag.kind === "string" ? tag.text.value : ""]))
    .flatMap((tag) => (tag?.kind === "boolean" ? [tag.value] : []));
  return tags.length === 0 || tags.includes(true);
}

/** `import-values`: parts of the values of a chart below become values of this one, where it has none of its own. */
function withImports(chart: Chart): Chart {
  const below = chart.below.map(withImports);
  const own: Chart = { ...chart, below };
  const imports = chart.dependencies.flatMap((dependency) => {
    const name = wordAt(dependency, "alias") ?? wordAt(dependency, "name") ?? "";
    return itemsAt(dependency, "import-values").map((item) => ({ name, item }));
  });
  if (imports.length === 0) return own;
  const all = coalesced(own, dictTree([], chart.values));
  const values = ownMap(chart.values);
  for (const { name, item } of [...imports].reverse()) {
    const isPair = item.kind === "object";
    const child = isPair
      ? (wordAt(item, "child") ?? "")
      : `exports.${item.kind === "string" ? item.text.value : ""}`;
    const parent = isPair ? (wordAt(item, "parent") ?? "") : ".";
    const found = fieldOf(all, [name, ...child.split(".")]);
    if (found?.kind === "object") mergeTables(values, nested(parent, ownMap(found)));
  }
  return { ...own, values };
}

/** A map under the keys of a path. */
function nested(path: string, value: Dict): Dict {
  if (path === "." || path === "") return value;
  return path
    .split(".")
    .reverse()
    .reduce<Dict>((inner, step) => dictTree([[step, inner]], inner), value);
}
