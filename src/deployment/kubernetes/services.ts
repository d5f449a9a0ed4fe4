/**
 * Services: the names under which pods are found, and the ports that lead in from outside the cluster.
 * Source: kubernetes.io/docs/concepts/services-networking/service, and the annotations of the clouds named below.
 */
import type { Reach } from "../../facts/facts.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import type { PortFront, Problem, PublishedPort } from "../model.ts";
import { type Pod, podsOf, sameNamespace, wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, numberAt, placeAt, placeOf, stringAt, textValue, valueAt, wordAt } from "./values.ts";

/** A port of a Service. */
interface ServicePort {
  readonly tree: Tree;
  readonly port: Maybe<number>;
  readonly protocol: "tcp" | "udp";
}

/** The Services that lead to a pod. */
export function servicesOf(pod: Pod, resources: readonly Resource[]): readonly Resource[] {
  return services(resources).filter(
    (service) => sameNamespace(service.namespace, pod.namespace) && selectsPod(service, pod),
  );
}

function services(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ kind, group }) => kind === "Service" && group === "");
}

/** Without a selector it leads to addresses that somebody else writes. */
function selectsPod({ tree }: Resource, pod: Pod): boolean {
  const wanted = [...wordsAt(tree, "spec", "selector")];
  return wanted.length > 0 && wanted.every(([key, value]) => pod.labels.get(key) === value);
}

function portsOf({ tree }: Resource): readonly ServicePort[] {
  return itemsAt(tree, "spec", "ports").flatMap((port): readonly ServicePort[] => {
    const number = numberAt(port, "port");
    return number === undefined
      ? []
      : [{ tree: port, port: number, protocol: wordAt(port, "protocol") === "UDP" ? "udp" : "tcp" }];
  });
}

/** The port of the pod that a port of a Service leads to; a name is looked up among the pod's containers. */
function targetOf({ tree, port }: ServicePort, pod: Pod): Maybe<number> | undefined {
  const target = valueAt(tree, "targetPort");
  if (target === undefined) return port;
  const number = numberAt(tree, "targetPort");
  if (number !== undefined) return number;
  const name = textValue(target)?.value;
  const named = pod.containers
    .flatMap((container) => itemsAt(container.tree, "ports"))
    .find((one) => wordAt(one, "name") === name);
  return numberAt(named, "containerPort");
}

/** Names within the cluster, without those that hold in the own namespace only. */
export function namesOf({ name, namespace }: Pick<Resource, "name" | "namespace">): readonly string[] {
  const full = `${name}.${namespace ?? "default"}`;
  return [full, `${full}.svc`, `${full}.svc.cluster.local`];
}

/** A pod's names through one of its Services. */
export function frontOf(service: Resource, pod: Pod): PortFront {
  const ports = portsOf(service).flatMap((port) => {
    const containerPort = targetOf(port, pod);
    return isUnknown(port.port) || containerPort === undefined ? [] : [{ port: port.port, containerPort }];
  });
  // Without an address of its own the name stands for the pods themselves, with all their ports.
  return { names: namesOf(service), ports };
}

/** The name under which each pod of a headless Service is found as it is. */
export function isHeadless({ tree }: Resource): boolean {
  return wordAt(tree, "spec", "clusterIP") === "None";
}

/** The ports of a Service that lead in from outside. */
export function publishedBy(
  service: Resource,
  pod: Pod,
  resources: readonly Resource[],
): readonly PublishedPort[] {
  const { tree } = service;
  const type = wordAt(tree, "spec", "type");
  const typeAt = placeAt(tree, "spec", "type");
  return portsOf(service).flatMap((port): readonly PublishedPort[] => {
    const containerPort = targetOf(port, pod);
    if (containerPort === undefined) return [];
    // Nodes pass calls on under their own address, unless they keep them for pods of their own.
    const masked = wordAt(tree, "spec", "externalTrafficPolicy") !== "Local";
    const common = { containerPort, protocol: port.protocol, hostAddress: "0.0.0.0", masked };
    const outer = itemsAt(tree, "spec", "externalIPs").map(
      (address): PublishedPort => ({
        ...common,
        hostAddress: stringAt(address) ?? "0.0.0.0",
        hostPort: port.port,
        at: placeOf(address),
        label: "an outer address of the cluster",
        place: "the outer address of the cluster",
      }),
    );
    const known = stringAt(tree, "spec", "type");
    if (isUnknown(known)) {
      const label = "whether this leads in from outside is not known";
      return [...outer, { ...common, hostPort: port.port, at: typeAt, reach: known, label }];
    }
    const device = tailnetDevice(tree);
    if (device !== undefined)
      return [
        ...outer,
        { ...common, hostPort: port.port, at: device, reach: "network", label: "a device of the tailnet" },
      ];
    if (type === "LoadBalancer") {
      const { reach, label, onlyFrom } = balancerOf(service, resources);
      return [
        ...outer,
        { ...common, hostPort: port.port, at: typeAt, reach, label, onlyFrom, place: "the load balancer" },
      ];
    }
    if (type !== "NodePort") return outer;
    const written = numberAt(port.tree, "nodePort");
    const hostPort = written ?? unknown("opaque", "the cluster chooses a port of the nodes", typeAt);
    const at = written === undefined ? typeAt : placeOf(valueAt(port.tree, "nodePort") ?? port.tree);
    return [...outer, { ...common, hostPort, at, reach: "network", label: "a port of every node" }];
  });
}

/** Shown to a tailnet by the operator of Tailscale (tailscale.com/kb/1439, "Expose a Kubernetes cluster workload"). */
function tailnetDevice(tree: ObjectTree): Located | undefined {
  const exposed = "tailscale.com/expose";
  if (wordAt(tree, "metadata", "annotations", exposed) === "true")
    return placeAt(tree, "metadata", "annotations", exposed);
  const isBalancer = wordAt(tree, "spec", "type") === "LoadBalancer";
  return isBalancer && wordAt(tree, "spec", "loadBalancerClass") === "tailscale"
    ? placeAt(tree, "spec", "loadBalancerClass")
    : undefined;
}

/** Annotations by which load balancers of the clouds stay inside (documentation of each cloud). */
const internal: Readonly<Record<string, RegExp>> = {
  "service.beta.kubernetes.io/aws-load-balancer-internal": /^(?:true|0\.0\.0\.0\/0)$/iu,
  "service.beta.kubernetes.io/aws-load-balancer-scheme": /^internal$/iu,
  "service.beta.kubernetes.io/azure-load-balancer-internal": /^true$/iu,
  "networking.gke.io/load-balancer-type": /^internal$/iu,
  "cloud.google.com/load-balancer-type": /^internal$/iu,
  "service.beta.kubernetes.io/openstack-internal-load-balancer": /^true$/iu,
  "loadbalancer.openstack.org/internal": /^true$/iu,
  "service.beta.kubernetes.io/oci-load-balancer-internal": /^true$/iu,
  "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": /^intranet$/iu,
  "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": /^private$/iu,
  "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": /./u,
  "load-balancer.hetzner.cloud/disable-public-network": /^true$/iu,
};

/** Load balancers that a cluster runs by itself give out addresses of its own network (MetalLB, kube-vip, Cilium). */
const ofCluster = /^(?:metallb\.universe\.tf|metallb\.io|kube-vip\.io|lbipam\.cilium\.io|io\.cilium)\//u;

/** With the AWS controller for load balancers the scheme is internal unless it says otherwise. */
const awsClass = "service.k8s.aws/nlb";

interface Balancer {
  readonly reach: Maybe<Reach>;
  readonly label: string;
  readonly onlyFrom: readonly string[];
}

/** From how far a load balancer is called: the Internet, unless something in the manifest says less. */
function balancerOf({ tree }: Resource, resources: readonly Resource[]): Balancer {
  const annotations = wordsAt(tree, "metadata", "annotations");
  const ranges = itemsAt(tree, "spec", "loadBalancerSourceRanges").flatMap((item) => {
    const text = textValue(item);
    return text === undefined ? [] : [text.value.trim()];
  });
  const annotated = annotations.get("service.beta.kubernetes.io/load-balancer-source-ranges")?.split(",");
  const listed = ranges.length > 0 ? ranges : (annotated ?? []).map((range) => range.trim());
  const scheme = annotations.get("service.beta.kubernetes.io/aws-load-balancer-scheme");
  const stays =
    Object.entries(internal).some(([name, value]) => value.test(annotations.get(name) ?? "")) ||
    (wordAt(tree, "spec", "loadBalancerClass") === awsClass && scheme === undefined) ||
    [...annotations.keys()].some((name) => ofCluster.test(name)) ||
    resources.some(({ group }) => group === "metallb.io") ||
    isPrivate(wordAt(tree, "spec", "loadBalancerIP") ?? "");
  if (stays)
    return { reach: "network", label: "a load balancer that stays inside", onlyFrom: limits(listed) };
  if (limits(listed).length > 0)
    return { reach: "network", label: "a load balancer for the addresses listed", onlyFrom: limits(listed) };
  return { reach: "internet", label: "a load balancer, which has an address of the Internet", onlyFrom: [] };
}

/** Services that count as open to the Internet for nothing but their type. */
export function openBalancers(resources: readonly Resource[]): readonly Resource[] {
  return services(resources).filter(
    (service) =>
      wordAt(service.tree, "spec", "type") === "LoadBalancer" &&
      tailnetDevice(service.tree) === undefined &&
      balancerOf(service, resources).reach === "internet",
  );
}

/** One range that takes in everybody makes the others idle. */
function limits(ranges: readonly string[]): readonly string[] {
  return ranges.some((range) => /\/0$/u.test(range)) ? [] : ranges;
}

function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u.test(address);
}

/** Ports of the pod's own containers that are opened on the node. */
export function hostPorts(pod: Pod): readonly PublishedPort[] {
  return pod.containers.flatMap(({ tree }) =>
    itemsAt(tree, "ports").flatMap((port): readonly PublishedPort[] => {
      const hostPort = numberAt(port, "hostPort");
      const containerPort = numberAt(port, "containerPort");
      if (hostPort === undefined || hostPort === 0 || containerPort === undefined) return [];
      return [
        {
          hostAddress: stringAt(port, "hostIP") ?? "0.0.0.0",
          hostPort,
          containerPort,
          protocol: wordAt(port, "protocol") === "UDP" ? "udp" : "tcp",
          at: placeOf(valueAt(port, "hostPort") ?? port),
          ...(valueAt(port, "hostIP") === undefined ? { label: "a port of the node" } : {}),
        },
      ];
    }),
  );
}

/** Services that lead nowhere: no pod of the input has their labels, or none has a port of that name. */
export function idleServices(resources: readonly Resource[], pods: readonly Pod[]): readonly Problem[] {
  return services(resources).flatMap((service): readonly Problem[] => {
    const { tree, name } = service;
    if (wordsAt(tree, "spec", "selector").size === 0) return [];
    const found = pods.filter(
      (pod) => sameNamespace(service.namespace, pod.namespace) && selectsPod(service, pod),
    );
    if (found.length === 0)
      return [
        {
          kind: "unlinked",
          message: `the Service ${name} selects no pod of the input: its labels match none`,
          where: placeAt(tree, "spec", "selector"),
        },
      ];
    return portsOf(service)
      .filter((port) => found.every((pod) => targetOf(port, pod) === undefined))
      .map((port) => ({
        kind: "unresolved",
        message: `the Service ${name} leads to a port named ${wordAt(port.tree, "targetPort") ?? "?"}, which none of its pods has`,
        where: placeOf(valueAt(port.tree, "targetPort") ?? port.tree),
      }));
  });
}

/**
 * The ports of a Service that a Route of OpenShift means: by the name of the port, or by the number at the pods; without
 * either all of them (openshift/router, pkg/router/controller/factory and template/plugin.go, `targetPort` of endpoints).
 */
export function targetPorts(
  service: Resource,
  wanted: Tree | undefined,
  resources: readonly Resource[],
): readonly Maybe<number>[] {
  const pods = podsOf(resources).filter((pod) => sameNamespace(service.namespace, pod.namespace));
  const chosen = pods.filter((pod) => selectsPod(service, pod));
  const number = numberAt(wanted);
  const isMeant = (port: ServicePort): boolean => {
    if (wanted === undefined) return true;
    if (number === undefined) return wordAt(port.tree, "name") === wordAt(wanted);
    const behind = chosen.map((pod) => targetOf(port, pod));
    const own = numberAt(port.tree, "targetPort") ?? port.port;
    return isUnknown(number) || (behind.length === 0 ? [own] : behind).includes(number);
  };
  return portsOf(service)
    .filter(isMeant)
    .map(({ port }) => port);
}

/** The port number of a Service that a name stands for. */
export function portNamed(service: Resource | undefined, name: string): Maybe<number> | undefined {
  if (service === undefined) return undefined;
  return portsOf(service).find(({ tree }) => wordAt(tree, "name") === name)?.port;
}
