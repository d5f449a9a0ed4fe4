/** Splitting of texts. */
import { slice, type Text } from "../../../text/text.ts";

/** The parts of a text between marks. */
export function linesBy(text: Text, mark: string): readonly Text[] {
  if (mark === "") return [text];
  const parts: Text[] = [];
  let start = 0;
  for (const part of text.value.split(mark)) {
    parts.push(slice(text, start, start + part.length));
    start += part.length + mark.length;
  }
  return parts;
}
