/** Who may read and write what in a directory of OpenLDAP: rules of access. Source: slapd.access(5), OpenLDAP 2.5. */
import { type Maybe, unknown } from "../../../facts/unknown.ts";
import type { Text } from "../../../text/text.ts";
import { type DirectoryEntry, entryValues } from "../directory.ts";

/** One `to … by …` rule. */
export interface AccessRule {
  readonly text: Text;
  readonly order: number;
  readonly what: string;
  readonly grants: readonly Grant[];
}

/** The rules of a database in the order that counts: the number in braces, else as written. */
export function rulesOf(entry: DirectoryEntry): readonly AccessRule[] {
  const rules = entryValues(entry, "olcaccess").map((text, index) => parseRule(text, index));
  return rules.toSorted((a, b) => a.order - b.order);
}

/** Whether some caller of a kind gets a level on an attribute: the first rule and grant that match decide. */
export function allows(
  rules: readonly AccessRule[],
  caller: Caller,
  attribute: string,
  level: Level,
): Maybe<boolean> {
  if (rules.length === 0) return levels.indexOf(level) <= levels.indexOf("read");
  for (const rule of rules) {
    const applies = covers(rule.what, attribute);
    if (applies === false) continue;
    const decided = decide(rule, caller, level);
    if (decided === "next") continue;
    if (applies === "partly")
      return decided ? true : unknown("opaque", `a rule covers a part of the tree: ${rule.what}`);
    return decided;
  }
  return false;
}

/** Who asks: somebody without a login, or any user with one. */
export type Caller = "anonymous" | "user";

const levels = ["none", "disclose", "auth", "compare", "search", "read", "write", "manage"] as const;

/** What a rule gives, least first; each includes the ones before it. */
export type Level = (typeof levels)[number];

interface Grant {
  readonly who: readonly string[];
  readonly level: string;
  readonly control: (typeof controls)[number];
}

const levelNames: readonly string[] = levels;

const controls = ["stop", "break", "continue"] as const;

function parseRule(text: Text, index: number): AccessRule {
  const match = /^\s*(?:\{(\d+)\})?\s*to\s+([\s\S]*?)(?=\s+by\s|$)/.exec(text.value);
  const rest = text.value.slice(match?.[0].length ?? 0);
  return {
    text,
    order: match?.[1] === undefined ? index : Number(match[1]),
    what: (match?.[2] ?? "*").trim(),
    grants: grantsOf(rest),
  };
}

const words = /"[^"]*"|[^\s"]+(?:"[^"]*"\S*)?/g;

function grantsOf(text: string): readonly Grant[] {
  return text
    .split(/(?:^|\s)by\s+/)
    .slice(1)
    .map((part) => {
      const tokens: readonly string[] = part.match(words) ?? [];
      const control = controls.find((word) => tokens.includes(word));
      const rest = tokens.filter((token) => token !== control);
      const last = rest.at(-1) ?? "";
      const isLevel = isAccess(last);
      // `by * break` names no level: it adds nothing and goes on.
      return {
        who: isLevel ? rest.slice(0, -1) : rest,
        level: isLevel ? last : "none",
        control: control ?? "stop",
      };
    });
}

function isAccess(word: string): boolean {
  const level = word.replace(/^(?:self|realself)/, "");
  return (
    levels.some((name) => name === level) ||
    level === "add" ||
    level === "delete" ||
    /^[=+-][mwarscxd0]+$/.test(level)
  );
}

function decide(rule: AccessRule, caller: Caller, level: Level): boolean | "next" {
  let held = false;
  for (const grant of rule.grants) {
    if (!concerns(grant.who, caller)) continue;
    held ||= reaches(grant.level, level);
    if (grant.control === "break") return held ? true : "next";
    if (grant.control === "stop") return held;
  }
  return held;
}

/** What a rule is about: everything, some attributes, or a part of the tree. */
function covers(what: string, attribute: string): boolean | "partly" {
  const attributes = /\battrs?=([^\s]+)/.exec(what)?.[1];
  if (
    attributes !== undefined &&
    !attributes
      .toLowerCase()
      .split(",")
      .some((name) => name === attribute)
  )
    return false;
  if (/\b(?:dn(?:\.\w+)?|filter)=/.test(what)) return "partly";
  return true;
}

/** Whether a grant is for callers of a kind, from anywhere. */
function concerns(who: readonly string[], caller: Caller): boolean {
  if (who.length === 0) return false;
  return who.every(
    (word) => word === "*" || (caller === "anonymous" ? word === "anonymous" : word === "users"),
  );
}

function reaches(granted: string, level: Level): boolean {
  const plain = granted.replace(/^(?:self|realself)/, "");
  if (/^[=+]/.test(plain))
    return level === "read" ? plain.includes("r") || plain.includes("m") : /[wm]/.test(plain);
  if (plain.startsWith("-")) return false;
  const rank = plain === "add" || plain === "delete" ? levels.indexOf("write") : levelNames.indexOf(plain);
  return rank >= levels.indexOf(level);
}
