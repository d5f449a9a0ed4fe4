/** The nodes that other devices of a directory describe: the archive compares the hosts of its callers with theirs. */
import type { Origin } from "../../facts/origin.ts";
import type { Maybe } from "../../facts/unknown.ts";
import { entitiesOf } from "./entities.ts";
import type { ConfigObject } from "./model.ts";
import { originsOf, textSetting } from "./settings.ts";

/** Another node that a directory lists: the host check compares with it. */
export interface KnownPeer {
  readonly title: string;
  readonly host: Maybe<string | null>;
  readonly origins: readonly Origin[];
}

/** The entities of other devices, as the archive's cache looks them up. */
export function peersOf(devices: readonly ConfigObject[]): readonly KnownPeer[] {
  return devices.flatMap((device) =>
    entitiesOf(device).map((entity) => {
      const host = entity.references.connections.map((connection) =>
        textSetting(connection.object, "dicomHostname"),
      )[0];
      return {
        title: entity.title,
        host: host?.value ?? null,
        origins: host?.origins ?? originsOf(entity.object),
      };
    }),
  );
}

/** A name without a dot is compared with the first label of the reverse name (ArchiveAssociationHandler.equalsHost). */
export function isWeakHost(host: Maybe<string | null>): boolean {
  return typeof host === "string" && !host.includes(".") && !host.includes(":");
}
