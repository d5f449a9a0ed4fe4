/** Certificates and stores of keys. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** A certificate that a server presents or trusts. */
export interface CertificateFact extends FactBase {
  readonly kind: "certificate";
  readonly path: string;
  readonly use: "http-server" | "dicom-server" | "http-clients" | "dicom-peers" | "https-authorities";
  readonly state: Maybe<"ok" | "missing" | "not-a-certificate">;
  readonly expired: Maybe<boolean>;
  readonly daysLeft: Maybe<number>;
  readonly keyType: Maybe<string>;
  readonly keyBits: Maybe<number>;
  readonly signature: Maybe<string>;
  readonly selfSigned: Maybe<boolean>;
  readonly hasSubjectAltName: Maybe<boolean>;
  /** Written as a path relative to the working directory of the process, not to the configuration. */
  readonly relativeToProcess?: boolean;
}

/** The keys that a server shows, or the authorities that it trusts. */
export interface KeystoreFact extends FactBase {
  readonly kind: "keystore";
  readonly use: "identity" | "trust";
  /** `java`: the authorities of the Java installation; `listed`: exactly the certificates listed; `missing`: no key. */
  readonly source: Maybe<"file" | "java" | "listed" | "missing">;
  readonly path: Maybe<string | null>;
  /** The published sample of the product. */
  readonly sample: Maybe<boolean>;
  /** Anybody can get a certificate that is trusted: a public authority is in the store, or the sample one. */
  readonly public: Maybe<boolean>;
  /** Decides who may connect: a listener asks clients for certificates. */
  readonly guards: Maybe<boolean>;
  /** Other hosts get as far as a port with TLS that shows a certificate of it. */
  readonly presented: Maybe<boolean>;
}
