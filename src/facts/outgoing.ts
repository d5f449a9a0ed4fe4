/** Where a server sends to: other servers over HTTP, the place of its audit trail. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** Another server that this one sends to over HTTP. */
export interface PeerFact extends FactBase {
  readonly kind: "peer";
  readonly name: string;
  /** The section it stands in: "OrthancPeers", "DicomWeb.Servers". */
  readonly section: string;
  readonly scheme: Maybe<"http" | "https">;
  /** Whether the address is this machine itself, or a service of the same deployment. */
  readonly local: Maybe<boolean>;
  readonly hasCredentials: Maybe<boolean>;
  /** Whether the other side's certificate is verified. */
  readonly verified: Maybe<boolean>;
  /** Every connection fails because no authority is trusted: what leads people to switch the verification off. */
  readonly verificationFails?: Maybe<boolean>;
  /** Its login is kept in clear text in the database, with the jobs that send to it. */
  readonly savedWithJobs?: Maybe<boolean>;
}

/** Where a server's audit trail goes. */
export interface AuditFact extends FactBase {
  readonly kind: "audit";
  readonly enabled: Maybe<boolean>;
  readonly transport: Maybe<"udp" | "tcp" | "tls" | "none">;
  readonly target: Maybe<string | null>;
  /** Whether messages arrive somewhere; a loopback address inside a container is nowhere. */
  readonly delivered: Maybe<boolean>;
  /** Kept and sent again while the target is away. */
  readonly retries: Maybe<boolean>;
}
