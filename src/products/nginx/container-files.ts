/** The files of nginx in a container: what is mounted or copied, what a start script makes, what the image has. */
import type { Container, Service } from "../../deployment/model.ts";
import {
  type MadeFiles,
  madeFiles,
  substituteEnvironment,
  variableOf,
} from "../../deployment/start-script.ts";
import { baseName, folderOf } from "../../sources/files.ts";
import { isKnown, type Text } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { mountedDisk, type ProxyDisk } from "../proxy/disk.ts";
import type { NginxImage } from "./images.ts";
import { writtenFiles } from "./written-images.ts";

/** The disk of a container. */
export function containerDisk(
  container: Container,
  image: NginxImage,
  { partners = [] }: Pick<Service, "partners">,
  context: DeriveContext,
): ProxyDisk {
  const put = mountedDisk(container, image.files, context);
  const made = new Map<string, Text | undefined>([
    ...writtenFiles(container, partners, put),
    ...generated(container, image, put),
  ]);
  return {
    read: (path) => (made.has(path) ? made.get(path) : put.read(path)),
    names(folder) {
      const own = put.names(folder);
      const extra = [...made.keys()].filter((path) => folderOf(path) === folder).map(baseName);
      return own === undefined ? undefined : [...new Set([...own, ...extra])].sort();
    },
  };
}

/** Files that are made when the container starts. */
function generated(container: Container, image: NginxImage, disk: ProxyDisk): MadeFiles {
  const command = (container.command ?? []).map(({ value }) => value).join(" ");
  const runsScripts =
    image.templates && container.entrypoint === undefined && /^(?:$|nginx(?:-debug)?(?: |$))/u.test(command);
  return new Map([
    ...(runsScripts ? fromTemplates(container, disk) : []),
    ...madeFiles(container, (path) => disk.read(path)),
  ]);
}

/**
 * Whether a program of somebody else starts nginx and decides what it reads: one that is neither nginx nor a shell nor
 * the image's own, and cannot be read.
 */
export function startsUnseen(container: Container, disk: ProxyDisk): boolean {
  const [program] = container.entrypoint ?? [];
  if (program === undefined) return false;
  if (
    /^(?:nginx(?:-debug)?|openresty|\w*sh|docker-entrypoint\.sh|tini|dumb-init|init)$/u.test(
      baseName(program.value),
    )
  )
    return false;
  return disk.read(program.value) === undefined;
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
