/** DICOM and HL7: what a server of them checks and allows, its own applications, the nodes that it lists. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** What a DICOM server compares before it answers. */
export interface DicomChecks {
  /** The caller's address with the one that is listed for its AE title. */
  readonly host: Maybe<boolean>;
  /** The AE title that is called with the server's own. */
  readonly calledTitle: Maybe<boolean>;
  /** AE titles in upper and lower case. */
  readonly exactTitle: Maybe<boolean>;
}

/** What a DICOM caller can do. */
export interface DicomOperations {
  readonly echo: Maybe<boolean>;
  readonly store: Maybe<boolean>;
  readonly find: Maybe<boolean>;
  readonly findWorklist: Maybe<boolean>;
  readonly get: Maybe<boolean>;
  readonly move: Maybe<boolean>;
}

/** A DICOM node that a server lists. */
export interface ModalityFact extends FactBase {
  readonly kind: "modality";
  readonly name: string;
  readonly aet: Maybe<string>;
  readonly host: Maybe<string>;
  /** Whether the host is written as an IP address: names never match a host check. */
  readonly hostIsAddress: Maybe<boolean>;
  /** How many entries share this AE title. */
  readonly sameAet: number;
  /** Whether the title counts only from its host. */
  readonly hostChecked: Maybe<boolean>;
  /** Whether associations to it use TLS. */
  readonly tls: Maybe<boolean>;
  /** Whether the server takes associations over TLS only, so that one would expect the same towards others. */
  readonly tlsExpected?: Maybe<boolean>;
  /** What the entry itself allows. */
  readonly allows: DicomOperations;
  /** Whether the title is one of those that the site accepts; absent where it names none. */
  readonly titleAccepted?: Maybe<boolean>;
  /** Operations that the entry denies and a global switch gives to everybody all the same. */
  readonly ineffectiveDenials: readonly string[];
}

/** A DICOM application entity of the server itself. */
export interface ApplicationEntityFact extends FactBase {
  readonly kind: "applicationEntity";
  readonly title: Maybe<string>;
  /** Whether it can be called at all: installed, an acceptor, on a connection that listens. */
  readonly callable: Maybe<boolean>;
  /** Which calling AE titles it accepts. */
  readonly callers: Maybe<"any" | "listed">;
  /** Whether the caller's address must be that of a configured entity with this title. */
  readonly hostChecked: Maybe<boolean>;
  /** Titles whose configured host has no dot: a reverse DNS record is enough to pass. */
  readonly weaklyChecked: readonly string[];
  /** What becomes of a user's login in the association request: `optional` is checked only when it is sent. */
  readonly userIdentity: Maybe<"none" | "optional" | "required">;
  /** Reachable over a connection that does not encrypt. */
  readonly clearText: Maybe<boolean>;
  /** What a caller that is accepted can do. */
  readonly abilities: DicomOperations;
  /** Where callers may send studies (C-MOVE). */
  readonly moveDestinations: Maybe<"any" | "listed">;
  /** Whether it sees only studies with its own access-control ids. */
  readonly accessControlled: Maybe<boolean>;
}

/** An HL7 application of the server itself. */
export interface Hl7ApplicationFact extends FactBase {
  readonly kind: "hl7Application";
  readonly name: Maybe<string>;
  readonly callable: Maybe<boolean>;
  /** Which sending applications it accepts; what a sender says of itself is not verified. */
  readonly senders: Maybe<"any" | "listed">;
  /** `none`: it refuses every message. */
  readonly messageTypes: Maybe<"none" | "listed" | "all">;
  readonly clearText: Maybe<boolean>;
}
