/** The files of nginx in a container: what is mounted or copied, what a start script makes, what the image has. */
import type { Container, ContainerFile } from "../../deployment/model.ts";
import { baseName, folderOf, joinPath } from "../../sources/files.ts";
import { holeIn, isKnown, type Text, textAt } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import type { NginxImage } from "./images.ts";
import { substituteEnvironment, type Variable } from "./template.ts";

/** A file system as nginx sees it; undefined: nobody knows. */
export interface NginxDisk {
  readonly read: (path: string) => Text | undefined;
  /** Names in a folder. */
  readonly names: (folder: string) => readonly string[] | undefined;
}

/** The disk of a container. */
export function containerDisk(container: Container, image: NginxImage, context: DeriveContext): NginxDisk {
  const put = mountedDisk(container, image, context);
  const made = new Map(generated(container, image, put));
  return {
    read: (path) => made.get(path) ?? put.read(path),
    names(folder) {
      const own = put.names(folder);
      const extra = [...made.keys()].filter((path) => folderOf(path) === folder).map(baseName);
      return own === undefined ? undefined : [...new Set([...own, ...extra])].sort();
    },
  };
}

/** What is put into the container, over what the image has. */
function mountedDisk(container: Container, image: NginxImage, context: DeriveContext): NginxDisk {
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
      const own = image.files[path];
      return own === undefined ? undefined : textAt(own, container.imageAt);
    },
    names(folder) {
      const inside = mounts
        .filter(({ target }) => folderOf(withoutSlash(target)) === folder)
        .map(({ target }) => baseName(withoutSlash(target)));
      const around = covering(folder);
      if (around === undefined) return [...new Set([...inside, ...ownNames(image, folder)])].sort();
      if (around.content.type !== "folder") return undefined;
      const listed = context.files.list(hostPath(around, around.content.path, folder));
      return [...new Set([...inside, ...(listed ?? [])])].sort();
    },
  };
}

function ownNames(image: NginxImage, folder: string): readonly string[] {
  return Object.keys(image.files)
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

/** Files that are made when the container starts. */
function generated(
  container: Container,
  image: NginxImage,
  disk: NginxDisk,
): readonly (readonly [string, Text])[] {
  const command = [...(container.entrypoint ?? []), ...(container.command ?? [])]
    .map(({ value }) => value)
    .join(" ");
  const byCommand = substitutions(command).flatMap(({ names, from, to }): (readonly [string, Text])[] => {
    const text = disk.read(from);
    return text === undefined ? [] : [[to, substituteEnvironment(text, variableOf(container, names))]];
  });
  const runsScripts =
    image.templates && container.entrypoint === undefined && /^(?:$|nginx(?:-debug)?(?: |$))/u.test(command);
  return runsScripts ? [...fromTemplates(container, disk), ...byCommand] : byCommand;
}

/** 20-envsubst-on-templates.sh: every template of the folder, by its path below it. */
function fromTemplates(container: Container, disk: NginxDisk): readonly (readonly [string, Text])[] {
  const setting = (name: string, fallback: string) => {
    const value = container.variables.findLast((variable) => variable.name === name)?.value;
    return value === undefined || !isKnown(value) ? fallback : value.value;
  };
  const folder = setting("NGINX_ENVSUBST_TEMPLATE_DIR", "/etc/nginx/templates");
  const suffix = setting("NGINX_ENVSUBST_TEMPLATE_SUFFIX", ".template");
  const output = setting("NGINX_ENVSUBST_OUTPUT_DIR", "/etc/nginx/conf.d");
  const filter = setting("NGINX_ENVSUBST_FILTER", "");
  const variable = variableOf(container, filter === "" ? undefined : filterOf(filter));
  return (disk.names(folder) ?? [])
    .filter((name) => name.endsWith(suffix))
    .flatMap((name): (readonly [string, Text])[] => {
      const text = disk.read(`${folder}/${name}`);
      return text === undefined
        ? []
        : [[`${output}/${name.slice(0, -suffix.length)}`, substituteEnvironment(text, variable)]];
    });
}

type Filter = (name: string) => boolean;

/** NGINX_ENVSUBST_FILTER is an expression of awk. */
function filterOf(source: string): Filter | undefined {
  try {
    const pattern = new RegExp(source);
    return (name) => pattern.test(name);
  } catch {
    return undefined;
  }
}

/** `envsubst '$A $B' < template > file`, as older descriptions have it in the command. */
function substitutions(command: string): readonly { names: Filter | undefined; from: string; to: string }[] {
  const pattern = /envsubst\s+(?:(["'])(.*?)\1\s*)?<\s*(\S+)\s*>\s*(\S+)/gu;
  return [...command.matchAll(pattern)].map(([, , list, from = "", to = ""]) => {
    const listed = list === undefined ? undefined : new Set(list.match(/\w+/gu) ?? []);
    return { names: listed === undefined ? undefined : (name: string) => listed.has(name), from, to };
  });
}

function variableOf(container: Container, filter: Filter | undefined): (name: string) => Variable {
  return (name) => {
    if (filter?.(name) === false) return "unset";
    const variable = container.variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) return container.variablesComplete ? "unset" : "unknown";
    if (holeIn(variable.value, 0, variable.value.value.length) !== undefined) return "unknown";
    return { value: variable.value.value, at: variable.at };
  };
}
