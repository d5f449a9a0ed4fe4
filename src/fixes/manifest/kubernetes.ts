/** Changes what a manifest of a cluster says: rights of containers, and the ways by which outsiders get to a pod. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import type { SourceFile } from "../../sources/source.ts";
import { member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { covers, type Place } from "../../text/text.ts";
import type { Splice } from "../writers/change.ts";
import { ownMember, removeKey } from "../writers/yaml.ts";
import { writeContext } from "./pod-rights.ts";
import { documentsOf, manifests } from "./pods.ts";

/** The rights that are taken by writing false, by the names of the container fact's properties. */
const switches: readonly string[] = ["privileged", "hostPid", "hostIpc", "hostNetwork"];

/** Switches a right off where the finding shows that it is on. */
export function writePodRight(
  name: string,
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  if (!switches.includes(name)) return writeContext(name, fact, service, deployment);
  const places = placesAt(fact, `/${name}`);
  const splices = manifests(deployment).flatMap((source) =>
    documentsOf(source).flatMap((root) =>
      membersAt(root, places).flatMap(({ key, value }): readonly Splice[] =>
        value.kind === "boolean" && value.value && value.via === undefined
          ? [{ place: value.at, text: "false", shown: `${key}: false` }]
          : [],
      ),
    ),
  );
  return splices.length === 0 ? undefined : splices;
}

/** What only a Service for outsiders may have; the cluster refuses it in others (ValidateService, pkg/apis/core). */
const forOutsiders: readonly string[] = [
  "allocateLoadBalancerNodePorts",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
];

/** Keeps the ports of an entry inside the cluster: a Service of the type ClusterIP, and no ports of the nodes. */
export function writeInside(fact: Fact, deployment: Deployment): readonly Splice[] | undefined {
  const places = ["", "/reach", "/via", "/address", "/port"].flatMap((pointer) => placesAt(fact, pointer));
  const splices = manifests(deployment).flatMap((source) =>
    documentsOf(source).flatMap((root) =>
      root.kind === "object"
        ? [...insideOf(root, places, source), ...withoutHostPorts(root, places, source)]
        : [],
    ),
  );
  const known = splices.filter((splice) => splice !== undefined);
  return known.length === 0 || known.length < splices.length ? undefined : known;
}

function insideOf(
  root: ObjectTree,
  places: readonly Place[],
  source: SourceFile,
): readonly (Splice | undefined)[] {
  const spec = objectAt(root, "spec");
  const kind = member(root, "kind")?.value;
  const type = spec === undefined ? undefined : member(spec, "type");
  const isService = kind?.kind === "string" && kind.text.value === "Service";
  if (spec === undefined || !isService || type?.value.kind !== "string") return [];
  if (!places.some((place) => covers(root.at, place))) return [];
  if (type.value.via !== undefined || !/^(?:NodePort|LoadBalancer)$/u.test(type.value.text.value)) return [];
  const ports = member(spec, "ports")?.value;
  const items = ports?.kind === "array" ? ports.items : [];
  return [
    { place: type.value.at, text: "ClusterIP", shown: "type: ClusterIP" },
    ...spec.members
      .filter(({ key }) => forOutsiders.includes(key))
      .map((found) => removeKey(spec, found, source)),
    ...items.flatMap((item): readonly (Splice | undefined)[] => {
      const found = item.kind === "object" ? member(item, "nodePort") : undefined;
      return item.kind !== "object" || found === undefined ? [] : [removeKey(item, found, source)];
    }),
  ];
}

/** Ports of the node that the places show. */
function withoutHostPorts(
  tree: Tree,
  places: readonly Place[],
  source: SourceFile,
): readonly (Splice | undefined)[] {
  if (tree.kind === "array") return tree.items.flatMap((item) => withoutHostPorts(item, places, source));
  if (tree.kind !== "object") return [];
  const port = ownMember(tree, "hostPort");
  if (port === undefined || !places.some((place) => covers(port.value.at, place)))
    return tree.members.flatMap(({ value }) => withoutHostPorts(value, places, source));
  const keys = ["hostPort", "hostIP"].flatMap((key) => ownMember(tree, key) ?? []);
  return keys.map((found) => removeKey(tree, found, source));
}

function objectAt(tree: ObjectTree, key: string): ObjectTree | undefined {
  const value = member(tree, key)?.value;
  return value?.kind === "object" ? value : undefined;
}

/** The members of one line that one of the places is about: the value, or all of it. */
function membersAt(tree: Tree, places: readonly Place[]): ObjectTree["members"] {
  if (tree.kind === "array") return tree.items.flatMap((item) => membersAt(item, places));
  if (tree.kind !== "object") return [];
  return tree.members.flatMap((found) => {
    const { keyAt, value } = found;
    if (value.kind === "object" || value.kind === "array") return membersAt(value, places);
    const whole = { file: value.at.file, start: keyAt.at.start, end: value.at.end };
    return places.some((place) => covers(whole, place)) ? [found] : [];
  });
}

function placesAt(fact: Fact, pointer: string): readonly Place[] {
  return (fact.origins[pointer] ?? []).flatMap((origin) =>
    origin.kind === "place" ? [origin.at, ...(origin.via ?? [])] : [],
  );
}
