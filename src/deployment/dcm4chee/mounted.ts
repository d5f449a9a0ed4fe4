/** The files that mounts put into the containers of an archive; which file of WildFly counts follows from the image's tag. */
import { isUnknown } from "../../facts/unknown.ts";
import { type Dcm4cheeKind, recogniseDcm4chee } from "../../sources/dcm4chee-kinds.ts";
import { baseName, type Files, joinPath } from "../../sources/files.ts";
import type { SourceFile, Sources } from "../../sources/source.ts";
import { lineStarts } from "../../text/lines.ts";
import type { Text } from "../../text/text.ts";
import type { ContainerFile, Service } from "../model.ts";
import { passive } from "./kinds.ts";

/** What opens the files that mounts name. */
export interface Disk {
  readonly files: Files;
  readonly sources: Sources;
}

/** A file of one of the archive's kinds, with its place in the container. */
interface Mounted {
  readonly target: string;
  readonly source: SourceFile;
  readonly kind: Dcm4cheeKind;
}

/** The files of the archive's kinds that a container is given and that its server reads. */
export function mountedFiles(service: Service, disk: Disk): readonly Mounted[] {
  const mounted = (service.container?.files ?? []).flatMap((file) => mountedSources(file, disk));
  return service.product === "dcm4chee" ? withSelectedXml(service, mounted) : mounted;
}

/** Those that one mount puts there. */
function mountedSources(file: ContainerFile, disk: Disk): readonly Mounted[] {
  const { content, target } = file;
  if (content.type === "file") return known(target, content.path, disk);
  if (content.type === "text") return written(target, content.text);
  if (content.type !== "folder") return [];
  return filesBelow(content.path, disk.files, 8).flatMap((path) =>
    known(joinPath(target, path.slice(content.path.length).replace(/^\/+/u, "")), path, disk),
  );
}

function known(target: string, path: string, disk: Disk): readonly Mounted[] {
  const opened = disk.sources.open(path);
  if (!opened.ok) return [];
  const kind = recogniseDcm4chee(opened.source.text, path);
  return kind === undefined || passive.includes(kind) ? [] : [{ target, source: opened.source, kind }];
}

/** What a manifest itself writes into a file. */
function written(target: string, text: Text): readonly Mounted[] {
  const kind = recogniseDcm4chee(text, target);
  const source: SourceFile = {
    path: target,
    text,
    encoding: "utf-8",
    sha256: "",
    lines: lineStarts(text.value),
  };
  return kind === undefined || passive.includes(kind) ? [] : [{ target, source, kind }];
}

/** Names that configuration has; a volume of images or of a database is not opened file by file. */
const readable = /\.(?:ldif|json|xml|properties|conf)$/i;

function filesBelow(folder: string, files: Files, depth: number): readonly string[] {
  if (depth === 0) return [];
  return (files.list(folder) ?? []).flatMap((name) => {
    const path = joinPath(folder, name);
    const kind = files.stat(path)?.kind;
    if (kind === "directory") return filesBelow(path, files, depth - 1);
    return kind === "file" && readable.test(name) ? [path] : [];
  });
}

/** Of several files of WildFly the start script takes one, by the variant (setenv.sh of dcm4chee-arc-psql). */
function withSelectedXml(service: Service, mounted: readonly Mounted[]): readonly Mounted[] {
  const wanted = selectedXml(service);
  return mounted.filter(
    ({ kind, target }) => kind !== "wildfly-xml" || wanted === undefined || baseName(target) === wanted,
  );
}

/** The file that the container starts with: `-c` of its command, else the one of the variant; undefined: not known. */
function selectedXml(service: Service): string | undefined {
  const words = service.container?.command?.map(({ value }) => value) ?? [];
  const option = words.findIndex((word) => word === "-c" || word.startsWith("--server-config"));
  const given = option < 0 ? undefined : (/=(.+)$/.exec(words[option] ?? "")?.[1] ?? words[option + 1]);
  if (given !== undefined) return baseName(given);
  const variant = service.container?.recognised?.variant;
  if (variant === undefined || isUnknown(variant)) return undefined;
  const set = (name: string): string | undefined => service.environment.variables.get(name)?.value.value;
  const ui = set("WILDFLY_DEPLOY_UI") === "only" ? "-ui" : "";
  const oidc = /secure/.test(variant ?? "") && set("WILDFLY_ADMIN_OIDC") !== "false" ? "-oidc" : "";
  const logstash = set("LOGSTASH_HOST") === undefined ? "" : "-logstash";
  return `dcm4chee-arc${ui}${oidc}${logstash}.xml`;
}
