/** What somebody can do at a server whom a proxy lets through. */
import type { AnonymousHttp, HttpFunctions } from "../../facts/facts.ts";
import { and, isUnknown, type Maybe, map, or } from "../../facts/unknown.ts";
import type { Answer, PassedPath, Socket } from "../../products/product.ts";
import type { Landing } from "../targets.ts";
import type { Front } from "./front.ts";
import { suppliesTo } from "./login.ts";

/** The paths of a socket's own product; of several sockets of one port, each has its paths. */
export function passesTo({
  socket,
  server,
}: Landing): (passes: readonly PassedPath[]) => readonly PassedPath[] {
  const product = server.service.product;
  const rivals = server.derived.sockets.filter((other) => other.port === socket.port);
  return (passes) =>
    passes.filter(
      (pass) => (pass.product === "any" || pass.product === product) && takes(socket, rivals, pass.path),
    );
}

function takes(socket: Socket, rivals: readonly Socket[], path: string): boolean {
  const length = (one: Socket): number =>
    Math.max(
      one.paths === undefined ? 0 : -1,
      ...(one.paths ?? [])
        .filter((prefix) => path === prefix || path.startsWith(`${prefix}/`))
        .map((prefix) => prefix.length),
    );
  const own = length(socket);
  return own >= 0 && rivals.every((rival) => length(rival) <= own);
}

/** What a caller can do whom the proxy lets through: what the server grants, as far as its paths are passed on. */
export function behind(
  { route, entry }: Front,
  answer: Answer,
  given: Maybe<readonly PassedPath[]>,
): Pick<Answer, "anonymous" | "loggedIn" | "functions"> {
  const { functions, anonymous, loggedIn } = answer;
  const supplied = suppliesTo(route, answer);
  const granted = isUnknown(supplied) ? unsure(supplied) : supplied ? answer.loggedIn : anonymous;
  const unasked = and(
    map(route.login, (login) => login === "none" || login === "client-certificate"),
    // A proxy before this one may have asked.
    entry.through === "direct" || map(entry.auth.mode, (mode) => mode === "none"),
  );
  const through = (ability: keyof AnonymousHttp, abilities: AnonymousHttp | undefined): Maybe<boolean> =>
    map(given, (passes) => or(...passes.map((pass) => grants(pass, ability, abilities))));
  const can = (ability: keyof AnonymousHttp): Maybe<boolean> => and(unasked, through(ability, granted));
  const passed = (ability: keyof AnonymousHttp): Maybe<boolean> =>
    map(given, (passes) => passes.some((pass) => ways[ability].includes(pass.gives)));
  return {
    ...(anonymous === undefined ? {} : { anonymous: eachAbility(can) }),
    ...(loggedIn === undefined ? {} : { loggedIn: eachAbility((ability) => through(ability, loggedIn)) }),
    ...(functions === undefined ? {} : { functions: functionsBehind(functions, passed) }),
  };
}

function eachAbility(value: (ability: keyof AnonymousHttp) => Maybe<boolean>): AnonymousHttp {
  return {
    read: value("read"),
    write: value("write"),
    delete: value("delete"),
    execute: value("execute"),
    writeFiles: value("writeFiles"),
    dicomweb: value("dicomweb"),
    webdav: value("webdav"),
  };
}

function unsure(why: Maybe<boolean>): AnonymousHttp {
  return eachAbility(() => why);
}

const ways: Readonly<Record<keyof AnonymousHttp, readonly PassedPath["gives"][]>> = {
  read: ["read", "dicomweb", "webdav"],
  write: ["write"],
  delete: ["delete"],
  execute: ["execute"],
  writeFiles: ["files"],
  dicomweb: ["dicomweb"],
  webdav: ["webdav"],
};

/** Whether a path gives an ability that the server grants; some paths are there with a plugin or an option only. */
function grants(
  { gives, needs }: PassedPath,
  ability: keyof AnonymousHttp,
  granted: AnonymousHttp | undefined,
): Maybe<boolean> {
  if (granted === undefined || !ways[ability].includes(gives)) return false;
  return and(granted[ability], needs === undefined ? true : granted[needs]);
}

function functionsBehind(
  functions: HttpFunctions,
  passed: (ability: keyof AnonymousHttp) => Maybe<boolean>,
): HttpFunctions {
  return {
    execute: and(passed("execute"), functions.execute),
    writeFiles: and(passed("writeFiles"), functions.writeFiles),
    webdav: and(passed("webdav"), functions.webdav),
    webdavUpload: and(passed("webdav"), passed("write"), functions.webdavUpload),
    webdavDelete: and(passed("webdav"), functions.webdavDelete),
  };
}

/** Pages without data, or paths of an interface that is not there: nobody gets an image this way. */
export function givesNothing({ anonymous, auth }: Answer, given: Maybe<readonly PassedPath[]>): boolean {
  if (anonymous === undefined) return false;
  if (!isUnknown(given) && given.every(({ gives }) => gives === "page")) return true;
  return auth.mode === "none" && Object.values(anonymous).every((ability) => ability === false);
}
