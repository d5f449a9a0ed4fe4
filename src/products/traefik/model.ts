/** What is known of one Traefik. */
import type { ReadFile } from "./chain.ts";
import type { DynamicConfiguration } from "./dynamic.ts";
import type { Syntax } from "./rule.ts";
import type { StaticConfiguration } from "./static.ts";

/** Its configuration, read whole. */
export interface TraefikModel {
  readonly configuration: StaticConfiguration;
  readonly dynamic: DynamicConfiguration;
  /** In which routers' rules are written where nothing else is said. */
  readonly syntax: Syntax;
  /** Reads a file as Traefik sees it. */
  readonly read: ReadFile;
  /** "0" where it is not known. */
  readonly version: string;
}
