/**
 * Traefik 1, told in the words of release 2: frontends become routers with middlewares, backends services.
 * Source: Traefik 1.7, docs/configuration/entrypoints.md, docs/configuration/backends/docker.md, docs/basics.md
 * ("Matchers", "Modifiers").
 */
import type { ContainerVariable, Service } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { type Located, locate, placeOf, type Text, textAt } from "../../text/text.ts";
import {
  isOn,
  membersAt,
  type NamedSetting,
  treeOf,
  valueAt,
  type Word,
  wordOf,
  wordsOf,
} from "../proxy/tree.ts";
import type { Told } from "./dynamic.ts";
import { translatedRule } from "./release1-rule.ts";

/** What a Traefik 1 is started with, as a Traefik 2 would be, and the frontends of its file and of the labels beside it. */
export interface Release1 {
  readonly tree: Tree;
  readonly told: readonly Told[];
}

/**
 * Reads what it is started with; `given` is its file, or its flags and variables, `beside` the file of its provider, where
 * that is another one.
 */
export function readRelease1(
  service: Service,
  given: Tree,
  beside: Tree | undefined,
  nowhere: Located,
): Release1 {
  const { container, args = [] } = service;
  // A flag with spaces in it is one word.
  const words =
    container === undefined ? args : [...(container.entrypoint ?? []), ...(container.command ?? [])];
  const flags = words.flatMap(entryPointFlag);
  const points = flags.length > 0 ? flags : membersAt(given, "entrypoints").map(entryPointIn);
  const defaults = wordsOf(valueAt(given, "defaultentrypoints"));
  const docker = valueAt(given, "docker");
  const isWatching = docker !== undefined && isOn(docker) !== false;
  const containers = isWatching ? (service.partners ?? []) : [];
  return {
    tree: treeOf([...points.flatMap(({ own }) => own), ...switches(given, isWatching, nowhere)], nowhere),
    told: [
      {
        provider: "file",
        tree: treeOf(
          points.flatMap(({ gates }) => gates),
          nowhere,
        ),
      },
      ...[given, ...(beside === undefined ? [] : [beside])].flatMap((tree) =>
        frontendsIn(tree, defaults, nowhere),
      ),
      ...containers.flatMap((one) => ofContainer(one, docker, defaults)),
    ],
  };
}

interface Point {
  /** Its own settings. */
  readonly own: readonly NamedSetting[];
  /** The middlewares that stand before everything there. */
  readonly gates: readonly NamedSetting[];
}

function setting(path: readonly string[], word: Word): NamedSetting {
  const at = placeOf(word);
  return { path, value: textAt(isUnknown(word.value) ? "" : word.value, at), at };
}

function said(path: readonly string[], value: string, at: Located): NamedSetting {
  return { path, value: textAt(value, placeOf(at)), at: placeOf(at) };
}

/** `[entryPoints.http]` with address, tls, redirect, auth and whiteList. */
function entryPointIn({ key, value }: { readonly key: string; readonly value: Tree }): Point {
  const address = wordOf(valueAt(value, "address"));
  const tls = valueAt(value, "tls");
  const redirect = wordOf(valueAt(value, "redirect", "entrypoint"));
  return pointOf(key, {
    address,
    tls: tls === undefined ? undefined : placeOf(tls),
    redirect,
    users: wordsOf(valueAt(value, "auth", "basic", "users")),
    range: wordsOf(valueAt(value, "whitelist", "sourcerange") ?? valueAt(value, "whitelistsourcerange")),
  });
}

interface PointParts {
  readonly address: Word | undefined;
  readonly tls: Located | undefined;
  readonly redirect: Word | undefined;
  readonly users: readonly Word[];
  readonly range: readonly Word[];
}

function pointOf(name: string, { address, tls, redirect, users, range }: PointParts): Point {
  const gates = gatesOf(`entrypoint-${name}`, users, range);
  const [first] = gates;
  return {
    own: [
      ...(address === undefined ? [] : [setting(["entrypoints", name, "address"], address)]),
      ...(tls === undefined ? [] : [said(["entrypoints", name, "http", "tls"], "true", tls)]),
      ...(redirect === undefined
        ? []
        : [said(["entrypoints", name, "http", "redirections", "entrypoint", "to"], "websecure", redirect)]),
      ...(first === undefined
        ? []
        : [
            said(
              ["entrypoints", name, "http", "middlewares"],
              namesOf(gates)
                .map((one) => `${one}@file`)
                .join(","),
              first.at,
            ),
          ]),
    ],
    gates,
  };
}

function gatesOf(name: string, users: readonly Word[], range: readonly Word[]): readonly NamedSetting[] {
  const listed = (kind: string, key: string, words: readonly Word[]) =>
    words.map((word, index) =>
      setting(["http", "middlewares", `${name}-${kind}`, kind, key, `${index}`], word),
    );
  return [...listed("ipwhitelist", "sourcerange", range), ...listed("basicauth", "users", users)];
}

function namesOf(gates: readonly NamedSetting[]): readonly string[] {
  return [...new Set(gates.flatMap(({ path }) => path[2] ?? []))];
}

/** `--entryPoints=Name:https Address::443 TLS Redirect.EntryPoint:x`. */
function entryPointFlag(word: Text): readonly Point[] {
  const found = /^--?entrypoints?=?["']?(Name:.*?)["']?$/iu.exec(word.value);
  const start = word.value.search(/Name:/iu);
  if (found === null && !/^["']?Name:\S+\s+Address:/iu.test(word.value)) return [];
  const parts = new Map<string, Word>();
  for (const { index, 0: part } of word.value.slice(start).matchAll(/[^\s"']+/gu)) {
    const [key = "", ...rest] = part.split(":");
    const at = placeOf(locate(word, start + index, start + index + part.length));
    parts.set(key.toLowerCase(), { value: rest.join(":"), ...at });
  }
  const name = parts.get("name")?.value;
  if (typeof name !== "string") return [];
  const list = (key: string) => separated(parts.get(key));
  return [
    pointOf(name, {
      address: parts.get("address"),
      tls: parts.get("tls"),
      redirect: parts.get("redirect.entrypoint"),
      users: list("auth.basic.users"),
      range: list("whitelist.sourcerange"),
    }),
  ];
}

function separated(word: Word | undefined): readonly Word[] {
  if (word === undefined || isUnknown(word.value)) return word === undefined ? [] : [word];
  return word.value.split(",").map((value) => ({ ...placeOf(word), value: value.trim() }));
}

/** Which providers it listens to, and whether its dashboard answers everybody: in release 1 it always does. */
function switches(given: Tree, isWatching: boolean, nowhere: Located): readonly NamedSetting[] {
  const api = [valueAt(given, "api"), valueAt(given, "web")].find(
    (tree) => tree !== undefined && isOn(tree) !== false,
  );
  return [
    ...(isWatching ? [said(["providers", "docker"], "true", nowhere)] : []),
    ...(api === undefined ? [] : [said(["api", "insecure"], "true", api)]),
  ];
}

/** `[frontends]` and `[backends]` of its file. */
function frontendsIn(given: Tree, defaults: readonly Word[], nowhere: Located): readonly Told[] {
  const backends = membersAt(given, "backends").flatMap(({ key, value }) =>
    membersAt(value, "servers").flatMap((server, index) => {
      const url = wordOf(valueAt(server.value, "url"));
      return url === undefined
        ? []
        : [setting(["http", "services", key, "loadbalancer", "servers", `${index}`, "url"], url)];
    }),
  );
  const frontends = membersAt(given, "frontends").flatMap(({ key, value, keyAt }) => {
    const backend = wordOf(valueAt(value, "backend"));
    const rules = membersAt(value, "routes").flatMap((route) => wordOf(valueAt(route.value, "rule")) ?? []);
    const users = wordsOf(valueAt(value, "auth", "basic", "users") ?? valueAt(value, "basicauth"));
    const range = wordsOf(valueAt(value, "whitelist", "sourcerange"));
    const points = wordsOf(valueAt(value, "entrypoints"));
    const gates = gatesOf(key, users, range);
    return [
      ...routerOf(
        key,
        rules.length === 0 ? [{ value: "PathPrefix:/", ...placeOf(keyAt) }] : rules,
        points.length > 0 ? points : defaults,
        gates,
      ),
      ...(backend === undefined ? [] : [setting(["http", "routers", key, "service"], backend)]),
    ];
  });
  if (frontends.length === 0) return [];
  return [{ provider: "file", tree: treeOf([...backends, ...frontends], nowhere) }];
}

/** A router with what its rule and its gates make of it. */
function routerOf(
  name: string,
  rules: readonly Word[],
  points: readonly Word[],
  gates: readonly NamedSetting[],
): readonly NamedSetting[] {
  const translated = rules.map(translatedRule);
  const [first] = rules;
  if (first === undefined) return [];
  const changes = translated
    .flatMap(({ changes: own }) => own)
    .map(([kind, key, value], index) =>
      said(["http", "middlewares", `${name}-path${index}`, kind, key], value, first),
    );
  const names = [...namesOf(gates), ...namesOf(changes)];
  const router = ["http", "routers", name];
  const rule = translated
    .map((one) => one.rule)
    .filter((one) => one !== "")
    .join(" && ");
  return [
    said([...router, "rule"], rule === "" ? "PathPrefix(`/`)" : rule, first),
    ...points.map((word, index) => setting([...router, "entrypoints", `${index}`], word)),
    ...(names.length === 0 ? [] : [said([...router, "middlewares"], names.join(","), first)]),
    ...gates,
    ...changes,
  ];
}

/** Labels of a container: one frontend, or one for each segment (`traefik.NAME.frontend.rule`). */
function ofContainer(one: Service, docker: Tree | undefined, defaults: readonly Word[]): readonly Told[] {
  const { container } = one;
  if (container === undefined || one.product === "traefik") return [];
  const isSwarm = isOn(valueAt(docker, "swarmmode")) === true;
  const labels = new Map(
    (isSwarm ? container.deployLabels : container.labels).map((label) => [label.name.toLowerCase(), label]),
  );
  const enabled =
    labels.get("traefik.enable")?.value.value ??
    (isOn(valueAt(docker, "exposedbydefault") ?? undefined) === false &&
    valueAt(docker, "exposedbydefault") !== undefined
      ? "false"
      : "true");
  if (/^(?:false|0|f)$/iu.test(enabled)) return [];
  const segments = [
    ...new Set(
      [...labels.keys()].flatMap(
        (name) => /^traefik\.([\w-]+)\.(?:frontend\.rule|port)$/u.exec(name)?.[1] ?? [],
      ),
    ),
  ].filter((name) => name !== "frontend");
  const settings = (segments.length === 0 ? [undefined] : segments).flatMap((segment) =>
    frontendOf(one, labels, segment, defaults),
  );
  return [{ provider: "docker", tree: treeOf(settings, container.imageAt), container: one }];
}

function frontendOf(
  service: Service,
  labels: ReadonlyMap<string, ContainerVariable>,
  segment: string | undefined,
  defaults: readonly Word[],
): readonly NamedSetting[] {
  const get = (...keys: readonly string[]): Word | undefined => {
    const found = keys
      .flatMap((key) => [...(segment === undefined ? [] : [`traefik.${segment}.${key}`]), `traefik.${key}`])
      .map((name) => labels.get(name))
      .find((label) => label !== undefined);
    return found === undefined
      ? undefined
      : wordOf({ kind: "string", text: found.value, ...locate(found.value, 0, found.value.value.length) });
  };
  const name = segment === undefined ? service.name : `${service.name}-${segment}`;
  const at = service.at ?? service.container?.imageAt ?? { at: { file: "", start: 0, end: 0 } };
  // Host:NAME.DOMAIN by default: who asks may write any name.
  const rule = get("frontend.rule") ?? { value: "PathPrefix:/", ...placeOf(at) };
  const users = separated(get("frontend.auth.basic.users", "frontend.auth.basic"));
  const range = separated(get("frontend.whitelist.sourcerange", "frontend.whitelistsourcerange"));
  const file = get("frontend.auth.basic.usersfile");
  const forward = get("frontend.auth.forward.address");
  const redirect = get("frontend.redirect.entrypoint");
  const gate = (kind: string, key: string, word: Word | undefined) =>
    word === undefined ? [] : [setting(["http", "middlewares", `${name}-${kind}`, kind, key], word)];
  const gates = [
    ...(redirect === undefined
      ? []
      : [said(["http", "middlewares", `${name}-redirect`, "redirectscheme", "scheme"], "https", redirect)]),
    ...gatesOf(name, users, range),
    ...gate("basicauth", "usersfile", file),
    ...gate("forwardauth", "address", forward),
  ];
  const points = separated(get("frontend.entrypoints"));
  const port = get("port");
  return [
    ...routerOf(name, [rule], points.length > 0 ? points : defaults, gates),
    said(["http", "routers", name, "service"], name, rule),
    port === undefined
      ? said(["http", "services", name, "loadbalancer", "passhostheader"], "true", at)
      : setting(["http", "services", name, "loadbalancer", "server", "port"], port),
  ];
}
