/** Values with variables in them: `http://$backend/$1`. */
import { holeAt, locate, type Text } from "../../text/text.ts";
import type { Unknown } from "./block.ts";
import { bytesOf, lower } from "./bytes.ts";

/** A part of a value. */
export type Part =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "variable"; readonly name: string }
  | { readonly type: "capture"; readonly number: number }
  | { readonly type: "unknown"; readonly why: Unknown };

/** A value as its parts. */
export type Script = readonly Part[];

/** Splits a value into its parts; `invalid` says that nginx refuses it. */
export function scriptOf(text: Text): { readonly parts: Script; readonly invalid: boolean } {
  const parts: Part[] = [];
  let invalid = false;
  let from = 0;
  const marks = /\$(?:\{(\w+)\}|([1-9])|(\w+))?|\uFFFC/g;
  for (const mark of text.value.matchAll(marks)) {
    const end = mark.index + mark[0].length;
    const part = partOf(text, mark);
    if (part === undefined) {
      invalid ||= mark[0] === "$";
      continue;
    }
    pushText(parts, text.value.slice(from, mark.index));
    parts.push(part);
    from = end;
  }
  pushText(parts, text.value.slice(from));
  return { parts, invalid };
}

function pushText(parts: Part[], value: string): void {
  if (value !== "") parts.push({ type: "text", value: bytesOf(value) });
}

function partOf(text: Text, mark: RegExpExecArray): Part | undefined {
  if (mark[2] !== undefined) return { type: "capture", number: Number(mark[2]) };
  const name = mark[1] ?? mark[3];
  if (name !== undefined) {
    return /^[1-9]$/.test(name)
      ? { type: "capture", number: Number(name) }
      : { type: "variable", name: lower(name) };
  }
  const hole = holeAt(text, mark.index);
  if (hole === undefined) return undefined;
  return { type: "unknown", why: { unknown: hole.reason, ...locate(text, mark.index, mark.index + 1) } };
}

/** The value, when nothing in it varies. */
export function constantOf(script: Script): string | undefined {
  if (script.some((part) => part.type !== "text")) return undefined;
  return script.map((part) => (part.type === "text" ? part.value : "")).join("");
}

/** The names of the variables in a value. */
export function variablesIn(script: Script): string[] {
  return script.flatMap((part) => (part.type === "variable" ? [part.name] : []));
}
