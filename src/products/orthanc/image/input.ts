/** From a container, as its manifest describes it, to what the image's start script sees. */
import type { Container, ContainerFile, Environment } from "../../../deployment/model.ts";
import type { Maybe } from "../../../facts/unknown.ts";
import type { Files } from "../../../sources/files.ts";
import { joinPath } from "../../../sources/files.ts";
import type { Sources } from "../../../sources/source.ts";
import { holeText } from "../../../text/text.ts";
import { configurationFolder, secretsFolder } from "./read-files.ts";
import type { ImageFile, ImageInput, ImageKind } from "./types.ts";

/** What is known of the image by its name. */
export interface ImageIdentity {
  readonly kind: ImageKind;
  /** See {@link ImageInput.release}. */
  readonly release: string;
  readonly full: Maybe<boolean>;
}

/** Reads what is put into the container. `variablesOrdered`: see {@link ImageInput}. */
export function imageInput(
  container: Container,
  identity: ImageIdentity,
  variablesOrdered: boolean,
  files: Files,
  sources: Sources,
): ImageInput {
  return {
    ...identity,
    imageAt: container.imageAt,
    variables: container.variables,
    variablesOrdered,
    variablesComplete: container.variablesComplete,
    ...(container.variablesUnseen === undefined ? {} : { variablesUnseen: container.variablesUnseen }),
    files: containerFiles(container, files, sources),
    command: container.command,
    entrypoint: container.entrypoint,
  };
}

/** The variables of the process, for what Orthanc itself replaces: names that the container always sets are unknown. */
export function processEnvironment(input: ImageInput): Environment {
  const hidden = ["HOSTNAME", "HOME", "PATH", "PWD"].map(
    (name) =>
      [
        name,
        { value: holeText(`the container itself sets ${name}`, input.imageAt), at: input.imageAt },
      ] as const,
  );
  const given = input.variables.map(({ name, value, at }) => [name, { value, at }] as const);
  return { complete: input.variablesComplete, variables: new Map([...hidden, ...given]) };
}

/** The files in the folders that matter: mounts take precedence over those of the folders around them. */
function containerFiles(container: Container, files: Files, sources: Sources): readonly ImageFile[] {
  const named = [...(container.command ?? []), ...(container.entrypoint ?? [])]
    .map(({ value }) => value.replace(/\/+$/u, ""))
    .filter((path) => path.startsWith("/"));
  const folders = [configurationFolder, secretsFolder, ...named];
  const result = new Map<string, ImageFile>();
  for (const mount of [...container.files].sort((left, right) => left.target.length - right.target.length)) {
    const target = mount.target.replace(/(?<=.)\/+$/u, "");
    for (const path of [...result.keys()]) if (path.startsWith(`${target}/`)) result.delete(path);
    for (const file of mounted({ ...mount, target }, folders, files, sources)) result.set(file.path, file);
  }
  return [...result.values()];
}

function mounted(
  mount: ContainerFile,
  folders: readonly string[],
  files: Files,
  sources: Sources,
): readonly ImageFile[] {
  const { target: path, at, content } = mount;
  switch (content.type) {
    case "text":
      return [{ path, at, content: { type: "text", text: content.text } }];
    case "unknown":
      return [{ path, at, content }];
    case "volume":
      return [
        {
          path,
          at,
          content: { type: "unknown", reason: `what the volume at ${path} holds is not part of the input` },
        },
      ];
    case "file":
      return [readFile(path, content.path, mount, sources)];
    case "empty":
      return [{ path, at, content: { type: "folder" } }];
    case "folder":
      return folderFiles(mount, content.path, folders, files, sources);
  }
}

function readFile(path: string, hostPath: string, { at }: ContainerFile, sources: Sources): ImageFile {
  const opened = sources.open(hostPath);
  if (opened.ok)
    return {
      path,
      at,
      content: {
        type: "text",
        text: opened.source.text,
        encoding: opened.source.encoding,
        source: opened.source,
      },
    };
  if (opened.reason === "binary") return { path, at, content: { type: "binary" } };
  if (opened.reason === "directory") return { path, at, content: { type: "folder" } };
  return { path, at, content: { type: "unknown", reason: `${hostPath}: ${opened.message}` } };
}

/** A mounted folder, and of what lies below it the folders that matter. */
function folderFiles(
  mount: ContainerFile,
  hostPath: string,
  folders: readonly string[],
  files: Files,
  sources: Sources,
): readonly ImageFile[] {
  const own: ImageFile = { path: mount.target, at: mount.at, content: { type: "folder" } };
  const wanted = folders.filter((folder) => folder === mount.target || folder.startsWith(`${mount.target}/`));
  const below = wanted.flatMap((folder): readonly ImageFile[] => {
    const host = joinPath(hostPath, `.${folder.slice(mount.target.length)}`);
    const kind = files.stat(host)?.kind;
    if (kind === "file") return [readFile(folder, host, mount, sources)];
    const itself: readonly ImageFile[] =
      kind === "directory" && folder !== mount.target
        ? [{ path: folder, at: mount.at, content: { type: "folder" } }]
        : [];
    const names = files.list(host) ?? [];
    return [
      ...itself,
      ...names.map((name) => entryOf(`${folder}/${name}`, joinPath(host, name), mount, files, sources)),
    ];
  });
  return [own, ...below];
}

function entryOf(
  path: string,
  hostPath: string,
  mount: ContainerFile,
  files: Files,
  sources: Sources,
): ImageFile {
  const isFolder = files.stat(hostPath)?.kind === "directory";
  return isFolder
    ? { path, at: mount.at, content: { type: "folder" } }
    : readFile(path, hostPath, mount, sources);
}
