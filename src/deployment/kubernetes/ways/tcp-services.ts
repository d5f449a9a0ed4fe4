/**
 * Ports that a controller of Ingresses passes on as they are: entries of a ConfigMap such as "104": "pacs/orthanc:4242".
 * Sources: kubernetes.github.io/ingress-nginx, user-guide/exposing-tcp-udp-services (1.11); haproxy-ingress.github.io, keys of
 * the command line, `--tcp-services-configmap` (0.14); haproxy.com/documentation/kubernetes-ingress, `--configmap-tcp-services`.
 */
import { isKnown } from "../../../text/text.ts";
import { wordsAt } from "../pods.ts";
import type { Resource } from "../resources.ts";
import { itemsAt, membersAt, placeOf, scalarOf, textValue } from "../values.ts";
import { type Attached, anyPath, frontendOf, frontRoute, serviceTarget, type Way } from "./front.ts";

/** The ports of every such ConfigMap: one that is called so, or that a controller among the manifests is started with. */
export function tcpServiceWays(resources: readonly Resource[]): readonly Way[] {
  const named = new Set(resources.flatMap(namedByArguments));
  return resources
    .filter(({ kind, group }) => kind === "ConfigMap" && group === "")
    .filter((one) => /tcp-services$|^tcp-services/u.test(one.name) || named.has(one.name))
    .flatMap((first): readonly Way[] => {
      const attached = membersAt(first.tree, "data").flatMap((member) => {
        const found = entryOf(member, first, resources);
        return found === undefined ? [] : [found];
      });
      if (attached.length === 0) return [];
      const name = `ingress ports of ${first.name}`;
      return [{ name, first, frontend: frontendOf("other", attached), reach: "network", problems: [] }];
    });
}

/** "--tcp-services-configmap=$(POD_NAMESPACE)/pacs-ports" among the arguments of a container. */
function namedByArguments({ tree }: Resource): readonly string[] {
  return itemsAt(tree, "spec", "template", "spec", "containers").flatMap((container) =>
    itemsAt(container, "args").flatMap((item) => {
      const found = /^--(?:tcp-services-configmap|configmap-tcp-services)=(?:.*\/)?([\w.-]+)$/u.exec(
        textValue(item)?.value ?? "",
      );
      return found?.[1] === undefined ? [] : [found[1]];
    }),
  );
}

/** `namespace/service:port`; what follows asks for the PROXY protocol, or ends the encryption here (":ssl", ":PROXY::pacs/certificate"). */
function entryOf(
  { key, keyAt, value }: ReturnType<typeof membersAt>[number],
  first: Resource,
  resources: readonly Resource[],
): Attached | undefined {
  const text = scalarOf(value);
  if (!/^\d+$/u.test(key) || text === undefined || !isKnown(text)) return undefined;
  const [, namespace, name = "", port = "", rest = ""] =
    /^(?:([\w.-]+)\/)?([\w.-]+):([\w-]+)((?::[^:]*)*)$/u.exec(text.value.trim()) ?? [];
  if (name === "") return undefined;
  const at = placeOf(value);
  const listener = {
    id: `tcp-${key}`,
    port: Number(key),
    tls: rest === ":ssl" || (rest.split(":")[3] ?? "") !== "",
    protocol: "tcp" as const,
    at: placeOf(keyAt),
  };
  const target = {
    name,
    namespace: namespace ?? first.namespace,
    port: /^\d+$/u.test(port) ? Number(port) : port,
    at,
  };
  const route = frontRoute(listener, {
    name: first.name,
    label: `port ${key}`,
    host: "",
    path: anyPath,
    at: placeOf(keyAt),
    targets: [serviceTarget(target, resources)],
    targetAt: at,
  });
  return { listener, route };
}

/** The namespaces into which such a ConfigMap leads. */
export function spacesOfPorts({ kind, group, tree }: Resource): readonly string[] {
  if (kind !== "ConfigMap" || group !== "") return [];
  return [...wordsAt(tree, "data")].flatMap(([key, value]) => {
    const found = /^\d+$/u.test(key) ? /^([\w.-]+)\/[\w.-]+:[\w-]+/u.exec(value) : null;
    return found?.[1] === undefined ? [] : [found[1]];
  });
}
