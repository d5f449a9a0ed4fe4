import type { Candidate } from "../sources/discover.ts";
import { type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import { isTemplate, renderedPath } from "../sources/templates.ts";
import { isKnown, locate } from "../text/text.ts";
import { freeParts, namedPart, type Part } from "./host/parts.ts";
import { hostVersion } from "./host/version.ts";
import type { Deployment, Environment, FileLookup, Service, VersionInfo } from "./model.ts";
import { type OrthancUnit, orthancUnits } from "./systemd.ts";

/** What the user says about a host. */
export interface HostOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
  readonly orthancVersion: VersionInfo;
  readonly sources: Sources;
}

/** Deployments of the Orthanc configurations among the candidates. */
export function hostDeployments(
  candidates: readonly Candidate[],
  files: Files,
  options: HostOptions,
): readonly Deployment[] {
  const { sources, onHost } = options;
  const units = orthancUnits(candidates, { files, sources, onHost });
  const started = units.flatMap((unit) => {
    const part = namedPart(unit, candidates, files, sources);
    return part === undefined ? [] : [{ unit, part }];
  });
  const taken = new Set(started.flatMap(({ part }) => part.members.map(({ source }) => source.path)));
  const free = candidates.filter(({ source }) => !taken.has(source.path));
  const parts = freeParts(free);
  const lost = units.filter((unit) => started.every((other) => other.unit !== unit));
  const [only, ...others] = parts;
  const [unit, ...furtherUnits] = lost;
  const paired = only !== undefined && unit !== undefined && others.length + furtherUnits.length === 0;
  return [
    ...started.map(({ unit, part }) => unitDeployment(part, unit, files, options)),
    ...(paired
      ? [unitDeployment(only, unit, files, options)]
      : parts.map((part) => orthancDeployment(part, files, options))),
    ...(paired ? [] : lost.map(lostUnit)),
  ];
}

function orthancDeployment(part: Part, files: Files, options: HostOptions): Deployment {
  const [first] = part.members;
  const path = part.form === "folder" || first === undefined ? part.folder : first.source.path;
  const service: Service = {
    name: "orthanc",
    product: "orthanc",
    version: hostVersion(options.orthancVersion, options.onHost, files),
    environment: options.environment,
    configuration: [{ path, form: part.form, files: part.members.map((member) => member.source) }],
    workingDirectory: workingDirectory(part, options),
    network: { kind: "host" },
    lookup: hostLookup(files, part.folder, options.onHost),
  };
  return {
    id: path,
    root: part.folder,
    form: "host",
    services: [service],
    files: part.members.map((member) => ({
      source: member.source,
      kind: member.kind,
      linkedTo: service.name,
    })),
    problems: [],
    assumptions: [...hostAssumptions(service, part, options), ...part.members.flatMap(templateAssumed)],
  };
}

/** The same server as its unit starts it: with that one's variables, folder and command line. */
function unitDeployment(part: Part, unit: OrthancUnit, files: Files, options: HostOptions): Deployment {
  const { environment, args, at, problems, sources } = unit;
  const plain = orthancDeployment(part, files, options);
  const variables = new Map([...environment.variables, ...options.environment.variables]);
  const complete = environment.complete || options.environment.complete;
  const services = plain.services.map(
    (service): Service => ({
      ...service,
      at,
      args,
      unit: unit.unit,
      environment: { complete, variables },
      workingDirectory: unitFolder(unit),
    }),
  );
  const own = sources.map(({ source, kind }) => ({ source, kind, linkedTo: "orthanc" }));
  const { name } = unit.unit;
  const elsewhere =
    unit.configuration === undefined
      ? [`The configuration that ${name} names is not part of the input: ${plain.id} is taken for it.`]
      : [];
  const ofFolder = (text: string): boolean => text.startsWith("Orthanc is started in the folder");
  return {
    ...plain,
    services,
    files: [
      ...plain.files,
      ...own.filter(({ source }) => plain.files.every((file) => file.source !== source)),
    ],
    problems,
    assumptions: [...plain.assumptions.filter((text) => !ofFolder(text)), ...elsewhere],
  };
}

/** systemd starts in the root folder unless it is told another one; "~" is the home of the user. */
function unitFolder({ unit }: OrthancUnit): string | null {
  const value = unit.directives.get("WorkingDirectory")?.value;
  if (value === undefined || value.value === "") return "/";
  const path = value.value.replace(/^-/u, "");
  return isAbsolute(path) && !path.includes("%") ? path : null;
}

/** A unit whose configuration is not there: nothing can be said of its server. */
function lostUnit({ unit, sources, named, at, problems }: OrthancUnit): Deployment {
  const [first] = sources;
  const path = first?.source.path ?? unit.name;
  const where = named === undefined ? at : locate(named, 0, named.value.length);
  const message =
    named === undefined
      ? `${unit.name} starts Orthanc without a configuration: every setting has its default`
      : `the configuration ${isKnown(named) ? named.value : ""} of ${unit.name} is not part of the input`;
  return {
    id: path,
    root: folderOf(path),
    form: "unlinked",
    services: [],
    files: sources.map(({ source, kind }) => ({ source, kind, linkedTo: null })),
    problems: [...problems, { kind: "missing-file", message: message.replace("  ", " "), where }],
    assumptions: [],
  };
}

/** Debian's service starts in the root folder (/lib/systemd/system/orthanc.service); otherwise it is not known. */
function workingDirectory(part: Part, options: HostOptions): string {
  return options.onHost && part.form === "folder" && part.folder === "/etc/orthanc" ? "/" : part.folder;
}

function hostLookup(files: Files, folder: string, onHost: boolean): FileLookup {
  return (path, base) => {
    if (path === "") return { state: "unknown", path };
    const full = isAbsolute(path) || base === null ? joinPath("", path) : joinPath(base, path);
    const visible = onHost || !isAbsolute(path) || full.startsWith(`${folder}/`);
    if (base === null && !isAbsolute(path)) return { state: "unknown", path: full };
    if (visible && files.stat(full) !== undefined) return { state: "found", path: full };
    return { state: onHost ? "missing" : "unknown", path: full };
  };
}

function templateAssumed({ source }: Candidate): readonly string[] {
  if (!isTemplate(source)) return [];
  return [
    `${source.path} is taken for a template of ${renderedPath(source.path)}: what is filled in is not known.`,
  ];
}

function hostAssumptions(service: Service, part: Part, options: HostOptions): readonly string[] {
  const result: string[] = [];
  if (service.version.value === null) {
    const [oldest] = service.version.candidates;
    result.push(
      `The release of Orthanc is not known: every one from ${oldest ?? "1.5.8"} on was considered. State it with --orthanc-version.`,
    );
  }
  if (!(options.onHost && part.folder === "/etc/orthanc")) {
    result.push(
      "Orthanc is started in the folder of its configuration; relative paths of DicomTls… options count from there.",
    );
  }
  return result;
}
