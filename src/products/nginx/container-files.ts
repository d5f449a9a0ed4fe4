/** The files of nginx in a container: what is mounted or copied, what a start script makes, what the image has. */
import type { Container, Service } from "../../deployment/model.ts";
import { baseName, folderOf } from "../../sources/files.ts";
import { holeIn, isKnown, type Text } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { mountedDisk, type ProxyDisk } from "../proxy/disk.ts";
import type { NginxImage } from "./images.ts";
import { substituteEnvironment, type Variable } from "./template.ts";
import { writtenFiles } from "./written-images.ts";

/** The disk of a container. */
export function containerDisk(
  container: Container,
  image: NginxImage,
  { partners = [] }: Pick<Service, "partners">,
  context: DeriveContext,
): ProxyDisk {
  const put = mountedDisk(container, image.files, context);
  const made = new Map([...writtenFiles(container, partners, put), ...generated(container, image, put)]);
  return {
    read: (path) => made.get(path) ?? put.read(path),
    names(folder) {
      const own = put.names(folder);
      const extra = [...made.keys()].filter((path) => folderOf(path) === folder).map(baseName);
      return own === undefined ? undefined : [...new Set([...own, ...extra])].sort();
    },
  };
}

/** Files that are made when the container starts. */
function generated(
  container: Container,
  image: NginxImage,
  disk: ProxyDisk,
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
function fromTemplates(container: Container, disk: ProxyDisk): readonly (readonly [string, Text])[] {
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
