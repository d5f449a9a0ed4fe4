/** The network around a pod. */
import type { HostName, ServiceNetwork } from "../model.ts";
import { onHostNetwork, type Pod, sameNamespace } from "./pods.ts";
import { admissionsOf, type NamedPod } from "./policies.ts";
import type { Resource } from "./resources.ts";
import { frontOf, hostPorts, isHeadless, namesOf, publishedBy, servicesOf } from "./services.ts";
import { placeAt, valueAt } from "./values.ts";

/** The network of containers. */
export type PodNetwork = Extract<ServiceNetwork, { kind: "container" }>;

/** Every pod of a cluster reaches every other, whatever its namespace, unless a policy forbids it. */
const clusterNetwork = "cluster";

/** The network of a pod's containers; `pods`: all of the deployment, among which policies choose. */
export function networkOf(
  [pod, name]: NamedPod,
  pods: readonly NamedPod[],
  resources: readonly Resource[],
): PodNetwork {
  const services = servicesOf(pod, resources);
  const admissions = admissionsOf(pod, pods, resources);
  const onHost = onHostNetwork(pod);
  return {
    kind: "container",
    hostNetwork: onHost ?? false,
    ...(valueAt(pod.spec, "hostNetwork") === undefined ? {} : { modeAt: placeAt(pod.spec, "hostNetwork") }),
    networks: [clusterNetwork],
    names: services.filter(isHeadless).flatMap((service) => podNames(service, pod)),
    namespace: name,
    hosts: shortNames(pod.namespace, resources),
    fronts: services.filter((service) => !isHeadless(service)).map((service) => frontOf(service, pod)),
    published: [...services.flatMap((service) => publishedBy(service, pod, resources)), ...hostPorts(pod)],
    ...(admissions === undefined ? {} : { admissions }),
  };
}

/** A headless Service has the pods' own addresses, and a name for each pod of a StatefulSet. */
function podNames(service: Resource, pod: Pod): readonly string[] {
  const names = namesOf(service);
  return pod.workload.kind === "StatefulSet"
    ? [...names, ...names.map((name) => `${pod.workload.name}-0.${name}`)]
    : names;
}

/** Within a namespace the name of a Service is enough. */
function shortNames(namespace: string | undefined, resources: readonly Resource[]): readonly HostName[] {
  return resources
    .filter(({ kind, group }) => kind === "Service" && group === "")
    .filter((service) => sameNamespace(service.namespace, namespace))
    .map((service) => ({ name: service.name, address: namesOf(service)[0] ?? service.name }));
}

/** The network of a proxy that only manifests of its routes tell of. */
export function frontendNetwork(namespace: string | undefined, resources: readonly Resource[]): PodNetwork {
  return {
    kind: "container",
    hostNetwork: false,
    networks: [clusterNetwork],
    names: [],
    hosts: shortNames(namespace, resources),
    published: [],
  };
}
