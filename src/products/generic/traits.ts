/** What an image does that its catalogue entry does not say: ports that move, logins that settings switch. */
import type { Auth } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import type { Maybe } from "../../facts/unknown.ts";
import type { Given } from "./given.ts";
import type { Login } from "./logins.ts";

/** The kinds of login. */
export type AuthMode = Exclude<Auth["mode"], { readonly cause: unknown }>;

/** What a caller of a port is asked for. */
export interface Access {
  readonly mode: Maybe<AuthMode>;
  /** A login works that everybody can look up. */
  readonly guessed: Maybe<boolean>;
  readonly modeOrigins: readonly Origin[];
  readonly guessedOrigins: readonly Origin[];
}

/** Variables and flags that move a port. */
export interface PortNames {
  readonly variables: readonly string[];
  readonly flags: readonly string[];
}

/** A maybe with the lines that make it so. */
export interface Told<T> {
  readonly value: Maybe<T>;
  readonly origins: readonly Origin[];
}

/** The ways of one image. Ports are those of the catalogue, before they are moved. */
export interface Traits {
  readonly moved?: Readonly<Record<number, PortNames>>;
  /** Whether the port is opened at all. */
  readonly on?: (given: Given, port: number) => Told<boolean>;
  readonly bind?: (given: Given, port: number) => Told<string>;
  readonly tls?: (given: Given, port: number) => Told<boolean>;
  /** Whether callers over TLS have to show a certificate. */
  readonly clients?: (given: Given, port: number) => Maybe<boolean>;
  /** In place of the logins of the catalogue. */
  readonly logins?: (given: Given) => readonly Login[];
  /** In place of what the logins come to. */
  readonly access?: (given: Given, port: number, usual: Access) => Access;
}

/** A value without a line of its own. */
export function told<T>(value: Maybe<T>, origins: readonly Origin[] = []): Told<T> {
  return { value, origins };
}

/** Nobody is asked for anything. */
export function openTo(modeOrigins: readonly Origin[]): Access {
  return { mode: "none", guessed: false, modeOrigins, guessedOrigins: [] };
}

/** What is asked is not known. */
export function undecidedAccess(mode: Access["mode"], modeOrigins: readonly Origin[] = []): Access {
  return { mode, guessed: false, modeOrigins, guessedOrigins: [] };
}
