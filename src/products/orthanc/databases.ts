/**
 * The database that holds the index.
 * Source: orthanc-databases Framework/PostgreSQL/PostgreSQLParameters.cpp, Framework/MySQL/MySQLParameters.cpp,
 * Odbc/Plugins/IndexPlugin.cpp; libpq's documentation of sslmode.
 */
import type { DatabaseFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { hostOf, isOwnHost } from "./addresses.ts";
import type { OrthancModel } from "./model.ts";
import { plugin } from "./plugins.ts";

type DatabaseTls = DatabaseFact["tls"];

/** One fact for each database that has a section, and one for SQLite, which holds the index without any. */
export function databaseFacts(model: OrthancModel): readonly DatabaseFact[] {
  const others = [
    ...described(model, "PostgreSQL", postgres),
    ...described(model, "MySQL", mysql),
    ...described(model, "Odbc", odbc),
  ];
  return [...others, sqlite(model)];
}

interface Connection {
  readonly engine: DatabaseFact["engine"];
  readonly plugin: string;
  readonly local: Maybe<boolean>;
  readonly tls: DatabaseTls;
  readonly hostOrigins: readonly Origin[];
  readonly tlsOrigins: readonly Origin[];
}

function described(
  model: OrthancModel,
  section: string,
  read: (model: OrthancModel) => Connection,
): readonly DatabaseFact[] {
  const tree = model.settings.find([section]);
  if (tree?.kind !== "object") return [];
  const connection = read(model);
  const state = plugin(model.plugins, connection.plugin);
  const holdsFiles = model.settings.boolean(`${section}.EnableStorage`).value;
  const enabled = state.loaded === false ? false : or(state.enabled, holdsFiles);
  return [{ ...databaseFact(model, section, connection, state.active, [fromPlace(tree)]), enabled }];
}

function databaseFact(
  model: OrthancModel,
  name: string,
  connection: Connection,
  used: Maybe<boolean>,
  origins: readonly Origin[],
): DatabaseFact {
  const { engine, local, tls, hostOrigins, tlsOrigins } = connection;
  const enabled = engine === "sqlite" ? origins : [model.settings.originOf([name, "EnableIndex"])];
  return {
    kind: "database",
    id: `${model.service.name}/database/${name}`,
    service: model.service.name,
    product: "orthanc",
    engine,
    used,
    local,
    tls,
    origins: { "": origins, "/used": enabled, "/local": hostOrigins, "/tls": tlsOrigins },
  };
}

/** SQLite holds the index as long as no plugin does. */
function sqlite(model: OrthancModel): DatabaseFact {
  const others = ["postgresql", "mysql", "odbc"].map((id) => plugin(model.plugins, id).active);
  const origins = [model.settings.originOf(["IndexDirectory"])];
  const connection: Connection = {
    engine: "sqlite",
    plugin: "",
    local: true,
    tls: "unused",
    hostOrigins: origins,
    tlsOrigins: origins,
  };
  return databaseFact(model, "SQLite", connection, not(or(...others)), origins);
}

function postgres(model: OrthancModel): Connection {
  const { settings } = model;
  const uri = settings.find(["PostgreSQL", "ConnectionUri"]);
  if (uri?.kind === "unknown")
    return fromOpaque("postgres", "postgresql", unknown("input", uri.hole.reason, uri), uri);
  if (uri?.kind === "string" && uri.text.value !== "") return postgresUri(model, uri.text.value, uri);
  const host = settings.string("PostgreSQL.Host");
  const ssl = settings.boolean("PostgreSQL.EnableSsl");
  const isSocket = map(host.value, (text) => (text ?? "").startsWith("/"));
  const local = map(host.value, (text) => isLocal(model, text ?? "localhost"));
  const tls: DatabaseTls = isSocket === true ? "unused" : map(ssl.value, (on) => (on ? "unverified" : "off"));
  return {
    engine: "postgres",
    plugin: "postgresql",
    local,
    tls,
    hostOrigins: host.origins,
    tlsOrigins: ssl.origins,
  };
}

function isLocal(model: OrthancModel, host: string): boolean {
  return host === "" || host.startsWith("/") || isOwnHost(model, host);
}

/** A ConnectionUri takes the place of all other options, EnableSsl included. */
function postgresUri(model: OrthancModel, uri: string, tree: Tree): Connection {
  const origins = [fromPlace(tree)];
  const host = /^postgres(?:ql)?:\/\//iu.test(uri)
    ? hostOf(uri)
    : (/(?:^|\s)host(?:addr)?\s*=\s*(\S*)/iu.exec(uri)?.[1] ?? "");
  const mode = /(?:^|[\s?&])sslmode\s*=\s*([a-z-]+)/iu.exec(uri)?.[1]?.toLowerCase();
  const tls: DatabaseTls =
    host === "" || host.startsWith("/") || host.startsWith("%2F") ? "unused" : sslMode(mode);
  return {
    engine: "postgres",
    plugin: "postgresql",
    local: isLocal(model, host),
    tls,
    hostOrigins: origins,
    tlsOrigins: origins,
  };
}

/** Up to `prefer`, which is libpq's default, nothing insists on encryption. */
function sslMode(mode: string | undefined): DatabaseTls {
  if (mode === "require") return "unverified";
  return mode === "verify-ca" || mode === "verify-full" ? "verified" : "off";
}

function mysql(model: OrthancModel): Connection {
  const { settings } = model;
  const host = settings.string("MySQL.Host");
  const ssl = settings.boolean("MySQL.EnableSsl");
  const verify = settings.boolean("MySQL.SslVerifyServerCertificates");
  const local = map(host.value, (text) => isLocal(model, text ?? "localhost"));
  // The client library takes the socket for this very name.
  const isSocket = map(host.value, (text) => text === null || text === "" || text === "localhost");
  const tls = isSocket === true ? "unused" : tlsOf(ssl.value, verify.value);
  return {
    engine: "mysql",
    plugin: "mysql",
    local,
    tls,
    hostOrigins: host.origins,
    tlsOrigins: [...ssl.origins, ...(ssl.value === true ? verify.origins : [])],
  };
}

function odbc(model: OrthancModel): Connection {
  const tree = model.settings.find(["Odbc", "IndexConnectionString"]);
  const origins = [model.settings.originOf(["Odbc", "IndexConnectionString"])];
  if (tree?.kind !== "string") {
    const reason = tree?.kind === "unknown" ? tree.hole.reason : "the connection is not described";
    return {
      engine: "odbc",
      plugin: "odbc",
      local: unknown("input", reason),
      tls: unknown("input", reason),
      hostOrigins: origins,
      tlsOrigins: origins,
    };
  }
  const parts = connectionParts(tree.text.value);
  const driver = parts.get("driver") ?? "";
  if (/sqlite/iu.test(driver))
    return {
      engine: "odbc",
      plugin: "odbc",
      local: true,
      tls: "unused",
      hostOrigins: origins,
      tlsOrigins: origins,
    };
  const server = parts.get("server") ?? parts.get("host") ?? parts.get("servername");
  const elsewhere = unknown("input", "the data source is described in the files of the ODBC driver", tree);
  const local =
    server === undefined ? elsewhere : isLocal(model, server.replace(/^tcp:/iu, "").split(/[,\\]/u)[0] ?? "");
  return {
    engine: "odbc",
    plugin: "odbc",
    local,
    tls: odbcTls(parts, elsewhere),
    hostOrigins: origins,
    tlsOrigins: origins,
  };
}

/** Keys are the same in any case; a value may stand in braces. */
function connectionParts(text: string): ReadonlyMap<string, string> {
  const parts = text.matchAll(/([^;=]+)=(\{[^}]*\}|[^;]*)/gu);
  return new Map(
    [...parts].map((part) => [
      (part[1] ?? "").trim().toLowerCase(),
      (part[2] ?? "").trim().replace(/^\{|\}$/gu, ""),
    ]),
  );
}

/** SQL Server's keys, and those of the PostgreSQL and MySQL drivers. Without any, the driver's own default decides. */
function odbcTls(parts: ReadonlyMap<string, string>, elsewhere: Maybe<never>): DatabaseTls {
  const encrypt = parts.get("encrypt")?.toLowerCase();
  if (encrypt !== undefined) {
    if (["no", "false", "optional", "0"].includes(encrypt)) return "off";
    const trusts = ["yes", "true", "1"].includes(parts.get("trustservercertificate")?.toLowerCase() ?? "no");
    return trusts && encrypt !== "strict" ? "unverified" : "verified";
  }
  const mode = (parts.get("sslmode") ?? "").toLowerCase();
  if (/verify/u.test(mode)) return "verified";
  if (mode !== "") return mode === "require" || mode === "required" ? "unverified" : "off";
  return parts.has("dsn") ? elsewhere : unknown("opaque", "the ODBC driver's default decides");
}

function fromOpaque(
  engine: DatabaseFact["engine"],
  id: string,
  reason: Maybe<never>,
  tree: Tree,
): Connection {
  const origins = [fromPlace(tree)];
  return { engine, plugin: id, local: reason, tls: reason, hostOrigins: origins, tlsOrigins: origins };
}

function tlsOf(isOn: Maybe<boolean>, verifies: Maybe<boolean>): DatabaseTls {
  if (isUnknown(isOn)) return isOn;
  return isOn ? map(verifies, (on) => (on ? "verified" : "unverified")) : "off";
}
