/** What asks for a login or checks an address before a request gets on: nginx's access phase. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { contains, type Network, parseAddress, parseNetwork } from "../proxy/network.ts";
import { argument, type Block, gapsAround, nearest, setting, type Unknown, wordValue } from "./block.ts";
import { type Script, scriptOf } from "./script.ts";

/** What a gate asks for. */
export type Login =
  | "none"
  | "basic"
  | "auth_request"
  | "jwt"
  | "client-certificate"
  | "addresses"
  | "unknown";

/** One line of `allow` or `deny`. */
export interface AccessRule extends Located {
  readonly allow: boolean;
  /** As written. */
  readonly text: string;
  readonly network: Network | "all" | "unix" | "unknown";
}

/** A gate before the content of a block. */
export type Gate =
  | { readonly kind: "addresses"; readonly rules: readonly AccessRule[]; readonly at: Located }
  | {
      readonly kind: "basic";
      readonly realm: Script;
      readonly userFile: string | Unknown;
      readonly at: Located;
    }
  | { readonly kind: "auth_request"; readonly uri: Script; readonly at: Located }
  | { readonly kind: "jwt"; readonly at: Located }
  | { readonly kind: "unknown"; readonly reason: string; readonly at: Located };

/** All gates of a block, in nginx's order, and whether one of them is enough. */
export interface Access {
  readonly gates: readonly Gate[];
  readonly any: boolean;
  /** Set where `satisfy any` is written. */
  readonly satisfyAt?: Located;
  /** `auth_basic` without `auth_basic_user_file`: asks nobody. */
  readonly idle?: Located;
}

/** Modules that decide about access in ways that are not read here. */
const foreign =
  /^(?:access_by_lua|js_access|auth_pam$|auth_ldap|auth_digest$|auth_gss|auth_spnego|auth_radius|auth_oidc$|perl_access)/;

/** The gates that hold for a block. */
export function accessOf(block: Block): Access {
  const gates: Gate[] = [];
  const rules = nearest(block, "allow", "deny").map(ruleOf);
  const [first] = rules;
  if (first !== undefined) gates.push({ kind: "addresses", rules, at: placeOf(first) });
  const basic = basicOf(block);
  if (basic?.gate !== undefined) gates.push(basic.gate);
  const request = requestOf(block);
  if (request !== undefined) gates.push(request);
  gates.push(...othersOf(block));
  const satisfy = setting(block, "satisfy");
  const any = argument(satisfy, 0) === "any";
  return {
    gates,
    any,
    ...(any && satisfy && { satisfyAt: placeOf(satisfy) }),
    ...(basic?.idle && { idle: basic.idle }),
  };
}

function ruleOf(directive: NginxDirective): AccessRule {
  const value = argument(directive, 0);
  const text = value ?? directive.args[0]?.text.value ?? "";
  return { allow: directive.name === "allow", text, network: networkOf(value), ...placeOf(directive) };
}

function networkOf(value: string | undefined): AccessRule["network"] {
  if (value === "all") return "all";
  if (value === "unix:") return "unix";
  return (value === undefined ? undefined : parseNetwork(value)) ?? "unknown";
}

/** Without a file of users the module lets everybody pass: `realm == NULL || user_file.value.data == NULL`. */
function basicOf(block: Block): { gate?: Gate; idle?: Located } | undefined {
  const line = setting(block, "auth_basic");
  const realm = line?.args[0];
  if (line === undefined || realm === undefined || argument(line, 0) === "off") return undefined;
  const file = setting(block, "auth_basic_user_file")?.args[0];
  const at = placeOf(line);
  if (file === undefined) {
    const gap = gapsAround(block)[0];
    return gap === undefined ? { idle: at } : { gate: { kind: "unknown", reason: gap.reason, at } };
  }
  return { gate: { kind: "basic", realm: scriptOf(realm.text).parts, userFile: wordValue(file), at } };
}

function requestOf(block: Block): Gate | undefined {
  const line = setting(block, "auth_request");
  const uri = line?.args[0];
  if (line === undefined || uri === undefined || argument(line, 0) === "off") return undefined;
  return { kind: "auth_request", uri: scriptOf(uri.text).parts, at: placeOf(line) };
}

function othersOf(block: Block): Gate[] {
  const gates: Gate[] = [];
  const seen = new Set<string>();
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    for (const directive of foreignIn(level)) {
      const { name } = directive;
      if (seen.has(name)) continue;
      seen.add(name);
      if (argument(directive, 0) === "off") continue;
      const at = placeOf(directive);
      gates.push(
        name === "auth_jwt"
          ? { kind: "jwt", at }
          : { kind: "unknown", reason: `${name} decides who gets in`, at },
      );
    }
  }
  return gates;
}

const foreignGates = new WeakMap<Block, readonly NginxDirective[]>();

function foreignIn(block: Block): readonly NginxDirective[] {
  const known =
    foreignGates.get(block) ?? block.own.filter(({ name }) => name === "auth_jwt" || foreign.test(name));
  foreignGates.set(block, known);
  return known;
}

/** What the first rule that fits says; `undefined` when none does. */
export function verdict(rules: readonly AccessRule[], client: string): AccessRule | undefined {
  const address = parseAddress(client);
  return rules.find(({ network }) => {
    if (network === "all") return true;
    if (network === "unix") return client.startsWith("unix:");
    return network !== "unknown" && address !== undefined && contains(network, address);
  });
}

/** A rule before the deciding one whose network is not known. */
export function undecided(
  rules: readonly AccessRule[],
  decided: AccessRule | undefined,
): AccessRule | undefined {
  const before = decided === undefined ? rules : rules.slice(0, rules.indexOf(decided));
  return before.find((rule) => rule.network === "unknown" && rule.allow !== (decided?.allow ?? true));
}

/** What no rule but these lets in: the `allow` lines that a `deny` of everything else follows. */
export function admitted(rules: readonly AccessRule[]): readonly AccessRule[] {
  const end = rules.findIndex((rule) => rule.network === "all");
  const last = end === -1 ? undefined : rules[end];
  if (last === undefined || last.allow) return [];
  return rules.slice(0, end).filter((rule) => rule.allow);
}
