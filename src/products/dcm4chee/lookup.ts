/** Variables and system properties of an archive: from its environment, its command line, its XML and its image. */
import type { Environment, Service } from "../../deployment/model.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { holeIn, type Text, textAt } from "../../text/text.ts";
import { type Found, type Lookup, resolveExpressions, unresolved } from "./expressions.ts";
import { archiveDefaults, type Deployed, imageProperties, type Variant, variantOf } from "./images.ts";

/** What an expression may refer to. */
export interface LookupInput {
  readonly service: Service;
  readonly version: string;
  /** System properties that a WildFly XML sets. */
  readonly properties: readonly { readonly name: string; readonly value: Text }[];
  /** Variables with a value of the image's own; empty where no image runs. */
  readonly defaults?: ReadonlyMap<string, string>;
}

/** Whether an image of dcm4chee 2.x runs. */
export function isLegacyImage(service: Service): boolean {
  return service.container?.recognised?.id === "dcm4chee-2";
}

/** Whether a published image of dcm4che runs. */
export function runsImage(service: Service): boolean {
  if (isLegacyImage(service)) return false;
  if (service.container?.recognised?.product === "dcm4chee") return true;
  return (
    /(?:^|\/)dcm4chee-arc-\w+(?::|@|$)/.test(service.container?.image?.value ?? "") ||
    service.version.from === "image" ||
    (!isUnknown(service.version.build) && service.version.build === "image")
  );
}

/** Whether the image is the one for PostgreSQL; each of the others has variables of its own for its database. */
export function usesPostgres(service: Service): boolean {
  const name = (service.container?.image?.value ?? "").replace(/[:@].*$/, "");
  return !/dcm4chee-arc-(?!psql)|dcm4chee-arc-light$/.test(name);
}

/** What a container of the archive's image deploys. */
export function deployedBy(service: Service): Deployed {
  if (!runsImage(service)) return "both";
  switch (service.environment.variables.get("WILDFLY_DEPLOY_UI")?.value.value) {
    case "only":
      return "ui";
    case "false":
      return "archive";
    default:
      return "both";
  }
}

/** What the image protects: told by its tag; without an image the release may carry it ("5.35.0-secure"). */
export function variantOfService(service: Service, version: string): Maybe<Variant> {
  const { recognised, image } = service.container ?? {};
  if (recognised !== undefined) return map(recognised.variant, (suffix) => variantOf(`-${suffix ?? ""}`));
  if (image === undefined) return variantOf(version);
  const hole = holeIn(image, 0, image.value.length);
  if (hole !== undefined) return unknown("input", hole.reason, service.container?.imageAt);
  return variantOf(/:([^/:]+)$/.exec(image.value.replace(/@sha256:.*$/, ""))?.[1] ?? version);
}

/** Looks names up in the order in which they win: the command line, the XML, what the image sets. */
export function createLookup(input: LookupInput): Lookup {
  const { service, version } = input;
  const image = runsImage(service);
  const defaults = input.defaults ?? (image ? archiveDefaults(version) : new Map<string, string>());
  const nowhere = { at: { file: "", start: 0, end: 0 } };
  const properties = new Map(input.properties.map(({ name, value }) => [name, value]));
  const commandLine = argumentsOf(service);
  const resolving = new Set<string>();
  return lookup;

  function lookup(name: string): Found {
    if (name.startsWith("env.")) return variable(name.slice(4));
    const argument = commandLine.get(name);
    if (argument !== undefined) return { state: "set", value: argument, by: "property" };
    const written = properties.get(name);
    if (written !== undefined && !resolving.has(name)) return property(name, written);
    const ofImage = image ? imageProperties.get(name) : undefined;
    if (ofImage !== undefined && service.args === undefined)
      return { state: "set", value: textAt(ofImage, nowhere), by: "image" };
    const known = image || service.args !== undefined;
    return known
      ? { state: "unset" }
      : { state: "unknown", reason: `the system property ${name} is set at start, if at all` };
  }

  /** A property of the XML may itself refer to variables. */
  function property(name: string, written: Text): Found {
    resolving.add(name);
    const { text, uses } = resolveExpressions(written, lookup);
    resolving.delete(name);
    const hole = unresolved(text);
    if (hole !== undefined) return { state: "unknown", reason: hole.reason };
    return {
      state: "set",
      value: text,
      by: uses.some((use) => use.outcome === "image") ? "image" : "property",
    };
  }

  function variable(name: string): Found {
    const { environment } = ofDirectory.has(name) ? (directoryOf(service) ?? service) : service;
    const set = environment.variables.get(name);
    if (set !== undefined && set.value.value !== "")
      return { state: "set", value: set.value, by: "variable" };
    const file = environment.variables.get(`${name}_FILE`);
    if (file !== undefined) return { state: "unknown", reason: `${name} is read from a file` };
    if (set === undefined && !environment.complete)
      return {
        state: "unknown",
        reason: `the environment variable ${name} is not known${because(environment)}`,
      };
    const fallback = defaults.get(name);
    return fallback === undefined
      ? { state: "unset" }
      : { state: "set", value: textAt(fallback, nowhere), by: "image" };
  }
}

function because({ unseen }: Environment): string {
  return unseen === undefined ? "" : `: ${unseen}`;
}

/** Variables of the directory's image that decide over the archive's device: set on the archive they do nothing. */
const ofDirectory: ReadonlySet<string> = new Set([
  "ARCHIVE_HOST",
  "DICOM_PORT",
  "DICOM_TLS_PORT",
  "HL7_PORT",
  "HL7_TLS_PORT",
  "STORAGE_DIR",
  "SYSLOG_HOST",
  "SYSLOG_PORT",
  "SYSLOG_PROTOCOL",
  "SYSLOG_TLS_PORT",
]);

/** The directory that an archive of the same deployment works with. */
export function directoryOf(service: Service): Service | undefined {
  return service.partners?.find((partner) => partner.product === "slapd");
}

/** `-b`, `-bmanagement` and `-Dname=value` of the command line, and of JAVA_OPTS. */
function argumentsOf(service: Service): ReadonlyMap<string, Text> {
  const found = new Map<string, Text>();
  const options = service.environment.variables.get("JAVA_OPTS")?.value;
  const words = [...(service.args ?? [])];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) continue;
    const next = words[index + 1];
    const bind = /^-b(management|public)?(?:=(.+))?$/.exec(word.value);
    if (bind !== null) {
      const name = bind[1] === "management" ? "jboss.bind.address.management" : "jboss.bind.address";
      const value = bind[2] === undefined ? next : textFrom(word, bind[2]);
      if (value !== undefined) found.set(name, value);
    }
    addDefinitions(word, found);
  }
  if (options !== undefined) addDefinitions(options, found);
  return found;
}

function addDefinitions(text: Text, found: Map<string, Text>): void {
  for (const match of text.value.matchAll(/(?:^|\s)-D([^=\s]+)=(\S*)/g))
    found.set(match[1] ?? "", textFrom(text, match[2] ?? ""));
}

function textFrom(text: Text, value: string): Text {
  return textAt(value, { at: text.pieces[0]?.at ?? { file: "", start: 0, end: 0 } });
}
