/** Values that Compose converts after merging, and refuses when they cannot be: durations, sizes, command lines, host entries. */
import type { Tree } from "../../sources/tree.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { type Report, refusal } from "./problems.ts";
import { shellWords } from "./shell-words.ts";
import { holeOf, printed } from "./trees.ts";

/** What is wrong with a value; undefined when nothing is. */
type Check = (tree: Tree) => string | undefined;

const duration: Check = (tree) => {
  const value = printed(tree)?.value ?? "";
  return /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(value)
    ? undefined
    : `"${value}" is no duration, such as 30s or 1m30s`;
};

const bytes: Check = (tree) => {
  const value = printed(tree)?.value ?? "";
  const valid = tree.kind === "number" || readBytes(value) !== undefined;
  return valid ? undefined : `"${value}" is no size, such as 512m`;
};

/** A size with a unit, in bytes, as docker's units package reads it. */
export function readBytes(value: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?|\.\d+) ?([kKmMgGtTpP]?)(?:i?[bB])?$/.exec(value);
  if (found === null) return undefined;
  return Math.floor(Number(found[1]) * 1024 ** " kmgtp".indexOf((found[2] ?? "").toLowerCase() || " "));
}

const command: Check = (tree) =>
  tree.kind === "string" && shellWords(tree.text) === undefined
    ? "a quote or parenthesis makes the command line invalid"
    : undefined;

const hosts: Check = (tree) => {
  const items = tree.kind === "array" ? tree.items : [];
  for (const item of items) {
    const value = printed(item)?.value ?? "";
    if (!/[=:]/.test(value)) return `the host "${value}" has no address`;
    if (/^[=:]/.test(value)) return `"${value}" names no host`;
  }
  return undefined;
};

const rules: PatternNode<Check> = patterns<Check>({
  "services.*.stop_grace_period": duration,
  "services.*.healthcheck.interval": duration,
  "services.*.healthcheck.timeout": duration,
  "services.*.healthcheck.start_period": duration,
  "services.*.healthcheck.start_interval": duration,
  "services.*.deploy.update_config.delay": duration,
  "services.*.deploy.update_config.monitor": duration,
  "services.*.deploy.rollback_config.delay": duration,
  "services.*.deploy.rollback_config.monitor": duration,
  "services.*.deploy.restart_policy.delay": duration,
  "services.*.deploy.restart_policy.window": duration,
  "services.*.mem_limit": bytes,
  "services.*.mem_reservation": bytes,
  "services.*.memswap_limit": bytes,
  "services.*.mem_swappiness": bytes,
  "services.*.shm_size": bytes,
  "services.*.build.shm_size": bytes,
  "services.*.deploy.resources.limits.memory": bytes,
  "services.*.deploy.resources.reservations.memory": bytes,
  "services.*.volumes.*.tmpfs.size": bytes,
  "services.*.command": command,
  "services.*.entrypoint": command,
  "services.*.extra_hosts": hosts,
  "services.*.build.extra_hosts": hosts,
});

/** Reports the values that Compose cannot convert. */
export function checkValues(tree: Tree, report: Report): void {
  check(tree, rules, "", report);
}

function check(tree: Tree, node: PatternNode<Check> | undefined, path: string, report: Report): void {
  if (node === undefined || tree.kind === "unknown" || tree.kind === "null") return;
  const unknown = tree.kind === "string" && holeOf(tree.text) !== undefined;
  const message = unknown ? undefined : node.rule?.(tree);
  if (message !== undefined) report(refusal("syntax", `${path}: ${message}`, tree));
  if (tree.kind === "object") {
    for (const one of tree.members)
      check(one.value, below(node, one.key), path === "" ? one.key : `${path}.${one.key}`, report);
  } else if (tree.kind === "array") {
    for (const [index, item] of tree.items.entries())
      check(item, below(node, "[]"), `${path}[${index}]`, report);
  }
}
