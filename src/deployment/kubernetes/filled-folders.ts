/**
 * What init containers put into the folders (emptyDir) of a pod: they run one after the other, and end before the servers
 * start. Source: kubernetes.io/docs/concepts/workloads/pods/init-containers.
 */
import { folderOf, joinPath } from "../../sources/files.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Located, Text } from "../../text/text.ts";
import type { ContainerFile, Problem } from "../model.ts";
import { isShell, runStart } from "../start-script.ts";
import type { Pod, PodContainer } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, placeOf, valueAt, wordAt } from "./values.ts";
import { variablesOf, wordsOf } from "./variables.ts";
import { type Content, type FilledFolders, mountedInto } from "./volumes.ts";

/** What is known of the folders, and which init containers are not followed. */
export interface Filling {
  readonly filled: FilledFolders;
  readonly problems: readonly Problem[];
}

/** Follows the init containers of a pod; what one does that is not understood leaves its folders unknown. */
export function filledFolders(pod: Pod, resources: readonly Resource[]): Filling {
  const filled = new Map<string, Content>();
  const problems: Problem[] = [];
  for (const one of pod.containers.filter(({ initial }) => initial)) {
    const mounts = foldersOf(one.tree, pod);
    if (mounts.length === 0) continue;
    const { made, complete } = runOf(one, pod, resources, filled);
    if (!complete)
      problems.push({
        kind: "unresolved",
        message: `what the init container ${one.name} writes into ${listed(mounts)} is not known: its program is not followed`,
        where: startOf(one.tree),
      });
    for (const { name, ...at } of mounts) {
      const before = filled.get(name);
      if (before?.kind === "unknown") continue;
      filled.set(name, complete ? withMade(before, made, at) : hidden(one));
    }
  }
  return { filled, problems };
}

function listed(mounts: readonly Folder[]): string {
  return mounts.map(({ path }) => path).join(" and ");
}

/** A folder of the pod, or one within it, as a container has it. */
interface Folder {
  readonly name: string;
  readonly path: string;
  readonly within: string;
}

/** The folders of the pod that a container may write to, and where it has them. */
function foldersOf(container: Tree, pod: Pod): readonly Folder[] {
  return itemsAt(container, "volumeMounts").flatMap((mount) => {
    const name = wordAt(mount, "name");
    const path = wordAt(mount, "mountPath");
    const volume = itemsAt(pod.spec, "volumes").find((one) => wordAt(one, "name") === name);
    const isFolder = valueAt(volume, "emptyDir") !== undefined && wordAt(mount, "readOnly") !== "true";
    return isFolder && name !== undefined && path !== undefined
      ? [{ name, path: joinPath("/", path).replace(/\/$/u, ""), within: wordAt(mount, "subPath") ?? "" }]
      : [];
  });
}

function runOf(
  { tree }: PodContainer,
  pod: Pod,
  resources: readonly Resource[],
  filled: FilledFolders,
): { readonly made: ReadonlyMap<string, Text | undefined>; readonly complete: boolean } {
  const { variables, complete } = variablesOf(tree, { namespace: pod.namespace, resources });
  const entrypoint = wordsOf(tree, "command", variables);
  const command = wordsOf(tree, "args", variables);
  const { files } = mountedInto(tree, pod, resources, filled);
  const started = { entrypoint, command, variables, variablesComplete: complete };
  const run = runStart(
    started,
    (path) => textAt(path, files),
    (folder) => pathsIn(folder, files),
  );
  // What the image itself starts is not known; neither is a script that cannot be read.
  const [program, script] = [...(entrypoint ?? []), ...(command ?? [])];
  const isHidden =
    program === undefined ||
    (isShell(program.value) &&
      /^\//u.test(script?.value ?? "") &&
      textAt(script?.value ?? "", files) === undefined);
  return { made: run.made, complete: run.complete && !isHidden };
}

function textAt(path: string, files: readonly ContainerFile[]): Text | undefined {
  const found = files.findLast(({ target }) => target === path);
  return found?.content.type === "text" ? found.content.text : undefined;
}

/** The paths in a folder; undefined where part of it is not known. */
function pathsIn(folder: string, files: readonly ContainerFile[]): readonly string[] | undefined {
  const covering = files.filter(({ target }) => target === folder);
  if (!covering.some(({ content }) => content.type === "empty")) return undefined;
  return files
    .filter(({ target, content }) => content.type === "text" && folderOf(target) === folder)
    .map(({ target }) => target);
}

/** What the container made below a path of its own, over what was there. */
function withMade(
  before: Content | undefined,
  made: ReadonlyMap<string, Text | undefined>,
  { path, within }: Pick<Folder, "path" | "within">,
): Content {
  const own = [...made].flatMap(([target, text]) =>
    target.startsWith(`${path}/`) ? [{ path: joinPath(within, target.slice(path.length + 1)), text }] : [],
  );
  const names = new Set(own.map((file) => file.path));
  const kept = before?.kind === "files" ? before.files.filter((file) => !names.has(file.path)) : [];
  return { kind: "files", files: [...kept, ...own] };
}

function hidden({ name }: PodContainer): Content {
  return {
    kind: "unknown",
    reason: `the init container ${name} fills it, by a program that is not followed`,
  };
}

/** The line with what the container runs. */
function startOf(tree: Tree): Located {
  return placeOf(
    valueAt(tree, "args") ??
      valueAt(tree, "command") ??
      valueAt(tree, "image") ??
      valueAt(tree, "name") ??
      tree,
  );
}
