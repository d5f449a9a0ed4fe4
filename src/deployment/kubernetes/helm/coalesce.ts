/** Values over values, down through the charts. Source: pkg/chart/common/util/coalesce.go of Helm. */
import type { Chart } from "./load.ts";
import { copyOf, type Dict, dictTree, removeMember, setMember, type Value } from "./values.ts";

/** The values of a chart, with those of the charts below it under their names. */
export function coalesced(chart: Chart, given: Dict): Dict {
  const target = mapOf(copyOf(given)) ?? given;
  coalesceInto(chart, target);
  return target;
}

function mapOf(value: Value): Dict | undefined {
  return value?.kind === "object" ? value : undefined;
}

function memberOf({ members }: Dict, key: string): Value {
  return members.find((one) => one.key === key)?.value;
}

/** What is given wins over what the chart says; null takes away what the chart says. */
function coalesceInto(chart: Chart, target: Dict): void {
  fill(target, chart.values);
  for (const sub of chart.below) {
    const own = mapOf(memberOf(target, sub.name)) ?? dictTree([], sub.values);
    setMember(target, sub.name, own);
    passGlobals(own, target);
    coalesceInto(sub, own);
  }
}

/** Puts what the target lacks into it; maps go together, everything else stays as it is. */
export function mergeTables(target: Dict, source: Dict): void {
  fill(target, source);
}

function fill(target: Dict, source: Dict): void {
  for (const { key, keyAt, value } of source.members) {
    const own = memberOf(target, key);
    if (own === undefined) setMember(target, key, copyOf(value), keyAt);
    else if (own.kind === "null") removeMember(target, key);
    else if (own.kind === "object" && value.kind === "object") fill(own, value);
  }
}

/** Charts below get what is `global`; it wins over their own. */
function passGlobals(target: Dict, source: Dict): void {
  const globals = mapOf(memberOf(target, "global")) ?? dictTree([], target);
  for (const { key, keyAt, value } of mapOf(memberOf(source, "global"))?.members ?? []) {
    const own = memberOf(globals, key);
    if (value.kind === "object") {
      const copy = mapOf(copyOf(value));
      if (copy === undefined || (own !== undefined && own.kind !== "object")) continue;
      if (own?.kind === "object") fill(copy, own);
      setMember(globals, key, copy, keyAt);
    } else if (own?.kind !== "object") setMember(globals, key, value, keyAt);
  }
  setMember(target, "global", globals);
}

/** Files of values over each other: what comes later wins, null too. */
export function laidOver(base: Dict, over: Dict): Dict {
  const result: Dict = { ...base, members: [...base.members] };
  for (const { key, keyAt, value } of over.members) {
    const own = memberOf(result, key);
    setMember(
      result,
      key,
      own?.kind === "object" && value.kind === "object" ? laidOver(own, value) : value,
      keyAt,
    );
  }
  return result;
}
