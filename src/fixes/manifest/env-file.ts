/** A variable in an env file of Compose, as a line that can be changed. */
import type { LineSpot } from "../../products/spot.ts";
import { readRawEnv } from "../../sources/dotenv.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { Place } from "../../text/text.ts";
import { lineEnd, lineStart } from "../writers/change.ts";

/** The line on which a variable's name stands; undefined for a value of several lines. */
export function envFileLine(source: SourceFile, at: Place): LineSpot | undefined {
  const text = source.text.value;
  const line = { start: lineStart(text, at.start), end: lineEnd(text, at.end) };
  const entry = readRawEnv(source.text).entries.find(
    ({ keyAt }) => keyAt.at.start <= at.start && at.end <= keyAt.at.end,
  );
  if (entry?.value === undefined) return undefined;
  const equals = text.indexOf("=", at.end);
  const written = text.slice(equals + 1, line.end);
  const quoted = /^(["'])(?:\\.|(?!\1)[^\\])*\1/u.exec(written);
  if (quoted === null && /^["']/u.test(written)) return undefined;
  const value = quoted?.[0] ?? written.replace(/ #.*$/u, "").trimEnd();
  const place = { file: source.path, start: at.start, end: equals + 1 + value.length };
  return {
    kind: "line",
    format: "dotenv",
    name: text.slice(at.start, at.end),
    lines: [{ at: place, value }],
    after: { ...place, start: place.end },
  };
}
