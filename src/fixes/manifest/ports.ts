/** Entries under `ports` of a compose file: published on one address instead of on all. */
import type { SourceFile } from "../../sources/source.ts";
import { member, type Tree } from "../../sources/tree.ts";
import type { Splice } from "../writers/change.ts";
import { addKey } from "../writers/yaml.ts";

/** The entry with this address of the host; undefined when it names one of its own that is no literal. */
export function bindAddress(item: Tree, address: string, source: SourceFile): Splice | undefined {
  if (item.via !== undefined) return undefined;
  if (item.kind === "object") return bindLong(item, address, source);
  if (item.kind !== "string" && item.kind !== "number") return undefined;
  const text = source.text.value.slice(item.at.start, item.at.end);
  const quote = /^["']/u.exec(text)?.[0] ?? "";
  const inner = quote === "" ? text : text.slice(1, -1);
  const parts = partsOf(inner);
  const ports = parts.slice(-2);
  if (parts.length > 2 && !isEverywhere(parts.slice(0, -2).join(":"))) return undefined;
  // "8042" alone: Docker chooses the port of the host, and still does.
  const bound = [address, ...(ports.length === 1 ? [""] : []), ...ports].join(":");
  return {
    place: item.at,
    text: quote === "" ? `"${bound}"` : quote + bound + quote,
    shown: `- "${bound}"`,
  };
}

/** The parts between colons; those inside of `${…}` and of `[…]` are none. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "{" || character === "[") depth++;
    if (character === "}" || character === "]") depth--;
    if (character === ":" && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function isEverywhere(address: string): boolean {
  return ["", "0.0.0.0", "::", "[::]"].includes(address);
}

function bindLong(item: Tree & { kind: "object" }, address: string, source: SourceFile): Splice | undefined {
  const own = member(item, "host_ip")?.value;
  if (own === undefined) return addKey(item, "host_ip", address, source);
  if (own.kind !== "string" || own.via !== undefined || !isEverywhere(own.text.value)) return undefined;
  return { place: own.at, text: address, shown: `host_ip: ${address}` };
}
