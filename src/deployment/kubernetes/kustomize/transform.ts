/** What a kustomization does to every object: namespace, names, labels, annotations, images, replicas. */
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { parseImageReference } from "../../images/reference.ts";
import { itemsAt, membersAt, placeOf, scalarOf, textValue, valueAt, wordAt } from "../values.ts";
import { changeAt, stringTree, withMember } from "./edit.ts";
import {
  annotationFields,
  clusterScoped,
  type Field,
  keepsName,
  labelFields,
  referencesIn,
} from "./fields.ts";
import { type Item, kindOf, nameOf } from "./item.ts";
import { isSelected } from "./select.ts";

function changed(item: Item, path: readonly string[], value: Tree, create?: Located): Item {
  const tree = changeAt(item.tree, path, () => value, create);
  return tree.kind === "object" ? { ...item, tree } : item;
}

/** Makes all changes that hold for every object, in kustomize's order. */
export function transformed(items: readonly Item[], kustomization: Tree): readonly Item[] {
  const spaced = withNamespace(items, valueAt(kustomization, "namespace"));
  const renamed = withAffixes(
    spaced,
    textValue(kustomization, "namePrefix"),
    textValue(kustomization, "nameSuffix"),
  );
  return renamed.map((item) => annotated(labelled(item, kustomization), kustomization));
}

/** Images and replicas come after the patches of RFC 6902. */
export function adjusted(items: readonly Item[], kustomization: Tree): readonly Item[] {
  return items.map((item) =>
    itemsAt(kustomization, "images").reduce<Item>(
      withImage,
      itemsAt(kustomization, "replicas").reduce<Item>(withReplicas, item),
    ),
  );
}

function withNamespace(items: readonly Item[], namespace: Tree | undefined): readonly Item[] {
  if (namespace === undefined || wordAt(namespace) === "") return items;
  return items.map((item) => {
    const kind = kindOf(item);
    if (kind === "Namespace") return changed(item, ["metadata", "name"], namespace, namespace);
    if (clusterScoped.has(kind)) return item;
    const moved = changed(item, ["metadata", "namespace"], namespace, namespace);
    return { ...moved, namespaces: [...item.namespaces, wordAt(namespace) ?? ""] };
  });
}

function withAffixes(
  items: readonly Item[],
  prefix: Text | undefined,
  suffix: Text | undefined,
): readonly Item[] {
  if ((prefix?.value ?? "") === "" && (suffix?.value ?? "") === "") return items;
  const affixed = (name: Tree): Tree => {
    const text = scalarOf(name);
    const parts = [prefix, text, suffix].filter((part): part is Text => (part?.value ?? "") !== "");
    return parts.length === 0 ? name : { ...stringTree(concat(parts)), ...placeOf(name) };
  };
  const renamed = new Set(
    items.filter((item) => !keepsName.has(kindOf(item))).map((item) => `${kindOf(item)} ${nameOf(item)}`),
  );
  return items.map((item) => {
    const own = valueAt(item.tree, "metadata", "name");
    const named =
      own === undefined || keepsName.has(kindOf(item))
        ? item
        : {
            ...changed(item, ["metadata", "name"], affixed(own)),
            names: [...item.names, wordAt(affixed(own)) ?? ""],
          };
    return withReferences(named, (kind, name) =>
      renamed.has(`${kind} ${wordAt(name)}`) ? affixed(name) : name,
    );
  });
}

function withReferences(item: Item, rename: (kind: string, name: Tree) => Tree): Item {
  let { tree } = item;
  const scaled = wordAt(tree, "spec", "scaleTargetRef", "kind");
  const references =
    scaled === undefined
      ? referencesIn(kindOf(item))
      : [{ kind: scaled, path: ["spec", "scaleTargetRef", "name"] }];
  for (const { kind, path } of references) {
    const next = changeAt(tree, path, (name) => (name === undefined ? undefined : rename(kind, name)));
    if (next.kind === "object") tree = next;
  }
  return { ...item, tree };
}

function labelled(item: Item, kustomization: Tree): Item {
  const common = valueAt(kustomization, "commonLabels");
  const all = { selectors: true, templates: true };
  const withCommon = common === undefined ? item : withPairs(item, common, labelFields(kindOf(item), all));
  return itemsAt(kustomization, "labels").reduce<Item>((one, entry) => {
    const pairs = valueAt(entry, "pairs");
    const selectors = wordAt(entry, "includeSelectors") === "true";
    const templates = selectors || wordAt(entry, "includeTemplates") === "true";
    if (pairs === undefined) return one;
    const fields = [...labelFields(kindOf(one), { selectors, templates }), ...fieldsFor(one, entry)];
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

function annotated(item: Item, kustomization: Tree): Item {
  const pairs = valueAt(kustomization, "commonAnnotations");
  return pairs === undefined ? item : withPairs(item, pairs, annotationFields(kindOf(item)));
}

function withPairs(item: Item, pairs: Tree, fields: readonly Field[]): Item {
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

const podPaths = ["spec", "spec/template/spec", "spec/jobTemplate/spec/template/spec"];

function withImage(item: Item, image: Tree): Item {
  let { tree } = item;
  for (const pod of podPaths) {
    for (const list of ["containers[]", "initContainers[]"]) {
      const next = changeAt(tree, [...pod.split("/"), list, "image"], (own) => {
        const text = own === undefined ? undefined : scalarOf(own);
        const replaced = text === undefined ? undefined : imageWith(text, image);
        return replaced === undefined ? own : stringTree(replaced);
      });
      if (next.kind === "object") tree = next;
    }
  }
  return { ...item, tree };
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

function withReplicas(item: Item, entry: Tree): Item {
  const count = valueAt(entry, "count");
  const applies = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].includes(kindOf(item));
  if (count === undefined || !applies || !item.names.includes(wordAt(entry, "name") ?? "")) return item;
  return changed(item, ["spec", "replicas"], count, count);
}
