/** The generated parts of docs/accuracy.md: what is proven, what is not and why, what no linter can see. */
import archive from "../../data/dcm4chee/traps.json" with { type: "json" };
import traps from "../../data/orthanc/traps.json" with { type: "json" };
import { PROOFS } from "./proofs/table.ts";
import { UNTRIED } from "./proofs/untried.ts";

/** The page, in the repository. */
export const PAGE = "docs/accuracy.md";

/** Puts a text between the two marks of a name in a page; a page without them gets them at its end. */
export function setBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: made by npm run test:daemon -- --write -->`, `<!-- /${name} -->`];
  const block = `${begin}\n\n${text}\n\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, from) + block + page.slice(to + end.length);
}

/** The page with every part that does not depend on a run as the code is now. */
export function withLists(page: string): string {
  const blocks = { proven, untried, unseen, "unseen-dcm4chee": unseenOfArchive };
  return Object.entries(blocks).reduce((text, [name, render]) => setBlock(text, name, render()), page);
}

function proven(): string {
  const rows = Object.entries(PROOFS).map(([id, { claim }]) => `| ${link(id)} | ${claim} |`);
  return [`${rows.length} rules.`, "", "| Rule | The caller, or the server |", "|---|---|", ...rows].join(
    "\n",
  );
}

function untried(): string {
  return Object.entries(UNTRIED)
    .map(([reason, ids]) => `- ${reason} ${ids.map(link).join(", ")}`)
    .join("\n");
}

function unseen(): string {
  return traps.traps
    .flatMap((trap) => ("unseen" in trap && trap.unseen ? [`- ${trap.text} ${trap.unseen}`] : []))
    .join("\n");
}

/** Traps of dcm4chee that no rule sees, or not the whole of. */
function unseenOfArchive(): string {
  return archive.traps
    .flatMap((trap) => {
      const reasons = [...("unseen" in trap ? [trap.unseen] : []), ...("note" in trap ? [trap.note] : [])];
      return reasons.map((reason) => `- ${trap.id}: ${trap.text} ${reason}`);
    })
    .join("\n");
}

function link(id: string): string {
  return `[${id}](rules/${id}.md)`;
}
