/** What a kustomization does to every object: namespace, names, labels, annotations, images, replicas. */
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { parseImageReference } from "../../images/reference.ts";
import { itemsAt, membersAt, placeOf, scalarOf, textValue, valueAt, wordAt } from "../values.ts";
import { addedFields, addedReferences, type Configuration } from "./configuration.ts";
import { changeAt, stringTree, withMember } from "./edit.ts";
import {
  annotationFields,
  clusterScoped,
  type Field,
  keepsName,
  labelFields,
  type Reference,
  referencesIn,
} from "./fields.ts";
import { type Item, kindOf, nameOf } from "./item.ts";
import { isSelected } from "./select.ts";

function changed(item: Item, path: readonly string[], value: Tree, create?: Located): Item {
  const tree = changeAt(item.tree, path, () => value, create);
  return tree.kind === "object" ? { ...item, tree } : item;
}

/** Makes all changes that hold for every object, in kustomize's order. */
export function transformed(
  items: readonly Item[],
  kustomization: Tree,
  configuration: Configuration,
): readonly Item[] {
  const spaced = withNamespace(items, valueAt(kustomization, "namespace"), configuration);
  const affixes: Affixes = {
    prefix: valueAt(kustomization, "namePrefix"),
    suffix: valueAt(kustomization, "nameSuffix"),
    chosen: () => true,
    at: placeOf(kustomization),
  };
  const renamed = withSubjects(withAffixes(spaced, affixes, configuration));
  return renamed.map((item) =>
    annotated(labelled(item, kustomization, configuration), kustomization, configuration),
  );
}

/** Images and replicas come after the patches of RFC 6902. */
export function adjusted(
  items: readonly Item[],
  kustomization: Tree,
  configuration: Configuration,
): readonly Item[] {
  return items.map((item) =>
    itemsAt(kustomization, "images").reduce<Item>(
      (one, image) => withImage(one, image, configuration),
      itemsAt(kustomization, "replicas").reduce<Item>(
        (one, entry) => withReplicas(one, entry, configuration),
        item,
      ),
    ),
  );
}

/** The objects in another namespace; the Namespace itself is only named so where `renames` says it. */
export function withNamespace(
  items: readonly Item[],
  namespace: Tree | undefined,
  configuration: Configuration,
  renames: (item: Item) => boolean = () => true,
): readonly Item[] {
  if (namespace === undefined || wordAt(namespace) === "") return items;
  return items.map((item) => {
    const kind = kindOf(item);
    if (kind === "Namespace" && !renames(item)) return item;
    if (kind === "Namespace") return changed(item, ["metadata", "name"], namespace, namespace);
    if (clusterScoped.has(kind)) return item;
    const moved = addedFields(configuration, "namespace", item).reduce<Item>(
      (one, { path, create }) => changed(one, path, namespace, create ? namespace : undefined),
      changed(item, ["metadata", "namespace"], namespace, namespace),
    );
    return { ...moved, namespaces: [...item.namespaces, wordAt(namespace) ?? ""] };
  });
}

/** What is put before and behind names. */
interface Affixes {
  readonly prefix: Tree | undefined;
  readonly suffix: Tree | undefined;
  /** The objects whose names are changed, of those that may be. */
  readonly chosen: (item: Item) => boolean;
  readonly at: Located;
}

/** The objects under their new names, and so wherever others name them. */
export function withAffixes(
  items: readonly Item[],
  { prefix, suffix, chosen }: Affixes,
  configuration: Configuration,
): readonly Item[] {
  const [before, behind] = [prefix && scalarOf(prefix), suffix && scalarOf(suffix)];
  if ((before?.value ?? "") === "" && (behind?.value ?? "") === "") return items;
  const affixed = (name: Tree): Tree => {
    const text = scalarOf(name);
    const parts = [before, text, behind].filter((part): part is Text => (part?.value ?? "") !== "");
    return parts.length === 0 ? name : { ...stringTree(concat(parts)), ...placeOf(name) };
  };
  const isRenamed = (item: Item): boolean => !keepsName.has(kindOf(item)) && chosen(item);
  const renamed = new Set(items.filter(isRenamed).map((item) => `${kindOf(item)} ${nameOf(item)}`));
  return items.map((item) => {
    const own = valueAt(item.tree, "metadata", "name");
    const named =
      own === undefined || !isRenamed(item)
        ? item
        : {
            ...changed(item, ["metadata", "name"], affixed(own)),
            names: [...item.names, wordAt(affixed(own)) ?? ""],
          };
    const further = ["namePrefix", "nameSuffix"].flatMap((key) => addedFields(configuration, key, item));
    const also = further.reduce<Item>((one, { path }) => affixedAt(one, path, affixed), named);
    return withReferences(also, configuration, (kind, name) =>
      renamed.has(`${kind} ${wordAt(name)}`) ? affixed(name) : name,
    );
  });
}

function affixedAt(item: Item, path: readonly string[], affixed: (name: Tree) => Tree): Item {
  const tree = changeAt(item.tree, path, (value) => value && affixed(value));
  return tree.kind === "object" ? { ...item, tree } : item;
}

function withReferences(
  item: Item,
  configuration: Configuration,
  rename: (kind: string, name: Tree) => Tree,
): Item {
  let { tree } = item;
  const chosen = chosenKind(item);
  const references = [
    ...(chosen === undefined ? referencesIn(kindOf(item)) : [chosen]),
    ...addedReferences(configuration, item),
  ];
  for (const { kind, path } of references) {
    const next = changeAt(tree, path, (name) => {
      if (name?.kind === "array") return { ...name, items: name.items.map((one) => rename(kind, one)) };
      return name && rename(kind, name);
    });
    if (next.kind === "object") tree = next;
  }
  return { ...item, tree };
}

/** A reference that says itself which kind of object it is for. */
function chosenKind({ tree }: Item): Reference | undefined {
  const scaled = wordAt(tree, "spec", "scaleTargetRef", "kind");
  if (scaled !== undefined) return { kind: scaled, path: ["spec", "scaleTargetRef", "name"] };
  const role = wordAt(tree, "roleRef", "kind");
  return role === undefined ? undefined : { kind: role, path: ["roleRef", "name"] };
}

/** Whom a binding gives a role: service accounts are named as they are called in the end, with their namespace. */
function withSubjects(items: readonly Item[]): readonly Item[] {
  const accounts = items.filter((item) => kindOf(item) === "ServiceAccount");
  return items.map((item) => {
    if (!/^(?:Cluster)?RoleBinding$/u.test(kindOf(item))) return item;
    const tree = changeAt(item.tree, ["subjects"], (list) =>
      list?.kind === "array" ? { ...list, items: list.items.map((one) => subjectOf(one, accounts)) } : list,
    );
    return tree.kind === "object" ? { ...item, tree } : item;
  });
}

function subjectOf(subject: Tree, accounts: readonly Item[]): Tree {
  if (subject.kind !== "object" || wordAt(subject, "kind") !== "ServiceAccount") return subject;
  const found = accounts.find(({ names }) => names.includes(wordAt(subject, "name") ?? ""));
  const name = found && valueAt(found.tree, "metadata", "name");
  const namespace = found && valueAt(found.tree, "metadata", "namespace");
  const named = name === undefined ? subject : withMember(subject, "name", name);
  return namespace === undefined ? named : withMember(named, "namespace", namespace);
}

function labelled(item: Item, kustomization: Tree, configuration: Configuration): Item {
  const common = valueAt(kustomization, "commonLabels");
  const all = { selectors: true, templates: true };
  const added = addedFields(configuration, "commonLabels", item);
  const withCommon =
    common === undefined ? item : withPairs(item, common, [...labelFields(kindOf(item), all), ...added]);
  return itemsAt(kustomization, "labels").reduce<Item>((one, entry) => {
    const pairs = valueAt(entry, "pairs");
    const selectors = wordAt(entry, "includeSelectors") === "true";
    const templates = selectors || wordAt(entry, "includeTemplates") === "true";
    if (pairs === undefined) return one;
    const fields = [
      ...labelFields(kindOf(one), { selectors, templates }),
      ...(selectors ? added : addedFields(configuration, "labels", item)),
      ...fieldsFor(one, entry),
    ];
    return withPairs(one, pairs, fields);
  }, withCommon);
}

/** The fields that an entry of `labels` names itself. */
function fieldsFor(item: Item, entry: Tree): readonly Field[] {
  return itemsAt(entry, "fields")
    .filter((field) => isSelected(item, field))
    .map((field) => ({
      path: (wordAt(field, "path") ?? "").split("/"),
      create: wordAt(field, "create") === "true",
    }));
}

function annotated(item: Item, kustomization: Tree, configuration: Configuration): Item {
  const pairs = valueAt(kustomization, "commonAnnotations");
  const added = addedFields(configuration, "commonAnnotations", item);
  return pairs === undefined ? item : withPairs(item, pairs, [...annotationFields(kindOf(item)), ...added]);
}

/** An object with keys and values put into the maps at some places. */
export function withPairs(item: Item, pairs: Tree, fields: readonly Field[]): Item {
  let { tree } = item;
  for (const { key, keyAt, value } of membersAt(pairs)) {
    for (const { path, create } of fields) {
      const text = scalarOf(value);
      const word = text === undefined ? value : stringTree(text);
      const next = changeAt(
        tree,
        path,
        (holder) => pairsIn(holder, create, pairs, (object) => withMember(object, key, word, keyAt)),
        create ? placeOf(pairs) : undefined,
      );
      if (next.kind === "object") tree = next;
    }
  }
  return { ...item, tree };
}

function pairsIn(
  holder: Tree | undefined,
  create: boolean,
  at: Tree,
  change: (object: ObjectTree) => ObjectTree,
): Tree | undefined {
  if (holder?.kind === "object") return change(holder);
  const absent = holder === undefined || holder.kind === "null";
  return absent && create ? change({ kind: "object", members: [], ...placeOf(at) }) : holder;
}

/** Containers are looked for wherever they stand (kustomize's "legacy" filter of images), whatever the kind of object. */
function withImage(item: Item, image: Tree, configuration: Configuration): Item {
  if (kindOf(item) === "CustomResourceDefinition") return item;
  const replaced = (own: Tree | undefined): Tree | undefined => {
    const text = own && scalarOf(own);
    const other = text && imageWith(text, image);
    return other === undefined ? own : stringTree(other);
  };
  let tree: Tree = inContainers(item.tree, (container) => changeAt(container, ["image"], replaced));
  for (const { path } of addedFields(configuration, "images", item)) tree = changeAt(tree, path, replaced);
  return tree.kind === "object" ? { ...item, tree } : item;
}

function inContainers(tree: Tree, change: (container: Tree) => Tree): Tree {
  if (tree.kind === "array") return { ...tree, items: tree.items.map((one) => inContainers(one, change)) };
  if (tree.kind !== "object") return tree;
  const members = tree.members.map((member) => {
    const value = inContainers(member.value, change);
    const isList = /^(?:initC|c)ontainers$/u.test(member.key) && value.kind === "array";
    return { ...member, value: isList ? { ...value, items: value.items.map(change) } : value };
  });
  return { ...tree, members };
}

/** The image under its new name, tag or digest; undefined where it is another one. */
function imageWith(text: Text, image: Tree): Text | undefined {
  const { tag, digest } = parseImageReference(text);
  const tail = `${typeof tag === "string" ? `:${tag}` : ""}${typeof digest === "string" ? `@${digest}` : ""}`;
  const end = text.value.length - tail.length;
  if (text.value.slice(0, end) !== wordAt(image, "name")) return undefined;
  const name = textValue(image, "newName") ?? slice(text, 0, end);
  const newTag = textValue(image, "newTag");
  const newDigest = textValue(image, "digest");
  const at = placeOf(image);
  const parts = [
    name,
    ...(newTag === undefined ? [] : [textAt(":", at), newTag]),
    ...(newDigest === undefined ? [] : [textAt("@", at), newDigest]),
    ...(newTag === undefined && newDigest === undefined ? [slice(text, end, text.value.length)] : []),
  ];
  return concat(parts.filter(({ value }) => value !== ""));
}

function withReplicas(item: Item, entry: Tree, configuration: Configuration): Item {
  const count = valueAt(entry, "count");
  if (count === undefined || !item.names.includes(wordAt(entry, "name") ?? "")) return item;
  const scales = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].includes(kindOf(item));
  const own = scales ? changed(item, ["spec", "replicas"], count, count) : item;
  return addedFields(configuration, "replicas", item).reduce<Item>(
    (one, { path, create }) => changed(one, path, count, create ? count : undefined),
    own,
  );
}
