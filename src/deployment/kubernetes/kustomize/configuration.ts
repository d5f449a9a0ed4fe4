/**
 * Configurations of transformers: further places at which names, labels, images and so on stand, for kinds of one's own.
 * Source: sigs.k8s.io/kustomize/api/internal/plugins/builtinconfig (TransformerConfig, NameBackReferences) and api/types/fieldspec.go;
 * compared with kustomize 5.5 and 5.7.
 */
import type { Tree } from "../../../sources/tree.ts";
import { booleanAt, itemsAt, valueAt, wordAt } from "../values.ts";
import type { Field, Reference } from "./fields.ts";
import { groupOf, type Item, kindOf } from "./item.ts";

/** A place in objects of some kinds. */
export interface FieldSpec extends Field {
  readonly group: string | undefined;
  readonly kind: string | undefined;
}

/** What configurations add to what kustomize knows by itself. */
export interface Configuration {
  readonly fields: Readonly<Record<string, readonly FieldSpec[]>>;
  readonly references: readonly (FieldSpec & { readonly to: string })[];
}

/** Nothing is added. */
export const noConfiguration: Configuration = { fields: {}, references: [] };

const sections = [
  "namePrefix",
  "nameSuffix",
  "namespace",
  "commonLabels",
  "labels",
  "commonAnnotations",
  "images",
  "replicas",
  "varReference",
];

/** A configuration with what a file of it says. */
export function withConfiguration(base: Configuration, file: Tree): Configuration {
  const fields = Object.fromEntries(
    sections.map((key) => [key, [...(base.fields[key] ?? []), ...fieldSpecs(valueAt(file, key))]]),
  );
  const references = itemsAt(file, "nameReference").flatMap((entry) =>
    fieldSpecs(valueAt(entry, "fieldSpecs")).map((spec) => ({ ...spec, to: wordAt(entry, "kind") ?? "" })),
  );
  return { fields, references: [...base.references, ...references] };
}

/** The places of a list `fieldSpecs`; a slash that is part of a key stands behind a backslash. */
export function fieldSpecs(list: Tree | undefined): readonly FieldSpec[] {
  return itemsAt(list).map((entry) => ({
    path: (wordAt(entry, "path") ?? "")
      .split(/(?<!\\)\//u)
      .filter((step) => step !== "")
      .map((step) => step.replaceAll("\\/", "/").replace(/\[\]$/u, "")),
    create: booleanAt(entry, "create") === true,
    group: wordAt(entry, "group"),
    kind: wordAt(entry, "kind"),
  }));
}

/** Whether a place is one of an object. */
export function isPlaceOf({ group, kind }: FieldSpec, item: Item): boolean {
  return [undefined, "", groupOf(item)].includes(group) && [undefined, "", kindOf(item)].includes(kind);
}

/** The places of an object that a section of a configuration adds. */
export function addedFields({ fields }: Configuration, section: string, item: Item): readonly FieldSpec[] {
  return (fields[section] ?? []).filter((spec) => isPlaceOf(spec, item));
}

/** The names of others in an object that a configuration adds. */
export function addedReferences({ references }: Configuration, item: Item): readonly Reference[] {
  return references.filter((spec) => isPlaceOf(spec, item)).map(({ to, path }) => ({ kind: to, path }));
}
