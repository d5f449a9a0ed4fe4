/**
 * Where a setting is changed: a product tells it in the terms of the file's format, and `fixes/` has one writer for each
 * kind. What is not there yet has a spot too: the place where it would be written.
 */
import type { NginxDirective } from "../sources/nginx.ts";
import type { Member, ObjectTree, Tree } from "../sources/tree.ts";
import type { XmlAttribute, XmlElement } from "../sources/xml/tree.ts";
import type { Located, Place } from "../text/text.ts";

/** A place for a setting. */
export type Spot =
  | TreeSpot
  | VariableSpot
  | LineSpot
  | AttributeSpot
  | DirectiveSpot
  | LoginSpot
  | RedirectSpot;

/** A key of an object in a JSON file: orthanc.json, a device, a realm. */
export interface TreeSpot {
  readonly kind: "json";
  /** What stands there; absent when the key would be new. */
  readonly member?: Member;
  /** The innermost object on the way that is there; without it, what stands there can be changed and not removed. */
  readonly object: ObjectTree | undefined;
  /** The keys from that object on, one at least. */
  readonly path: readonly string[];
  /** The JSON stands in a string of another file: without an object only values without quotes and lines can be written. */
  readonly embedded?: boolean;
}

/** A variable that the process is started with: the deployment knows where such variables are kept. */
export interface VariableSpot {
  readonly kind: "variable";
  readonly name: string;
  /** Where the name stands; absent when the variable would be new. */
  readonly at?: Located;
  /** What its value is read as. */
  readonly value?: Tree;
  /** The keys inside its value, which is one object as JSON; for a new variable only. */
  readonly within?: readonly string[];
}

/** Lines of a name and a value: properties, environment files, attributes of an LDIF entry. */
export interface LineSpot {
  readonly kind: "line";
  readonly format: "properties" | "dotenv" | "ldif";
  readonly name: string;
  /** The lines that say it, each without its line end: several where an attribute has several values. */
  readonly lines: readonly { readonly at: Place; readonly value: string }[];
  /** The end of the line behind which a new one goes. */
  readonly after: Place;
}

/** An attribute of an XML element. */
export interface AttributeSpot {
  readonly kind: "attribute";
  readonly element: XmlElement;
  readonly name: string;
  readonly attribute?: XmlAttribute;
}

/** A directive of nginx. */
export interface DirectiveSpot {
  readonly kind: "directive";
  readonly name: string;
  /** Those that say it where it counts; all of them are changed. */
  readonly directives: readonly NginxDirective[];
  /** What stands between the braces of the block that a new one goes into; undefined: a new one goes nowhere. */
  readonly body: Place | undefined;
}

/** A login that nginx asks for before it passes requests on. */
export interface LoginSpot {
  readonly kind: "login";
  /** Lines that switch off a login that is asked for around them. */
  readonly off: readonly NginxDirective[];
  /** What stands between the braces of the blocks that get a login of their own. */
  readonly bodies: readonly Place[];
  /** A login that the configuration has elsewhere: its realm in quotes, and its file of users. */
  readonly like?: { readonly realm: string; readonly file: string };
}

/** A redirection from a plain port of nginx to one with TLS. */
export interface RedirectSpot {
  readonly kind: "redirect";
  /** The port with TLS, as nginx listens on it. */
  readonly port: number;
  /** What stands between the braces of the blocks that only send on from now on. */
  readonly bodies: readonly Place[];
  /** The server that has both kinds of ports: the plain ones get a server of their own. */
  readonly split?: {
    readonly server: NginxDirective;
    readonly plain: readonly NginxDirective[];
    readonly names: NginxDirective | undefined;
  };
}
