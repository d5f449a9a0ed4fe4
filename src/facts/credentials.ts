/** Logins and secrets, with verdicts about passwords, never a password. */
import type { FactBase } from "./base.ts";
import type { Reach } from "./reach.ts";
import type { Maybe } from "./unknown.ts";

/**
 * What can be said of a password.
 *
 * - `default`: in the catalogue of default credentials, for this user or alone;
 * - `empty`: as it says; `same-as-name`: the user's name, or that with a few digits behind it; `short`: fewer than eight characters;
 * - `literal`: written out, not known to be weak; `reference`: a variable or a file supplies it.
 */
export type PasswordVerdict = "default" | "empty" | "same-as-name" | "short" | "literal" | "reference";

/** A login that a server knows. */
export interface AccountFact extends FactBase {
  readonly kind: "account";
  readonly name: Maybe<string>;
  /** What can be said of its password without saying it. */
  readonly password: Maybe<PasswordVerdict>;
  /** Who made it. */
  readonly createdBy: "file" | "server" | "image" | "variable";
  /** Whether a login with it is asked for and works, somewhere within the listener's reach. */
  readonly usable: Maybe<boolean>;
  /** Reach of the listener that takes it. */
  readonly reach: Maybe<Reach>;
  /** What outsiders reach there, and who is beside it: as entries and listeners say it. */
  readonly place?: string;
  readonly neighbour?: string;
  /** What the account is for: "REST API", "database". */
  readonly purpose: string;
  /** A colon in the name of an HTTP login: the part after it counts as password for a shorter name. */
  readonly colonInName?: boolean;
  /** HTTP: the login as a whole is one that a catalogue lists, or its password is empty or the name. */
  readonly published?: Maybe<boolean>;
  /** A variable of the input supplies the password: it is changed where that is set. */
  readonly supplied?: boolean;
}

/** A password, key or token that a configuration holds. */
export interface SecretFact extends FactBase {
  readonly kind: "secret";
  /** The option or variable, as a path: "PostgreSQL.Password". */
  readonly path: string;
  readonly verdict: Maybe<PasswordVerdict>;
  /** What it opens: "user radiology of the REST API", "the PostgreSQL database". */
  readonly purpose: string;
  /** Whether any user of the machine can read the file; absent where the platform does not say. */
  readonly worldReadable?: boolean;
  /** Whether anything takes it, in this version and with the features that are on. */
  readonly read?: Maybe<boolean>;
  /** Certainly nothing takes it. */
  readonly idle?: boolean;
  /** The server shows it in clear over its own interface, because its key is not the one that it hides. */
  readonly shown?: boolean;
  /** A variable of the input supplies it: it is changed where that is set. */
  readonly supplied?: boolean;
  /** Where the manifest of a container holds it; absent where a file of the server does. */
  readonly heldBy?: "variable" | "command" | "health-check" | "label" | "secret";
  /** The server writes it to its log. */
  readonly logged?: boolean;
}
