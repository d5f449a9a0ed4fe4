/** What a record of LDIF changes in an entry. */
import type { Located } from "../../text/text.ts";
import { type LdifAttribute, ldifAttributeAt, type Report, textOf } from "./attributes.ts";

/** One `add:`, `delete:`, `replace:` or `increment:` of a modify record. */
export interface LdifChange extends Located {
  readonly operation: "add" | "delete" | "replace" | "increment";
  /** The attribute, lower case and without options. */
  readonly name: string;
  readonly values: readonly LdifAttribute[];
}

const operations = ["add", "delete", "replace", "increment"] as const;

/** Whether a name begins a change: "add", "delete", "replace" or "increment". */
export function isOperation(name: string | undefined): boolean {
  return operations.some((operation) => operation === name);
}

/** The changes of a modify record; `separators` has for each "-" line how many attributes stand before it. */
export function readModifications(
  attributes: readonly LdifAttribute[],
  separators: readonly number[],
  note: Report,
): LdifChange[] {
  const changes: LdifChange[] = [];
  // The changetype line itself was counted before the separators.
  const ends = [...separators.map((count) => count - 1), attributes.length];
  let from = 0;
  for (const to of ends) {
    const head = attributes[from];
    if (head === undefined || from >= to) continue;
    const operation = operations.find((name) => name === head.name);
    const values = attributes.slice(from + 1, to);
    from = to;
    if (operation === undefined) {
      note({
        message: `"add:", "delete:" or "replace:" was expected, or a "-" is missing above`,
        ...ldifAttributeAt(head),
      });
      continue;
    }
    const name = baseName(textOf(head).value);
    for (const stray of values.filter((value) => value.name !== name)) {
      note({ message: `only ${name} may follow here; a "-" ends a change`, ...ldifAttributeAt(stray) });
    }
    const last = values.at(-1) ?? head;
    changes.push({
      operation,
      name,
      values: values.filter((value) => value.name === name),
      ...joined(ldifAttributeAt(head), ldifAttributeAt(last)),
    });
  }
  return changes;
}

function baseName(description: string): string {
  return (description.trim().split(";")[0] ?? "").toLowerCase();
}

/** From one place to another of the same file. */
export function joined(first: Located, last: Located): Located {
  if (first.at.file !== last.at.file) return first;
  return {
    ...first,
    at: { file: first.at.file, start: first.at.start, end: Math.max(first.at.end, last.at.end) },
  };
}
