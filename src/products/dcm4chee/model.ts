/**
 * The device model: one shape for what LDAP and JSON say of a device. Attributes keep their text and place; what a value
 * means, and what holds when it is absent, is asked with the functions of settings.ts.
 */
import type { LdifAttribute } from "../../sources/ldif/attributes.ts";
import type { ObjectTree } from "../../sources/tree.ts";
import type { Located, Text } from "../../text/text.ts";
import type { Role } from "./schema.ts";

/** A device or a part of one. */
export interface ConfigObject {
  readonly role: Role;
  /** Its structural class: "dicomNetworkAE", "dcmStorage". */
  readonly className: string;
  readonly name: string;
  /** Where it is written; absent attributes belong here. */
  readonly at: Located;
  readonly form: "ldif" | "json";
  /** All object classes in lower case; in JSON the nested objects stand for the auxiliary ones. */
  readonly classes: ReadonlySet<string>;
  /** By name in lower case; what the loaders skip is not among them. */
  readonly attributes: ReadonlyMap<string, ConfigAttribute>;
  /** Written, but skipped by the loaders. */
  readonly ignored: readonly IgnoredAttribute[];
  /** Taken away by a change, with the place of the change. */
  readonly removed: ReadonlyMap<string, Located>;
  readonly children: readonly ConfigObject[];
  /** False when the files hold only changes to it: what is absent is not known. */
  readonly complete: boolean;
  /** What references name it by: a normalised DN, or a JSON pointer. */
  readonly reference: string;
  /** Its distinguished name as it is written; absent in JSON. */
  readonly dn?: string;
  /** Whose values these are when no file holds them: "set by the image …". */
  readonly by?: string;
  /** What its file has of it, for those who change it; absent where no file has it. */
  readonly source?: ObjectSource;
}

/** An object as its file has it: an entry with its lines, or a JSON object. */
export type ObjectSource =
  | { readonly kind: "ldif"; readonly lines: readonly LdifAttribute[] }
  | { readonly kind: "json"; readonly tree: ObjectTree };

/** An attribute of the archive's configuration. */
export interface ConfigAttribute {
  /** As it is written. */
  readonly name: string;
  /** The whole line or member; for several values the first one. */
  readonly at: Located;
  readonly values: readonly ConfigValue[];
}

/** One value of an attribute. */
export interface ConfigValue {
  /** The value as text; a JSON boolean or number as it is written. */
  readonly text: Text;
  readonly at: Located;
}

/** An attribute that has no effect, because the class or object that it belongs to is missing. */
export interface IgnoredAttribute extends ConfigAttribute {
  /** The class that would have to be there. */
  readonly needs: string;
}

/** What was wrong with a device file; the rest was read. */
export interface DeviceProblem extends Located {
  readonly kind: "syntax" | "refused";
  readonly message: string;
}

/** Devices, from one source. */
export interface DevicesRead {
  readonly devices: readonly ConfigObject[];
  readonly problems: readonly DeviceProblem[];
}

/** The parts of an object with a role, in file order. */
export function partsOf(object: ConfigObject, role: Role): readonly ConfigObject[] {
  return object.children.filter((child) => child.role === role);
}

/** Whether an object has an object class. */
export function hasClass(object: ConfigObject, name: string): boolean {
  return object.classes.has(name.toLowerCase());
}

/** The attributes that the loaders read, apart from those that they skip. */
export function splitAttributes(
  all: readonly ConfigAttribute[],
  needs: (name: string) => string | undefined,
): Pick<ConfigObject, "attributes" | "ignored"> {
  const attributes = new Map<string, ConfigAttribute>();
  const ignored: IgnoredAttribute[] = [];
  for (const attribute of all) {
    const missing = needs(attribute.name.toLowerCase());
    if (missing === undefined) attributes.set(attribute.name.toLowerCase(), attribute);
    else ignored.push({ ...attribute, needs: missing });
  }
  return { attributes, ignored };
}
