/** What Compose refuses in networks, volumes, secrets and configs before it looks at services; after its validation package (2.4). */
import type { Tree } from "../../sources/tree.ts";
import { type Report, refusal } from "./problems.ts";
import { printed, valueAt } from "./trees.ts";

/** Reports resources that contradict themselves. */
export function checkResources(tree: Tree, report: Report): void {
  each(tree, "volumes", (volume, path) => checkExternal(volume, path, report));
  each(tree, "configs", (config, path) =>
    checkSource(config, path, ["file", "environment", "content"], report),
  );
  each(tree, "secrets", (secret, path) => checkSource(secret, path, ["file", "environment"], report));
}

/** Reports bind mounts without a source: Compose looks at them in every file by itself, also in one that is extended. */
export function checkMounts(tree: Tree, report: Report): void {
  each(tree, "services", (service, path) => {
    const mounts = valueAt(service, "volumes");
    for (const mount of mounts?.kind === "array" ? mounts.items : []) {
      const type = valueAt(mount, "type");
      if (type === undefined || printed(type)?.value !== "bind" || valueAt(mount, "source") !== undefined)
        continue;
      report(refusal("syntax", `${path}.volumes: a bind mount needs a source`, mount));
    }
  });
}

function each(tree: Tree, section: string, check: (value: Tree, path: string) => void): void {
  const resources = valueAt(tree, section);
  if (resources?.kind !== "object") return;
  for (const one of resources.members) check(one.value, `${section}.${one.key}`);
}

function checkExternal(volume: Tree, path: string, report: Report): void {
  const external = valueAt(volume, "external");
  if (volume.kind !== "object" || external?.kind !== "boolean" || !external.value) return;
  for (const one of volume.members) {
    if (one.key === "name" || one.key === "external" || one.key.startsWith("x-")) continue;
    report(refusal("syntax", `${path}: an external volume cannot have "${one.key}"`, one.keyAt));
  }
}

function checkSource(resource: Tree, path: string, keys: readonly string[], report: Report): void {
  if (resource.kind !== "object") return;
  const given = resource.members.filter((one) => keys.includes(one.key));
  if (given.length > 1)
    report(refusal("syntax", `${path}: only one of ${keys.join(", ")} can be given`, given[1]?.keyAt));
  if (
    given.length > 0 ||
    valueAt(resource, "driver") !== undefined ||
    valueAt(resource, "external") !== undefined
  )
    return;
  report(refusal("syntax", `${path}: one of ${keys.join(", ")} must be given`, resource));
}
