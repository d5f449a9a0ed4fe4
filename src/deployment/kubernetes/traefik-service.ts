/** The Traefik that reads its own kinds of objects: one of the cluster's pods, or one that is not part of the manifests. */
import type { Tree } from "../../sources/tree.ts";
import { textAt } from "../../text/text.ts";
import type { Service } from "../model.ts";
import { objectTree, stringTree } from "./kustomize/edit.ts";
import { frontendNetwork } from "./network.ts";
import type { Resource } from "./resources.ts";
import { type TraefikObjects, traefikObjects, type UsedEntryPoint } from "./traefik-objects.ts";
import { placeAt } from "./values.ts";

/** The services with what Traefik's objects tell, and a Traefik for them where none of the pods is one. */
export function withTraefikObjects(
  services: readonly Service[],
  resources: readonly Resource[],
  version: Service["version"],
): readonly Service[] {
  const objects = traefikObjects(resources);
  if (objects === undefined) return services;
  const isTraefik = ({ product, container }: Service) => product === "traefik" && container !== undefined;
  if (services.some(isTraefik))
    return services.map((service) =>
      isTraefik(service) ? { ...service, traefikObjects: { told: objects.tree } } : service,
    );
  return [...services, unseenTraefik(objects, resources, version)];
}

function unseenTraefik(
  objects: TraefikObjects,
  resources: readonly Resource[],
  version: Service["version"],
): Service {
  const { first, tree } = objects;
  const entryPoints = entryPointsOf(objects);
  const at = placeAt(first.tree, "metadata", "name");
  return {
    name: "traefik",
    product: "traefik",
    version,
    at,
    environment: { complete: true, variables: new Map() },
    configuration: [],
    workingDirectory: null,
    network: {
      ...frontendNetwork(first.namespace, resources),
      published: entryPoints.map(({ port, at: used }) => ({
        hostAddress: "0.0.0.0",
        hostPort: port,
        containerPort: port,
        protocol: "tcp",
        at: used,
        reach: "network",
        place: "Traefik",
        label: `a way in by port ${port} of Traefik`,
      })),
    },
    lookup: (path) => ({ state: "unknown", path }),
    traefikObjects: { told: tree, started: startedWith(entryPoints, first.tree) },
  };
}

interface Assumed extends UsedEntryPoint {
  readonly port: number;
  readonly encrypts: boolean;
}

/** The entry points of Traefik's own chart, and of k3s: `web`, and `websecure`, at which everything is encrypted. */
function entryPointsOf({ entryPoints, first }: TraefikObjects): readonly Assumed[] {
  const at = placeAt(first.tree, "metadata", "name");
  const usual = ["web", "websecure"].map(
    (name): UsedEntryPoint => ({ name, kind: "http", encrypted: name === "websecure", port: undefined, at }),
  );
  // Routers that name no entry point are at all of them.
  const used = entryPoints.length === 0 ? usual : entryPoints;
  const names = [...new Set(used.map(({ name }) => name))];
  return names.flatMap((name): readonly Assumed[] => {
    const own = used.filter((one) => one.name === name);
    const [one] = own;
    if (one === undefined) return [];
    const encrypts = name === "websecure" || (name !== "web" && /secure|https|tls|443/iu.test(name));
    const plain = own.some(({ encrypted }) => encrypted) || encrypts ? 443 : 80;
    const port = one.kind === "tcp" && !encrypts && name !== "web" ? (one.port ?? plain) : plain;
    return [{ ...one, port, encrypts: encrypts && one.kind === "http" }];
  });
}

function startedWith(entryPoints: readonly Assumed[], at: Tree): Tree {
  const text = (value: string): Tree => stringTree(textAt(value, { at: at.at }));
  const one = (key: string, value: Tree) => ({ key, keyAt: { at: at.at }, value });
  return objectTree(
    [
      one(
        "entryPoints",
        objectTree(
          entryPoints.map(({ name, port, encrypts, at: used }) => ({
            key: name,
            keyAt: used,
            value: objectTree(
              [
                { key: "address", keyAt: used, value: { ...stringTree(textAt(`:${port}`, used)) } },
                ...(encrypts ? [one("http", objectTree([one("tls", objectTree([], used))], used))] : []),
              ],
              used,
            ),
          })),
          at,
        ),
      ),
      one("providers", objectTree([one("kubernetesCRD", text("true"))], at)),
    ],
    at,
  );
}
