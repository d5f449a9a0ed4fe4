/** Where data is kept: databases, images, files on the disk. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** The database that holds the index or the images. */
export interface DatabaseFact extends FactBase {
  readonly kind: "database";
  readonly engine: "sqlite" | "postgres" | "mysql" | "odbc" | "other";
  /** Whether the server uses it: a section that is not enabled leaves the data in SQLite. */
  readonly used: Maybe<boolean>;
  /** Whether its section switches it on, and no list of plugins speaks against it: what `used` is taken to be. */
  readonly enabled?: Maybe<boolean>;
  readonly local: Maybe<boolean>;
  readonly tls: Maybe<"off" | "unverified" | "verified" | "unused">;
}

/** How long and how safely data is kept. */
export interface StorageFact extends FactBase {
  readonly kind: "storage";
  /** `local`, or the object store's name. */
  readonly backend: string;
  readonly encrypted: Maybe<boolean>;
  /** Whether a section for the encryption is there and not switched off: what is missing in it leaves images as they are. */
  readonly encryptionMeant?: Maybe<boolean>;
  /** `fill`: until the disk is full; `recycle`: old patients are deleted; `reject`: new images are refused. */
  readonly whenFull: Maybe<"fill" | "recycle" | "reject">;
  /** Whether data crosses the network in clear text. */
  readonly clearText: Maybe<boolean>;
  /** Whether images go there: the plugin of an object store may be absent or switched off. */
  readonly used?: Maybe<boolean>;
  /** Whether its section is there, and no list of plugins speaks against it: what `used` is taken to be. */
  readonly enabled?: Maybe<boolean>;
  /** Whether the object store is this machine, or a service of the same deployment. */
  readonly local?: Maybe<boolean>;
}

/** A file on disk, where the platform has permissions. */
export interface FileFact extends FactBase {
  readonly kind: "file";
  readonly path: string;
  readonly use: "configuration" | "private-key" | "certificate" | "environment" | "script";
  readonly holdsSecrets: boolean;
  /** Octal mode such as "0644". */
  readonly mode: Maybe<string>;
  readonly worldReadable: Maybe<boolean>;
  readonly worldWritable: Maybe<boolean>;
}
