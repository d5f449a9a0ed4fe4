/**
 * `${name:default}` in WildFly's XML, in ldap.properties and in device attributes: `env.` names a variable of the
 * process, anything else a system property. Sources: WildFly ValueExpression (nested defaults, several names between
 * commas); dcm4che StringUtils.replaceSystemProperties (5.35.0).
 */
import {
  concat,
  type Hole,
  holeIn,
  holeText,
  insertedAt,
  locate,
  slice,
  type Text,
} from "../../text/text.ts";

/** What a name stands for: a text, nothing, or not known. */
export type Lookup = (name: string) => Found;

/** What is known of a name in an expression. */
export type Found =
  | { readonly state: "set"; readonly value: Text; readonly by: "variable" | "image" | "property" }
  /** Certainly not set: the default applies. */
  | { readonly state: "unset" }
  /** Perhaps set, by something that the run does not see: the default is taken, where there is one. */
  | { readonly state: "unknown"; readonly reason: string };

/** One reference in a text. */
export interface ExpressionUse {
  readonly name: string;
  readonly outcome: "variable" | "image" | "property" | "default" | "assumed-default" | "missing" | "unknown";
}

/** A text with its references replaced. */
export interface Resolved {
  readonly text: Text;
  readonly uses: readonly ExpressionUse[];
}

/** Replaces the references; what cannot be resolved becomes a hole. */
export function resolveExpressions(text: Text, lookup: Lookup): Resolved {
  if (!text.value.includes("${")) return { text, uses: [] };
  const uses: ExpressionUse[] = [];
  const parts: Text[] = [];
  let done = 0;
  for (;;) {
    const start = text.value.indexOf("${", done);
    const end = start < 0 ? -1 : closing(text.value, start + 2);
    if (end < 0) break;
    parts.push(slice(text, done, start), resolveOne(text, start, end, lookup, uses));
    done = end + 1;
  }
  parts.push(slice(text, done, text.value.length));
  return { text: concat(parts.filter((part) => part.value !== "")), uses };
}

/** Why a resolved text is not known, if it is not. */
export function unresolved(text: Text): Hole | undefined {
  return holeIn(text, 0, text.value.length);
}

/** Index of the brace that closes the expression whose content starts here; -1 when there is none. */
function closing(source: string, from: number): number {
  let depth = 1;
  for (let index = from; index < source.length; index++) {
    if (source.startsWith("${", index)) depth++;
    else if (source.charAt(index) === "}" && --depth === 0) return index;
  }
  return -1;
}

function resolveOne(text: Text, start: number, end: number, lookup: Lookup, uses: ExpressionUse[]): Text {
  const content = text.value.slice(start + 2, end);
  const colon = content.indexOf(":");
  const names = (colon < 0 ? content : content.slice(0, colon)).split(",").map((name) => name.trim());
  const place = locate(text, start, end + 1);
  let doubt: string | undefined;
  for (const name of names) {
    const found = lookup(name);
    if (found.state === "set") {
      uses.push({ name, outcome: found.by });
      return insertedAt(found.value, place);
    }
    if (found.state === "unknown") doubt ??= found.reason;
  }
  const name = names[0] ?? "";
  if (colon >= 0) {
    uses.push({ name, outcome: doubt === undefined ? "default" : "assumed-default" });
    const fallback = resolveExpressions(slice(text, start + 3 + colon, end), lookup);
    uses.push(...fallback.uses);
    return fallback.text;
  }
  uses.push({ name, outcome: doubt === undefined ? "missing" : "unknown" });
  return holeText(doubt ?? `${name} is not set and has no default`, place);
}
