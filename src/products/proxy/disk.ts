/** The files of a proxy: what is put into its container and what its image has, or what lies on a host. */
import type { Container, ContainerFile, Service } from "../../deployment/model.ts";
import { baseName, folderOf, joinPath } from "../../sources/files.ts";
import { contentOf as renderedContent } from "../../sources/templates.ts";
import { type Text, textAt } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";

/** A file system as a proxy sees it; undefined: nobody knows. */
export interface ProxyDisk {
  readonly read: (path: string) => Text | undefined;
  /** Names in a folder. */
  readonly names: (folder: string) => readonly string[] | undefined;
}

/** What is put into the container, over what the image has. */
export function mountedDisk(
  container: Container,
  own: Readonly<Record<string, string>>,
  context: DeriveContext,
): ProxyDisk {
  // Of two with the same target the later one wins; a longer target lies over a shorter one.
  const mounts = [...container.files]
    .reverse()
    .sort((left, right) => right.target.length - left.target.length);
  const covering = (path: string) =>
    mounts.find(({ target }) => path === target || path.startsWith(`${withoutSlash(target)}/`));
  return {
    read(path) {
      const mount = covering(path);
      if (mount !== undefined) return contentOf(mount, path, context);
      const ofImage = own[path];
      return ofImage === undefined ? undefined : textAt(ofImage, container.imageAt);
    },
    names(folder) {
      const inside = mounts
        .filter(({ target }) => folderOf(withoutSlash(target)) === folder)
        .map(({ target }) => baseName(withoutSlash(target)));
      const around = covering(folder);
      if (around === undefined) return [...new Set([...inside, ...ownNames(own, folder)])].sort();
      if (around.content.type === "empty") return [...new Set(inside)].sort();
      if (around.content.type !== "folder") return undefined;
      const listed = context.files.list(hostPath(around, around.content.path, folder));
      return [...new Set([...inside, ...(listed ?? [])])].sort();
    },
  };
}

function ownNames(own: Readonly<Record<string, string>>, folder: string): readonly string[] {
  return Object.keys(own)
    .filter((path) => folderOf(path) === folder)
    .map(baseName);
}

function contentOf(mount: ContainerFile, path: string, context: DeriveContext): Text | undefined {
  const { content } = mount;
  if (content.type === "text") return path === mount.target ? content.text : undefined;
  if (content.type !== "file" && content.type !== "folder") return undefined;
  const opened = context.sources.open(
    content.type === "file" ? content.path : hostPath(mount, content.path, path),
  );
  return opened.ok ? opened.source.text : undefined;
}

function hostPath(mount: ContainerFile, source: string, path: string): string {
  return joinPath(source, `.${path.slice(withoutSlash(mount.target).length)}`);
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/u, "") : path;
}

/**
 * The disk of a host. `packaged` is the folder where packages keep the configuration: in the input, the service's own
 * folder stands for it. `absent` is told of each folder there that is not part of the input.
 */
export function hostDisk(
  service: Service,
  packaged: string,
  context: DeriveContext,
  absent: (path: string) => void,
): ProxyDisk {
  const home = service.workingDirectory ?? packaged;
  const local = (path: string) =>
    path === packaged || path.startsWith(`${packaged}/`)
      ? joinPath(home, `.${path.slice(packaged.length)}`)
      : path;
  return {
    read(path) {
      const found = service.lookup(local(path), null);
      if (found.state !== "found") return undefined;
      const opened = context.sources.open(found.path);
      return opened.ok ? renderedContent(opened.source) : undefined;
    },
    names(path) {
      const folder = service.lookup(local(path), null);
      const names =
        folder.state === "found"
          ? context.files
              .list(folder.path)
              ?.filter((name) => context.files.stat(`${folder.path}/${name}`)?.kind === "file")
          : undefined;
      if (names === undefined && !context.onHost) absent(path);
      return names ?? [];
    },
  };
}

/** The file at a path, as a list. */
export function single(disk: ProxyDisk, path: string): readonly Text[] | undefined {
  const text = disk.read(path);
  return text === undefined ? undefined : [text];
}

/** glob(3) for a pattern in the last part of a path; a pattern in a folder is not looked for. */
export function matching(disk: ProxyDisk, path: string): readonly Text[] | undefined {
  const folder = folderOf(path);
  if (/[*?[]/u.test(folder)) return undefined;
  const pattern = globPattern(baseName(path));
  const names = disk.names(folder)?.filter((name) => pattern.test(name));
  if (names === undefined) return undefined;
  const texts = names.map((name) => disk.read(`${folder}/${name}`));
  return texts.every((text) => text !== undefined) ? texts.flatMap((text) => text ?? []) : undefined;
}

/** `*` and `?` leave out a dot at the start, as glob(3) does. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|\\]/gu, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  try {
    return new RegExp(`^${/^[*?]/u.test(glob) ? "(?!\\.)" : ""}${source}$`, "u");
  } catch {
    return /^(?!)/u;
  }
}
