/** What volumes put into containers: keys of ConfigMaps and Secrets as files, folders of the node, what is kept elsewhere. */
import { joinPath } from "../../sources/files.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Text } from "../../text/text.ts";
import type { ContainerFile, HostMount, Problem } from "../model.ts";
import { configNamed, configValues } from "./configs.ts";
import type { Pod } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { booleanAt, itemsAt, placeOf, stringAt, valueAt, wordAt } from "./values.ts";
import { missing } from "./variables.ts";

/** What is mounted into a container. */
export interface Mounted {
  readonly files: readonly ContainerFile[];
  readonly mounts: readonly HostMount[];
  readonly problems: readonly Problem[];
}

/** What a volume holds. */
export type Content =
  | { readonly kind: "files"; readonly files: readonly VolumeFile[] }
  | { readonly kind: "unknown"; readonly reason: string };

/** A file by its path in the volume; without a text it is made by a program that nobody follows. */
export interface VolumeFile {
  readonly path: string;
  readonly text: Text | undefined;
}

/** What init containers put into folders of the pod, by the names of the volumes. */
export type FilledFolders = ReadonlyMap<string, Content>;

/** Reads the mounts of a container. */
export function mountedInto(
  container: Tree,
  pod: Pod,
  resources: readonly Resource[],
  filled: FilledFolders,
): Mounted {
  const mounts = itemsAt(container, "volumeMounts").flatMap((mount): readonly Mounted[] => {
    const target = wordAt(mount, "mountPath");
    const name = wordAt(mount, "name");
    const volume = itemsAt(pod.spec, "volumes").find((one) => wordAt(one, "name") === name);
    if (target === undefined) return [];
    const hostPath = valueAt(volume, "hostPath");
    const found = contentOf(volume, container, pod, resources, filled);
    return [
      {
        files: filesAt(mount, joinPath("/", target), found.content),
        mounts: hostPath === undefined ? [] : [hostMount(hostPath, mount)],
        problems: found.problems,
      },
    ];
  });
  return {
    files: mounts.flatMap(({ files }) => files),
    mounts: mounts.flatMap((one) => one.mounts),
    problems: mounts.flatMap(({ problems }) => problems),
  };
}

function hostMount(hostPath: Tree, mount: Tree): HostMount {
  const within = wordAt(mount, "subPath");
  const path = stringAt(hostPath, "path") ?? "";
  return {
    source: typeof path === "string" && within !== undefined ? joinPath(path, within) : path,
    readOnly: booleanAt(mount, "readOnly") ?? false,
    at: placeOf(valueAt(hostPath, "path") ?? hostPath),
  };
}

function filesAt(mount: Tree, target: string, content: Content): readonly ContainerFile[] {
  const at = placeOf(mount);
  if (content.kind === "unknown")
    return [{ target, at, content: { type: "unknown", reason: content.reason } }];
  const within = wordAt(mount, "subPath") ?? wordAt(mount, "subPathExpr");
  const file = (path: string, text: Text | undefined): ContainerFile => ({
    target: path,
    at,
    content:
      text === undefined
        ? { type: "unknown", reason: `what an init container writes to ${path} is not known` }
        : { type: "text", text },
  });
  if (within === undefined || within === "" || within === ".")
    return [
      { target, at, content: { type: "empty" } },
      ...content.files.map(({ path, text }) => file(joinPath(target, path), text)),
    ];
  const wanted = joinPath("", within);
  const exact = content.files.find(({ path }) => path === wanted);
  if (exact !== undefined) return [file(target, exact.text)];
  const inside = content.files.filter(({ path }) => path.startsWith(`${wanted}/`));
  return [
    { target, at, content: { type: "empty" } },
    ...inside.map(({ path, text }) => file(joinPath(target, path.slice(wanted.length + 1)), text)),
  ];
}

interface Found {
  readonly content: Content;
  readonly problems: readonly Problem[];
}

function contentOf(
  volume: Tree | undefined,
  container: Tree,
  pod: Pod,
  resources: readonly Resource[],
  filled: FilledFolders,
): Found {
  const around = { namespace: pod.namespace, resources };
  const configMap = valueAt(volume, "configMap");
  if (configMap !== undefined) return keysOf("ConfigMap", wordAt(configMap, "name"), configMap, around);
  const secret = valueAt(volume, "secret");
  if (secret !== undefined) return keysOf("Secret", wordAt(secret, "secretName"), secret, around);
  if (valueAt(volume, "projected") !== undefined)
    return joined(itemsAt(volume, "projected", "sources").map((source) => projected(source, around)));
  if (valueAt(volume, "emptyDir") !== undefined) {
    const name = wordAt(volume, "name");
    // While an init container runs, those that come after it do not.
    const isInitial = pod.containers.some(({ tree, initial }) => initial && tree === container);
    const writer = pod.containers.find(
      ({ tree, initial }) => !initial && !isInitial && tree !== container && mountsToWrite(tree, name),
    );
    return writer === undefined
      ? { content: filled.get(name ?? "") ?? { kind: "files", files: [] }, problems: [] }
      : unknownContent("another container of the pod may write there");
  }
  if (valueAt(volume, "hostPath") !== undefined)
    return unknownContent("what the folder of the node holds is not part of the input");
  return unknownContent("what the volume holds is not part of the input");
}

/** Whether a container may write into a volume. */
function mountsToWrite(container: Tree, volume: string | undefined): boolean {
  return itemsAt(container, "volumeMounts").some(
    (mount) => wordAt(mount, "name") === volume && booleanAt(mount, "readOnly") !== true,
  );
}

function unknownContent(reason: string): Found {
  return { content: { kind: "unknown", reason }, problems: [] };
}

interface Around {
  readonly namespace: string | undefined;
  readonly resources: readonly Resource[];
}

function projected(source: Tree, around: Around): Found {
  const configMap = valueAt(source, "configMap");
  if (configMap !== undefined) return keysOf("ConfigMap", wordAt(configMap, "name"), configMap, around);
  const secret = valueAt(source, "secret");
  if (secret !== undefined) return keysOf("Secret", wordAt(secret, "name"), secret, around);
  // A token of the service account, or what the pod says of itself: no configuration of a server.
  return { content: { kind: "files", files: [] }, problems: [] };
}

function joined(parts: readonly Found[]): Found {
  const hidden = parts.find(({ content }) => content.kind === "unknown");
  return {
    content:
      hidden?.content ??
      ({
        kind: "files",
        files: parts.flatMap(({ content }) => (content.kind === "files" ? content.files : [])),
      } as const),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** The keys as files, or those that `items` picks, at their paths. */
function keysOf(
  kind: "ConfigMap" | "Secret",
  name: string | undefined,
  reference: Tree,
  { namespace, resources }: Around,
): Found {
  const found = configNamed(kind, name, namespace, resources);
  if (found === undefined) {
    if (booleanAt(reference, "optional") === true) return unknownContent(`the ${kind} ${name} is optional`);
    return {
      content: { kind: "unknown", reason: `the ${kind} ${name} is not part of the input` },
      problems: missing(kind, name, reference),
    };
  }
  const values = configValues(found);
  if (valueAt(reference, "items") === undefined)
    return {
      content: { kind: "files", files: values.map(({ key, text }) => ({ path: key, text })) },
      problems: [],
    };
  const picked = itemsAt(reference, "items").flatMap((item) => {
    const value = values.find(({ key }) => key === wordAt(item, "key"));
    const path = wordAt(item, "path");
    return value === undefined || path === undefined ? [] : [{ path: joinPath("", path), text: value.text }];
  });
  return { content: { kind: "files", files: picked }, problems: [] };
}
