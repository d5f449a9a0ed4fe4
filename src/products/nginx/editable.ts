/** Where directives of nginx are changed: where they stand, or in the block that a finding is about. */
import type { Fact } from "../../facts/facts.ts";
import type { NginxDirective } from "../../sources/nginx.ts";
import type { Place } from "../../text/text.ts";
import type { Editable } from "../product.ts";
import type { Block } from "./block.ts";
import type { NginxLocation } from "./location.ts";
import type { NginxModel } from "./model.ts";

/**
 * The layout of a configuration. A path is the name of a directive, or a name and a first argument
 * (`add_header.Strict-Transport-Security`) for those that stand several times.
 */
export function editableOf(model: NginxModel): Editable {
  return {
    spot([name = "", argument], fact) {
      const places = placesOf(fact);
      const blocks = model.servers.flatMap((server) => [server.block, ...server.locations.flatMap(blocksOf)]);
      const concerned = blocks.filter(
        ({ head }) => head !== undefined && places.some((place) => holds(head, place)),
      );
      const innermost = concerned.at(-1);
      if (innermost === undefined) return undefined;
      const counting = nearest(innermost, name, argument);
      const body = innermost.head?.body?.at;
      const whole = argument === undefined ? name : `${name} ${argument}`;
      return { kind: "directive", name: whole, directives: counting, body };
    },
  };
}

function placesOf(fact: Fact): readonly Place[] {
  return Object.values(fact.origins)
    .flat()
    .flatMap((origin) => (origin.kind === "place" ? [origin.at] : (origin.belongs ?? [])));
}

function blocksOf(location: NginxLocation): readonly Block[] {
  return [location.block, ...location.locations.flatMap(blocksOf)];
}

/** Whether a place lies in a block, its head included. */
function holds({ at, body }: NginxDirective, place: Place): boolean {
  return body !== undefined && place.file === at.file && at.start <= place.start && place.end <= body.at.end;
}

/** The directives that count in a block: those of the nearest level that has any of the name. */
function nearest(block: Block, name: string, argument: string | undefined): readonly NginxDirective[] {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    const found = level.own.filter((directive) => directive.name === name);
    const wanted = found.filter(
      ({ args }) => argument === undefined || args[0]?.text.value.toLowerCase() === argument.toLowerCase(),
    );
    if (found.length > 0) return wanted;
  }
  return [];
}
