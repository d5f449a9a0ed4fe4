/** What is left open alike for several application entities: one fact for all of them, because one change mends it. */
import type { OptionFact } from "../../facts/facts.ts";
import { and, type Maybe, map, not } from "../../facts/unknown.ts";
import { factBase, type Surroundings } from "./archive.ts";
import type { Entity } from "./entities.ts";
import type { ConfigObject } from "./model.ts";
import { listSetting, originsOf } from "./settings.ts";

/** The lists of entities, each with the lines of the entities. */
export function entityLists(
  entities: readonly Entity[],
  device: ConfigObject,
  around: Surroundings,
): readonly OptionFact[] {
  const callable = entities.filter(
    (entity) => entity.accepts === true && entity.references.connections.length > 0,
  );
  const empty = (object: ConfigObject, name: string): Maybe<boolean> =>
    map(listSetting(object, name).value, (list) => list.length === 0);
  const lists: Readonly<Record<string, (entity: Entity) => Maybe<boolean>>> = {
    "entities.move-anywhere": (entity) =>
      and(
        entity.abilities.move,
        empty(entity.object, "dcmAcceptedMoveDestination"),
        empty(device, "dcmAcceptedMoveDestination"),
      ),
    "entities.see-everything": (entity) =>
      and(entity.abilities.find, empty(entity.object, "dcmAccessControlID")),
    "entities.login-optional": (entity) =>
      and(
        entity.isArchive,
        map(entity.userIdentity.value, (mode) => mode === "SUPPORTS"),
      ),
    "entities.host-unchecked": (entity) => and(entity.isArchive, not(entity.hostChecked.value)),
  };
  return Object.entries(lists).flatMap(([path, holds]): OptionFact[] => {
    const found = callable.filter((entity) => holds(entity) === true);
    const origins = (found.length > 0 ? found : callable).flatMap((entity) => originsOf(entity.object));
    if (callable.length === 0) return [];
    return [
      {
        kind: "option",
        ...factBase(around, "option", path),
        path,
        catalogue: path,
        value: found.map((entity) => entity.title),
        isDefault: false,
        read: true,
        security: true,
        issue: null,
        origins: { "": origins, "/value": origins },
      },
    ];
  });
}
