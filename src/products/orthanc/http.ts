/**
 * The HTTP server as a socket: who is answered, and what a caller without a password can do.
 * Source: OrthancServer/Sources/main.cpp, StartHttpServer; OrthancFramework/Sources/HttpServer/HttpServer.cpp,
 * InternalCallback (order of checks); the table of orthanc's releases in data/orthanc/releases.json.
 */
import type { AnonymousHttp, Auth, HttpFunctions } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import { isGuessable } from "../passwords.ts";
import type { Answer, Socket } from "../product.ts";
import { type RequestFilter, requestFilter } from "./filters.ts";
import { isDebian, type OrthancModel, since } from "./model.ts";
import { anyActive } from "./plugins.ts";
import { httpTls } from "./tls.ts";
import type { Login, User } from "./users.ts";

/** The HTTP socket of a service. */
export function httpSocket(model: OrthancModel, login: Login): Socket {
  const { settings } = model;
  const on = settings.boolean("HttpServerEnabled");
  const bind = bindAddress(model);
  const port = settings.integer("HttpPort");
  const { tls, origins } = httpTls(model);
  const filter = requestFilter(model);
  return {
    id: "http",
    protocol: "http",
    on: on.value,
    bind: bind.value,
    port: map(port.value, (number) => number & 0xffff),
    tls,
    seen: {
      loopback: answer(model, login, filter, false),
      other: answer(model, login, filter, true),
    },
    ...(since(model, "1.12.11")
      ? { bodyLimit: settings.integer("MaximumRequestBodySizeMB").value }
      : { bodyLimit: 0 }),
    origins: {
      ...origins,
      "": [...login.authentication.origins],
      "/on": on.origins,
      "/bind": bind.origins,
      "/port": port.origins,
      "/bodyLimit": settings.integer("MaximumRequestBodySizeMB").origins,
    },
  };
}

/** HttpBindAddresses counts since 1.12.10; an empty or absent list is every address. */
function bindAddress(model: OrthancModel): { value: Maybe<string>; origins: readonly Origin[] } {
  const addresses = model.settings.strings("HttpBindAddresses");
  if (!since(model, "1.12.10")) return { value: "0.0.0.0", origins: addresses.origins };
  const value = map(addresses.value, (list) => {
    if (list === null || list.length === 0) return "0.0.0.0";
    return list.find((address) => !isLoopbackAddress(address)) ?? list[0] ?? "0.0.0.0";
  });
  return { value, origins: addresses.origins };
}

function isLoopbackAddress(address: string): boolean {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}

function answer(model: OrthancModel, login: Login, filter: RequestFilter, remote: boolean): Answer {
  const refused = or(remote ? not(login.remoteAccess.value) : false, noCommonProtocol(model));
  const auth = authOf(login, filter, model);
  const open = and(not(login.authentication.value), not(filter.replacesLogin));
  const anonymous = anonymousAbilities(model, open, filter);
  return {
    refused,
    auth,
    anonymous,
    loggedIn: anonymousAbilities(model, true, filter),
    functions: httpFunctions(model),
    origins: {
      "/reach": remote ? login.remoteAccess.origins : [],
      "/auth": login.authentication.origins,
      "/auth/promised": promises(model, login, filter),
      "/tls/promised": tlsPromises(model),
      ...functionOrigins(model),
      ...(filter.readOrigins.length === 0 ? {} : { "/auth/scripted": filter.readOrigins }),
      "/auth/mode": [...login.authentication.origins, ...filter.origins],
      "/auth/defaultCredentials": defaultCredentialOrigins(model, login),
      ...anonymousOrigins(model, login, filter, anonymous),
    },
  };
}

/** A minimum beyond TLS 1.3: the server starts, and no handshake succeeds (measured on four releases). */
function noCommonProtocol(model: OrthancModel): Maybe<boolean> {
  if (!since(model, "1.8.2")) return false;
  const tooHigh = map(model.settings.integer("SslMinimumProtocolVersion").value, (minimum) => minimum > 5);
  return and(model.settings.boolean("SslEnabled").value, tooHigh);
}

function authMode(asked: Maybe<boolean>, { replacesLogin, installed }: RequestFilter): Auth["mode"] {
  if (isUnknown(asked)) return asked;
  if (asked) return replacesLogin === true ? "plugin" : "basic";
  return map(installed, (there) => (there ? "plugin" : "none"));
}

function authOf(login: Login, filter: RequestFilter, model: OrthancModel): Auth {
  const { value } = login.authentication;
  const mode = authMode(value, filter);
  return {
    mode,
    defaultCredentials: and(value, hasGuessableUser(login)),
    credentialsSupplied: guessableUsers(login)[0]?.supplied === true,
    lockout: mode === "plugin" ? unknown("opaque", "the plugin's service decides") : false,
    scripted: filter.scripted,
    users: login.users.some((user) => user.createdBy === "file")
      ? true
      : isUnknown(login.usersUnknown)
        ? login.usersUnknown
        : false,
    lockedOut: and(
      login.nobody,
      not(
        or(
          login.refusesWithoutUsers,
          filter.replacesLogin,
          model.settings.open === undefined ? false : unknown("input", model.settings.open),
        ),
      ),
    ),
  };
}

function hasGuessableUser(login: Login): Maybe<boolean> {
  const verdicts = login.users.map(
    (user): Maybe<boolean> => map(user.password, (password) => isGuessable(user.name, password)),
  );
  return or(...verdicts, login.createsDefaultUser, login.usersUnknown);
}

function guessableUsers({ users }: Login): readonly User[] {
  return users.filter((user) => !isUnknown(user.password) && isGuessable(user.name, user.password));
}

function defaultCredentialOrigins(model: OrthancModel, login: Login): readonly Origin[] {
  const origins = guessableUsers(login).flatMap((user) => user.origins);
  return origins.length > 0 ? origins : [model.settings.originOf(["RegisteredUsers"])];
}

/** What the absence of a login gives, from the caller's first request on. */
function anonymousAbilities(model: OrthancModel, open: Maybe<boolean>, filter: RequestFilter): AnonymousHttp {
  const { settings } = model;
  const passes = (allowed: Maybe<boolean>): Maybe<boolean> => and(open, allowed);
  const read = passes(filter.letsRead);
  const change = passes(filter.letsChange);
  const readOnly = since(model, "1.12.5") ? settings.boolean("ReadOnly").value : false;
  const lua = since(model, "1.5.8") ? settings.boolean("ExecuteLuaEnabled").value : true;
  const exportable =
    since(model, "1.12.0") || isDebian(model)
      ? settings.boolean("RestApiWriteToFileSystemEnabled").value
      : undefined;
  return {
    read,
    write: and(change, not(readOnly)),
    delete: and(change, not(readOnly)),
    execute: and(change, lua),
    writeFiles: and(change, exportable ?? exportBeforeItsOption(model)),
    dicomweb: and(read, anyActive(model.plugins, ["dicomweb"])),
    webdav: and(read, since(model, "1.8.0") ? settings.boolean("WebDavEnabled").value : false),
  };
}

/** Before 1.12.0 the export route is always there, but Debian's packages have the option since 1.9.1 (measured). */
function exportBeforeItsOption(model: OrthancModel): Maybe<boolean> {
  const set = model.settings.boolean("RestApiWriteToFileSystemEnabled").value;
  if (set === true) return true;
  return isUnknown(model.service.version.build)
    ? unknown("input", "Debian's packages of this release close the export of files, others do not")
    : true;
}

/** Functions that the settings switch on, whoever may use them. */
function httpFunctions(model: OrthancModel): HttpFunctions {
  const { settings } = model;
  const on = (key: string, from: string): Maybe<boolean> =>
    since(model, from) ? settings.boolean(key).value : false;
  const webdav = on("WebDavEnabled", "1.8.0");
  return {
    execute: since(model, "1.5.8") ? settings.boolean("ExecuteLuaEnabled").value : true,
    writeFiles:
      since(model, "1.12.0") || isDebian(model)
        ? settings.boolean("RestApiWriteToFileSystemEnabled").value
        : exportBeforeItsOption(model),
    webdav,
    webdavUpload: and(webdav, on("WebDavUploadAllowed", "1.8.0")),
    webdavDelete: and(webdav, on("WebDavDeleteAllowed", "1.8.0")),
  };
}

function functionOrigins(model: OrthancModel): Readonly<Record<string, readonly Origin[]>> {
  const option = (path: string): readonly Origin[] => [model.settings.originOf([path])];
  return {
    "/functions/execute": option("ExecuteLuaEnabled"),
    "/functions/writeFiles": option("RestApiWriteToFileSystemEnabled"),
    "/functions/webdav": option("WebDavEnabled"),
    "/functions/webdavUpload": option("WebDavUploadAllowed"),
    "/functions/webdavDelete": option("WebDavDeleteAllowed"),
  };
}

/** What is written and looks like a login, and is none: users that nobody asks for, a plugin that is not in effect. */
function promises(model: OrthancModel, login: Login, filter: RequestFilter): readonly Origin[] {
  if (login.authentication.value !== false) return [];
  const { settings } = model;
  const listed = login.users.some((user) => user.createdBy === "file");
  const users = listed
    ? [labelled(settings.originOf(["RegisteredUsers"]), "nobody is asked for these passwords")]
    : [];
  const idle = settings.find(["Authorization"]) !== undefined && filter.installed === false;
  const plugin = idle ? [labelled(settings.originOf(["Authorization"]), "this plugin has no effect")] : [];
  const hidden =
    settings.find(["OrthancExplorerEnabled"]) !== undefined &&
    settings.boolean("OrthancExplorerEnabled").value === false;
  const explorer = hidden
    ? [labelled(settings.originOf(["OrthancExplorerEnabled"]), "hides the web page only, not the data")]
    : [];
  return [...users, ...plugin, ...explorer];
}

/** What is written and looks like encryption, while TLS is off. */
function tlsPromises(model: OrthancModel): readonly Origin[] {
  const { settings } = model;
  if (settings.boolean("SslEnabled").value !== false) return [];
  const asked = since(model, "1.7.4") && settings.boolean("SslVerifyPeers").value === true;
  const certificates = asked
    ? [labelled(settings.originOf(["SslVerifyPeers"]), "without TLS nobody is asked for a certificate")]
    : [];
  const links =
    settings.find(["DicomWeb", "Ssl"]) !== undefined && settings.boolean("DicomWeb.Ssl").value === true;
  const dicomweb = links
    ? [labelled(settings.originOf(["DicomWeb", "Ssl"]), "changes the links in answers only")]
    : [];
  return [...certificates, ...dicomweb];
}

/** Lines that add to what a caller without a password can do; those that add nothing are left out. */
function anonymousOrigins(
  model: OrthancModel,
  login: Login,
  filter: RequestFilter,
  anonymous: AnonymousHttp,
): Readonly<Record<string, readonly Origin[]>> {
  const { settings } = model;
  const login_ = login.authentication.origins;
  const added = (
    ability: keyof AnonymousHttp,
    path: string,
    label: string,
  ): Readonly<Record<string, readonly Origin[]>> => {
    const origin = settings.originOf([path]);
    const tells = anonymous[ability] === true && origin.kind === "place";
    return tells ? { [`/anonymous/${ability}`]: [labelled(origin, label)] } : {};
  };
  return {
    "/anonymous": login_,
    "/anonymous/read": [...filter.readOrigins, ...login_],
    "/anonymous/write": login_,
    "/anonymous/delete": login_,
    ...added("execute", "ExecuteLuaEnabled", "scripts run: commands on the server"),
    ...added("writeFiles", "RestApiWriteToFileSystemEnabled", "files can be written to the server's disk"),
    ...added("dicomweb", "DicomWeb", "images are served over DICOMweb too"),
    ...added("webdav", "WebDavEnabled", "images are served over WebDAV too"),
  };
}
