/** From a compose project to services: images, variables, files and ports as every product's reader takes them. */
import { isUnknown, type Maybe, unknown } from "../facts/unknown.ts";
import { type Files, isAbsolute, joinPath } from "../sources/files.ts";
import { holeIn, isKnown, type Located, locate, type Text } from "../text/text.ts";
import { builtImage, type UnseenBuild, unseenBuild } from "./built-image.ts";
import type {
  ComposeFileObject,
  ComposeMount,
  ComposePort,
  ComposeProject,
  ComposeService,
  FileMount,
  Value,
} from "./compose/model.ts";
import { recogniseImage } from "./images/recognise.ts";
import type {
  Container,
  ContainerFile,
  ContainerVariable,
  FileLookup,
  FoundFile,
  Hardening,
  HostMount,
  HostName,
  PublishedPort,
  ServiceNetwork,
} from "./model.ts";

type ReadText = (path: string) => Text | { readonly missing: string };

/** What a compose service comes to, before its product is known. */
export interface ComposeContainer {
  readonly name: string;
  readonly at: Located;
  readonly container: Container;
  readonly network: ServiceNetwork;
  /** A build whose Dockerfile is not part of the input: what it puts into the image is not known. */
  readonly unseenBuild: UnseenBuild | undefined;
}

/** The containers that start with the project, in file order. */
export function composeContainers(
  project: ComposeProject,
  files: Files,
  readText: ReadText,
): readonly ComposeContainer[] {
  return project.services
    .filter((service) => service.active)
    .map((service) => ({
      name: service.name,
      at: placeOf(service),
      container: containerOf(service, project, files, readText),
      network: networkOf(service, project),
      unseenBuild: service.build === undefined ? undefined : unseenBuild(service.build, files),
    }));
}

function containerOf(
  service: ComposeService,
  project: ComposeProject,
  files: Files,
  readText: ReadText,
): Container {
  const built = service.build === undefined ? undefined : builtImage(service.build, files, readText);
  const image = built?.base ?? service.image;
  const own = service.environment.flatMap(({ name, nameAt, value }): readonly ContainerVariable[] =>
    value === undefined ? [] : [{ name, value, at: nameAt }],
  );
  const set = new Set(own.map(({ name }) => name));
  const [gap] = service.environmentGaps;
  return {
    image,
    imageAt: image === undefined ? placeOf(service.build ?? service) : whole(image, service),
    built: service.build !== undefined,
    recognised: image === undefined ? undefined : recogniseImage(image),
    command: service.command?.words ?? (service.entrypoint === undefined ? built?.command : undefined),
    entrypoint: service.entrypoint?.words ?? built?.entrypoint,
    variables: [...(built?.variables.filter(({ name }) => !set.has(name)) ?? []), ...own],
    variablesComplete: service.environmentGaps.length === 0,
    ...(gap === undefined ? {} : { variablesUnseen: gap.reason }),
    files: [
      ...(built?.files ?? []),
      ...service.mounts.flatMap((mount) => mountedFile(mount, project, files)),
      ...service.secrets.flatMap((mount) => projectFile(mount, project.secrets, "secret", files)),
      ...service.configs.flatMap((mount) => projectFile(mount, project.configs, "config", files)),
    ],
    mounts: [
      ...service.mounts.flatMap(hostMount),
      ...service.devices.map(
        (device): HostMount => ({
          source: textOf(device.source) ?? "",
          readOnly: false,
          at: placeOf(device),
        }),
      ),
    ],
    healthCheck: service.healthcheck?.test ?? [],
    labels: service.labels.map(({ name, nameAt, value }) => ({ name, value, at: nameAt })),
    deployLabels: service.deployLabels.map(({ name, nameAt, value }) => ({ name, value, at: nameAt })),
    exposes: [...(built?.exposes ?? []), ...service.expose],
    hardening: hardeningOf(service, built?.user),
  };
}

function hostMount(mount: ComposeMount): readonly HostMount[] {
  const isVolume = mount.type.known && mount.type.value !== "bind";
  const source = textOf(mount.source);
  return isVolume || source === undefined
    ? []
    : [{ source, readOnly: known(mount.readOnly), at: placeOf(mount) }];
}

function mountedFile(mount: ComposeMount, project: ComposeProject, files: Files): readonly ContainerFile[] {
  const target = textOf(mount.target);
  if (target === undefined || isUnknown(target)) return [];
  const at = placeOf(mount);
  if (!mount.type.known) return [{ target, at, content: { type: "unknown", reason: mount.type.reason } }];
  if (mount.type.value === "volume") return [{ target, at, content: volumeContent(mount, project, files) }];
  if (mount.type.value !== "bind") return [];
  return [{ target, at, content: hostContent(textOf(mount.source), files) }];
}

/** A named volume that is a bind mount by its driver options is that folder; any other holds what it was given. */
function volumeContent(mount: ComposeMount, project: ComposeProject, files: Files): ContainerFile["content"] {
  const key = textOf(mount.source);
  const volume = project.volumes.find((candidate) => candidate.key === key);
  return volume?.device === undefined ? { type: "volume" } : hostContent(textOf(volume.device), files);
}

/** Paths of the project start from the working directory of the run already. */
function hostContent(source: Maybe<string> | undefined, files: Files): ContainerFile["content"] {
  if (source === undefined) return { type: "volume" };
  if (isUnknown(source)) return { type: "unknown", reason: source.reason };
  const path = joinPath("", source);
  const kind = files.stat(path)?.kind;
  if (kind === "file") return { type: "file", path };
  if (kind === "directory") return { type: "folder", path };
  return {
    type: "unknown",
    reason: kind === "special" ? `${path} is not a regular file` : `${path} is not part of the input`,
  };
}

function projectFile(
  mount: FileMount,
  objects: readonly ComposeFileObject[],
  what: string,
  files: Files,
): readonly ContainerFile[] {
  const key = textOf(mount.source);
  const target = textOf(mount.target);
  if (key === undefined || target === undefined || isUnknown(key) || isUnknown(target)) return [];
  const object = objects.find((candidate) => candidate.key === key);
  const at = placeOf(mount);
  const full = isAbsolute(target) ? target : what === "secret" ? `/run/secrets/${target}` : `/${target}`;
  if (object === undefined)
    return [{ target: full, at, content: { type: "unknown", reason: `the ${what} ${key} is not defined` } }];
  if (object.content !== undefined)
    return [{ target: full, at, content: { type: "text", text: object.content } }];
  if (object.file !== undefined)
    return [{ target: full, at, content: hostContent(textOf(object.file), files) }];
  return [
    {
      target: full,
      at,
      content: { type: "unknown", reason: `the ${what} ${key} is kept outside these files` },
    },
  ];
}

/** The network around a service; one that shares another's namespace has that one's ports. */
function networkOf(service: ComposeService, project: ComposeProject, depth = 0): ServiceNetwork {
  const mode = textOf(service.networkMode);
  const other = typeof mode === "string" && depth < 10 ? sharedWith(mode, project) : undefined;
  if (other !== undefined) return networkOf(other, project, depth + 1);
  const names = namesOf(service, project);
  const modeAt = service.networkMode === undefined ? {} : { modeAt: whole(service.networkMode, service) };
  const own = {
    kind: "container",
    names,
    namespace: service.name,
    hosts: hostsOf(service),
    ...modeAt,
  } as const;
  if (mode === "none") return { ...own, hostNetwork: false, networks: [], published: [] };
  const hostNetwork: Maybe<boolean> = mode === undefined ? false : isUnknown(mode) ? mode : mode === "host";
  const networks = mode === undefined ? service.networks.map((network) => network.name) : ["bridge"];
  const isolated = networks.length > 0 && networks.every((key) => isInternal(project, key));
  return { ...own, hostNetwork, networks, published: isolated ? [] : service.ports.flatMap(publishedPorts) };
}

function sharedWith(mode: string, project: ComposeProject): ComposeService | undefined {
  const [, kind, name] = /^(service|container):(.+)$/u.exec(mode) ?? [];
  if (kind === "service") return project.services.find((candidate) => candidate.name === name);
  return project.services.find((candidate) => name !== undefined && candidate.containerName?.value === name);
}

/** What Docker's name server knows a container by, and its fixed addresses. */
function namesOf(service: ComposeService, project: ComposeProject): readonly string[] {
  const texts = [
    ...service.networks.flatMap(({ aliases, ipv4, ipv6 }) => [...aliases, ipv4, ipv6]),
    service.containerName,
    service.hostname,
  ];
  const generated = project.name === undefined || service.containerName !== undefined ? [] : ["-", "_"];
  return [
    service.name,
    ...texts.flatMap((text) => (text === undefined || !isKnown(text) ? [] : [text.value])),
    ...generated.map((between) => `${project.name}${between}${service.name}${between}1`),
  ];
}

/** `extra_hosts`, and the other names of `links`. */
function hostsOf(service: ComposeService): readonly HostName[] {
  const extra = service.extraHosts.map(({ name, value }) => ({ name, address: value.value }));
  const links = service.links.flatMap(({ value }): readonly HostName[] => {
    const [address, name] = value.split(":");
    return address === undefined || name === undefined ? [] : [{ name, address }];
  });
  return [...extra, ...links];
}

function isInternal(project: ComposeProject, key: string): boolean {
  const network = project.networks.find((candidate) => candidate.key === key);
  return network?.internal.known === true && network.internal.value;
}

/** A range without host ports, or with several targets, is already one port each in the model. */
function publishedPorts(port: ComposePort): readonly PublishedPort[] {
  const at = placeOf(port);
  const protocol = textOf(port.protocol) === "udp" ? "udp" : "tcp";
  const address = port.hostIp === undefined ? "0.0.0.0" : (textOf(port.hostIp) ?? "0.0.0.0");
  const hostAddress = address === "" || address === "::" ? "0.0.0.0" : address;
  return [{ hostAddress, hostPort: hostPortOf(port, at), containerPort: known(port.target), protocol, at }];
}

function hostPortOf(port: ComposePort, at: Located): Maybe<number> {
  if (port.published === undefined) return unknown("opaque", "Docker chooses a free port", at);
  if (!port.published.known) return unknown("input", port.published.reason, placeOf(port.published));
  const { from, to } = port.published.value;
  return from === to ? from : unknown("opaque", `Docker chooses a port from ${from} to ${to}`, at);
}

function hardeningOf(service: ComposeService, builtUser: Text | undefined): Hardening {
  const option = (pattern: RegExp): Text | undefined =>
    service.securityOpt.find((text) => pattern.test(text.value));
  const noNew = option(/^no-new-privileges(?::true|=true)?$/u);
  const unconfined = option(/^(?:seccomp|apparmor)[:=]unconfined$/u);
  const dropsAll = service.capDrop.find((text) => text.value.toUpperCase() === "ALL");
  const places: Record<string, Located> = { "": placeOf(service) };
  if (service.privileged !== undefined) places["/privileged"] = placeOf(service.privileged);
  const user = service.user ?? builtUser;
  if (user !== undefined) places["/root"] = whole(user, service);
  if (service.pid !== undefined) places["/hostPid"] = whole(service.pid, service);
  if (service.networkMode !== undefined) places["/hostNetwork"] = whole(service.networkMode, service);
  if (service.ipc !== undefined) places["/hostIpc"] = whole(service.ipc, service);
  if (unconfined !== undefined) places["/unconfined"] = whole(unconfined, service);
  const [firstCapability] = service.capAdd;
  if (firstCapability !== undefined) places["/addedCapabilities"] = whole(firstCapability, service);
  return {
    privileged: known(service.privileged) ?? false,
    user: textOf(service.user ?? builtUser),
    hostPid: textOf(service.pid) === "host",
    hostIpc: textOf(service.ipc) === "host",
    readOnly: known(service.readOnly) ?? false,
    addedCapabilities: service.capAdd.map((text) => text.value),
    dropsCapabilities: dropsAll !== undefined,
    noNewPrivileges: noNew !== undefined,
    unconfined: service.securityOpt.flatMap(
      ({ value }) => /^(seccomp|apparmor)[:=]unconfined$/u.exec(value)?.[1] ?? [],
    ),
    places,
  };
}

/** A lookup by container paths: through the mounts, the longest target first. What is not mounted is the image's own. */
export function containerLookup(container: Container, files: Files): FileLookup {
  const mounts = [...container.files].sort((left, right) => right.target.length - left.target.length);
  return (path, base): FoundFile => {
    const full = isAbsolute(path) ? joinPath("", path) : base === null ? path : joinPath(base, path);
    const mount = mounts.find(
      ({ target }) => full === target || full.startsWith(`${target.replace(/\/$/u, "")}/`),
    );
    if (mount === undefined) return { state: "unknown", path: full };
    if (mount.content.type === "file" && full === mount.target)
      return { state: "found", path: mount.content.path };
    if (mount.content.type === "empty") return { state: "missing", path: full };
    if (mount.content.type !== "folder") return { state: "unknown", path: full };
    const inside = joinPath(mount.content.path, `.${full.slice(mount.target.replace(/\/$/u, "").length)}`);
    return files.stat(inside) === undefined
      ? { state: "missing", path: inside }
      : { state: "found", path: inside };
  };
}

/** A text's value, unknown when part of it is; undefined when there is none. */
function textOf(text: Text | undefined): Maybe<string> | undefined {
  if (text === undefined) return undefined;
  if (isKnown(text)) return text.value;
  const hole = holeIn(text, 0, text.value.length);
  return unknown("input", hole?.reason ?? "part of it is not known", locate(text, 0, text.value.length));
}

function known<T>(value: Value<T>): Maybe<T>;
function known<T>(value: Value<T> | undefined): Maybe<T> | undefined;
function known<T>(value: Value<T> | undefined): Maybe<T> | undefined {
  if (value === undefined) return undefined;
  return value.known ? value.value : unknown("input", value.reason, placeOf(value));
}

function placeOf(located: Located): Located {
  return located.via === undefined ? { at: located.at } : { at: located.at, via: located.via };
}

function whole(text: Text, fallback: Located): Located {
  return text.value.length === 0 ? placeOf(fallback) : locate(text, 0, text.value.length);
}
