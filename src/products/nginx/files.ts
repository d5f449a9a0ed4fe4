/** Which files an nginx reads: its main file, and how includes are found from there. */
import type { Service } from "../../deployment/model.ts";
import { baseName, folderOf, joinPath } from "../../sources/files.ts";
import { contentOf } from "../../sources/templates.ts";
import type { Text } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { containerDisk, type NginxDisk } from "./container-files.ts";
import type { ResolveInclude } from "./expand.ts";
import { nginxImage } from "./images.ts";

/** What an nginx reads. */
export interface NginxFiles {
  readonly texts: readonly Text[];
  readonly prefix: string;
  readonly resolveInclude: ResolveInclude;
  /** Sentences: what was taken for granted. */
  readonly assumptions: readonly string[];
}

/** The files of a service. */
export function nginxFiles(service: Service, context: DeriveContext): NginxFiles {
  return service.container === undefined
    ? onHost(service, context)
    : inContainer(service, service.container, context);
}

function inContainer(
  service: Service,
  container: NonNullable<Service["container"]>,
  context: DeriveContext,
): NginxFiles {
  const image = nginxImage(container);
  const disk = containerDisk(container, image, context);
  const main = mainFile(container) ?? image.main;
  const text = disk.read(main);
  const own = container.files.some(({ target }) => /nginx|openresty/u.test(target));
  const assumption =
    text === undefined
      ? `The configuration of nginx in ${service.name} (${main}) is not part of the input: what it passes on is not known.`
      : `What nginx in ${service.name} passes on is in files of its image, which are not read.`;
  return {
    texts: text === undefined ? [] : [text],
    prefix: folderOf(main),
    resolveInclude: (path, glob) => (glob ? matching(disk, path) : single(disk, path)),
    assumptions: text !== undefined && (own || image.complete) ? [] : [assumption],
  };
}

/** `nginx -c FILE`. */
function mainFile(container: NonNullable<Service["container"]>): string | undefined {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])]
    .map(({ value }) => value)
    .join(" ");
  return /\bnginx\b.*?\s-c\s*(\/\S+?)["';]*(?:\s|$)/u.exec(words)?.[1];
}

function single(disk: NginxDisk, path: string): readonly Text[] | undefined {
  const text = disk.read(path);
  return text === undefined ? undefined : [text];
}

/** glob(3) for a pattern in the last part of a path; a pattern in a folder is not looked for. */
function matching(disk: NginxDisk, path: string): readonly Text[] | undefined {
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

/** Where packages keep the configuration; in the input another folder may stand for it. */
const packaged = "/etc/nginx";

function onHost(service: Service, context: DeriveContext): NginxFiles {
  const home = service.workingDirectory ?? packaged;
  const assumptions = new Set<string>();
  const local = (path: string) =>
    path === packaged || path.startsWith(`${packaged}/`)
      ? joinPath(home, `.${path.slice(packaged.length)}`)
      : path;
  const disk: NginxDisk = {
    read(path) {
      const found = service.lookup(local(path), null);
      if (found.state !== "found") return undefined;
      const opened = context.sources.open(found.path);
      return opened.ok ? contentOf(opened.source) : undefined;
    },
    names(path) {
      const folder = service.lookup(local(path), null);
      const names =
        folder.state === "found"
          ? context.files
              .list(folder.path)
              ?.filter((name) => context.files.stat(`${folder.path}/${name}`)?.kind === "file")
          : undefined;
      if (names === undefined && !context.onHost)
        assumptions.add(`${path} is not part of the input: nginx is taken to find no file there.`);
      return names ?? [];
    },
  };
  const texts = service.configuration.flatMap(({ files }) => files.map(({ text }) => text));
  return {
    texts,
    prefix: packaged,
    resolveInclude: (path, glob) => (glob ? matching(disk, path) : single(disk, path)),
    get assumptions() {
      return [...assumptions];
    },
  };
}
