/** oauth2-proxy: a login before the servers behind it, and what it leaves out of that. */
import type { Service } from "../../deployment/model.ts";
import type { IneffectiveFact, Tls } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import type { Word } from "../flags.ts";
import { judgePassword } from "../passwords.ts";
import { probeHost } from "../probe-paths.ts";
import type { Answer, Derive, Socket } from "../product.ts";
import { nothingDerived, ownAnswer, proxySocket } from "../proxy/derived.ts";
import type { Front, Sample } from "../proxy/front.ts";
import { parseNetwork } from "../proxy/network.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { pathsLabel, routesOf } from "../proxy/routes.ts";
import { type Condition, type Handler, type ProxyRequest, waysOf } from "../proxy/ways.ts";
import { type Oauth2Options, oauth2Options } from "./options.ts";

/** A server behind it, and the paths for which it stands. */
interface Upstream {
  readonly word: Word;
  readonly path: string;
  /** Undefined: it answers itself, with a file or a number. */
  readonly server: { readonly host: string; readonly port: number } | undefined;
}

/** Sockets and routes of oauth2-proxy; without sockets where its options cannot be read. */
export const deriveOauth2Proxy: Derive = (service, _version, context) => {
  const options = oauth2Options(service, context);
  const upstreams = options.list("upstream").flatMap(upstreamOf);
  if (options.unread !== undefined)
    return { ...nothingDerived, assumptions: [`Of ${service.name} ${options.unread}.`] };
  const sockets = socketsOf(service, options);
  return {
    ...nothingDerived,
    sockets,
    routes: routesOf(
      upstreams.length === 0 ? [] : sockets.map((socket) => frontOf(socket, upstreams, options, service)),
    ),
    facts: () => openLogins(service, options),
    secrets: ["cookie-secret", "client-secret"].flatMap((name) => options.list(name).map(({ at }) => at)),
  };
};

/** Its paths come from the address: one that ends in a slash takes all below it (pkg/upstream/proxy.go). */
function upstreamOf(word: Word): readonly Upstream[] {
  if (isUnknown(word.value)) return [{ word, path: "/", server: undefined }];
  const found = /^(\w+):\/\/([^/:#]*|\[[^\]]*\])(?::(\d+))?(\/[^?#]*)?(?:#(.*))?$/u.exec(word.value);
  if (found === null) return [];
  const [, scheme = "", host = "", port, path = "/", fragment] = found;
  if (!/^https?$/u.test(scheme)) return [{ word, path: fragment ?? "/", server: undefined }];
  const usual = scheme === "https" ? 443 : 80;
  return [{ word, path, server: { host, port: port === undefined ? usual : Number(port) } }];
}

/** Plain at http-address, and with TLS at https-address where it has a certificate. */
function socketsOf(service: Service, options: Oauth2Options): readonly Socket[] {
  const [certificate] = options.list("tls-cert-file");
  const plain = listening(service, options, "http-address", "127.0.0.1:4180", undefined);
  return certificate === undefined
    ? [plain]
    : [plain, listening(service, options, "https-address", ":443", certificate)];
}

function listening(
  service: Service,
  options: Oauth2Options,
  name: string,
  usual: string,
  certificate: Word | undefined,
): Socket {
  const [said] = options.list(name);
  const at = placeOf(said ?? certificate ?? service.container?.imageAt ?? service.at ?? nowhere);
  const address = said === undefined ? usual : isUnknown(said.value) ? undefined : said.value;
  const found = /^(?:https?:\/\/)?(.*):(\d+)$/u.exec(address ?? "");
  const why = unknown("input", `${name} is not known`, at);
  const host = found?.[1]?.replace(/^\[(.*)\]$/u, "$1");
  const bind = host === "" || host === "::" ? "0.0.0.0" : host;
  const tls = certificate === undefined ? tlsOff : encrypted;
  const lines = [fromPlace(placeOf(certificate ?? at))];
  const made = proxySocket("http", {
    id: certificate === undefined ? "http" : "https",
    bind: said === undefined && certificate === undefined ? unsaidBind(service) : (bind ?? why),
    port: found === null ? why : Number(found[2]),
    tls,
    at,
    origins: { "/tls": lines, "/tls/mode": lines },
  });
  return { ...made, seen: { loopback: asked, other: asked } };
}

/** What it shows itself is a page for the login. */
const asked: Answer = { ...ownAnswer, auth: { ...ownAnswer.auth, mode: "oidc" } };

const nowhere: Located = { at: { file: "", start: 0, end: 0 } };
const theirs = unknown("opaque", "the default of oauth2-proxy decides it");
const encrypted: Tls = {
  mode: "on",
  encrypts: true,
  minVersion: theirs,
  ciphers: null,
  clientCertificate: "none",
};

/** By itself it listens on the loopback; images of others than its makers may say otherwise. */
function unsaidBind(service: Service): Maybe<string> {
  return isMakersOwn(service)
    ? "127.0.0.1"
    : unknown("opaque", "the image decides at which address it listens");
}

/** Whether nothing but its own defaults holds for what is not said. */
function isMakersOwn({ container }: Service): boolean {
  return container === undefined || /^(?:quay\.io\/)?oauth2-proxy\//u.test(container.image?.value ?? "");
}

function frontOf(
  { id, tls, origins }: Socket,
  upstreams: readonly Upstream[],
  options: Oauth2Options,
  service: Service,
): Front {
  const handler = handlerOf(upstreams, options, service);
  return {
    socket: id,
    key: id,
    name: undefined,
    tls,
    origins: { ...origins, "/listen": origins[""] ?? [] },
    samples: [
      ...upstreams.map(
        ({ path }): Sample => ({ shown: path, path, ...(path.endsWith("/") ? { prefix: path } : {}) }),
      ),
      ...routesLeftOut(options).flatMap(({ sample }) => sample ?? []),
    ],
    ask: (path, method) => waysOf(handler, { path, method, host: probeHost, tls: tls.mode === "on" }),
    label: (paths) => pathsLabel("path", paths, undefined),
  };
}

/** A route that needs no login. */
interface LeftOut {
  readonly word: Word;
  readonly sample: Sample | undefined;
  readonly fits: (request: Pick<ProxyRequest, "method">, path: string) => Maybe<boolean>;
}

/** `skip_auth_routes`: "GET=^/metrics", "!=^/private", "^/open"; `skip_auth_regex` has paths alone. */
function routesLeftOut(options: Oauth2Options): readonly LeftOut[] {
  return [...options.list("skip-auth-route"), ...options.list("skip-auth-regex")].map((word): LeftOut => {
    const { value } = word;
    if (isUnknown(value)) return { word, sample: undefined, fits: () => value };
    const [, wanted = "", negated, pattern = value] = /^([A-Za-z]*)(!?)=(.*)$/su.exec(value) ?? [];
    const regex = regexOf(pattern, false);
    if (typeof regex !== "object") {
      const why = unknown("opaque", `the expression ${pattern} is not understood`, placeOf(word));
      return { word, sample: undefined, fits: () => why };
    }
    const example = negated === "!" ? undefined : regex.example;
    return {
      word,
      sample: example === undefined ? undefined : { shown: pattern, path: example },
      fits: ({ method }, path) =>
        (wanted === "" || wanted.toUpperCase() === method) &&
        (matchRegex(regex, path) !== undefined) !== (negated === "!"),
    };
  });
}

function handlerOf(upstreams: readonly Upstream[], options: Oauth2Options, service: Service): Handler {
  const leftOut = routesLeftOut(options);
  const trusted = options.list("trusted-ip");
  const loginAt = placeOf(
    options.list("provider")[0] ?? options.list("client-id")[0] ?? service.container?.imageAt ?? nowhere,
  );
  const byLength = upstreams.toSorted((left, right) => right.path.length - left.path.length);
  return (request, decide) => {
    const path = request.path.split("?")[0] ?? request.path;
    if (path.startsWith("/oauth2/")) return { outcome: { kind: "answer", status: 200 }, gates: [] };
    const isFree = leftOut.find(({ fits }) => {
      const taken = fits(request, path);
      return isUnknown(taken) ? decide({ kind: "unknown", why: taken }) : taken;
    });
    const gates =
      isFree !== undefined || isTrusted(trusted, decide) ? [] : [{ login: "oidc" as const, at: [loginAt] }];
    const found = byLength.find((one) =>
      one.path.endsWith("/") ? path.startsWith(one.path) : path === one.path,
    );
    if (found?.server === undefined) return { outcome: { kind: "answer", status: 404 }, gates: [] };
    const place = [fromPlace(placeOf(found.word))];
    const goal = {
      targets: [found.server],
      inside: request.path,
      supplies: false,
      bodyLimit: 0,
      hsts: false,
      unread: null,
      origins: {
        "/path": isFree === undefined ? place : [fromPlace(placeOf(isFree.word))],
        "/target": place,
      },
    };
    return { gates, outcome: { kind: "passed", goal } };
  };
}

/** `trusted_ips`: addresses of which no login is asked. */
function isTrusted(trusted: readonly Word[], decide: (condition: Condition) => boolean): boolean {
  const [first] = trusted;
  if (first === undefined) return false;
  const networks = trusted.map(({ value }) =>
    isUnknown(value)
      ? { text: value.reason, network: "unknown" as const }
      : { text: value, network: parseNetwork(value) ?? ("unknown" as const) },
  );
  return decide({ kind: "addresses", networks, at: placeOf(first) });
}

/** Providers at which everybody can have an account. */
const publicProviders: Readonly<Record<string, string>> = {
  google: "Google",
  github: "GitHub",
  facebook: "Facebook",
  linkedin: "LinkedIn",
  bitbucket: "Bitbucket",
  digitalocean: "DigitalOcean",
};

const narrowing = [
  "authenticated-emails-file",
  "allowed-group",
  "allowed-role",
  "google-group",
  "github-org",
  "github-team",
  "github-user",
  "github-repo",
  "bitbucket-team",
  "bitbucket-repository",
];

/** Logins that keep nobody out. */
function openLogins(service: Service, options: Oauth2Options): readonly IneffectiveFact[] {
  return [openToAll(service, options), forgeable(options)].flatMap((found) => {
    if (found === undefined) return [];
    const origins = [fromPlace(placeOf(found.word))];
    return [
      {
        kind: "ineffective",
        id: `${service.name}/${found.path}`,
        service: service.name,
        product: "oauth2-proxy",
        path: found.path,
        because: found.because,
        looksSafe: true,
        origins: { "": origins, "/path": origins, "/because": origins },
      },
    ];
  });
}

interface Idle {
  readonly path: string;
  readonly because: string;
  readonly word: Word;
}

/** `email_domains = "*"` lets in whoever the provider knows. */
function openToAll(service: Service, options: Oauth2Options): Idle | undefined {
  const word = options.list("email-domain").find(({ value }) => value === "*");
  const [provider] = options.list("provider");
  if (provider === undefined && !isMakersOwn(service)) return undefined;
  const name = provider === undefined ? "google" : provider.value;
  const maker = isUnknown(name) ? undefined : publicProviders[name];
  if (word === undefined || maker === undefined) return undefined;
  if (narrowing.some((one) => options.list(one).length > 0)) return undefined;
  const because = `everybody who has an account at ${maker} is let in, and everybody can have one`;
  return { path: "email_domains", because, word };
}

/** Sessions are made with the cookie secret: one that can be looked up lets everybody make his own. */
function forgeable(options: Oauth2Options): Idle | undefined {
  const word = options
    .list("cookie-secret")
    .find(({ value }) => !isUnknown(value) && judgePassword(null, value) === "default");
  const because = "its cookie secret is published, and whoever knows it makes a session of his own";
  return word === undefined ? undefined : { path: "cookie_secret", because, word };
}
