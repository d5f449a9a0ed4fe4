/** What annotations may ask of the controller of an Ingress, whichever controller it is. */

import type { Located, Text } from "../../text/text.ts";
import type { FrontListener, FrontRoute } from "./frontend.ts";
import { unchanged } from "./ways/front.ts";

/** The annotations of an Ingress by the last part of their names. */
export interface Annotated {
  readonly text: (name: string) => Text | undefined;
  readonly at: (name: string) => Located | undefined;
}

/** What becomes of the requests that its rules take. */
export interface Treated
  extends Pick<
    FrontRoute,
    | "login"
    | "loginAt"
    | "users"
    | "callers"
    | "allowed"
    | "callersAt"
    | "suppliesLogin"
    | "suppliesAt"
    | "bodyLimit"
    | "hsts"
    | "rewrite"
  > {
  /** Plain requests are sent to the encrypted port. */
  readonly redirects: boolean;
  /** Encrypted by a certificate that an annotation names. */
  readonly encrypted: boolean;
  /** There is no plain port. */
  readonly encryptedOnly: boolean;
  /** With a certificate there is no plain port. */
  readonly oneOfBoth: boolean;
  /** The only ports, where annotations list them; undefined: the usual ones. */
  readonly listeners: readonly FrontListener[] | undefined;
  readonly passthrough: boolean;
  readonly regex: boolean;
  /** The path of the rule is cut off. */
  readonly stripsPath: boolean;
}

/** Who is let in. */
export type Access = Pick<Treated, "login" | "loginAt" | "users" | "callers" | "allowed" | "callersAt">;

/** Nothing is asked, nothing changed. */
export const plain: Treated = {
  ...unchanged,
  redirects: false,
  encrypted: false,
  encryptedOnly: false,
  oneOfBoth: false,
  listeners: undefined,
  passthrough: false,
  regex: false,
  stripsPath: false,
};

/** Addresses that are let in; one that takes in everybody makes the others idle. */
export function listed(ranges: string, at: Located): Pick<Treated, "callers" | "allowed" | "callersAt"> {
  const allowed = ranges
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
  const everybody = allowed.length === 0 || allowed.some((range) => /\/0$/u.test(range));
  return { callers: everybody ? "anybody" : "listed", allowed: everybody ? [] : allowed, callersAt: [at] };
}
