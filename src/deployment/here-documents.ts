/** Here-documents of shell scripts: `cat > FILE <<EOF`, which writes the lines up to EOF. */
import { slice, type Text } from "../text/text.ts";

/** A script in which each here-document is read from a file of its own instead. */
export interface ScriptWithDocuments {
  readonly script: string;
  readonly documents: ReadonlyMap<string, HereDocument>;
}

/** The lines of a document. */
export interface HereDocument {
  readonly text: Text;
  /** The shell puts variables into it: its word stands without quotation marks. */
  readonly filled: boolean;
}

const start = /<<(-?)[ \t]*(["']?)(\w+)\2([^\n]*)\n/gu;

/** Takes the documents out of a script; the number tells several scripts apart. */
export function documentsOf(text: Text, number = 0): ScriptWithDocuments {
  const documents = new Map<string, HereDocument>();
  let script = "";
  let end = 0;
  for (const match of text.value.matchAll(start)) {
    if (match.index < end) continue;
    const [whole, tabs = "", quote = "", word = "", rest = ""] = match;
    const from = match.index + whole.length;
    const last = new RegExp(`^${tabs === "" ? "" : "\\t*"}${word}[ \\t]*$`, "mu").exec(
      text.value.slice(from),
    );
    if (last === null) continue;
    const path = `/dev/here/${number}/${match.index}`;
    documents.set(path, { text: slice(text, from, from + last.index), filled: quote === "" });
    script += `${text.value.slice(end, match.index)} < "${path}" ${rest}\n`;
    end = from + last.index + last[0].length;
  }
  return { script: script + text.value.slice(end), documents };
}
