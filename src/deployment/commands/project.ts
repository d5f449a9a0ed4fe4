/** The containers that a script starts, as the compose project that would start the same. */

import type { ContainerCommand } from "../../sources/container-commands.ts";
import type { Files } from "../../sources/files.ts";
import { isAbsolute, joinPath, writtenBy } from "../../sources/files.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, isKnown, type Located, locate, slice, type Text, textAt } from "../../text/text.ts";
import { arrayTree, booleanTree, implied, nullTree, objectTree, stringTree } from "../compose/trees.ts";
import { type RunOption, type RunWords, readRun } from "./options.ts";

/** Where the paths of a script start, and what it writes itself. */
export interface ScriptPaths {
  readonly script: string;
  /** The folder in which it is taken to run: that of the script, or one above it. */
  readonly folder: string;
  readonly files: Files;
}

interface Run extends RunWords {
  readonly name: string;
  readonly at: Located;
}

/** The project of a script's commands; undefined when they start nothing. */
export function projectOf(commands: readonly ContainerCommand[], paths: ScriptPaths): ObjectTree | undefined {
  const runs = named(
    commands.flatMap(({ verb, words, at }) => {
      const read = verb === "run" ? readRun(words) : undefined;
      return read === undefined ? [] : [{ ...read, at }];
    }),
  );
  const [first] = runs;
  if (first === undefined) return undefined;
  const builds = commands.filter(({ verb }) => verb === "build").flatMap(buildOf);
  const internal = commands.filter(({ verb }) => verb === "network").flatMap(internalNetwork);
  const services = runs.map(
    (run): Member => ({
      key: run.name,
      keyAt: run.at,
      value: objectTree(serviceMembers(run, { runs, builds, paths }), run.at),
    }),
  );
  const networks = [...new Map(runs.flatMap(networksOf).map((text) => [text.value, text])).values()];
  const volumes = [...new Map(runs.flatMap(namedVolumes).map((text) => [text.value, text])).values()];
  const top = (key: string, members: readonly Member[]): readonly Member[] =>
    members.length === 0 ? [] : [implied(key, objectTree(members, first.at))];
  return objectTree(
    [
      implied("services", objectTree(services, first.at)),
      ...top(
        "networks",
        networks.map((text) => networkMember(text, internal)),
      ),
      ...top(
        "volumes",
        volumes.map((text) => keyed(text, nullTree(placeOf(text)))),
      ),
    ],
    first.at,
  );
}

/** `--name`, or the name of the image; each once, as the script may start one after it stopped another. */
function named(runs: readonly (RunWords & { readonly at: Located })[]): readonly Run[] {
  const used = new Map<string, number>();
  return runs.map((run) => {
    const given = run.options.findLast(({ name }) => name === "name")?.value;
    const own =
      given !== undefined && isKnown(given)
        ? given.value
        : (/([\w.-]+)(?::[^/]*)?$/u.exec(run.image.value)?.[1] ?? "container");
    const name = own.replace(/[^\w.-]/gu, "") || "container";
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return { ...run, name: count === 1 ? name : `${name}-${count}` };
  });
}

interface Around {
  readonly runs: readonly Run[];
  readonly builds: readonly Build[];
  readonly paths: ScriptPaths;
}

/** Options that Compose has as lists of the same texts. */
const lists: readonly (readonly [string, string])[] = [
  ["publish", "ports"],
  ["expose", "expose"],
  ["env", "environment"],
  ["env-file", "env_file"],
  ["cap-add", "cap_add"],
  ["cap-drop", "cap_drop"],
  ["security-opt", "security_opt"],
  ["device", "devices"],
  ["tmpfs", "tmpfs"],
  ["label", "labels"],
  ["add-host", "extra_hosts"],
];

/** Options that Compose has with one text. */
const texts: readonly (readonly [string, string])[] = [
  ["name", "container_name"],
  ["hostname", "hostname"],
  ["user", "user"],
  ["pid", "pid"],
  ["ipc", "ipc"],
  ["restart", "restart"],
  ["workdir", "working_dir"],
];

function serviceMembers(run: Run, around: Around): readonly Member[] {
  const { options, command, image, at } = run;
  const all = (name: string): readonly Text[] =>
    options.filter((option) => option.name === name).map(({ value }) => value);
  const list = (key: string, items: readonly Tree[]): readonly Member[] =>
    items.length === 0 ? [] : [implied(key, arrayTree(items, items[0] ?? at))];
  const flag = (name: string, key: string): readonly Member[] => {
    const option = options.findLast((one) => one.name === name);
    return option === undefined || option.value.value === "false"
      ? []
      : [implied(key, booleanTree(true, wordOf(option, at)))];
  };
  const build = around.builds.find(
    ({ tags }) => tags.includes(image.value) || tags.includes(`${image.value}:latest`),
  );
  const links = all("link").filter(({ value }) =>
    around.runs.some(({ name }) => name === value.split(":")[0]),
  );
  const entrypoint = all("entrypoint").at(-1);
  return [
    build === undefined ? implied("image", textTree(image)) : implied("build", build.tree),
    ...lists.flatMap(([name, key]) => list(key, all(name).map(textTree))),
    ...texts.flatMap(([name, key]) =>
      all(name)
        .slice(-1)
        .map((text) => implied(key, textTree(text))),
    ),
    ...list("volumes", [
      ...all("volume").map((text) => volumeTree(text, around.paths)),
      ...all("mount").map((text) => mountTree(text, around.paths)),
    ]),
    ...list("links", links.map(textTree)),
    ...flag("privileged", "privileged"),
    ...flag("read-only", "read_only"),
    ...(entrypoint === undefined ? [] : list("entrypoint", [textTree(entrypoint)])),
    ...list("command", command.map(textTree)),
    ...networkMembers(run),
  ];
}

function wordOf({ value }: RunOption, fallback: Located): Located {
  return value.value === "" ? fallback : placeOf(value);
}

/** Without a network of its own a container is in Docker's default one, where nobody has a name. */
function networkMembers(run: Run): readonly Member[] {
  const own = networksOf(run);
  if (own.length > 0) {
    const aliases = run.options
      .filter(({ name }) => name === "network-alias")
      .map(({ value }) => textTree(value));
    const details = (text: Text): Tree =>
      aliases.length === 0
        ? nullTree(placeOf(text))
        : objectTree([implied("aliases", arrayTree(aliases, placeOf(text)))], placeOf(text));
    return [
      implied(
        "networks",
        objectTree(
          own.map((text) => keyed(text, details(text))),
          run.at,
        ),
      ),
    ];
  }
  const mode = run.options.findLast(({ name }) => name === "network")?.value;
  return [
    implied(
      "network_mode",
      mode === undefined ? stringTree(textAt("bridge", run.at), run.at) : textTree(mode),
    ),
  ];
}

/** The networks that have names; `--network host` and the like are none. */
function networksOf({ options }: Run): readonly Text[] {
  return options
    .filter(({ name, value }) => name === "network" && isKnown(value))
    .map(({ value }) => value)
    .filter(
      ({ value }) =>
        !/^(?:host|none|bridge|default|private|slirp4netns.*|pasta.*|container:.*|)$/u.test(value),
    );
}

function networkMember(text: Text, internal: readonly string[]): Member {
  const where = placeOf(text);
  const members = internal.includes(text.value) ? [implied("internal", booleanTree(true, where))] : [];
  return keyed(text, objectTree(members, where));
}

/** `docker network create --internal NAME` */
function internalNetwork({ words }: ContainerCommand): readonly string[] {
  const values = words.map(({ value }) => value);
  return values.some((value) => /^--internal(?:=true)?$/u.test(value)) ? values.slice(-1) : [];
}

function namedVolumes({ options }: Run): readonly Text[] {
  return options.flatMap(({ name, value }) => {
    const [, source = ""] = /^([A-Za-z0-9][\w.-]+):/u.exec(value.value) ?? [];
    return name === "volume" && source !== "" ? [slice(value, 0, source.length)] : [];
  });
}

/** The short form of Compose, but for a file or folder that the script itself writes. */
function volumeTree(text: Text, paths: ScriptPaths): Tree {
  const [, source, target = "", mode = ""] = /^([./~][^:]*):([^:]+)(?::(.*))?$/u.exec(text.value) ?? [];
  const where = placeOf(text);
  const own = source === undefined ? undefined : writtenPath(source, paths);
  if (own === undefined) return textTree(text);
  return objectTree(
    [
      implied("type", stringTree(textAt("bind", where), where)),
      implied("source", stringTree(textAt(own, where), where)),
      implied("target", stringTree(textAt(target, where), where)),
      implied("read_only", booleanTree(mode.split(",").includes("ro"), where)),
    ],
    where,
  );
}

/** A path as the run knows it, where the script writes it and the disk does not have it. */
function writtenPath(source: string, { script, folder, files }: ScriptPaths): string | undefined {
  const path = `${script}${writtenBy}${joinPath("", source).replace(/^\//u, "")}`;
  if (files.stat(path) === undefined) return undefined;
  if (isAbsolute(path)) return path;
  return folder === "." ? `./${path}` : `./${path.slice(folder.length + 1)}`;
}

/** `type=bind,source=…,target=…,readonly` */
function mountTree(text: Text, paths: ScriptPaths): Tree {
  const where = placeOf(text);
  const names: Readonly<Record<string, string>> = { src: "source", dst: "target", destination: "target" };
  const members: Member[] = [];
  let start = 0;
  for (const part of text.value.split(",")) {
    const [key = "", ...rest] = part.split("=");
    const value = rest.join("=");
    const from = start + key.length + 1;
    const name = names[key] ?? key;
    if (key === "readonly" || key === "ro")
      members.push(implied("read_only", booleanTree(value !== "false" && value !== "0", where)));
    else if (["type", "source", "target"].includes(name)) {
      const own = name === "source" ? writtenPath(value, paths) : undefined;
      const put = own === undefined ? slice(text, from, from + value.length) : textAt(own, where);
      members.push(implied(name, textTree(put)));
    }
    start += part.length + 1;
  }
  const typed = members.some(({ key }) => key === "type");
  return objectTree(
    typed ? members : [implied("type", stringTree(textAt("volume", where), where)), ...members],
    where,
  );
}

/** An image that the script builds. */
interface Build {
  readonly tags: readonly string[];
  readonly tree: Tree;
}

/** `docker build -t NAME -f FILE FOLDER` */
function buildOf({ words, at }: ContainerCommand): readonly Build[] {
  const option = (pattern: RegExp): readonly Text[] =>
    words.flatMap((word, index) => {
      const [own] = pattern.exec(word.value) ?? [];
      if (own === undefined) return [];
      const rest =
        word.value.length > own.length ? slice(word, own.length, word.value.length) : words[index + 1];
      return rest === undefined ? [] : [rest];
    });
  const tags = option(/^(?:-t|--tag)(?:=|$)/u).map(({ value }) => value);
  const [dockerfile] = option(/^(?:-f|--file)(?:=|$)/u);
  const context = words.at(-1);
  if (context === undefined || tags.length === 0) return [];
  const members = [implied("context", textTree(context))];
  if (dockerfile !== undefined)
    members.push(implied("dockerfile", textTree(withinContext(dockerfile, context))));
  return [{ tags, tree: objectTree(members, at) }];
}

/** `docker build` takes the Dockerfile from where it runs, Compose from the folder of the build. */
function withinContext(dockerfile: Text, context: Text): Text {
  const folder = context.value.replace(/^\.\/?|\/$/gu, "");
  if (folder === "" || dockerfile.value.startsWith("/")) return dockerfile;
  const path = dockerfile.value.replace(/^\.\//u, "");
  const skipped = dockerfile.value.length - path.length;
  if (path.startsWith(`${folder}/`))
    return slice(dockerfile, skipped + folder.length + 1, dockerfile.value.length);
  const up = folder
    .split("/")
    .map(() => "../")
    .join("");
  return concat([textAt(up, placeOf(dockerfile)), dockerfile]);
}

function keyed(text: Text, value: Tree): Member {
  return { key: text.value, keyAt: placeOf(text), value };
}

function textTree(text: Text): Tree {
  return stringTree(text, placeOf(text));
}

function placeOf(text: Text): Located {
  return locate(text, 0, text.value.length);
}
