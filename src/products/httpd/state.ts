/** A server of httpd, and a request to it under way. */
import type { HttpdDirective } from "../../sources/httpd.ts";
import type { Text } from "../../text/text.ts";
import type { Condition, Gate, ProxyRequest } from "../proxy/ways.ts";
import type { VirtualHost } from "./model.ts";

/** Reads a file as httpd sees it. */
export type ReadFile = (path: string) => Text | undefined;

/** A server of httpd with everything that counts for it. */
export interface HttpdServer {
  readonly host: VirtualHost | undefined;
  readonly main: readonly HttpdDirective[];
  readonly wantsCertificate: boolean;
  readonly read: ReadFile;
}

/** The lines of the main server and of the host, in this order. */
export function linesOf({ host, main }: HttpdServer): readonly HttpdDirective[] {
  return [...main, ...(host?.directives ?? [])];
}

/** A request under way. */
export interface State {
  readonly server: HttpdServer;
  readonly request: ProxyRequest;
  readonly decide: (condition: Condition) => boolean;
  /** Decoded and cleaned. */
  readonly path: string;
  readonly query: string | undefined;
  readonly gates: Gate[];
}
