/** Containers of pods, as every product's reader takes them. */
import type { Maybe } from "../../facts/unknown.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, type Located, type Text, textAt } from "../../text/text.ts";
import { recogniseImage } from "../images/recognise.ts";
import type { Container, Hardening, Problem } from "../model.ts";
import { tokenOf } from "./accounts.ts";
import type { Pod, PodContainer } from "./pods.ts";
import type { Resource } from "./resources.ts";
import {
  booleanAt,
  itemsAt,
  membersAt,
  placeAt,
  placeOf,
  placeOfText,
  stringAt,
  textValue,
  valueAt,
  wordAt,
} from "./values.ts";
import { variablesOf, wordsOf } from "./variables.ts";
import { type FilledFolders, mountedInto } from "./volumes.ts";

/** A container, and what of it could not be found. */
export interface ReadContainer {
  readonly container: Container;
  readonly at: Located;
  readonly problems: readonly Problem[];
}

/** Reads a container of a pod. */
export function readContainer(
  pod: Pod,
  { tree, name, initial }: PodContainer,
  resources: readonly Resource[],
  filled: FilledFolders,
): ReadContainer {
  const { variables, complete, problems } = variablesOf(tree, { namespace: pod.namespace, resources });
  const image = textValue(tree, "image");
  const at = placeOf(valueAt(tree, "name") ?? tree);
  const mounted = mountedInto(tree, pod, resources, filled);
  return {
    at,
    problems: [...problems, ...mounted.problems],
    container: {
      image,
      imageAt: image === undefined ? at : placeOfText(image),
      built: false,
      recognised: image === undefined ? undefined : recogniseImage(image),
      entrypoint: wordsOf(tree, "command", variables),
      command: wordsOf(tree, "args", variables),
      variables,
      variablesComplete: complete,
      files: mounted.files,
      mounts: mounted.mounts,
      healthCheck: ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
        probeWords(valueAt(tree, probe)),
      ),
      labels: [],
      deployLabels: [],
      hardening: hardeningOf(pod, name, tree),
      // What ends before the others start is called by nobody.
      ...(initial ? {} : { clusterToken: tokenOf(tree, pod, resources) }),
    },
  };
}

/** The words of a command, or the headers that a probe sends. */
function probeWords(probe: Tree | undefined): readonly Text[] {
  const words = itemsAt(probe, "exec", "command").flatMap((item) => textValue(item) ?? []);
  const headers = itemsAt(probe, "httpGet", "httpHeaders").flatMap((header) => {
    const name = textValue(header, "name");
    const value = textValue(header, "value");
    return name === undefined || value === undefined
      ? []
      : [concat([name, textAt(": ", placeOf(header)), value])];
  });
  return [...words, ...headers];
}

const words = {
  noNewPrivileges: "allowPrivilegeEscalation: false",
  dropsCapabilities: "capabilities.drop: [ALL]",
  readOnly: "readOnlyRootFilesystem: true",
} as const;

/** Where a setting is made: for the container, or for all of the pod. */
interface Made {
  readonly holder: ObjectTree;
  readonly path: readonly string[];
}

function hardeningOf(pod: Pod, name: string, tree: ObjectTree): Hardening {
  const own = ["securityContext"];
  const made = (...path: readonly string[]): Made | undefined =>
    [tree, pod.spec]
      .map((holder): Made => ({ holder, path: [...own, ...path] }))
      .find(({ holder, path: full }) => valueAt(holder, ...full) !== undefined);
  const privileged = booleanAt(tree, ...own, "privileged");
  const user = userOf(made);
  const added = itemsAt(tree, ...own, "capabilities", "add").flatMap((item) => textValue(item) ?? []);
  const dropped = itemsAt(tree, ...own, "capabilities", "drop").map((item) => textValue(item)?.value);
  const unconfined = unconfinedBy(pod, name, made);
  const readOnly = booleanAt(tree, ...own, "readOnlyRootFilesystem") ?? false;
  const places: Record<string, Located> = { "": placeOf(valueAt(tree, "name") ?? tree) };
  const note = (pointer: string, found: Made | undefined): void => {
    if (found !== undefined) places[pointer] = placeAt(found.holder, ...found.path);
  };
  if (privileged !== undefined) note("/privileged", { holder: tree, path: [...own, "privileged"] });
  note("/root", user?.made);
  for (const key of ["hostPID", "hostIPC", "hostNetwork"] as const)
    if (valueAt(pod.spec, key) !== undefined)
      note(`/${key.replace("PID", "Pid").replace("IPC", "Ipc")}`, { holder: pod.spec, path: [key] });
  const [firstAdded] = added;
  if (firstAdded !== undefined) places["/addedCapabilities"] = placeOfText(firstAdded);
  if (unconfined[0] !== undefined) places["/unconfined"] = unconfined[0].at;
  return {
    privileged: privileged ?? false,
    user: user?.name,
    hostPid: booleanAt(pod.spec, "hostPID") === true,
    hostIpc: booleanAt(pod.spec, "hostIPC") === true,
    readOnly,
    addedCapabilities: added.map(({ value }) => value),
    dropsCapabilities: dropped.some((one) => one?.toUpperCase() === "ALL"),
    noNewPrivileges: booleanAt(tree, ...own, "allowPrivilegeEscalation") === false,
    unconfined: unconfined.map(({ filter }) => filter),
    words,
    places,
  };
}

/** With `runAsNonRoot` alone the kubelet refuses to start what would run as root. */
function userOf(
  made: (...path: readonly string[]) => Made | undefined,
): { readonly name: Maybe<string>; readonly made: Made } | undefined {
  const written = made("runAsUser");
  if (written !== undefined) {
    const name = stringAt(written.holder, ...written.path);
    return name === undefined ? undefined : { name, made: written };
  }
  const refused = made("runAsNonRoot");
  if (refused === undefined || booleanAt(refused.holder, ...refused.path) !== true) return undefined;
  return { name: "not root", made: refused };
}

function unconfinedBy(
  pod: Pod,
  name: string,
  made: (...path: readonly string[]) => Made | undefined,
): readonly { readonly filter: string; readonly at: Located }[] {
  const profiles = (["seccomp", "appArmor"] as const).flatMap((filter) => {
    const found = made(`${filter}Profile`, "type");
    if (found === undefined || wordAt(found.holder, ...found.path) !== "Unconfined") return [];
    return [{ filter: filter.toLowerCase(), at: placeAt(found.holder, ...found.path) }];
  });
  const annotation = `container.apparmor.security.beta.kubernetes.io/${name}`;
  if (pod.annotations.get(annotation) !== "unconfined") return profiles;
  const template = membersAt(pod.workload.tree, "spec", "template", "metadata", "annotations");
  const member = template.find(({ key }) => key === annotation);
  return [...profiles, { filter: "apparmor", at: placeOf(member?.keyAt ?? pod.spec) }];
}
