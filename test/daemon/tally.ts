import type { Comparison } from "./compare.ts";

/** Agreements and comparisons, by release and field. */
export interface Tally {
  counts: Map<string, Map<string, { agreed: number; compared: number }>>;
  excuses: Map<string, number>;
}

/** Nothing counted yet. */
export function newTally(): Tally {
  return { counts: new Map(), excuses: new Map() };
}

/** Counts the comparisons of one case. */
export function count(tally: Tally, release: string, comparisons: readonly Comparison[]): void {
  const fields = tally.counts.get(release) ?? new Map<string, { agreed: number; compared: number }>();
  tally.counts.set(release, fields);
  for (const { field, agrees, excuse } of comparisons) {
    const cell = fields.get(field) ?? { agreed: 0, compared: 0 };
    fields.set(field, { agreed: cell.agreed + (agrees ? 1 : 0), compared: cell.compared + 1 });
    if (excuse !== undefined) tally.excuses.set(excuse, (tally.excuses.get(excuse) ?? 0) + 1);
  }
}

/** Whether everything that was compared agrees, and something was. */
export function allAgree(tally: Tally): boolean {
  const cells = [...tally.counts.values()].flatMap((fields) => [...fields.values()]);
  return cells.length > 0 && cells.every(({ agreed, compared }) => agreed === compared);
}

/** The table, release by field, as Markdown. */
export function renderTable(tally: Tally): string {
  const releases = [...tally.counts.keys()];
  const fields = [...new Set(releases.flatMap((release) => [...(tally.counts.get(release)?.keys() ?? [])]))];
  const cell = (release: string, field: string) => {
    const found = tally.counts.get(release)?.get(field);
    return found === undefined ? "" : `${found.agreed} / ${found.compared}`;
  };
  const rows = fields.map((field) => `| \`${field}\` | ${releases.map((r) => cell(r, field)).join(" | ")} |`);
  return [
    `| agreed / compared | ${releases.join(" | ")} |`,
    `|---|${releases.map(() => "--:|").join("")}`,
    ...rows,
    ...[...tally.excuses].map(([reason, times]) => `\nCounted as agreement ${times} times: ${reason}.`),
  ].join("\n");
}

/** What is said above the table about the run that made it. */
export interface RunFacts {
  date: Date;
  seed: number;
  count: number;
}

/** The table with a line about the run that made it. */
export function renderRun(tally: Tally, { date, seed, count }: RunFacts): string {
  const day = date.toISOString().slice(0, 10);
  const head = `Run of ${day}: seed ${seed}, ${count} configurations for each release.`;
  return `${head}\n\n${renderTable(tally)}`;
}
