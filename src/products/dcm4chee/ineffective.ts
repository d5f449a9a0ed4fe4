/** Settings of a device that are written and have no effect, most of them protections that are not there. */
import type { IneffectiveFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { atLeast } from "../version.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { isUnread } from "./catalogue.ts";
import type { Connection } from "./connections.ts";
import { type ConfigAttribute, type ConfigObject, partsOf } from "./model.ts";
import { textSetting, written } from "./settings.ts";

interface Finding {
  readonly path: string;
  readonly because: string;
  readonly looksSafe: boolean;
  readonly origins: readonly Origin[];
}

/** Dead attributes that look like a protection. */
const deadProtections =
  /restrictretrieve|accesscontrol|trustedissuer|auditrecord|disabletrustmanager|allowanyhostname/;

/** The settings of a device that do nothing. */
export function ineffectiveFacts(
  device: ConfigObject,
  connections: readonly Connection[],
  around: Surroundings,
): readonly IneffectiveFact[] {
  const findings = [
    ...connections.flatMap(transportFindings),
    ...trustFindings(device),
    ...partsOf(device, "ae").flatMap((ae) =>
      found(
        ae,
        "dicomPreferredCallingAETitle",
        `AE ${ae.name}`,
        "callers are compared with dcmAcceptedCallingAETitle only",
        true,
      ),
    ),
    ...partsOf(device, "webApp").flatMap((app) => webAppFindings(app, around)),
    ...everyObject(device).flatMap((object) => [
      ...skippedFindings(object),
      ...deadFindings(object, around),
      ...classFindings(object),
    ]),
  ];
  const counts = new Map<string, number>();
  return findings.map((finding) => ({
    kind: "ineffective",
    ...factBase(around, "ineffective", distinct(finding.path, counts)),
    path: finding.path,
    because: finding.because,
    looksSafe: finding.looksSafe,
    origins: { "": finding.origins, "/because": finding.origins },
  }));
}

/** An id that does not depend on what else is found. */
function distinct(path: string, counts: Map<string, number>): string {
  const count = (counts.get(path) ?? 0) + 1;
  counts.set(path, count);
  return count === 1 ? path : `${path}/${count}`;
}

function* objects(object: ConfigObject): Generator<ConfigObject> {
  yield object;
  for (const child of object.children) yield* objects(child);
}

function everyObject(device: ConfigObject): readonly ConfigObject[] {
  return [...objects(device)];
}

function found(
  object: ConfigObject,
  name: string,
  owner: string,
  because: string,
  looksSafe: boolean,
): readonly Finding[] {
  const attribute = written(object, name);
  return attribute === undefined || object.by !== undefined
    ? []
    : [finding(attribute, owner, because, looksSafe)];
}

function finding(attribute: ConfigAttribute, owner: string, because: string, looksSafe: boolean): Finding {
  return { path: `${owner}: ${attribute.name}`, because, looksSafe, origins: [fromPlace(attribute.at)] };
}

/** Without cipher suites there is no TLS, whatever else is written (Connection.java:660); HTTP is served by WildFly. */
function transportFindings(connection: Connection): readonly Finding[] {
  const { object, protocol } = connection;
  const owner = `connection ${connection.name}`;
  if (protocol.value === "HTTP") {
    return found(
      object,
      "dicomTLSCipherSuite",
      owner,
      "a connection of protocol HTTP only describes an address: WildFly opens the ports",
      true,
    );
  }
  const plain = connection.tls.mode === "off";
  const because = "TLS is on only when dicomTLSCipherSuite lists suites";
  return [
    ...(plain
      ? ["dcmTLSProtocol", "dcmTLSNeedClientAuth", "dcmTLSEndpointIdentificationAlgorithm"]
      : []
    ).flatMap((name) => found(object, name, owner, because, true)),
    ...(plain && protocol.value === "SYSLOG_TLS"
      ? found(object, "dcmProtocol", owner, "without dicomTLSCipherSuite it is syslog over plain TCP", true)
      : []),
    ...loopbackHost(connection),
  ];
}

function loopbackHost(connection: Connection): readonly Finding[] {
  const host = textSetting(connection.object, "dicomHostname").value;
  if (typeof host !== "string" || !/^(?:localhost|127\.|::1$)/.test(host) || connection.listens === false)
    return [];
  if (written(connection.object, "dcmBindAddress") === undefined || connection.bind.value !== "0.0.0.0")
    return [];
  return found(
    connection.object,
    "dicomHostname",
    `connection ${connection.name}`,
    "dcmBindAddress decides what the socket binds to: every address",
    true,
  );
}

/** The trust store wins over pinned certificates (Device.java:1149-1161). */
function trustFindings(device: ConfigObject): readonly Finding[] {
  if (written(device, "dcmTrustStoreURL") === undefined) return [];
  return found(
    device,
    "dicomAuthorizedNodeCertificateReference",
    `device ${device.name}`,
    "dcmTrustStoreURL is set: only that store is used",
    true,
  );
}

/** Roles of a web application are only a filter of the user interface since 5.28.0 (#3754). */
function webAppFindings(app: ConfigObject, around: Surroundings): readonly Finding[] {
  const roles = written(app, "dcmProperty")?.values.find((value) => value.text.value.startsWith("roles="));
  const owner = `web application ${app.name}`;
  const filter: Finding[] = [];
  if (roles !== undefined && app.by === undefined && atLeast(around.version, "5.28.0")) {
    filter.push({
      path: `${owner}: dcmProperty roles`,
      because: "the server does not look at it, the user interface only hides the entry",
      looksSafe: true,
      origins: [fromPlace(roles.at)],
    });
  }
  const installed = textSetting(app, "dicomInstalled").value;
  if (typeof installed !== "string" || installed.toLowerCase() === "true") return filter;
  return [
    ...filter,
    ...found(app, "dicomInstalled", owner, "the server's check of service classes does not look at it", true),
  ];
}

/** Attributes whose object class, or nested object, is missing (LdapDicomConfiguration.java:1470-1626). */
function skippedFindings(object: ConfigObject): readonly Finding[] {
  const how = object.form === "ldif" ? "without the object class" : "outside of";
  return object.ignored.map((attribute) =>
    finding(attribute, `${object.role} ${object.name}`, `it is skipped ${how} ${attribute.needs}`, true),
  );
}

/** Attributes that the schema allows and no code of 5.35 reads (T41); older releases used some of them. */
function deadFindings(object: ConfigObject, around: Surroundings): readonly Finding[] {
  if (object.by !== undefined || !atLeast(around.version, "5.35.0")) return [];
  const classes = [...object.classes, object.className];
  return [...object.attributes].flatMap(([name, attribute]) =>
    classes.some((className) => isUnread(className, name))
      ? [
          finding(
            attribute,
            `${object.role} ${object.name}`,
            "no code of 5.35 reads it",
            deadProtections.test(name),
          ),
        ]
      : [],
  );
}

/** A whole class that nothing reads, and permissions that only the browser looks at. */
function classFindings(object: ConfigObject): readonly Finding[] {
  const origins = [fromPlace(object.at)];
  const path = `${object.className} ${object.name}`;
  if (object.className.toLowerCase() === "dcmkeycloakserver")
    return [{ path, because: "no code of 5.35 reads this class", looksSafe: false, origins }];
  if (object.className.toLowerCase() !== "dcmuipermission") return [];
  return [
    {
      path,
      because: "permissions of the user interface are checked in the browser only",
      looksSafe: true,
      origins,
    },
  ];
}
