/** From the objects of manifests to a deployment: one service for each container, Ingress class and Gateway. */
import { isOrthancConfiguration } from "../../sources/recognise.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { ComposeInput } from "../compose-deployment.ts";
import { serviceOfContainer } from "../container-service.ts";
import { linkDcm4chee } from "../dcm4chee/containers.ts";
import type { ContainerFile, Deployment, FileUse, Problem, Service } from "../model.ts";
import { heldSecrets } from "./configs.ts";
import { readContainer } from "./containers.ts";
import { filledFolders } from "./filled-folders.ts";
import { frontendsOf, noVersion, waysIn } from "./frontends.ts";
import { networkOf, type PodNetwork } from "./network.ts";
import { type Pod, podsOf } from "./pods.ts";
import { type NamedPod, policiesOf } from "./policies.ts";
import type { Resource } from "./resources.ts";
import { idleServices, openBalancers } from "./services.ts";
import { withTraefikObjects } from "./traefik-service.ts";
import { isUnreadWay } from "./ways/unread.ts";

/** Objects that are applied together, and what they were read from. */
export interface Bundle {
  readonly id: string;
  readonly root: string;
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  readonly files: readonly { readonly source: SourceFile; readonly kind: string }[];
  readonly assumptions: readonly string[];
}

/** Whether anything of it is judged: workloads, ways to them, secrets. */
export function tellsOfServers({ resources }: Pick<Bundle, "resources">): boolean {
  return (
    podsOf(resources).length > 0 || resources.some((one) => waysIn.includes(one.kind) || isUnreadWay(one))
  );
}

/** The deployment that the objects make. */
export function bundleDeployment(bundle: Bundle, input: ComposeInput): Deployment {
  const { resources } = bundle;
  const pods = podsOf(resources);
  const named = namedPods(pods);
  const started = named.flatMap((pod) => containersOf(pod, named, resources, input));
  const linked = linkDcm4chee(
    started.map(({ service }) => service),
    input,
  );
  const frontends = frontendsOf(resources);
  const services = [...withTraefikObjects(linked, resources, noVersion), ...frontends.services];
  return {
    id: bundle.id,
    root: bundle.root,
    form: "kubernetes",
    services,
    files: bundle.files.map(
      ({ source, kind }): FileUse => ({ source, kind, linkedTo: usedBy(source.path, services) }),
    ),
    problems: distinct([
      ...bundle.problems,
      ...started.flatMap(({ problems }) => problems),
      ...idleServices(resources, pods),
      ...frontends.problems,
    ]),
    secrets: heldSecrets(resources),
    assumptions: [...bundle.assumptions, ...enforced(pods, resources)],
    openBalancers: openBalancers(resources).map(({ name }) => name),
  };
}

/** The first service whose container stands in a file. */
function usedBy(path: string, services: readonly Service[]): string | null {
  return services.find(({ at }) => at?.at.file === path)?.name ?? null;
}

/** Every workload with a name of its own: its name, with its kind or namespace where others share it. */
function namedPods(pods: readonly Pod[]): readonly NamedPod[] {
  return pods.map((pod) => {
    const { kind, namespace } = pod.workload;
    const name = readable(pod.workload.name);
    const others = pods.filter((other) => other !== pod && other.workload.name === pod.workload.name);
    if (others.length === 0) return [pod, name];
    const elsewhere = others.every((other) => other.namespace !== namespace);
    return [pod, elsewhere ? `${namespace ?? "default"}/${name}` : `${name} (${kind})`];
  });
}

/** A name for people: what a chart makes when it is installed shows as "?". */
function readable(name: string): string {
  return name.replaceAll("\uFFFC", "?");
}

interface Started {
  readonly service: Service;
  readonly problems: readonly Problem[];
}

function containersOf(
  [pod, name]: NamedPod,
  pods: readonly NamedPod[],
  resources: readonly Resource[],
  input: ComposeInput,
): readonly Started[] {
  const network = networkOf([pod, name], pods, resources);
  const isAlone = pod.containers.filter(({ initial }) => !initial).length === 1;
  const { filled, problems: notFollowed } = filledFolders(pod, resources);
  return pod.containers.map((own): Started => {
    const { container, at, problems } = readContainer(pod, own, resources, filled);
    const service = serviceOfContainer(
      {
        name: isAlone && !own.initial ? name : `${name}/${own.name}`,
        at,
        container,
        network: own.initial ? apart(network, `${name}/${own.name}`) : network,
      },
      { ...input, holdsConfiguration },
    );
    return {
      service: own.initial ? { ...service, product: "other" } : service,
      problems: [...notFollowed, ...problems],
    };
  });
}

/** What ends before the others start is called by nobody. */
function apart(network: PodNetwork, namespace: string): PodNetwork {
  return { ...network, namespace, networks: [], names: [], fronts: [], published: [] };
}

function holdsConfiguration(content: ContainerFile["content"]): boolean {
  return content.type === "text" && isOrthancConfiguration(content.text);
}

function enforced(pods: readonly Pod[], resources: readonly Resource[]): readonly string[] {
  const names = new Set(pods.flatMap((pod) => policiesOf(pod, resources).map(({ name }) => name)));
  if (names.size === 0) return [];
  return [
    `The network plug-in of the cluster is taken to enforce network policies (${[...names].join(", ")}): not every one does.`,
  ];
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  const known = new Set<string>();
  return problems.filter(({ message, where }) => {
    const key = `${message} ${where?.at.file}:${where?.at.start}`;
    return !known.has(key) && known.add(key) !== undefined;
  });
}
