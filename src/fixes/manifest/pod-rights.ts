/**
 * Takes rights from a container of a pod: the token of the cluster, capabilities, filters that are off, and what its image is
 * known to run without (data/images.json, as for compose files).
 */
import type { HardenedImage } from "../../deployment/images/catalogue.ts";
import type { Container, Deployment, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Splice } from "../writers/change.ts";
import {
  addKey,
  addListItem,
  ownMember,
  removeItem,
  removeKey,
  type YamlMap,
  type YamlValue,
  yamlString,
} from "../writers/yaml.ts";
import { isAsTried } from "./hardening.ts";
import { type PodSpec, podOf } from "./pods.ts";

type Parts = readonly (Splice | undefined)[];

/** Changes a right that is not a switch; its name is that of the container fact's property, or "usual", "account". */
export function writeContext(
  name: string,
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  const pod = podOf(service, deployment);
  if (pod === undefined) return undefined;
  switch (name) {
    case "clusterToken":
      return all(withoutToken(pod));
    case "strongCapabilities":
      return fact.kind === "container" ? all(withoutCapabilities(fact.strongCapabilities, pod)) : undefined;
    case "unconfined":
      return all(confined(pod));
    case "account":
      return all(withAccount(service, pod));
    case "usual":
      return all(usual(service, pod));
    default:
      return undefined;
  }
}

/** Every part, or nothing. */
function all(parts: Parts): readonly Splice[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 || known.length < parts.length ? undefined : known;
}

/** The pod is given no token, whatever its service account says. */
function withoutToken({ spec, source }: PodSpec): Parts {
  const key = "automountServiceAccountToken";
  const written = ownMember(spec, key)?.value;
  return written === undefined ? [addKey(spec, key, "false", source)] : [switched(key, written, "false")];
}

function switched(key: string, written: Tree, to: "true" | "false"): Splice | undefined {
  if (written.kind !== "boolean" || String(written.value) === to || written.via !== undefined)
    return undefined;
  return { place: written.at, text: to, shown: `${key}: ${to}` };
}

/** What the list holds besides stays; a list that is emptied goes with what holds nothing else. */
function withoutCapabilities(names: readonly string[], { container, source }: PodSpec): Parts {
  const context = objectAt(container, "securityContext");
  const capabilities = context && objectAt(context, "capabilities");
  const list = capabilities && ownMember(capabilities, "add")?.value;
  if (context === undefined || capabilities === undefined || list?.kind !== "array" || list.via !== undefined)
    return [undefined];
  const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/u, "");
  const found = list.items.filter((item) => item.kind === "string" && names.includes(plain(item.text.value)));
  if (found.length < list.items.length)
    return found.map((item) => removeItem(list, item, source, `(remove ${textOf(item)} from add)`));
  const chain: readonly (readonly [ObjectTree, string])[] = [
    [capabilities, "add"],
    [context, "capabilities"],
    [container, "securityContext"],
  ];
  const [holder, key] = chain.find(([object]) => object.members.length > 1) ?? [container, "securityContext"];
  const member = ownMember(holder, key);
  return [member && removeKey(holder, member, source)];
}

function textOf(tree: Tree): string {
  return tree.kind === "string" ? tree.text.value : "";
}

/** The filter of the container runtime, in the place of none. */
function confined({ container, spec }: PodSpec): Parts {
  const types = [container, spec].flatMap((holder) => {
    const context = objectAt(holder, "securityContext");
    return ["seccompProfile", "appArmorProfile"].flatMap((key) => {
      const profile = context && objectAt(context, key);
      const type = profile && ownMember(profile, "type")?.value;
      return type?.kind === "string" && type.text.value === "Unconfined" && type.via === undefined
        ? [type]
        : [];
    });
  });
  return types.map((type) => ({ place: type.at, text: "RuntimeDefault", shown: "type: RuntimeDefault" }));
}

/** The account that the image brings along for its server. */
function withAccount({ container: started }: Service, pod: PodSpec): Parts {
  const account = started?.recognised?.hardened?.account ?? "";
  const [, user, group] = /^(\d+):(\d+)$/u.exec(account) ?? [];
  if (user === undefined || group === undefined) return [undefined];
  return inContext({ runAsUser: user, runAsGroup: group }, pod);
}

/** No new rights, none of root's, nothing written into the image. */
function usual(service: Service, pod: PodSpec): Parts {
  const { container } = service;
  const image = container?.recognised?.hardened;
  if (container === undefined || image === undefined || image === null) return [undefined];
  if (!isAsTried(container, image, service)) return [undefined];
  const { hardening } = container;
  const add = image.capabilities.length === 0 ? {} : { add: image.capabilities };
  const values: YamlMap = {
    ...(hardening.noNewPrivileges ? {} : { allowPrivilegeEscalation: "false" }),
    ...(hardening.dropsCapabilities ? {} : { capabilities: { drop: ["ALL"], ...add } }),
    ...(hardening.readOnly === true ? {} : { readOnlyRootFilesystem: "true" }),
  };
  return [...inContext(values, pod), ...(hardening.readOnly === true ? [] : writable(container, image, pod))];
}

/** Keys of the container's securityContext; one that is there in another form is left to a person. */
function inContext(values: YamlMap, { container, source }: PodSpec): Parts {
  const context = ownMember(container, "securityContext")?.value;
  if (context === undefined) return [addKey(container, "securityContext", values, source)];
  if (context.kind !== "object" || context.via !== undefined) return [undefined];
  return Object.entries(values).map(([key, value]) => keyIn(context, key, value, source));
}

function keyIn(context: ObjectTree, key: string, value: YamlValue, source: SourceFile): Splice | undefined {
  const written = ownMember(context, key)?.value;
  if (written === undefined) return addKey(context, key, value, source);
  if (value === "true" || value === "false") return switched(key, written, value);
  if (typeof value !== "string" || written.kind !== "number" || written.via !== undefined) return undefined;
  return { place: written.at, text: value, shown: `${key}: ${value}` };
}

/** Empty folders where the program writes, and the variables that it needs then. */
function writable(container: Container, image: HardenedImage, pod: PodSpec): Parts {
  const free = image.writes.filter((path) => !container.files.some(({ target }) => target === path));
  const set = new Set(container.variables.map(({ name }) => name));
  const variables = Object.entries(image.variables).filter(([name]) => !set.has(name));
  const { source, spec } = pod;
  const name = (path: string): string => path.slice(1).replaceAll(/[^a-z0-9]+/gu, "-");
  return [
    ...items(
      pod.container,
      "volumeMounts",
      free.map((path) => `{ name: ${name(path)}, mountPath: ${path} }`),
      source,
    ),
    ...items(
      spec,
      "volumes",
      free.map((path) => `{ name: ${name(path)}, emptyDir: {} }`),
      source,
    ),
    ...items(
      pod.container,
      "env",
      variables.map(([key, value]) => `{ name: ${key}, value: ${quoted(value)} }`),
      source,
    ),
  ];
}

/** A variable is a text, whatever it looks like. */
function quoted(value: string): string {
  const written = yamlString(value);
  return /^["']/u.test(written) ? written : JSON.stringify(value);
}

/** Items of a list that is made where it is missing; not where all of it stands on one line. */
function items(object: ObjectTree, key: string, lines: readonly string[], source: SourceFile): Parts {
  if (lines.length === 0) return [];
  const isFlow = ({ at }: Tree): boolean => /[[{]/u.test(source.text.value.charAt(at.start));
  const list = ownMember(object, key)?.value;
  if (isFlow(object)) return [undefined];
  if (list === undefined) return [addKey(object, key, lines, source)];
  if (list.kind !== "array" || list.via !== undefined || isFlow(list)) return [undefined];
  return lines.map((line) => addListItem(list, line, source, `${key}: - ${line}`));
}

function objectAt(tree: ObjectTree, key: string): ObjectTree | undefined {
  const value = ownMember(tree, key)?.value;
  return value?.kind === "object" && value.via === undefined ? value : undefined;
}
