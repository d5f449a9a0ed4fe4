/** The facts that rules are written about: plain data, every property with its origins, one sentence a field. */
import type { CertificateFact, KeystoreFact } from "./certificates.ts";
import type { AccountFact, SecretFact } from "./credentials.ts";
import type { ApplicationEntityFact, Hl7ApplicationFact, ModalityFact } from "./dicom.ts";
import type { ClientFact, DirectoryFact, DirectoryLinkFact, RealmFact } from "./identity.ts";
import type { EntryFact, ListenerFact, RouteFact } from "./openings.ts";
import type { AuditFact, PeerFact } from "./outgoing.ts";
import type { ContainerFact, ImageFact, PluginFact, ServiceFact, UnitFact, WebAppFact } from "./services.ts";
import type { AdvisoryFact, FaultFact, IneffectiveFact, OptionFact, UnknownOptionFact } from "./settings.ts";
import type { DatabaseFact, FileFact, StorageFact } from "./storage.ts";
import type { SuppressionFact } from "./suppressions.ts";

export type * from "./base.ts";
export type * from "./certificates.ts";
export type * from "./credentials.ts";
export type * from "./dicom.ts";
export type * from "./identity.ts";
export type * from "./openings.ts";
export type * from "./outgoing.ts";
export type { Reach } from "./reach.ts";
export type * from "./services.ts";
export type * from "./settings.ts";
export type * from "./storage.ts";
export type * from "./suppressions.ts";

/** Any fact. */
export type Fact =
  | ServiceFact
  | ListenerFact
  | EntryFact
  | AccountFact
  | SecretFact
  | PeerFact
  | ModalityFact
  | DatabaseFact
  | PluginFact
  | CertificateFact
  | OptionFact
  | UnknownOptionFact
  | FaultFact
  | AdvisoryFact
  | FileFact
  | StorageFact
  | ContainerFact
  | UnitFact
  | ImageFact
  | RouteFact
  | ApplicationEntityFact
  | Hl7ApplicationFact
  | RealmFact
  | ClientFact
  | DirectoryFact
  | DirectoryLinkFact
  | KeystoreFact
  | WebAppFact
  | AuditFact
  | IneffectiveFact
  | SuppressionFact;

/** The name of a kind of fact, as rules select it. */
export type FactKind = Fact["kind"];
