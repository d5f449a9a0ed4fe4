/** Databases and caches. Sources: see data/images.json for each image. */

import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { locate } from "../../text/text.ts";
import {
  type Found,
  fileText,
  firstVariable,
  flag,
  type Given,
  hasWord,
  hidesVariables,
  saysYes,
  variable,
} from "./given.ts";
import { hidden, judged, type Login, loginsOf, openingOf, unjudged } from "./logins.ts";
import { type Access, openTo, type Traits, told, undecidedAccess } from "./traits.ts";

/** postgres: POSTGRES_HOST_AUTH_METHOD is what docker-entrypoint.sh writes into pg_hba.conf for every other host. */
export const postgres: Traits = {
  moved: { 5432: { variables: ["PGPORT", "POSTGRESQL_PORT_NUMBER"], flags: ["-p", "--port"] } },
  tls: (given) => {
    const ssl = given.words.find(({ value }) => /^(?:--)?ssl=(?:on|true|yes|1)$/u.test(value));
    return ssl === undefined ? told(false) : told(true, [fromPlace(locate(ssl, 0, ssl.value.length))]);
  },
  // Whoever lets everybody in needs no password: the start script takes an empty one then.
  logins: (given) => {
    const opening = openingOf(given);
    return loginsOf(given).map((login) =>
      opening === undefined || login.refused === null ? login : { ...login, refused: null },
    );
  },
  access: (given, _port, usual) => {
    const opening = openingOf(given);
    if (opening !== undefined) return openedAccess(opening, usual);
    const hba = given.words
      .map(({ value }) => /^(?:--)?hba_file=(.+)$/u.exec(value)?.[1])
      .find((path) => path !== undefined);
    if (hba === undefined) return usual;
    const text = fileText(given, hba);
    if (text === undefined)
      return undecidedAccess(unknown("input", `the file ${hba} is not part of the input`));
    const trust = /^[ \t]*host\w*[ \t]+\S+[ \t]+\S+[ \t]+(?:0\.0\.0\.0\/0|::\/0|all)[ \t]+trust\b/mu.exec(
      text.value,
    );
    return trust === null
      ? usual
      : openTo([fromPlace(locate(text, trust.index, trust.index + trust[0].length))]);
  },
};

function openedAccess(opening: Found, usual: Access): Access {
  if (isUnknown(opening.value)) return undecidedAccess(opening.value, opening.origins);
  return { ...openTo(opening.origins), guessedOrigins: usual.guessedOrigins };
}

/** mysql and mariadb: an empty password is allowed only where no other is set. */
export const mysql: Traits = {
  moved: {
    3306: {
      variables: ["MYSQL_TCP_PORT", "MYSQL_PORT_NUMBER", "MARIADB_PORT_NUMBER"],
      flags: ["--port", "-P"],
    },
  },
  tls: (given) => {
    const required = flag(given, "--require-secure-transport", "--require_secure_transport");
    if (required !== undefined && saysYes(required.value) !== false) return told(true, required.origins);
    return told<boolean>(unknown("opaque", "each client of the database decides whether it encrypts"));
  },
  logins: (given) => {
    const opening = openingOf(given);
    return loginsOf(given).map((login): Login => {
      if (login.refused === null || opening === undefined) return login;
      if (isUnknown(opening.value))
        return { ...login, exists: true, password: opening.value, refused: null, origins: opening.origins };
      return {
        ...login,
        exists: true,
        password: "empty",
        published: true,
        createdBy: "variable",
        refused: null,
        origins: opening.origins,
      };
    });
  },
};

/** mongo: docker-entrypoint.sh asks for a login when both variables of the root user are set. */
export const mongo: Traits = {
  moved: { 27017: { variables: ["MONGODB_PORT_NUMBER"], flags: ["--port"] } },
  tls: (given) =>
    told(map(flag(given, "--tlsMode", "--sslMode")?.value ?? "", (mode) => /^require/u.test(mode))),
  access: (given, _port, usual) => {
    if (hasWord(given, "--noauth")) return openTo(usual.modeOrigins);
    if (usual.mode === "none" && (hasWord(given, "--auth") || flag(given, "--keyFile") !== undefined))
      return { ...usual, mode: "password" };
    return usual;
  },
};

/** redis: the official image reads no variables; a password comes from the command line or a file. */
export const redis: Traits = {
  moved: { 6379: { variables: ["REDIS_PORT_NUMBER"], flags: ["--port"] } },
  bind: (given) => {
    const bind = flag(given, "--bind");
    if (bind === undefined) return told("0.0.0.0");
    return told(
      map(bind.value, (address) => (/^-?(?:127\.|::1)/u.test(address) ? "127.0.0.1" : "0.0.0.0")),
      bind.origins,
    );
  },
  tls: (given) => told(flag(given, "--tls-port") !== undefined && flag(given, "--port")?.value === "0"),
  logins: (given) => [redisLogin(given)],
};

function redisLogin(given: Given): Login {
  const base = { purpose: "data", name: "default", refused: null } as const;
  const found = redisPassword(given);
  if (found === undefined) {
    const asked: Maybe<boolean> = hidesVariables(given) && readsVariables(given) ? hidden(given) : false;
    const origins = [fromPlace(given.container.imageAt, "asks for no password while none is set")];
    return { ...base, ...unjudged("empty"), exists: asked, asked, createdBy: "image", origins };
  }
  const asked = map(found.value, (value) => value !== "");
  const judgement = isUnknown(found.value) ? unjudged(found.value) : judged("default", found.value);
  return { ...base, ...judgement, exists: asked, asked, createdBy: "variable", origins: found.origins };
}

/** Images whose start scripts make the configuration from variables; in the official one they do nothing. */
function readsVariables(given: Given): boolean {
  const repository = given.image?.reference.repository;
  return (
    repository !== undefined &&
    !isUnknown(repository) &&
    /^(?:bitnami|eqalpha|redis\/redis-stack)/u.test(repository)
  );
}

function redisPassword(given: Given): Found | undefined {
  const byFlag = flag(given, "--requirepass");
  if (byFlag !== undefined) return byFlag;
  if (readsVariables(given)) {
    const found = firstVariable(given, ["REDIS_PASSWORD", "VALKEY_PASSWORD"]);
    if (found !== undefined) return found;
    const words = variable(given, "REDIS_ARGS");
    if (words !== undefined)
      return {
        ...words,
        value: map(words.value, (value) => /--requirepass\s+(\S+)/u.exec(value)?.[1] ?? ""),
      };
  }
  return passwordInFile(given);
}

/** A configuration file among the words of the command. */
function passwordInFile(given: Given): Found | undefined {
  const path = given.words.find(({ value }) => /^\/.*\.conf$/u.test(value))?.value;
  if (path === undefined) return undefined;
  const text = fileText(given, path);
  if (text === undefined)
    return { name: path, value: unknown("input", `the file ${path} is not part of the input`), origins: [] };
  const line = /^[ \t]*(?:requirepass[ \t]+"?([^"\s]+)|user[ \t]+default[ \t].*>(\S+))/mu.exec(text.value);
  if (line === null) return undefined;
  const value = line[1] ?? line[2] ?? "";
  const start = line.index + line[0].length - value.length;
  return { name: "requirepass", value, origins: [fromPlace(locate(text, start, start + value.length))] };
}

/** memcached has no passwords but with SASL, which hardly anybody sets up. */
export const memcached: Traits = {
  moved: { 11211: { variables: [], flags: ["-p", "--port"] } },
  access: (given, _port, usual) =>
    hasWord(given, "-S") ? usual : openTo([fromPlace(given.container.imageAt, "asks for no password")]),
};
