/** What every proxy is made of, whatever its configuration looks like: servers at sockets that can be asked about a path. */
import type { Tls } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import type { Maybe } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import type { Callers, RouteLogin, RouteTarget } from "../product.ts";
import type { HashedLogins } from "./hashed-logins.ts";
import type { PageWay } from "./ways.ts";

/** One server of a proxy at one of its sockets: the names that it answers for are treated alike. */
export interface Front {
  /** Id of its socket. */
  readonly socket: string;
  /** Tells it from the other servers of the proxy. */
  readonly key: string;
  /** The name that it is asked under; undefined where any will do. */
  readonly name: string | undefined;
  readonly tls: Tls;
  /** "/listen" and "/tls/…". */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
  /** Paths that its configuration tells apart, one of each kind. */
  readonly samples: readonly Sample[];
  /** The ways in which a request gets to a server behind; none where it ends at the proxy. */
  readonly ask: (path: string, method: string) => readonly Way[];
  /** The ways in which a request gets to pages of the proxy itself. */
  readonly pages?: (path: string, method: string) => readonly PageWay[];
  /** What its routes are called, by the paths that are shown: "location /orthanc/ (server pacs.example)". */
  readonly label: (paths: readonly string[], way: Way) => string;
}

/** A path that the configuration names. */
export interface Sample {
  /** As it is written there. */
  readonly shown: string;
  /** One that it takes. */
  readonly path: string;
  /** What all paths of its kind begin with, where that is known. */
  readonly prefix?: string;
}

/** Whom a proxy lets through, and by which login. */
export interface Treatment {
  readonly login: Maybe<RouteLogin>;
  readonly loginAt: readonly Located[];
  readonly callers: Maybe<Callers>;
  readonly callersAt: readonly Located[];
  /** As written; empty where everybody is let in. */
  readonly allowed: readonly string[];
  /** The proxy's own accounts, where it asks for one of them and they are there to read. */
  readonly accounts?: HashedLogins;
}

/** Where a request gets to. */
export interface Goal {
  readonly targets: readonly RouteTarget[];
  /** What the server behind is asked for. */
  readonly inside: Maybe<string>;
  /** Whether the proxy logs in there for everybody. */
  readonly supplies: Maybe<boolean>;
  /** Megabytes; 0 is without limit. */
  readonly bodyLimit: Maybe<number>;
  /** Whether answers carry Strict-Transport-Security. */
  readonly hsts: Maybe<boolean>;
  /** Why lines that may ask for a login are not there to read. */
  readonly unread: string | null;
  /** The part of the configuration that it went through, where that has a name: it keeps routes apart. */
  readonly part?: string;
  /** "/path", "/target", "/promised", "/suppliesLogin", "/bodyLimit", "/hsts", "/unread". */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** One way of a request through a proxy. */
export interface Way {
  readonly treatment: Treatment;
  readonly goal: Goal;
}
