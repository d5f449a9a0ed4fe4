/** Which namespaces of manifests belong to one deployment: those whose objects name each other. */
import type { Tree } from "../../sources/tree.ts";
import { podsOf, wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, wordAt } from "./values.ts";
import { spacesOfPorts } from "./ways/tcp-services.ts";

/**
 * The namespaces in groups. Those with workloads belong together where one names the other; those without, such as the one
 * of a Gateway, go with every group that names them or is named by them.
 */
export function namespaceGroups(
  spaces: readonly string[],
  resources: readonly Resource[],
): readonly (readonly string[])[] {
  const links = resources.flatMap((one) =>
    namedSpaces(one, spaces).map((other) => [one.namespace ?? spaces[0] ?? "", other] as const),
  );
  const near = (space: string): readonly string[] =>
    links.flatMap(([left, right]) => {
      if (left === space) return [right];
      return right === space ? [left] : [];
    });
  const busy = new Set(podsOf(resources).map(({ namespace }) => namespace ?? spaces[0] ?? ""));
  const groups: string[][] = [];
  const taken = new Set<string>();
  const gather = (space: string, group: string[]): void => {
    if (group.includes(space)) return;
    group.push(space);
    taken.add(space);
    // A namespace without workloads leads to no further ones: two sites may share a Gateway.
    if (busy.has(space) || !busy.has(group[0] ?? "")) for (const other of near(space)) gather(other, group);
  };
  for (const space of [...spaces.filter((one) => busy.has(one)), ...spaces.filter((one) => !busy.has(one))]) {
    if (taken.has(space)) continue;
    const group: string[] = [];
    gather(space, group);
    groups.push(group);
  }
  return groups.toSorted((left, right) => spaces.indexOf(left[0] ?? "") - spaces.indexOf(right[0] ?? ""));
}

/** The other namespaces that an object names, of those that there are. */
function namedSpaces(resource: Resource, spaces: readonly string[]): readonly string[] {
  const named = [...fieldsOf(resource), ...spacesOfPorts(resource), ...middlewaresOf(resource, spaces)];
  return [...new Set(named)].filter((space) => space !== resource.namespace && spaces.includes(space));
}

/** Places at which kinds of object name a namespace. */
function fieldsOf({ kind, tree }: Resource): readonly string[] {
  const spec = (...path: readonly string[]): readonly Tree[] => itemsAt(tree, "spec", ...path);
  const space = (one: Tree): readonly string[] => {
    const found = wordAt(one, "namespace");
    return found === undefined ? [] : [found];
  };
  const before = (one: Tree, key: string): readonly string[] => {
    const [found, ...rest] = (wordAt(one, key) ?? "").split("/");
    return rest.length > 0 && found !== undefined ? [found] : [];
  };
  const inner = (list: string) =>
    spec(list).flatMap((one) => [
      ...itemsAt(one, "backendRefs"),
      ...itemsAt(one, "services"),
      ...itemsAt(one, "middlewares"),
      ...itemsAt(one, "policies"),
    ]);
  switch (kind) {
    case "HTTPRoute":
    case "GRPCRoute":
    case "TCPRoute":
    case "TLSRoute":
      return [...spec("parentRefs"), ...inner("rules")].flatMap(space);
    case "ReferenceGrant":
      return spec("from").flatMap(space);
    case "HTTPProxy":
      return spec("includes").flatMap(space);
    case "VirtualServer":
      return [
        ...[...spec("policies"), ...inner("routes")].flatMap(space),
        ...spec("routes").flatMap((one) => before(one, "route")),
      ];
    case "IngressRoute":
    case "IngressRouteTCP":
      return inner("routes").flatMap(space);
    case "VirtualService":
      return spec("gateways").flatMap((one) => /^([\w-]+)\//u.exec(wordAt(one) ?? "")?.slice(1) ?? []);
    case "Service":
      return /^[\w-]+\.([\w-]+)\.svc/u.exec(wordAt(tree, "spec", "externalName") ?? "")?.slice(1) ?? [];
    default:
      return [];
  }
}

/** "infra-login@kubernetescrd" is the Middleware `login` of the namespace `infra`. */
function middlewaresOf({ kind, tree }: Resource, spaces: readonly string[]): readonly string[] {
  if (kind !== "Ingress") return [];
  const text =
    wordsAt(tree, "metadata", "annotations").get("traefik.ingress.kubernetes.io/router.middlewares") ?? "";
  return spaces.filter((space) => text.split(",").some((one) => one.trim().startsWith(`${space}-`)));
}
