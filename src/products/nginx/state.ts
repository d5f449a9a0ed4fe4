/** One request on its way through nginx: what is put in, what comes out, and what changes in between. */
import type { Located } from "../../text/text.ts";
import type { Login } from "./access.ts";
import type { Block, Unknown } from "./block.ts";
import type { Choose, NginxLocation } from "./location.ts";
import type { NginxModel, NginxServer } from "./model.ts";
import type { Backend } from "./proxy.ts";

/** A request, as its sender makes it. */
export interface NginxRequest {
  /** Undefined for a unix socket, whose name is then the address. */
  readonly port: number | undefined;
  /** The address that it is sent to; without it, one that no `listen` names. */
  readonly address?: string;
  readonly tls: boolean;
  /** The `Host` header; the name sent with TLS is taken to be the same. */
  readonly host: string;
  /** The request target as sent, with its query. */
  readonly path: string;
  readonly method: string;
  /** Where it comes from, as nginx sees it. */
  readonly client: string;
  /** Further headers; their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Who asks: `stranger` sends nothing more; `anything` sends whatever headers, cookies and arguments suit; `trusted` gets
 * through every login.
 */
export type Caller = "stranger" | "anything" | "trusted";

/** How a request ends. */
export type Outcome =
  | {
      readonly kind: "backend";
      readonly scheme: string;
      readonly backends: readonly Backend[];
      /** What the backend is asked for. */
      readonly path: string | Unknown;
      readonly block: Block;
      readonly location: NginxLocation | undefined;
      /** Whether the proxy logs in at the backend for everybody. */
      readonly supplies: boolean | Unknown;
      readonly at: Located;
    }
  | {
      readonly kind: "status";
      readonly status: number;
      /** Where a redirect leads. */
      readonly to?: string | Unknown;
      readonly at?: Located;
    }
  /** Files of the server itself, or nothing; `index` says that a folder's start page is looked for. */
  | { readonly kind: "static"; readonly block: Block; readonly index: boolean; readonly at?: Located }
  /** The connection is closed without an answer. */
  | { readonly kind: "closed"; readonly at?: Located }
  | { readonly kind: "unknown"; readonly why: Unknown };

/** A login or check that the request came to. */
export interface Met {
  readonly login: Login;
  /** It is an `if`, which may be about something else than a login. */
  readonly condition?: boolean;
  /** Whom an `auth_request` asks. */
  readonly asks?: readonly Backend[];
  readonly at: Located;
}

/** A variable's value, and what it depends on that a visitor brings along. */
export interface Evaluated {
  readonly value: string | Unknown;
  readonly needs: readonly Met[];
}

/** A request under way. */
export interface State {
  readonly model: NginxModel;
  readonly server: NginxServer;
  readonly request: NginxRequest;
  readonly caller: Caller;
  readonly choose: Choose;
  /** Decoded path and arguments. */
  uri: string;
  args: string;
  /** The target was written with escapes. */
  readonly quoted: boolean;
  readonly plus: boolean;
  /** The path is still the one that was sent. */
  validUnparsed: boolean;
  /** The location's prefix may be replaced by `proxy_pass`. */
  validLocation: boolean;
  internal: boolean;
  uriChanged: boolean;
  changes: number;
  errorPageUsed: boolean;
  method: string;
  readonly subrequest: boolean;
  /** Subrequests inside each other. */
  readonly depth: number;
  captures: readonly string[];
  variables: Map<string, Evaluated>;
  block: Block;
  location: NginxLocation | undefined;
  /** The lines that decided, in order. */
  readonly why: Located[];
  /** Gates that it met. */
  readonly met: Met[];
}

/** nginx's NGX_HTTP_MAX_URI_CHANGES. */
export const uriChanges = 10;
