/** Variables in a compose file: every text value is substituted, and becomes a number or boolean where Compose wants one. */
import { type Lookup, substitute } from "../../sources/substitution.ts";
import type { Tree } from "../../sources/tree.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { assumed, notice, type Report, refusal } from "./problems.ts";
import { booleanTree, holeOf, numberTree, stringTree, unknownTree } from "./trees.ts";

type Cast = "int" | "float" | "boolean";

const serviceCasts: Readonly<Record<string, Cast>> = {
  "configs.*.mode": "int",
  cpu_count: "int",
  cpu_percent: "float",
  cpu_period: "int",
  cpu_quota: "int",
  cpu_rt_period: "int",
  cpu_rt_runtime: "int",
  cpus: "float",
  cpu_shares: "int",
  init: "boolean",
  "deploy.replicas": "int",
  "deploy.update_config.parallelism": "int",
  "deploy.update_config.max_failure_ratio": "float",
  "deploy.rollback_config.parallelism": "int",
  "deploy.rollback_config.max_failure_ratio": "float",
  "deploy.restart_policy.max_attempts": "int",
  "deploy.placement.max_replicas_per_node": "int",
  "healthcheck.retries": "int",
  "healthcheck.disable": "boolean",
  oom_kill_disable: "boolean",
  oom_score_adj: "int",
  pids_limit: "int",
  "ports.*.target": "int",
  privileged: "boolean",
  read_only: "boolean",
  scale: "int",
  "secrets.*.mode": "int",
  stdin_open: "boolean",
  tty: "boolean",
  "ulimits.*": "int",
  "ulimits.*.hard": "int",
  "ulimits.*.soft": "int",
  "volumes.*.read_only": "boolean",
  "volumes.*.volume.nocopy": "boolean",
};

/** Where texts become other types, after compose-go's interpolateTypeCastMapping. */
const casts: PatternNode<Cast> = patterns<Cast>({
  ...Object.fromEntries(Object.entries(serviceCasts).map(([path, cast]) => [`services.*.${path}`, cast])),
  "networks.*.external": "boolean",
  "networks.*.internal": "boolean",
  "networks.*.attachable": "boolean",
  "networks.*.enable_ipv6": "boolean",
  "volumes.*.external": "boolean",
  "secrets.*.external": "boolean",
  "configs.*.external": "boolean",
});

/** The tree with all variables of its text values replaced; keys stay as they are. */
export function interpolate(tree: Tree, lookup: Lookup, report: Report): Tree {
  return interpolateBelow(tree, casts, lookup, report);
}

function interpolateBelow(
  tree: Tree,
  node: PatternNode<Cast> | undefined,
  lookup: Lookup,
  report: Report,
): Tree {
  switch (tree.kind) {
    case "object": {
      const members = tree.members.map((one) => {
        const value = interpolateBelow(one.value, below(node, one.key), lookup, report);
        return value === one.value ? one : { ...one, value };
      });
      return { ...tree, members };
    }
    case "array":
      return {
        ...tree,
        items: tree.items.map((item) => interpolateBelow(item, below(node, ""), lookup, report)),
      };
    case "string": {
      const { text, issues, defaults } = substitute(tree.text, lookup);
      for (const { variable, value } of defaults) report(assumed(variable, value, tree));
      for (const issue of issues) {
        const kind = issue.kind === "invalid" ? "syntax" : issue.kind === "unset" ? "warning" : "unresolved";
        const refuses = issue.kind === "invalid" || issue.kind === "required";
        report(refuses ? refusal(kind, issue.message, issue) : notice(kind, issue.message, issue));
      }
      const replaced = text === tree.text ? tree : stringTree(text, tree);
      return node?.rule === undefined ? replaced : castTo(node.rule, replaced, report);
    }
    default:
      return tree;
  }
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  y: true,
  yes: true,
  on: true,
  false: false,
  n: false,
  no: false,
  off: false,
};

function castTo(cast: Cast, tree: Tree & { kind: "string" }, report: Report): Tree {
  const hole = holeOf(tree.text);
  if (hole !== undefined) return unknownTree(hole, tree);
  const { value } = tree.text;
  if (cast === "boolean") {
    const truth = truths[value.toLowerCase()];
    if (truth !== undefined) return booleanTree(truth, tree);
  } else if (
    cast === "int" ? /^[-+]?\d+$/.test(value) : /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value)
  ) {
    return numberTree(Number(value), tree);
  }
  const wanted = { int: "an integer", float: "a number", boolean: "true or false" }[cast];
  report(refusal("syntax", `"${value}" is not ${wanted}`, tree));
  return tree;
}
