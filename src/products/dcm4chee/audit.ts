/**
 * The audit trail: from the device's logger over a pair of matching connections to the repository's device.
 * Source: Connection.java:660 and AuditLogger.java of dcm4che 5.35.0: connections match when protocol and TLS agree.
 */
import type { AuditFact } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { type Connection, connectionsOf, referencesOf } from "./connections.ts";
import { dnKey, firstRdn } from "./dn.ts";
import { type ConfigObject, partsOf } from "./model.ts";
import {
  booleanSetting,
  type Effective,
  integerSetting,
  optionalBoolean,
  originsOf,
  textSetting,
} from "./settings.ts";

/** What becomes of a device's audit messages; one fact for each logger, or one that says that there is none. */
export function auditFacts(
  device: ConfigObject,
  devices: readonly ConfigObject[],
  around: Surroundings,
): readonly AuditFact[] {
  const loggers = partsOf(device, "auditLogger");
  if (loggers.length === 0) return device.complete ? [withoutLogger(device, around)] : [];
  return loggers.map((logger) => auditFact(logger, device, devices, around));
}

function withoutLogger(device: ConfigObject, around: Surroundings): AuditFact {
  const origins = originsOf(device).map((origin) => labelled(origin, "the device has no audit logger"));
  return {
    kind: "audit",
    ...factBase(around, "audit", "none"),
    enabled: false,
    transport: "none",
    target: null,
    delivered: false,
    retries: false,
    origins: { "": origins, "/enabled": origins, "/delivered": origins },
  };
}

interface Route {
  readonly transport: AuditFact["transport"];
  readonly target: Maybe<string | null>;
  readonly delivered: Maybe<boolean>;
  readonly origins: readonly Origin[];
}

function auditFact(
  logger: ConfigObject,
  device: ConfigObject,
  devices: readonly ConfigObject[],
  around: Surroundings,
): AuditFact {
  const installed = optionalBoolean(logger, "dicomInstalled");
  const enabled = and(
    map(installed.value, (flag) => flag !== false),
    booleanSetting(device, "dicomInstalled", true).value,
  );
  const retry = integerSetting(logger, "dcmAuditLoggerRetryInterval", 0);
  const route = routeOf(logger, device, devices, around);
  return {
    kind: "audit",
    ...factBase(around, "audit", logger.name),
    enabled,
    transport: enabled === false ? "none" : route.transport,
    target: route.target,
    delivered: and(enabled, route.delivered),
    retries:
      logger.by === undefined
        ? map(retry.value, (seconds) => seconds > 0)
        : unknown("opaque", "what the image's audit logger does while its target is away"),
    origins: {
      "": originsOf(logger),
      "/enabled": installed.origins,
      "/transport": route.origins,
      "/target": route.origins,
      "/delivered": route.origins,
      "/retries": retry.origins,
    },
  };
}

/** The repository's device: a DN in LDAP, a name in JSON. */
function repositoryOf(
  logger: ConfigObject,
  devices: readonly ConfigObject[],
): { readonly name: Effective<string | null>; readonly device: ConfigObject | undefined } {
  const reference = textSetting(logger, "dcmAuditRecordRepositoryDeviceReference");
  const name =
    reference.value === null ? textSetting(logger, "dcmAuditRecordRepositoryDeviceName") : reference;
  if (isUnknown(name.value) || name.value === null) return { name, device: undefined };
  const wanted = logger.form === "ldif" ? firstRdn(name.value).value : name.value;
  return { name, device: devices.find((device) => device.name.toLowerCase() === wanted.toLowerCase()) };
}

function routeOf(
  logger: ConfigObject,
  device: ConfigObject,
  devices: readonly ConfigObject[],
  around: Surroundings,
): Route {
  const repository = repositoryOf(logger, devices);
  if (repository.device === undefined) {
    const reason = unknown("input", "the device of the audit record repository is in none of the files");
    return { transport: reason, target: reason, delivered: reason, origins: repository.name.origins };
  }
  const own = active(logger, device);
  const theirs = partsOf(repository.device, "auditRepository").flatMap((part) =>
    repository.device === undefined ? [] : active(part, repository.device),
  );
  for (const from of own) {
    const to = theirs.find(
      (other) => other.protocol.value === from.protocol.value && other.tls.mode === from.tls.mode,
    );
    if (to !== undefined) return deliveredTo(from, to, around);
  }
  const origins = originsOf(logger).map((origin) =>
    labelled(origin, "no connection of it matches one of the repository"),
  );
  return { transport: "none", target: null, delivered: false, origins };
}

/** The connections in use, in the order of the references. */
function active(part: ConfigObject, device: ConfigObject): readonly Connection[] {
  const references = referencesOf(part, connectionsOf(device), part.form === "ldif" ? dnKey : (text) => text);
  return references.connections.filter(
    (connection) => optionalBoolean(connection.object, "dicomInstalled").value !== false,
  );
}

function deliveredTo(from: Connection, to: Connection, around: Surroundings): Route {
  const host = textSetting(to.object, "dicomHostname");
  const plain = from.tls.mode === "off";
  const origins = [
    ...host.origins,
    ...from.protocol.origins,
    ...(plain && from.protocol.value === "SYSLOG_TLS" ? from.suites.origins : []),
  ];
  return {
    transport: map(from.protocol.value, (protocol) =>
      protocol === "SYSLOG_UDP" ? "udp" : plain ? "tcp" : "tls",
    ),
    target: host.value,
    delivered: isUnknown(host.value) ? host.value : arrives(host.value, around),
    origins,
  };
}

/** Inside a container nothing but the archive listens on its loopback addresses. */
function arrives(host: string | null, around: Surroundings): Maybe<boolean> {
  const loopback = host === null || /^(?:localhost$|127\.|::1$)/i.test(host);
  if (!loopback) return true;
  return around.inContainer
    ? false
    : unknown("input", "whether a syslog server listens on the archive's own machine");
}
