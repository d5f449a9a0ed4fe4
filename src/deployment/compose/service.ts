/** One service of the merged tree as typed fields. */
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, locate, placeOf, type Text, textAt } from "../../text/text.ts";
import type {
  CommandLine,
  ComposeBuild,
  ComposeDependency,
  ComposeDevice,
  ComposeHealthcheck,
  ComposeMount,
  ComposePort,
  ComposeService,
  ComposeVariable,
  FileMount,
  NamedText,
  PortRange,
  ServiceNetwork,
  Unknown,
  Value,
} from "./model.ts";
import { readRange } from "./ports.ts";
import {
  everyNamedText,
  flagAtKey,
  flagOrFalse,
  itemsAtKey,
  membersAtKey,
  namedTexts,
  pairsAtKey,
  textAtKey,
  textsAtKey,
  unknown,
} from "./read.ts";
import { isRemoteContext } from "./resolve-paths.ts";
import { shellWords } from "./shell-words.ts";
import { holeOf, objectTree, printed, valueAt } from "./trees.ts";

/** A service's variables, which need the env files as well. */
export interface ServiceEnvironment {
  readonly variables: readonly ComposeVariable[];
  readonly gaps: readonly Unknown[];
  /** Labels of the files that `label_file` names. */
  readonly labels: readonly NamedText[];
}

/** Those of the manifest win over those of files. */
function labelsOf(ofFiles: readonly NamedText[], own: readonly NamedText[]): readonly NamedText[] {
  const written = new Set(own.map(({ name }) => name));
  return [...ofFiles.filter(({ name }) => !written.has(name)), ...own];
}

/** Reads one service. */
export function readService(
  member: Member,
  active: boolean,
  environment: ServiceEnvironment,
): ComposeService {
  const tree: ObjectTree = member.value.kind === "object" ? member.value : objectTree([], member.value);
  const text = (key: string): Text | undefined => textAtKey(tree, key);
  const texts = (key: string): readonly Text[] => textsAtKey(tree, key);
  return {
    name: member.key,
    ...placeOf(member.keyAt),
    active,
    profiles: texts("profiles"),
    image: text("image"),
    build: readBuild(valueAt(tree, "build")),
    containerName: text("container_name"),
    hostname: text("hostname"),
    command: readCommand(valueAt(tree, "command")),
    entrypoint: readCommand(valueAt(tree, "entrypoint")),
    workingDir: text("working_dir"),
    environment: environment.variables,
    environmentGaps: environment.gaps,
    ports: itemsAtKey(tree, "ports").map(readPort),
    expose: texts("expose"),
    networkMode: text("network_mode"),
    networks: membersAtKey(tree, "networks").map(readServiceNetwork),
    mounts: itemsAtKey(tree, "volumes").map(readMount),
    secrets: itemsAtKey(tree, "secrets").map((item) => readFileMount(item, "/run/secrets/")),
    configs: itemsAtKey(tree, "configs").map((item) => readFileMount(item, "/")),
    privileged: flagAtKey(tree, "privileged"),
    readOnly: flagAtKey(tree, "read_only"),
    init: flagAtKey(tree, "init"),
    user: text("user"),
    groupAdd: texts("group_add"),
    capAdd: texts("cap_add"),
    capDrop: texts("cap_drop"),
    securityOpt: texts("security_opt"),
    pid: text("pid"),
    ipc: text("ipc"),
    userns: text("userns_mode"),
    devices: itemsAtKey(tree, "devices").map(readDevice),
    tmpfs: texts("tmpfs"),
    healthcheck: readHealthcheck(valueAt(tree, "healthcheck")),
    dependsOn: membersAtKey(tree, "depends_on").map(readDependency),
    restart: text("restart"),
    labels: labelsOf(environment.labels, namedTexts(pairsAtKey(tree, "labels"))),
    deployLabels: namedTexts(pairsAtKey(valueAt(tree, "deploy"), "labels")),
    extraHosts: everyNamedText(pairsAtKey(tree, "extra_hosts", ["=", ":"])),
    links: texts("links"),
    volumesFrom: texts("volumes_from"),
    tree,
  };
}

function readBuild(tree: Tree | undefined): ComposeBuild | undefined {
  if (tree?.kind !== "object") return undefined;
  const context = textAtKey(tree, "context");
  return {
    ...placeOf(tree),
    context,
    remote: context !== undefined && isRemoteContext(context.value),
    dockerfile: textAtKey(tree, "dockerfile"),
    dockerfileInline: textAtKey(tree, "dockerfile_inline"),
    target: textAtKey(tree, "target"),
    args: namedTexts(pairsAtKey(tree, "args")),
  };
}

function readCommand(tree: Tree | undefined): CommandLine | undefined {
  if (tree === undefined || tree.kind === "null") return undefined;
  if (tree.kind === "array")
    return { words: tree.items.flatMap((item) => printed(item) ?? []), ...placeOf(tree) };
  const text = printed(tree);
  if (text === undefined) return undefined;
  // A variable in the line may stand for any number of words: it stays within one.
  return { words: shellWords(text) ?? [text], ...placeOf(tree) };
}

function readPort(tree: Tree): ComposePort {
  const where = placeOf(tree);
  const target = valueAt(tree, "target");
  return {
    ...where,
    hostIp: textAtKey(tree, "host_ip"),
    published: tree.kind === "unknown" ? unknown(tree) : readPublished(valueAt(tree, "published")),
    target: target === undefined ? unknown(tree) : readNumber(target),
    protocol: textAtKey(tree, "protocol") ?? textAt("tcp", where),
    mode: textAtKey(tree, "mode") ?? textAt("ingress", where),
  };
}

function readPublished(tree: Tree | undefined): Value<PortRange> | undefined {
  const text = tree === undefined ? undefined : printed(tree);
  if (tree === undefined || text === undefined || text.value === "") return undefined;
  const range = holeOf(text) === undefined ? readRange(text.value) : undefined;
  // Port 0 is no port: Docker picks one, as it does where none is given.
  if (range?.to === 0) return undefined;
  return range === undefined ? unknown(tree) : { known: true, value: range, ...placeOf(tree) };
}

function readNumber(tree: Tree): Value<number> {
  if (tree.kind === "number") return { known: true, value: tree.value, ...placeOf(tree) };
  const text = printed(tree);
  if (text !== undefined && /^\d+$/.test(text.value))
    return { known: true, value: Number(text.value), ...placeOf(tree) };
  return unknown(tree);
}

function readServiceNetwork(member: Member): ServiceNetwork {
  return {
    name: member.key,
    ...placeOf(member.keyAt),
    aliases: textsAtKey(member.value, "aliases"),
    ipv4: textAtKey(member.value, "ipv4_address"),
    ipv6: textAtKey(member.value, "ipv6_address"),
  };
}

const mountTypes = ["bind", "volume", "tmpfs", "npipe", "cluster"] as const;

function readMount(tree: Tree): ComposeMount {
  const type = valueAt(tree, "type");
  const name = type === undefined ? undefined : printed(type)?.value;
  const known = mountTypes.find((one) => one === name);
  return {
    ...placeOf(tree),
    type:
      known === undefined ? unknown(type ?? tree) : { known: true, value: known, ...placeOf(type ?? tree) },
    source: textAtKey(tree, "source"),
    target: textAtKey(tree, "target"),
    readOnly: flagOrFalse(tree, "read_only"),
  };
}

function readFileMount(tree: Tree, folder: string): FileMount {
  const where = placeOf(tree);
  const source = textAtKey(tree, "source") ?? textAt("", where);
  const mode = valueAt(tree, "mode");
  return {
    ...where,
    source,
    target: absoluteTarget(textAtKey(tree, "target"), source, folder),
    uid: textAtKey(tree, "uid"),
    gid: textAtKey(tree, "gid"),
    mode: mode === undefined ? undefined : readNumber(mode),
  };
}

/** Where Compose puts the file: a relative target lies in the default folder, no target is the source's name in it. */
function absoluteTarget(target: Text | undefined, source: Text, folder: string): Text {
  const name = target ?? source;
  if (name.value.startsWith("/") || name.value === "") return name;
  return concat([textAt(folder, locate(name, 0, name.value.length)), name]);
}

function readDevice(tree: Tree): ComposeDevice {
  return {
    ...placeOf(tree),
    source: textAtKey(tree, "source"),
    target: textAtKey(tree, "target"),
    permissions: textAtKey(tree, "permissions"),
  };
}

function readHealthcheck(tree: Tree | undefined): ComposeHealthcheck | undefined {
  if (tree?.kind !== "object") return undefined;
  const test = valueAt(tree, "test");
  const words = textsAtKey(tree, "test");
  const shell = test?.kind === "string" ? [textAt("CMD-SHELL", test), ...words] : words;
  return { ...placeOf(tree), test: shell, disabled: flagAtKey(tree, "disable") };
}

function readDependency(member: Member): ComposeDependency {
  const required = flagAtKey(member.value, "required");
  return {
    service: member.key,
    ...placeOf(member.keyAt),
    condition: textAtKey(member.value, "condition"),
    required: required ?? { known: true, value: true, ...placeOf(member.keyAt) },
  };
}
