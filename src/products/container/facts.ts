/**
 * Containers and their images as facts, whatever runs in them.
 * Sources: Docker documentation (engine/security, reference/run); CIS Docker Benchmark 5.x; OWASP Docker Security.
 */
import type { RecognisedImage } from "../../deployment/images/recognise.ts";
import type { Container, HostMount, Service, ToldToken } from "../../deployment/model.ts";
import type { ClusterToken, ContainerFact, Fact, ImageFact, Product } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { widestOf } from "../openings.ts";
import type { DeriveContext, Opening } from "../product.ts";
import { environmentFileFacts } from "./env-files.ts";
import { containerSecretFacts } from "./secrets.ts";
import { unknownVariableFacts } from "./unknown-variables.ts";

/** Facts about the container of a service; none without one. */
export function containerFacts(
  service: Service,
  openings: readonly Opening[],
  context: DeriveContext,
): readonly Fact[] {
  const { container } = service;
  if (container === undefined) return [];
  return [
    containerFact(service, container, openings),
    ...imageFacts(service, container),
    ...containerSecretFacts(service, container),
    ...environmentFileFacts(service, container, context),
    ...unknownVariableFacts(service, container),
  ];
}

/** Capabilities with which a process takes over the host (man 7 capabilities). */
const strong = [
  "ALL",
  "SYS_ADMIN",
  "SYS_MODULE",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "DAC_READ_SEARCH",
  "BPF",
  "SYS_BOOT",
  "MAC_ADMIN",
];

const socketPath = /^(?:\/var)?\/run\/(?:docker|containerd\/containerd|podman\/podman|crio\/crio)\.sock$/u;

/** Folders that hold the host's own settings, keys or programs. Single files in /etc are common and harmless. */
const sensitive =
  /^\/(?:|etc|root|home|boot|proc|sys|dev|usr|bin|sbin|lib|lib64|var|var\/lib|var\/lib\/docker(?:\/.*)?|var\/run|run|etc\/(?:shadow|sudoers|ssh|cron\.d|systemd|kubernetes)(?:\/.*)?|root\/\.ssh(?:\/.*)?|dev\/(?:mem|kmem|port|sd[a-z]\d*|nvme\w+|vd[a-z]\d*))$/u;

function containerFact(service: Service, container: Container, openings: readonly Opening[]): ContainerFact {
  const { hardening } = container;
  const capabilities = hardening.addedCapabilities.map((name) => name.toUpperCase().replace(/^CAP_/u, ""));
  const sockets = container.mounts.filter(({ source }) => !isUnknown(source) && socketPath.test(source));
  const exposed = container.mounts.filter(
    ({ source }) => !isUnknown(source) && sensitive.test(clean(source)),
  );
  const hostNetwork = service.network.kind === "container" ? service.network.hostNetwork : false;
  return {
    kind: "container",
    id: `${service.name}/container`,
    service: service.name,
    product: service.product,
    privileged: hardening.privileged,
    root: runsAsRoot(container),
    dockerSocket: sockets.length > 0,
    hostNetwork,
    hostPid: hardening.hostPid,
    hostIpc: hardening.hostIpc,
    addedCapabilities: capabilities,
    strongCapabilities: capabilities.filter((name) => strong.includes(name)),
    dropsCapabilities: hardening.dropsCapabilities,
    noNewPrivileges: hardening.noNewPrivileges,
    readOnly: hardening.readOnly === true,
    unconfined: hardening.unconfined,
    hostPaths: sourcesOf(exposed, false),
    hostPathsRead: sourcesOf(exposed, true),
    missing: missingOf(container),
    ...(container.clusterToken === undefined
      ? {}
      : { clusterToken: tokenOf(service, container.clusterToken) }),
    reach: hostNetwork === true && openings.length === 0 ? "network" : widestOf(openings),
    origins: originsOf(service, container, sockets, exposed),
  };
}

function clean(path: string): string {
  return path.replace(/(?<=.)\/+$/u, "");
}

function sourcesOf(mounts: readonly HostMount[], readOnly: boolean): readonly string[] {
  return mounts.flatMap((mount) =>
    !isUnknown(mount.source) && (mount.readOnly === true) === readOnly ? [clean(mount.source)] : [],
  );
}

/** The user of the manifest, of the Dockerfile, or of the image. */
function runsAsRoot(container: Container): Maybe<boolean> {
  const { user } = container.hardening;
  const isRoot = (name: string): boolean => /^(?:root|0)(?::|$)/u.test(name);
  if (user !== undefined) return map(user, isRoot);
  const own = container.recognised?.user ?? null;
  return own === null ? unknown("opaque", "the user of the image is not known") : isRoot(own);
}

/** What of the usual hardening nobody asked for. */
function missingOf({ hardening }: Container): readonly string[] {
  if (hardening.privileged === true) return [];
  const { words = composeWords } = hardening;
  return [
    ...(hardening.noNewPrivileges ? [] : [words.noNewPrivileges]),
    ...(hardening.dropsCapabilities ? [] : [words.dropsCapabilities]),
    ...(hardening.readOnly === false ? [words.readOnly] : []),
  ];
}

const composeWords = {
  noNewPrivileges: "no-new-privileges",
  dropsCapabilities: "cap_drop: ALL",
  readOnly: "read_only",
} as const;

function originsOf(
  service: Service,
  container: Container,
  sockets: readonly HostMount[],
  exposed: readonly HostMount[],
): ContainerFact["origins"] {
  const at = service.at === undefined ? [] : [fromPlace(service.at)];
  const { places } = container.hardening;
  const written = Object.entries(places).map(([pointer, place]): [string, readonly Origin[]] => [
    pointer,
    [fromPlace(place)],
  ]);
  const mounted = (readOnly: boolean): readonly Origin[] =>
    exposed.filter((mount) => (mount.readOnly === true) === readOnly).map((mount) => fromPlace(mount.at));
  const capabilities = places["/addedCapabilities"];
  return {
    "": at,
    ...Object.fromEntries(written),
    "/missing": at,
    ...(capabilities === undefined ? {} : { "/strongCapabilities": [fromPlace(capabilities)] }),
    "/dockerSocket": sockets.map((mount) => fromPlace(mount.at)),
    "/hostPaths": mounted(false),
    "/hostPathsRead": mounted(true),
    ...container.clusterToken?.origins,
  };
}

/** Programs that may talk to a cluster: proxies find their routes there, monitoring what runs, others nobody knows. */
const askers: readonly Product[] = [
  "other",
  "nginx",
  "traefik",
  "caddy",
  "haproxy",
  "httpd",
  "prometheus",
  "grafana",
  "portainer",
];

function tokenOf({ product }: Service, { token }: ToldToken): ClusterToken {
  return { ...token, ownUse: askers.includes(product) };
}

function imageFacts(service: Service, container: Container): readonly ImageFact[] {
  const { image, recognised } = container;
  if (image === undefined || recognised === undefined) return [];
  const origins = [fromPlace(container.imageAt)];
  return [
    {
      kind: "image",
      id: `${service.name}/image`,
      service: service.name,
      product: service.product,
      reference: referenceOf(recognised, image.value),
      tag: recognised.reference.tag,
      digest: typeof recognised.reference.digest === "string",
      floating: recognised.floating,
      unmaintained: recognised.unmaintained,
      ...(recognised.retired === null
        ? {}
        : { since: recognised.retired.since, instead: recognised.retired.instead }),
      mirror: recognised.mirror,
      origins: { "": origins, "/reference": origins, "/floating": origins, "/unmaintained": origins },
    },
  ];
}

function referenceOf({ reference }: RecognisedImage, written: string): Maybe<string> {
  const unknownPart = [reference.registry, reference.repository, reference.tag, reference.digest].find(
    (part) => isUnknown(part),
  );
  return isUnknown(unknownPart) ? unknownPart : written;
}
