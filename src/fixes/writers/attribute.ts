/** Writes attributes of XML elements. */
import type { AttributeSpot } from "../../products/spot.ts";
import type { Splice, Writer } from "./change.ts";

/** Changes an attribute of an element. */
export const writeAttribute: Writer<AttributeSpot> = (change, { element, name, attribute }, get) => {
  if (change.type === "rename" && attribute !== undefined)
    return [{ place: attribute.nameAt.at, text: change.to, shown: `${change.to}="…"` }];
  if (change.type === "remove" && attribute !== undefined) return [removal(attribute.at, name, get)];
  if (change.type !== "set" || typeof change.to === "object") return undefined;
  const value = escapeValue(String(change.to));
  const shown = `${name}="${value}"`;
  if (attribute === undefined) return [insertion(element.nameAt.at, shown)];
  if (attribute.value.value === String(change.to)) return undefined;
  return [{ place: attribute.at, text: shown, shown }];
};

/** Behind the element's name: whatever other attributes there are, they stay. */
function insertion({ file, end }: Splice["place"], shown: string): Splice {
  return { place: { file, start: end, end }, text: ` ${shown}`, shown };
}

/** With the white space before it. */
function removal(place: Splice["place"], name: string, get: Parameters<Writer<unknown>>[2]): Splice {
  const before = get(place.file)?.text.value.slice(0, place.start) ?? "";
  const blanks = before.length - before.trimEnd().length;
  return { place: { ...place, start: place.start - blanks }, text: "", shown: `(remove ${name})` };
}

function escapeValue(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
