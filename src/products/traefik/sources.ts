/**
 * Where Traefik's configuration comes from: a file, else flags, else variables (each alone: docs/content/getting-started/
 * configuration-overview.md), and what its providers read.
 */
import type { Problem, Service } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { readToml } from "../../sources/toml.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { type Located, locate, slice, type Text, textAt } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { hostDisk, mountedDisk, type ProxyDisk } from "../proxy/disk.ts";
import { type NamedSetting, treeOf } from "../proxy/tree.ts";
import { labelTree, type Told } from "./dynamic.ts";
import type { StaticConfiguration } from "./static.ts";

/** What Traefik is started with; the tree is undefined where it is not part of the input. */
export interface StaticSource {
  readonly tree: Tree | undefined;
  /** The file, where it is one. */
  readonly path: string | undefined;
  readonly problems: readonly Problem[];
}

/** The folder of packages and images. */
const packaged = "/etc/traefik";

/** The files as Traefik sees them. */
export function diskOf(service: Service, context: DeriveContext): ProxyDisk {
  return service.container === undefined
    ? hostDisk(service, packaged, context, () => undefined)
    : mountedDisk(service.container, {}, context);
}

/** Reads what Traefik is started with. */
export function staticSource(service: Service, disk: ProxyDisk): StaticSource {
  const words = wordsOf(service);
  const flags = flagsIn(words);
  const named = flags.find(({ path }) => path.join(".").toLowerCase() === "configfile")?.value.value;
  // Behind the packaged folder comes the working directory, which is the root of the image.
  const usual = [packaged, ""].flatMap((folder) =>
    ["yml", "yaml", "toml"].map((type) => `${folder}/traefik.${type}`),
  );
  const path =
    named ?? usual.find((candidate) => disk.read(candidate) !== undefined || isPut(service, candidate));
  if (path !== undefined) {
    const text = disk.read(path);
    if (text === undefined) return { tree: undefined, path, problems: [] };
    return { path, ...readTree(path, text) };
  }
  const at = nowhere(service);
  const settings = flags.length > 0 ? flags : variablesOf(service);
  return { tree: treeOf(settings, at), path: undefined, problems: [] };
}

/** Where a setting would be written that is not there. */
export function nowhere(service: Service): Located {
  return (
    service.container?.imageAt ??
    service.at ?? { at: { file: service.configuration[0]?.path ?? "", start: 0, end: 0 } }
  );
}

/** Whether something that cannot be looked at is put into the container at this path. */
function isPut({ container }: Service, path: string): boolean {
  return (
    container?.files.some(({ target, content }) => target === path && content.type !== "volume") === true
  );
}

function wordsOf({ container, args }: Service): readonly Text[] {
  if (container === undefined) return args ?? [];
  return [...(container.entrypoint ?? []), ...(container.command ?? [])].flatMap(splitScript);
}

/** The words of a script for `sh -c`; a word without white space is itself. */
function splitScript(word: Text): readonly Text[] {
  return [...word.value.matchAll(/\S+/gu)].length < 2 ||
    !/(?:^|\s)--?\w/u.test(word.value) ||
    word.value.startsWith("--")
    ? [word]
    : [...word.value.matchAll(/\S+/gu)].map((match) =>
        slice(word, match.index, match.index + match[0].length),
      );
}

/** `--name=value`, `--name value`, `--name` (true). */
function flagsIn(words: readonly Text[]): readonly NamedSetting[] {
  return words.flatMap((word, index): readonly NamedSetting[] => {
    const found = /^--?([A-Za-z][^=\s]*)(=?)/u.exec(word.value);
    if (found === null) return [];
    const [whole, name = "", equals] = found;
    const at = locate(word, 0, word.value.length);
    const next = words[index + 1];
    const value =
      equals === "="
        ? slice(word, whole.length, word.value.length)
        : next === undefined || next.value.startsWith("-")
          ? textAt("true", at)
          : next;
    return [{ path: name.split("."), value, at }];
  });
}

function variablesOf({ environment }: Service): readonly NamedSetting[] {
  return [...environment.variables].flatMap(([name, { value, at }]) =>
    name.startsWith("TRAEFIK_") ? [{ path: name.slice("TRAEFIK_".length).split("_"), value, at }] : [],
  );
}

/** Reads a file of settings. */
export function readTree(
  path: string,
  text: Text,
): { readonly tree: Tree | undefined; readonly problems: readonly Problem[] } {
  const place: ObjectTree = { kind: "object", members: [], ...locate(text, 0, 0) };
  const isToml = /\.toml(?:\.\w+)?$/iu.test(path);
  const { root, errors } = isToml ? readToml(text) : yamlOf(text);
  const problems = errors.map(
    (error): Problem => ({ kind: "syntax", message: `Traefik refuses this: ${error.message}`, where: error }),
  );
  const tree = root === undefined || root.kind === "null" ? place : root;
  return { tree: problems.length > 0 && root === undefined ? undefined : tree, problems };
}

function yamlOf(text: Text) {
  const { documents, errors } = readYaml(text);
  return { root: documents[0], errors };
}

/** What the providers tell, and what of it is not there to read. */
export interface ProviderSources {
  readonly told: readonly Told[];
  readonly problems: readonly Problem[];
  readonly assumptions: readonly string[];
}

/** Reads what the providers of this configuration read. */
export function providerSources(
  service: Service,
  configuration: StaticConfiguration,
  disk: ProxyDisk,
): ProviderSources {
  const { docker } = configuration;
  const labels =
    docker === undefined ? [] : (service.partners ?? []).flatMap((one) => labelTree(one, docker) ?? []);
  const files = fromFiles(configuration, disk);
  const objects =
    service.traefikObjects === undefined || !configuration.otherProviders.includes("kubernetescrd")
      ? []
      : [{ provider: "kubernetescrd", tree: service.traefikObjects.told }];
  return { ...files, told: [...files.told, ...labels, ...objects] };
}

function fromFiles({ files, filesAreFolder }: StaticConfiguration, disk: ProxyDisk): ProviderSources {
  if (files === undefined) return { told: [], problems: [], assumptions: [] };
  if (isUnknown(files.value))
    return { told: [], problems: [missing("its name is not known", files)], assumptions: [] };
  const path = files.value.replace(/\/+$/u, "");
  const names = filesAreFolder ? disk.names(path)?.filter((name) => /\.(?:ya?ml|toml)$/iu.test(name)) : [""];
  if (names === undefined || (filesAreFolder && names.length === 0))
    return { told: [], problems: [missing(`${path} is not part of the input`, files)], assumptions: [] };
  const read = names.map((name) => {
    const full = filesAreFolder ? `${path}/${name}` : path;
    const text = disk.read(full);
    return text === undefined
      ? { tree: undefined, problems: [missing(`${full} is not part of the input`, files)] }
      : readTree(full, text);
  });
  return {
    told: read.flatMap(({ tree }) => (tree === undefined ? [] : [{ provider: "file", tree }])),
    problems: read.flatMap(({ problems }) => problems),
    assumptions: [],
  };
}

function missing(why: string, where: Located): Problem {
  return {
    kind: "missing-file",
    message: `The routers of Traefik's file provider are not read: ${why}.`,
    where,
  };
}
