/** Tables of rules by path, such as `services.*.ports`, to be walked along with a tree: only where a rule can apply. */

/** One step of all patterns that agree so far. */
export interface PatternNode<Rule> {
  readonly rule?: Rule;
  readonly named: ReadonlyMap<string, PatternNode<Rule>>;
  /** What follows a `*`: any key, any item of a list. */
  readonly any?: PatternNode<Rule>;
}

interface Growing<Rule> {
  rule?: Rule;
  readonly named: Map<string, Growing<Rule>>;
  any?: Growing<Rule>;
}

/** Makes the table from dotted patterns. */
export function patterns<Rule>(table: Readonly<Record<string, Rule>>): PatternNode<Rule> {
  const root: Growing<Rule> = { named: new Map() };
  for (const [pattern, rule] of Object.entries(table)) {
    let node = root;
    for (const part of pattern.split(".")) {
      const existing = part === "*" ? node.any : node.named.get(part);
      const next: Growing<Rule> = existing ?? { named: new Map() };
      if (part === "*") node.any = next;
      else node.named.set(part, next);
      node = next;
    }
    node.rule = rule;
  }
  return root;
}

/** The patterns that go on below a key or an item. */
export function below<Rule>(node: PatternNode<Rule> | undefined, key: string): PatternNode<Rule> | undefined {
  return node?.named.get(key) ?? node?.any;
}
