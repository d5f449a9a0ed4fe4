/** nginx: from a service's configuration to sockets and routes. */
import type { Problem, Service } from "../../deployment/model.ts";
import type { IneffectiveFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Place } from "../../text/text.ts";
import type { Derive, DeriveContext, Derived, Startup } from "../product.ts";
import { derivedOnce } from "../proxy/derived.ts";
import { type HashedLogins, judgeHashedLogins, readHashedLogins } from "../proxy/hashed-logins.ts";
import { routesOf } from "../proxy/routes.ts";
import { accessOf } from "./access.ts";
import type { Block } from "./block.ts";
import { lower } from "./bytes.ts";
import { editableOf } from "./editable.ts";
import type { NginxProblem } from "./expand.ts";
import { type NginxFiles, nginxFiles } from "./files.ts";
import { frontsOf } from "./fronts.ts";
import type { NginxLocation } from "./location.ts";
import { type NginxModel, nginxModel } from "./model.ts";
import { socketFacts } from "./sockets.ts";
import { streamRoutes } from "./stream-routes.ts";
import { atLeast } from "./tls.ts";

/** What nginx does with the configuration of this service. */
export const deriveNginx: Derive = derivedOnce(derive);

function derive(service: Service, version: string, context: DeriveContext): Derived {
  const files = nginxFiles(service, context);
  const release = /^\d+\.\d+(?:\.\d+)?/u.exec(version)?.[0];
  const model = nginxModel({
    texts: files.texts,
    resolveInclude: files.resolveInclude,
    prefix: files.prefix,
    ...(release === undefined
      ? {}
      : { build: { version: release, openssl3: hasOpenssl3(service, release) } }),
  });
  const users = userFiles(files);
  return {
    startup: startupOf(model),
    sockets: socketFacts(model),
    routes: [...routesOf(frontsOf(model, users.judge)), ...streamRoutes(model)],
    problems: model.problems.map(problemOf),
    facts: () => idleLogins(service, model),
    settings: () => [],
    secrets: [...secretsOf(model), ...users.places()],
    assumptions: files.assumptions,
    editable: editableOf(model),
  };
}

/** The files of users, each read once; and the places of their hashes, which no report shows. */
function userFiles({ read, prefix }: NginxFiles): {
  readonly judge: (path: string) => HashedLogins | undefined;
  readonly places: () => readonly Place[];
} {
  const known = new Map<string, HashedLogins | undefined>();
  const places: Place[] = [];
  const judge = (path: string) => {
    const text = read(path.startsWith("/") ? path : `${prefix}/${path}`);
    if (text === undefined) return undefined;
    const logins = readHashedLogins(text);
    places.push(...logins.map(({ at }) => at.at));
    return judgeHashedLogins(logins);
  };
  return {
    judge(path) {
      if (!known.has(path)) known.set(path, judge(path));
      return known.get(path);
    },
    places: () => places,
  };
}

/**
 * Whether an image of nginx's makers has OpenSSL 3: Debian 12 since 1.25, Alpine 3.17 and later since 1.23.3.
 * Source: nginxinc/docker-nginx, the FROM lines of mainline and stable.
 */
function hasOpenssl3({ container }: Service, release: string): boolean {
  if (container?.recognised === undefined) return false;
  const { id, reference } = container.recognised;
  if (id !== "nginx" && id !== "nginx-unprivileged") return false;
  const alpine = !isUnknown(reference.tag) && reference.tag?.includes("alpine") === true;
  return atLeast(release, alpine ? "1.23.3" : "1.25") === true;
}

function startupOf(model: NginxModel): Startup {
  const reasons = model.problems
    .filter(({ kind }) => kind === "refused")
    .map((problem) => ({ message: problem.message, origins: [fromPlace(problem)] }));
  return { verdict: reasons.length > 0 ? "refuses" : "starts", reasons };
}

function problemOf(problem: NginxProblem): Problem {
  const kinds = {
    refused: "syntax",
    "missing-include": "missing-file",
    template: "unresolved",
    limit: "limit",
  } as const;
  const message = problem.kind === "refused" ? `nginx refuses this: ${problem.message}` : problem.message;
  return { kind: kinds[problem.kind], message, where: problem };
}

/** `auth_basic` without a file of users lets everybody pass. */
function idleLogins(service: Service, model: NginxModel): readonly IneffectiveFact[] {
  const idle = model.servers
    .flatMap((server) => [server.block, ...server.locations.flatMap(blocksOf)])
    .flatMap((block) => accessOf(block).idle ?? []);
  const places = new Map(idle.map((located) => [`${located.at.file}:${located.at.start}`, located]));
  return [...places.values()].map((located, index): IneffectiveFact => {
    const origins = [fromPlace(located)];
    return {
      kind: "ineffective",
      id: `${service.name}/auth_basic/${index + 1}`,
      service: service.name,
      product: "nginx",
      path: "auth_basic",
      because: "no auth_basic_user_file says who may come in, so that nginx asks nobody",
      looksSafe: true,
      origins: { "": origins, "/path": origins, "/because": origins },
    };
  });
}

/** Values of `Authorization` that the proxy sends along. */
function secretsOf(model: NginxModel): readonly Place[] {
  const blocks = model.servers.flatMap((server) => [
    ...around(server.block),
    ...server.locations.flatMap(blocksOf),
  ]);
  const headers = [...new Set(blocks)].flatMap((block) =>
    block.own.filter(({ name }) => name === "proxy_set_header"),
  );
  return headers.flatMap(({ args: [name, value] }) =>
    name !== undefined &&
    value !== undefined &&
    lower(name.text.value) === "authorization" &&
    !value.text.value.startsWith("$")
      ? [value.at]
      : [],
  );
}

function around(block: Block): readonly Block[] {
  return block.parent === undefined ? [block] : [block, ...around(block.parent)];
}

function blocksOf(location: NginxLocation): readonly Block[] {
  return [location.block, ...location.locations.flatMap(blocksOf)];
}
