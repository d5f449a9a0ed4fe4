/** The fact about an application entity. */
import type { ApplicationEntityFact } from "../../facts/facts.ts";
import { and, map, not, or } from "../../facts/unknown.ts";
import { acceptsTitle } from "./dicom-answer.ts";
import { archiveSetting, type Entity } from "./entities.ts";
import { isWeakHost, type KnownPeer } from "./known-peers.ts";
import type { ConfigObject } from "./model.ts";
import { listSetting, originsOf } from "./settings.ts";

/** The fact about an entity. */
export function entityFact(
  entity: Entity,
  device: ConfigObject,
  peers: readonly KnownPeer[],
  service: string,
): ApplicationEntityFact {
  const listening = entity.references.connections.filter((connection) => connection.listens !== false);
  const destinations = archiveSetting(entity.object, device, (from) =>
    listSetting(from, "dcmAcceptedMoveDestination"),
  );
  const accessIds = listSetting(entity.object, "dcmAccessControlID");
  return {
    kind: "applicationEntity",
    id: `${service}/applicationEntity/${entity.title}`,
    service,
    product: "dcm4chee",
    title: entity.title,
    callable: and(entity.accepts, or(false, ...listening.map((connection) => connection.listens))),
    callers: map(entity.callers.value, (titles) => (titles.length === 0 ? "any" : "listed")),
    hostChecked: entity.hostChecked.value,
    weaklyChecked: entity.hostChecked.value === true ? weakTitles(entity, peers) : [],
    userIdentity: map(entity.userIdentity.value, (mode) =>
      mode === "REQUIRED" ? "required" : mode === "SUPPORTS" ? "optional" : "none",
    ),
    clearText: or(
      false,
      ...listening.map((connection) => and(connection.listens, not(connection.tls.encrypts))),
    ),
    abilities: entity.abilities,
    moveDestinations: map(destinations.value, (list) => (list.length === 0 ? "any" : "listed")),
    accessControlled: map(accessIds.value, (list) => list.length > 0),
    origins: {
      "": originsOf(entity.object),
      "/callable": entity.acceptsBecause,
      "/callers": entity.callers.origins,
      "/hostChecked": entity.hostChecked.origins,
      "/weaklyChecked": peers.filter((peer) => isWeakHost(peer.host)).flatMap((peer) => peer.origins),
      "/userIdentity": entity.userIdentity.origins,
      "/clearText": listSetting(entity.object, "dicomNetworkConnectionReference").origins,
      "/moveDestinations": destinations.origins,
      "/accessControlled": accessIds.origins,
    },
  };
}

function weakTitles(entity: Entity, peers: readonly KnownPeer[]): readonly string[] {
  return peers
    .filter((peer) => isWeakHost(peer.host) && acceptsTitle(entity, peer.title) !== false)
    .map((peer) => peer.title);
}
