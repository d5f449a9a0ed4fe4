/**
 * The variables of a container: `envFrom`, then `env`, with `$(NAME)` put in.
 * Source: Kubernetes API reference, EnvVar and EnvFromSource; k8s.io/kubernetes third_party/forked/golang/expansion.
 */
import type { Tree } from "../../sources/tree.ts";
import { concat, holeText, insertedAt, locate, slice, type Text } from "../../text/text.ts";
import type { ContainerVariable, Problem } from "../model.ts";
import { configNamed, configValues } from "./configs.ts";
import type { Resource } from "./resources.ts";
import { booleanAt, itemsAt, placeOf, scalarOf, textValue, valueAt, wordAt } from "./values.ts";

/** What a container is given. */
export interface Variables {
  readonly variables: readonly ContainerVariable[];
  /** False when some come from an object that is not among the manifests. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

/** Where names are looked up. */
export interface Surroundings {
  readonly namespace: string | undefined;
  readonly resources: readonly Resource[];
}

/** Reads the variables of a container. */
export function variablesOf(container: Tree, around: Surroundings): Variables {
  const sources = itemsAt(container, "envFrom").map((source) => allOf(source, around));
  const values = new Map<string, ContainerVariable>();
  for (const variable of sources.flatMap(({ variables }) => variables)) values.set(variable.name, variable);
  const problems = sources.flatMap((source) => source.problems);
  for (const item of itemsAt(container, "env")) {
    const name = wordAt(item, "name");
    if (name === undefined) continue;
    const value = valueFor(item, name, values, around);
    values.delete(name);
    if (value !== undefined) values.set(name, { name, value, at: placeOf(valueAt(item, "name") ?? item) });
  }
  return {
    variables: [...values.values()],
    complete: sources.every(({ complete }) => complete),
    problems,
  };
}

/** Every key of a ConfigMap or a Secret. */
function allOf(source: Tree, around: Surroundings): Variables {
  const prefix = wordAt(source, "prefix") ?? "";
  const kind = valueAt(source, "secretRef") === undefined ? "ConfigMap" : "Secret";
  const reference = valueAt(source, kind === "Secret" ? "secretRef" : "configMapRef");
  const name = wordAt(reference, "name");
  const found = configNamed(kind, name, around.namespace, around.resources);
  if (found === undefined) {
    const optional = booleanAt(reference, "optional") === true;
    return { variables: [], complete: false, problems: optional ? [] : missing(kind, name, source) };
  }
  const variables = configValues(found)
    .filter(({ key }) => /^[-._a-zA-Z][-._a-zA-Z0-9]*$/u.test(prefix + key))
    .map(({ key, text, member }) => ({ name: prefix + key, value: text, at: placeOf(member.keyAt) }));
  return { variables, complete: true, problems: [] };
}

/** A Secret is often kept elsewhere on purpose; a ConfigMap belongs to the manifests. */
export function missing(
  kind: "ConfigMap" | "Secret",
  name: string | undefined,
  at: Tree,
): readonly Problem[] {
  if (kind === "Secret") return [];
  return [
    {
      kind: "unresolved",
      message: `the ConfigMap ${name ?? "that is named here"} is not part of the input`,
      where: placeOf(at),
    },
  ];
}

function valueFor(
  item: Tree,
  name: string,
  earlier: ReadonlyMap<string, ContainerVariable>,
  around: Surroundings,
): Text | undefined {
  const written = valueAt(item, "value");
  const from = valueAt(item, "valueFrom");
  if (from === undefined) return expanded(scalarOf(written) ?? empty(item), earlier);
  const kind = valueAt(from, "secretKeyRef") === undefined ? "ConfigMap" : "Secret";
  const reference = valueAt(from, kind === "Secret" ? "secretKeyRef" : "configMapKeyRef");
  if (reference === undefined)
    return holeText(`the cluster sets ${name} when the container starts`, placeOf(from));
  const object = wordAt(reference, "name");
  const key = wordAt(reference, "key");
  const found = configNamed(kind, object, around.namespace, around.resources);
  const value = found === undefined ? undefined : configValues(found).find((one) => one.key === key);
  if (value !== undefined) return value.text;
  if (found !== undefined && booleanAt(reference, "optional") === true) return undefined;
  return holeText(`${key} of the ${kind} ${object} is not part of the input`, placeOf(reference));
}

function empty(item: Tree): Text {
  const { at } = placeOf(item);
  return { value: "", pieces: [{ start: 0, end: 0, at, via: [], exact: false }] };
}

/** `$(NAME)` is replaced where NAME stands before; `$$` is a dollar sign. */
function expanded(text: Text, earlier: ReadonlyMap<string, ContainerVariable>): Text {
  if (!text.value.includes("$")) return text;
  const parts: Text[] = [];
  let end = 0;
  for (const match of text.value.matchAll(/\$\$|\$\(([^()]*)\)/gu)) {
    const name = match[1];
    const found = name === undefined ? undefined : earlier.get(name);
    if (name !== undefined && found === undefined) continue;
    const { index } = match;
    parts.push(slice(text, end, index));
    end = index + match[0].length;
    parts.push(
      found === undefined
        ? slice(text, index, index + 1)
        : insertedAt(found.value, locate(text, index, index + match[0].length)),
    );
  }
  parts.push(slice(text, end, text.value.length));
  const filled = parts.filter(({ value }) => value !== "");
  return filled.length === 0 ? textOrEmpty(parts, text) : concat(filled);
}

function textOrEmpty(parts: readonly Text[], text: Text): Text {
  return parts[0] ?? text;
}

/** The words of a command, with variables put in as the kubelet does. */
export function wordsOf(
  container: Tree,
  key: "command" | "args",
  variables: readonly ContainerVariable[],
): readonly Text[] | undefined {
  if (valueAt(container, key) === undefined) return undefined;
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  return itemsAt(container, key).flatMap((item) => {
    const text = textValue(item);
    return text === undefined ? [] : [expanded(text, known)];
  });
}
