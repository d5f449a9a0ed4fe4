/** The middlewares of Traefik that a request goes through. Sources: pkg/middlewares of traefik/traefik. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Member, Tree } from "../../sources/tree.ts";
import { type Located, placeOf, type Text } from "../../text/text.ts";
import {
  type HashedLogin,
  type HashedLogins,
  judgeHashedLogins,
  readHashedLogins,
} from "../proxy/hashed-logins.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { isOn, membersAt, valueAt, type Word, wordOf, wordsOf } from "../proxy/tree.ts";
import type { Condition, Gate, Outcome, ProxyRequest } from "../proxy/ways.ts";
import { qualified } from "./dynamic.ts";
import { namedNetwork } from "./rule.ts";

/** A request between middlewares. */
export interface Passing {
  readonly request: ProxyRequest;
  readonly decide: (condition: Condition) => boolean;
  readonly middlewares: ReadonlyMap<string, Member>;
  /** Reads a file of users. */
  readonly read: ReadFile;
  /** Path without its query; changed on the way. */
  path: string;
  readonly gates: Gate[];
  supplies: Maybe<boolean>;
  bodyLimit: Maybe<number>;
  hsts: Maybe<boolean>;
  readonly origins: Record<string, readonly Origin[]>;
}

/** Reads a file as Traefik sees it. */
export type ReadFile = (path: string) => Text | undefined;

const nestingLimit = 20;

/** Takes a request through middlewares; the outcome, where it ends in one of them. */
export function throughAll(
  names: readonly Word[],
  provider: string,
  passing: Passing,
  depth = 0,
): Outcome | undefined {
  for (const word of names) {
    const ended = throughNamed(word, provider, passing, depth);
    if (ended !== undefined) return ended;
  }
  return undefined;
}

function throughNamed(word: Word, provider: string, passing: Passing, depth: number): Outcome | undefined {
  const { value: name, ...at } = word;
  if (isUnknown(name)) {
    passing.gates.push({ login: name, at: [at] });
    return undefined;
  }
  const id = qualified(name, provider);
  const found = passing.middlewares.get(id);
  if (found === undefined || depth > nestingLimit) {
    const why = unknown("input", `the middleware ${id} is not part of the input`, at);
    passing.gates.push({ login: why, at: [at] });
    return undefined;
  }
  const from = id.slice(id.indexOf("@") + 1);
  for (const member of membersAt(found.value)) {
    const ended = through(member, passing, from, depth);
    if (ended !== undefined) return ended;
  }
  return undefined;
}

type Step = (member: Member, passing: Passing, provider: string, depth: number) => Outcome | undefined;

/** What ends nothing and asks nobody. */
const harmless: Step = () => undefined;

const steps: Readonly<Record<string, Step>> = {
  addprefix: ({ value }, passing) => {
    passing.path = (text(value, "prefix") ?? "") + passing.path;
    return undefined;
  },
  stripprefix,
  stripprefixregex: stripPrefixRegex,
  replacepath: ({ value }, passing) => {
    passing.path = text(value, "path") ?? passing.path;
    return undefined;
  },
  replacepathregex: replacePathRegex,
  chain: ({ value }, passing, provider, depth) =>
    throughAll(wordsOf(valueAt(value, "middlewares")), provider, passing, depth + 1),
  ipwhitelist: addresses,
  ipallowlist: addresses,
  basicauth: basicAuth,
  digestauth: login("basic"),
  forwardauth: login("proxy"),
  headers,
  redirectscheme: ({ value }, { request }) => {
    const scheme = text(value, "scheme") ?? "";
    return (scheme === "https") === request.tls ? undefined : redirect(`${scheme}://${request.host}`);
  },
  redirectregex: redirectRegex,
  buffering: ({ value }, passing) => {
    const limit = wordOf(valueAt(value, "maxrequestbodybytes"));
    if (limit === undefined) return undefined;
    passing.bodyLimit = isUnknown(limit.value) ? limit.value : Number(limit.value) / 1024 ** 2;
    passing.origins["/bodyLimit"] = [fromPlace(limit)];
    return undefined;
  },
  errors: harmless,
  ratelimit: harmless,
  inflightreq: harmless,
  circuitbreaker: harmless,
  compress: harmless,
  passtlsclientcert: harmless,
  retry: harmless,
  contenttype: harmless,
  grpcweb: harmless,
  encodedcharacters: harmless,
};

function through(member: Member, passing: Passing, provider: string, depth: number): Outcome | undefined {
  const step = steps[member.key.toLowerCase()];
  if (step !== undefined) return step(member, passing, provider, depth);
  const why = unknown("opaque", `the plugin ${member.key} of Traefik decides who gets in`, member.keyAt);
  passing.gates.push({ login: why, at: [member.keyAt] });
  return undefined;
}

function text(tree: Tree, name: string): string | undefined {
  const word = wordOf(valueAt(tree, name));
  return word === undefined || isUnknown(word.value) ? undefined : word.value;
}

function redirect(to: string): Outcome {
  return { kind: "redirect", status: 302, to };
}

function login(mode: "basic" | "proxy"): Step {
  return ({ keyAt }, passing) => {
    passing.gates.push({ login: mode, at: [keyAt] });
    return undefined;
  };
}

function basicAuth({ value, keyAt }: Member, passing: Passing): undefined {
  const accounts = accountsOf(value, passing.read);
  passing.gates.push({ login: "basic", at: [keyAt], ...(accounts === undefined ? {} : { accounts }) });
}

const judged = new WeakMap<Tree, HashedLogins>();

/** The users of the middleware and of its file; undefined where some of them are not there to read. */
function accountsOf(tree: Tree, read: ReadFile): HashedLogins | undefined {
  const known = judged.get(tree);
  if (known !== undefined) return known;
  const logins = userHashes(tree, read);
  if (logins === undefined) return undefined;
  const verdict = judgeHashedLogins(logins);
  judged.set(tree, verdict);
  return verdict;
}

/** The accounts of a basicAuth, each with the place of its hash. */
export function userHashes(tree: Tree, read: ReadFile): readonly HashedLogin[] | undefined {
  const file = wordOf(valueAt(tree, "usersfile"));
  const text = file === undefined || isUnknown(file.value) ? undefined : read(file.value);
  const words = wordsOf(valueAt(tree, "users"));
  if ((file !== undefined && text === undefined) || words.some(({ value }) => isUnknown(value)))
    return undefined;
  const listed = words.flatMap(({ value, at }): readonly HashedLogin[] => {
    if (isUnknown(value)) return [];
    const colon = value.indexOf(":");
    return [{ name: value.slice(0, colon), hash: value.slice(colon + 1), at: { at } }];
  });
  return [...listed, ...(text === undefined ? [] : readHashedLogins(text))];
}

/** Without a strategy the address of the connection counts; with one, a header that a stranger may have written. */
function addresses({ value, keyAt }: Member, passing: Passing): Outcome | undefined {
  const ranges = valueAt(value, "sourcerange");
  const words = wordsOf(ranges);
  const at: Located = words[0] ?? keyAt;
  const strategy = valueAt(value, "ipstrategy");
  const named = words.map((word) => (isUnknown(word.value) ? word.value : word.value));
  const open = named.find(isUnknown);
  if (strategy !== undefined) {
    const why = unknown("opaque", "the address is taken from a header of the request", strategy);
    return passing.decide({ kind: "unknown", why }) ? undefined : { kind: "answer", status: 403 };
  }
  if (open !== undefined)
    return passing.decide({ kind: "unknown", why: open }) ? undefined : { kind: "answer", status: 403 };
  const networks = named.flatMap((name) => (isUnknown(name) ? [] : [namedNetwork(name)]));
  return passing.decide({ kind: "addresses", networks, at: placeOf(at) })
    ? undefined
    : { kind: "answer", status: 403 };
}

function stripprefix({ value }: Member, passing: Passing): Outcome | undefined {
  const prefixes = wordsOf(valueAt(value, "prefixes"));
  for (const { value: prefix } of prefixes) {
    if (isUnknown(prefix)) return { kind: "unknown", why: prefix };
    if (!passing.path.startsWith(prefix)) continue;
    const rest = passing.path.slice(prefix.length);
    passing.path = rest.startsWith("/") ? rest : `/${rest}`;
    break;
  }
  return undefined;
}

function stripPrefixRegex({ value, keyAt }: Member, passing: Passing): Outcome | undefined {
  for (const { value: pattern } of wordsOf(valueAt(value, "regex"))) {
    const regex = isUnknown(pattern) ? undefined : regexOf(pattern, false);
    if (typeof regex !== "object") return notUnderstood(keyAt);
    const [found] = matchRegex(regex, passing.path) ?? [];
    if (found === undefined || found === "" || !passing.path.startsWith(found)) continue;
    const rest = passing.path.slice(found.length);
    passing.path = rest.startsWith("/") ? rest : `/${rest}`;
    break;
  }
  return undefined;
}

function notUnderstood(at: Located): Outcome {
  return {
    kind: "unknown",
    why: unknown("opaque", "pacslint does not understand this regular expression", at),
  };
}

function replacePathRegex({ value, keyAt }: Member, passing: Passing): Outcome | undefined {
  const replaced = replacement(value, passing.path);
  if (replaced === undefined) return notUnderstood(keyAt);
  passing.path = replaced;
  return undefined;
}

/** What becomes of a text by `regex` and `replacement`; undefined where the expression is not understood. */
function replacement(tree: Tree, subject: string): string | undefined {
  const pattern = text(tree, "regex");
  const regex = pattern === undefined ? undefined : regexOf(pattern, false);
  if (typeof regex !== "object") return undefined;
  const captures = matchRegex(regex, subject);
  const [whole] = captures ?? [];
  if (captures === undefined || whole === undefined) return subject;
  const to = (text(tree, "replacement") ?? "").replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/gu,
    (_, braced?: string, bare?: string) => captures[Number(braced ?? bare)] ?? "",
  );
  const start = subject.indexOf(whole);
  return subject.slice(0, start) + to + subject.slice(start + whole.length);
}

function redirectRegex({ value, keyAt }: Member, passing: Passing): Outcome | undefined {
  const { request, path } = passing;
  const url = `${request.tls ? "https" : "http"}://${request.host}${path}`;
  const to = replacement(value, url);
  if (to === undefined) return notUnderstood(keyAt);
  return to === url ? undefined : redirect(to);
}

/** `sslRedirect` is of release 2; 3 takes it out. */
function headers({ value }: Member, passing: Passing): Outcome | undefined {
  for (const { key, keyAt, value: header } of membersAt(value, "customrequestheaders")) {
    if (key.toLowerCase() !== "authorization") continue;
    const word = wordOf(header);
    passing.supplies = isUnknown(word?.value) ? word.value : (word?.value ?? "") !== "";
    passing.origins["/suppliesLogin"] = [fromPlace(keyAt)];
  }
  const seconds = wordOf(valueAt(value, "stsseconds"));
  const forced = isOn(valueAt(value, "forcestsheader"));
  if (seconds !== undefined && (passing.request.tls || forced === true)) {
    passing.hsts = isUnknown(seconds.value) ? seconds.value : Number(seconds.value) > 0;
    passing.origins["/hsts"] = [fromPlace(seconds)];
  }
  for (const { key, keyAt, value: header } of membersAt(value, "customresponseheaders")) {
    if (key.toLowerCase() !== "strict-transport-security") continue;
    const word = wordOf(header);
    passing.hsts = isUnknown(word?.value) ? word.value : /max-age\s*=\s*"?[1-9]/iu.test(word?.value ?? "");
    passing.origins["/hsts"] = [fromPlace(keyAt)];
  }
  if (isOn(valueAt(value, "sslredirect")) === true && !passing.request.tls)
    return redirect(`https://${passing.request.host}`);
  return undefined;
}
