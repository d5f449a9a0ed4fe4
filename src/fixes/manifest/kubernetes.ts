/** Changes what a manifest of a cluster says: rights of containers, and the ways by which outsiders get to a pod. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import type { SourceFile } from "../../sources/source.ts";
import { member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import type { Place } from "../../text/text.ts";
import type { Splice } from "../writers/change.ts";
import { addKey, ownMember, removeKey } from "../writers/yaml.ts";
import { covers } from "./definitions.ts";

/** Parsed once for each file. */
const documents = new WeakMap<SourceFile, readonly Tree[]>();

function documentsOf(source: SourceFile): readonly Tree[] {
  const known = documents.get(source) ?? readYaml(source.text).documents;
  documents.set(source, known);
  return known;
}

/** The manifests as they are written: what a chart or an overlay makes of others has no lines of its own. */
function manifests({ files }: Deployment): readonly SourceFile[] {
  return files.filter(({ kind }) => kind === "kubernetes").map(({ source }) => source);
}

/** The rights that are taken by writing false, by the names of the container fact's properties. */
const switches: readonly string[] = ["privileged", "hostPid", "hostIpc", "hostNetwork"];

/** Switches a right off where the finding shows that it is on. */
export function writePodRight(
  name: string,
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  if (name === "clusterToken") return withoutToken(service, deployment);
  if (!switches.includes(name)) return undefined;
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

/** The pod is given no token, whatever its service account says. */
function withoutToken(service: Service, deployment: Deployment): readonly Splice[] | undefined {
  const pod = podOf(service, deployment);
  if (pod === undefined) return undefined;
  const key = "automountServiceAccountToken";
  const written = ownMember(pod.spec, key)?.value;
  if (written === undefined) return one(addKey(pod.spec, key, "false", pod.source));
  if (written.kind !== "boolean" || !written.value || written.via !== undefined) return undefined;
  return [{ place: written.at, text: "false", shown: `${key}: false` }];
}

function one(splice: Splice | undefined): readonly Splice[] | undefined {
  return splice === undefined ? undefined : [splice];
}

/** The specification of a pod as a manifest has it. */
interface PodSpec {
  readonly source: SourceFile;
  readonly spec: ObjectTree;
}

/** The pod whose container a service is. */
function podOf({ at }: Service, deployment: Deployment): PodSpec | undefined {
  if (at === undefined) return undefined;
  return manifests(deployment)
    .filter(({ path }) => path === at.at.file)
    .flatMap((source) =>
      documentsOf(source).flatMap((root): readonly PodSpec[] => {
        const spec = specAround(root, at.at);
        return spec === undefined ? [] : [{ source, spec }];
      }),
    )[0];
}

function specAround(tree: Tree, place: Place): ObjectTree | undefined {
  if (!covers(tree.at, place)) return undefined;
  if (tree.kind === "array") return firstOf(tree.items, (item) => specAround(item, place));
  if (tree.kind !== "object") return undefined;
  const containers = member(tree, "containers")?.value;
  if (containers?.kind === "array" && containers.via === undefined && covers(containers.at, place))
    return tree;
  return firstOf(tree.members, ({ value }) => specAround(value, place));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
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
    documentsOf(source).flatMap((root) => (root.kind === "object" ? insideOf(root, places, source) : [])),
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
