/** Orthanc: from a service's configuration to facts, at one release. */
import type { Environment, Service } from "../../deployment/model.ts";
import type { FaultFact, IneffectiveFact, ModalityFact, PluginFact, SecretFact } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import { widestReach } from "../../facts/reach.ts";
import { and, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import type { SourceFile } from "../../sources/source.ts";
import { placeKey } from "../../text/text.ts";
import type { Derive, DeriveContext, Opening, Startup } from "../product.ts";
import { accountFacts } from "./accounts.ts";
import { advisoryFacts, joinAdvisories } from "./advisories.ts";
import { certificateFacts } from "./certificates.ts";
import { containerConfiguration } from "./container.ts";
import { databaseFacts } from "./databases.ts";
import { dicomSocket, titles } from "./dicom.ts";
import { editableOf } from "./editable.ts";
import { fileFacts } from "./filefacts.ts";
import { configurationFolder } from "./filters.ts";
import { httpSocket } from "./http.ts";
import type { ImageConfiguration, ImageNote } from "./image/types.ts";
import { ineffectiveFacts } from "./ineffective.ts";
import { type Fault, type LoadedFile, loadConfiguration, loadFile } from "./load.ts";
import { type Modality, operations, readAlwaysAllowed, readModalities } from "./modalities.ts";
import { isDebian, type OrthancModel } from "./model.ts";
import { optionFacts, settingsOf } from "./options.ts";
import { peerFacts } from "./peers.ts";
import { readPlugins } from "./plugins.ts";
import { secretFacts, secretPlaces } from "./secrets.ts";
import { createSettings } from "./settings.ts";
import { startupFaults } from "./startup/startup.ts";
import { storageFacts } from "./storage.ts";
import { tenantSockets } from "./tenants.ts";
import { deriveLogin } from "./users.ts";
import { memberValue } from "./walk.ts";

/** What Orthanc does with the configuration of this service at this release. */
export const deriveOrthanc: Derive = (service, version, context) => {
  const model = orthancModel(service, version, context);
  const login = deriveLogin(model.settings);
  const faults = startupFaults(model, login);
  return {
    startup: startupOf(faults, model.image),
    sockets: [httpSocket(model, login), dicomSocket(model), ...tenantSockets(model)],
    facts: (openings) => [
      ...faults.map((fault, index) => faultFact(service, fault, earlier(faults, index))),
      ...optionFacts(model),
      ...imageNotes(model),
      ...loggedSecrets(model),
      ...accountFacts(model, login, httpReach(openings)),
      ...secretFacts(model),
      ...peerFacts(model),
      ...modalityFacts(model),
      ...pluginFacts(model),
      ...databaseFacts(model),
      ...storageFacts(model),
      ...certificateFacts(model),
      ...fileFacts(model),
      ...joinAdvisories(model, advisoryFacts(model, openings)),
      ...ineffectiveFacts(model),
    ],
    settings: () => settingsOf(model),
    secrets: secretPlaces(model),
    assumptions: assumptionsOf(model),
    editable: editableOf(model),
  };
};

/** The configuration of a service as a release reads it. */
export function orthancModel(started: Service, version: string, context: DeriveContext): OrthancModel {
  const contained =
    started.container === undefined ? undefined : containerConfiguration(started.container, version, context);
  const service =
    contained === undefined
      ? started
      : { ...started, configuration: contained.configuration, environment: contained.environment };
  const image = contained?.image;
  const loaded = loadConfiguration(service.configuration, version, (source) =>
    loadOnce(source, started, service.environment),
  );
  const settings = createSettings(loaded, {
    version,
    pinned: service.version.value !== null,
    backported: isDebian({ service }) ? debianBackports : [],
    imageDefaults: image?.defaults ?? [],
    unseen: image?.unseen ?? null,
  });
  const base = { service, context, version, loaded, settings };
  const plugins = readPlugins(settings, {
    service,
    files: context.files,
    configFolder: configurationFolder(base),
    image: image?.plugins ?? [],
  });
  const faults = [...(image?.faults ?? []), ...loaded.faults, ...plugins.faults];
  return {
    ...base,
    loaded: { ...loaded, faults },
    plugins: plugins.states,
    modalities: readModalities(settings),
    image,
    imageInput: contained?.input,
  };
}

/** Debian's packages have it since 1.9.1, upstream since 1.12.0 (measured). */
const debianBackports = ["RestApiWriteToFileSystemEnabled"];

/** A file reads alike at every release: it is parsed once for a service. */
const parsed = new WeakMap<Service, Map<SourceFile, LoadedFile>>();

function loadOnce(source: SourceFile, service: Service, environment: Environment): LoadedFile {
  const files = parsed.get(service) ?? new Map<SourceFile, LoadedFile>();
  parsed.set(service, files);
  const known = files.get(source) ?? loadFile(source, environment);
  files.set(source, known);
  return known;
}

function startupOf(faults: readonly Fault[], image: ImageConfiguration | undefined): Startup {
  // The start script of an image leaves a file out that it cannot read; whether that stops the container, it says itself.
  const against = faults.filter(
    (fault) => fault.effect === "start" || (fault.effect === "syntax" && image === undefined),
  );
  const reasons = against.map((fault) => ({ message: fault.message, origins: fault.origins }));
  if (against.length > 0 || image?.startup === "refuses") return { verdict: "refuses", reasons };
  if (image === undefined) return { verdict: "starts", reasons };
  return { verdict: image.unseen == null ? image.startup : unknown("input", image.unseen), reasons };
}

/** How many of the same message come before: by message and number a fault is the same one at every release. */
function earlier(faults: readonly Fault[], index: number): number {
  return faults.slice(0, index).filter(({ message }) => message === faults[index]?.message).length;
}

function faultFact(service: Service, fault: Fault, number: number): FaultFact {
  return {
    kind: "fault",
    id: `${service.name}/fault/${fault.message}${number === 0 ? "" : ` (${number + 1})`}`,
    service: service.name,
    product: "orthanc",
    message: fault.message,
    effect: fault.effect,
    expected: fault.expected,
    origins: { "": fault.origins, "/message": fault.origins },
  };
}

function httpReach(openings: readonly Opening[]): Opening["reach"] {
  return widestReach(openings.filter(({ protocol }) => protocol === "http").map(({ reach }) => reach));
}

/** Notes of the image's start script that are about settings without effect. */
const withoutEffect = new Set([
  "ignored-name",
  "no-effect",
  "dropped-value",
  "text-for-boolean",
  "left-out",
  "legacy-name",
]);

function imageNotes(model: OrthancModel): readonly IneffectiveFact[] {
  const notes = model.image?.notes.filter(({ kind }) => withoutEffect.has(kind)) ?? [];
  return notes.map(
    (note, index): IneffectiveFact => ({
      kind: "ineffective",
      id: `${model.service.name}/image/${note.kind}/${index}`,
      service: model.service.name,
      product: "orthanc",
      path: note.kind,
      because: note.message,
      looksSafe: note.kind !== "legacy-name",
      origins: { "": note.origins, "/because": note.origins, "/path": note.origins },
    }),
  );
}

/** What the start script was told to write to the log of the container. */
function loggedSecrets(model: OrthancModel): readonly SecretFact[] {
  const notes = model.image?.notes.filter(({ kind }) => kind === "logs-secrets") ?? [];
  return notes.map(
    (note, index): SecretFact => ({
      kind: "secret",
      id: `${model.service.name}/image/${note.kind}/${index}`,
      service: model.service.name,
      product: "orthanc",
      path: variableOf(note, model) ?? note.kind,
      verdict: "reference",
      purpose: note.message,
      logged: true,
      origins: { "": note.origins, "/logged": note.origins },
    }),
  );
}

/** The variable that a note of the start script is about. */
function variableOf({ origins }: ImageNote, { imageInput }: OrthancModel): string | undefined {
  const places = origins.flatMap((origin) => (origin.kind === "place" ? [placeKey(origin.at)] : []));
  return imageInput?.variables.find(({ at }) => places.includes(placeKey(at.at)))?.name;
}

function modalityFacts(model: OrthancModel): readonly ModalityFact[] {
  const always = readAlwaysAllowed(model.settings).operations;
  const byTitle = titles(model);
  return model.modalities.map((modality): ModalityFact => {
    const sameAet = byTitle.find(([, entries]) => entries.includes(modality))?.[1].length ?? 1;
    const ineffective = operations.filter(
      (operation) => modality.allows[operation] === false && always[operation] === true,
    );
    const check = model.settings.boolean("DicomCheckModalityHost");
    return {
      kind: "modality",
      id: `${model.service.name}/modality/${modality.name}`,
      service: model.service.name,
      product: "orthanc",
      name: modality.name,
      aet: modality.aet,
      host: modality.host,
      hostIsAddress: map(modality.host, isAddress),
      sameAet,
      hostChecked: check.value,
      tls: modality.tls,
      tlsExpected: and(
        model.settings.boolean("DicomServerEnabled").value,
        model.settings.boolean("DicomTlsEnabled").value,
      ),
      allows: modality.allows,
      ineffectiveDenials: ineffective,
      origins: {
        "": [modality.origin],
        "/aet": [modality.origins.aet],
        "/host": [modality.origins.host],
        "/hostIsAddress": [modality.origins.host],
        "/hostChecked": check.origins,
        "/sameAet": [modality.origins.aet],
        "/tls": [modality.origins.tls],
        "/ineffectiveDenials": denialOrigins(modality, ineffective),
      },
    };
  });
}

function denialOrigins(
  modality: Modality,
  ineffective: readonly (typeof operations)[number][],
): readonly Origin[] {
  return ineffective.flatMap((operation) => modality.denials[operation] ?? []);
}

/** An IPv4 or IPv6 address, as it would be written in Host. */
function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/u.test(host) || (host.includes(":") && /^[0-9a-f:.]+$/iu.test(host));
}

function pluginFacts(model: OrthancModel): readonly PluginFact[] {
  return model.plugins.map((state): PluginFact => {
    const configured = state.sections.some((section) => model.settings.find([section]) !== undefined);
    return {
      kind: "plugin",
      id: `${model.service.name}/plugin/${state.id}`,
      service: model.service.name,
      product: "orthanc",
      plugin: state.id,
      loaded: state.loaded,
      active: state.active,
      idleBecause: idleReason(state.loaded, state.enabled, configured),
      ...(state.id === "serve-folders"
        ? { exposes: state.loaded === false ? null : servedConfiguration(model) }
        : {}),
      origins: { "": state.origins, "/active": state.origins, "/idleBecause": state.origins },
    };
  });
}

/** Why a plugin that is meant to work does not. */
function idleReason(
  loaded: Maybe<boolean>,
  enabled: Maybe<boolean>,
  configured: boolean,
): Maybe<string | null> {
  if (!configured) return null;
  if (loaded === false) return "it has a section, and no library in Plugins provides it";
  if (enabled === false) return "its section does not switch it on";
  return map(or(loaded, not(loaded)), () => null);
}

/** A folder that is served and holds the configuration, or the whole disk: whoever may log in reads the passwords. */
function servedConfiguration(model: OrthancModel): string | null {
  const section = model.settings.find(["ServeFolders"]);
  if (section?.kind !== "object") return null;
  const folders = memberValue(section, "Folders");
  const served = folders?.kind === "object" ? folders.members : section.members;
  const own = `${configurationFolder(model) ?? ""}/`;
  const holds = (path: string): boolean => {
    const folder = path.replaceAll("\\", "/").replace(/\/+$/u, "");
    return (
      folder === "" || /^(?:\.|[a-z]:|\/etc(?:\/orthanc)?)$/iu.test(folder) || own.startsWith(`${folder}/`)
    );
  };
  const found = served.find(({ value }) => value.kind === "string" && holds(value.text.value));
  return found?.value.kind === "string" ? found.value.text.value : null;
}

function assumptionsOf(model: OrthancModel): readonly string[] {
  const uses = model.loaded.files.flatMap((file) => file.uses);
  const defaults = [...new Set(uses.filter((use) => use.outcome === "default").map((use) => use.name))];
  if (defaults.length === 0 || model.service.environment.complete) return [];
  return [`The variables ${defaults.join(", ")} are not set, so that the defaults in the file apply.`];
}
