/** The data sources of WildFly. */
import type { DatabaseFact } from "../../../facts/facts.ts";
import { labelled } from "../../../facts/origin.ts";
import { isUnknown, map, unknown } from "../../../facts/unknown.ts";
import type { XmlElement } from "../../../sources/xml/tree.ts";
import type { Text } from "../../../text/text.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { resolveExpressions } from "../expressions.ts";
import type { WildFlyServer } from "./server.ts";
import { settle, type Value } from "./sockets.ts";

/** The archive's own data source; ExampleDS is an in-memory database that nobody reaches (F10). */
export function databaseFact(
  server: WildFlyServer,
  source: WildFlyServer["datasources"][number],
  around: Surroundings,
): readonly DatabaseFact[] {
  const url = settled(source.url, around, source.element);
  const text = isUnknown(url.value) || url.value === null ? "" : url.value;
  if (/^jdbc:h2:mem:/.test(source.url?.value ?? "") || server.datasources.length === 0) return [];
  const engine = /^jdbc:(\w+)/.exec(source.url?.value ?? "")?.[1] ?? "";
  const host = /^jdbc:\w+:\/\/([^:/?]+)/.exec(text)?.[1] ?? null;
  return [
    {
      kind: "database",
      ...factBase(around, "database", source.name),
      engine:
        engine === "postgresql" ? "postgres" : engine === "mysql" || engine === "mariadb" ? "mysql" : "other",
      used: map(settle(source.enabled, around, source.element).value, (flag) => flag !== "false"),
      // In a container a name without a dot is another container of the same host.
      local: map(
        url.value,
        () =>
          host !== null &&
          (/^(?:localhost|127\.|\[?::1)/.test(host) || (around.inContainer && !host.includes("."))),
      ),
      tls: map(url.value, (value) => databaseTls(value ?? "")),
      origins: {
        "": url.origins,
        "/local": url.origins,
        "/tls": url.origins.map((origin) => labelled(origin, "the connection")),
      },
    },
  ];
}

/** A value that holds only while a variable is not set says nothing where nobody knows whether it is. */
function settled(text: Text | undefined, around: Surroundings, owner: XmlElement): Value {
  const value = settle(text, around, owner);
  const doubt =
    text === undefined
      ? undefined
      : resolveExpressions(text, around.lookup).uses.find((use) => use.outcome === "assumed-default");
  return doubt === undefined
    ? value
    : { ...value, value: unknown("input", `whether ${doubt.name} is set is not known`) };
}

/** Parameters of the JDBC drivers: PostgreSQL's default "prefer" falls back to clear text without a word. */
export function databaseTls(url: string): "off" | "unverified" | "verified" {
  const mode = /[?&](?:sslmode|sslMode)=([\w-]+)/i.exec(url)?.[1]?.toLowerCase();
  if (mode === "verify-full" || mode === "verify_identity") return "verified";
  if (
    mode === "require" ||
    mode === "verify-ca" ||
    mode === "required" ||
    mode === "verify_ca" ||
    mode === "trust"
  )
    return "unverified";
  return /[?&]ssl=true/i.test(url) && mode === undefined ? "unverified" : "off";
}
