/** ConfigMaps and Secrets: what they hold, with the place of every character. */
import { base64Text } from "../../sources/base64.ts";
import type { Member } from "../../sources/tree.ts";
import { holeText, isKnown, type Text } from "../../text/text.ts";
import type { HeldSecret } from "../model.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { membersAt, placeOf, scalarOf, valueAt, wordAt } from "./values.ts";

/** One key of a ConfigMap or a Secret. */
export interface ConfigValue {
  readonly key: string;
  /** The member as it stands in the manifest. */
  readonly member: Member;
  readonly text: Text;
}

/** Finds a ConfigMap or a Secret by its name; undefined: none of the manifests has it. */
export function configNamed(
  kind: "ConfigMap" | "Secret",
  name: string | undefined,
  namespace: string | undefined,
  resources: readonly Resource[],
): Resource | undefined {
  return resources.find(
    (one) => one.kind === kind && one.name === name && sameNamespace(one.namespace, namespace),
  );
}

/** What it holds, by keys; `stringData` wins over `data`. */
export function configValues(resource: Resource): readonly ConfigValue[] {
  const { tree, kind } = resource;
  const values = new Map<string, ConfigValue>();
  const isSealed = valueAt(tree, "sops") !== undefined;
  for (const member of membersAt(tree, "data")) {
    const text = scalarOf(member.value);
    if (text === undefined) continue;
    values.set(member.key, { key: member.key, member, text: kind === "Secret" ? decoded(text) : text });
  }
  for (const member of membersAt(tree, "binaryData"))
    values.set(member.key, { key: member.key, member, text: decoded(scalarOf(member.value)) });
  for (const member of membersAt(tree, "stringData")) {
    const text = scalarOf(member.value);
    if (text !== undefined) values.set(member.key, { key: member.key, member, text });
  }
  return [...values.values()].map((value) =>
    isSealed || /^ENC\[/u.test(value.text.value)
      ? { ...value, text: holeText(`${resource.name} is encrypted`, placeOf(value.member.value)) }
      : value,
  );

  function decoded(text: Text | undefined): Text {
    const plain = text !== undefined && isKnown(text) ? base64Text(text) : text;
    return plain ?? holeText(`a value of ${resource.name} is not text in base64`, placeOf(tree));
  }
}

/** Keys of the types of Secret that hold nothing secret. */
const publicKeys = /^(?:tls\.crt|ca\.crt|ca\.pem|namespace)$/u;

/** The values of the Secrets, as far as they are written out. */
export function heldSecrets(resources: readonly Resource[]): readonly HeldSecret[] {
  return resources
    .filter(({ kind, group }) => kind === "Secret" && group === "")
    .filter(({ tree }) => wordAt(tree, "type") !== "kubernetes.io/service-account-token")
    .flatMap((resource) =>
      configValues(resource)
        .filter(({ key, text }) => !publicKeys.test(key) && text.value !== "" && isKnown(text))
        .map(({ key, text }) => ({ name: resource.name, key, value: text })),
    );
}
