/** Who is let in: `Require`, and `Order`, `Allow`, `Deny`, `Satisfy` of older files. Source: mod_authz_core, mod_access_compat. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { holeIn, placeOf } from "../../text/text.ts";
import type { RouteLogin } from "../product.ts";
import { type HashedLogins, judgeHashedLogins, readHashedLogins } from "../proxy/hashed-logins.ts";
import { parseNetwork } from "../proxy/network.ts";
import type { Condition, Gate, NamedNetwork } from "../proxy/ways.ts";
import { lastOf, wordAt } from "./model.ts";
import type { ReadFile } from "./state.ts";

/** What is asked of a request. */
export interface Asking {
  readonly method: string;
  readonly decide: (condition: Condition) => boolean;
  readonly gates: Gate[];
  readonly read: ReadFile;
}

/** What a requirement says of somebody who knows a password: let in, by that password alone, or turned away. */
type Verdict = "granted" | "login" | "denied" | Maybe<never>;

/** Whether a request gets past the sections that hold for it; a login that it has to give is noted. */
export function admits(sections: readonly (readonly HttpdDirective[])[], asking: Asking): boolean {
  const all = sections.flat().flatMap((directive) => withLimited(directive, asking.method));
  // A type of login and no requirement: httpd answers with an error.
  const type = wordAt(lastOf(all, "authtype") ?? none, 0)?.toLowerCase() ?? "none";
  if (type !== "none" && !sections.some(hasRules)) return false;
  const rules = mergedRules(sections, asking);
  const old = oldVerdict(all, asking);
  const any = wordAt(lastOf(all, "satisfy") ?? none, 0)?.toLowerCase() === "any";
  // Without a list of addresses everybody is on it.
  if (any && (old ?? true)) return true;
  const verdict = rules === undefined ? "granted" : rules();
  return (any || (old ?? true)) && settle(any && rules === undefined ? "denied" : verdict, all, asking);
}

/** What stands in `Limit` beside requirements: logins hold for all methods, addresses for those that are listed. */
function withLimited(directive: HttpdDirective, method: string): readonly HttpdDirective[] {
  const { block } = directive;
  if (!directive.name.startsWith("limit") || block === undefined) return [directive];
  return isLimitedTo(directive, method)
    ? block
    : block.filter(({ name }) => !/^(?:order|allow|deny|satisfy)$/u.test(name));
}

function isLimitedTo({ name, args }: HttpdDirective, method: string): boolean {
  return args.some(({ text }) => text.value.toUpperCase() === method) === (name === "limit");
}

const none: HttpdDirective = { name: "", args: [], at: { file: "", start: 0, end: 0 } };

function settle(verdict: Verdict, all: readonly HttpdDirective[], asking: Asking): boolean {
  if (verdict === "granted") return true;
  if (verdict === "denied") return false;
  if (isUnknown(verdict)) {
    asking.gates.push({ login: verdict, at: verdict.where === undefined ? [] : [verdict.where] });
    return true;
  }
  const type = lastOf(all, "authtype");
  const login = passesUnasked(all) ?? loginOf(type);
  // Without a type of login httpd answers with an error.
  if (login === undefined) return false;
  const users = lastOf(all, "authuserfile");
  const accounts = login === "basic" ? accountsIn(users, asking.read) : undefined;
  asking.gates.push({
    login,
    at: [placeOf(type ?? none)],
    ...(accounts === undefined ? {} : { accounts }),
  });
  return true;
}

/** Source: mod_auth_openidc, auth_openidc.conf: "pass means that an unauthenticated request will pass". */
function passesUnasked(all: readonly HttpdDirective[]): Maybe<RouteLogin> | undefined {
  const action = lastOf(all, "oidcunauthaction");
  if (action === undefined || wordAt(action, 0)?.toLowerCase() !== "pass") return undefined;
  const reason = "OIDCUnAuthAction lets requests without a login pass, unless a claim is required of them";
  return unknown("opaque", reason, placeOf(action));
}

function loginOf(type: HttpdDirective | undefined): Maybe<RouteLogin> | undefined {
  const name = type === undefined ? "none" : (wordAt(type, 0) ?? "").toLowerCase();
  if (name === "none") return undefined;
  if (name === "basic" || name === "digest" || name === "form") return "basic";
  if (/openid|oauth/u.test(name)) return "oidc";
  if (/shibboleth|mellon|gssapi|kerberos|cas|negotiate/u.test(name)) return "proxy";
  return unknown(
    "opaque",
    `the login ${name} is not known to pacslint`,
    type === undefined ? undefined : placeOf(type),
  );
}

const judged = new WeakMap<HttpdDirective, HashedLogins>();

function accountsIn(users: HttpdDirective | undefined, read: ReadFile): HashedLogins | undefined {
  if (users === undefined) return undefined;
  const known = judged.get(users);
  const text = known === undefined ? read(wordAt(users, 0) ?? "") : undefined;
  if (known !== undefined || text === undefined) return known;
  const verdict = judgeHashedLogins(readHashedLogins(text));
  judged.set(users, verdict);
  return verdict;
}

const containers = new Set(["requireall", "requireany", "requirenone"]);

function hasRules(section: readonly HttpdDirective[]): boolean {
  return section.some(
    ({ name, block }) =>
      name === "require" || containers.has(name) || (name.startsWith("limit") && hasRules(block ?? [])),
  );
}

/**
 * A section with requirements of its own takes the place of those before it, for every method, unless `AuthMerging` joins
 * them. Undefined where nothing is required of this method.
 */
function mergedRules(
  sections: readonly (readonly HttpdDirective[])[],
  asking: Asking,
): (() => Verdict) | undefined {
  return sections.filter(hasRules).reduce<(() => Verdict) | undefined>((before, section) => {
    const rules = rulesIn(section, asking.method);
    const own = rules.length === 0 ? undefined : () => anyOf(rules, asking);
    const lines = section.flatMap((directive) => withLimited(directive, asking.method));
    const merging = wordAt(lastOf(lines, "authmerging") ?? none, 0)?.toLowerCase() ?? "off";
    if (merging === "off") return own;
    if (before === undefined || own === undefined) return own ?? before;
    return () => (merging === "and" ? strictest([before(), own()]) : mildest([before(), own()]));
  }, undefined);
}

/** `Limit` and `LimitExcept` hold for some methods only. */
function rulesIn(section: readonly HttpdDirective[], method: string): readonly HttpdDirective[] {
  return section.flatMap((directive): readonly HttpdDirective[] => {
    const { name, block } = directive;
    if (name === "require" || containers.has(name)) return [directive];
    return name.startsWith("limit") && isLimitedTo(directive, method) ? rulesIn(block ?? [], method) : [];
  });
}

function anyOf(rules: readonly HttpdDirective[], asking: Asking): Verdict {
  // Only negative requirements: nobody is let in by them.
  return mildest(rules.map((rule) => verdictOf(rule, asking)));
}

function mildest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("granted")) return "granted";
  if (verdicts.includes("login")) return "login";
  return verdicts.find((verdict) => isUnknown(verdict)) ?? "denied";
}

function allOf(rules: readonly HttpdDirective[], asking: Asking): Verdict {
  return strictest(rules.map((rule) => verdictOf(rule, asking)));
}

function strictest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("denied")) return "denied";
  if (verdicts.includes("login")) return "login";
  return verdicts.find((verdict) => isUnknown(verdict)) ?? "granted";
}

function verdictOf(rule: HttpdDirective, asking: Asking): Verdict {
  const { name, block, args } = rule;
  if (name === "requireany") return anyOf(block ?? [], asking);
  if (name === "requireall") return allOf(block ?? [], asking);
  if (name === "requirenone") return negated(anyOf(block ?? [], asking), rule);
  const [first, ...rest] = args;
  if (first?.text.value.toLowerCase() === "not")
    return negated(verdictOf({ ...rule, args: rest }, asking), rule);
  return requirement(rule, asking);
}

function negated(verdict: Verdict, rule: HttpdDirective): Verdict {
  if (verdict === "granted") return "denied";
  if (verdict === "denied") return "granted";
  return isUnknown(verdict)
    ? verdict
    : unknown("opaque", "who is not let in is not worked out", placeOf(rule));
}

function requirement(rule: HttpdDirective, asking: Asking): Verdict {
  const [first, ...rest] = rule.args;
  const kind = first?.text.value.toLowerCase() ?? "";
  const words = rest.map(({ text }) => text.value);
  const at = placeOf(rule);
  const hole = rest.map(({ text }) => holeIn(text, 0, text.value.length)).find((one) => one !== undefined);
  if (hole !== undefined) return unknown("input", hole.reason, at);
  if (kind === "all") return words[0]?.toLowerCase() === "granted" ? "granted" : "denied";
  if (/^(?:valid-user|user|group|dbm-group|file-group|ldap-\w+|claim|shib-\w+|valid-shib)$/u.test(kind))
    return "login";
  if (kind === "ip")
    return asking.decide({ kind: "addresses", networks: words.flatMap(networksOf), at })
      ? "granted"
      : "denied";
  if (kind === "local")
    return asking.decide({ kind: "addresses", networks: local, at }) ? "granted" : "denied";
  if (kind === "method")
    return words.some((word) => word.toUpperCase() === asking.method) ? "granted" : "denied";
  return unknown("opaque", `Require ${kind} is not evaluated by pacslint`, at);
}

/** A part of an address stands for all that begin with it: "10.1" is 10.1.0.0/16. */
function networksOf(text: string): readonly NamedNetwork[] {
  const parts = /^\d{1,3}(?:\.\d{1,3}){0,2}\.?$/u.test(text)
    ? text.replace(/\.$/u, "").split(".")
    : undefined;
  const whole =
    parts === undefined ? text : `${[...parts, "0", "0", "0"].slice(0, 4).join(".")}/${parts.length * 8}`;
  return [{ text, network: parseNetwork(whole) ?? "unknown" }];
}

const local = ["127.0.0.0/8", "::1"].flatMap(networksOf);

/** `Order`, `Allow from`, `Deny from`: undefined where none of them stands. */
function oldVerdict(all: readonly HttpdDirective[], asking: Asking): boolean | undefined {
  const order = lastOf(all, "order");
  const allow = all.filter(({ name }) => name === "allow");
  const deny = all.filter(({ name }) => name === "deny");
  if (order === undefined && allow.length === 0 && deny.length === 0) return undefined;
  const allowFirst =
    wordAt(order ?? none, 0)
      ?.toLowerCase()
      .startsWith("allow") === true;
  const isAllowed = allow.some((line) => isFrom(line, asking));
  if (allowFirst) return isAllowed && !deny.some((line) => isFrom(line, asking));
  return isAllowed || !deny.some((line) => isFrom(line, asking));
}

function isFrom(line: HttpdDirective, asking: Asking): boolean {
  const words = line.args.slice(1).map(({ text }) => text.value);
  const at = placeOf(line);
  if (words.some((word) => word.toLowerCase() === "all")) return true;
  const isName = words.some((word) => /[A-Za-z=]/u.test(word) && !word.includes(":"));
  if (isName)
    return asking.decide({
      kind: "unknown",
      why: unknown("opaque", "it depends on a name or a variable", at),
    });
  return asking.decide({ kind: "addresses", networks: words.flatMap(networksOf), at });
}
