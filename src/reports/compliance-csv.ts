/** The compliance view as a table: one row for each control, for the sheets in which auditors work. */
import type { Report } from "../triage/report.ts";
import { evidenceLine } from "./compliance.ts";
import { csvOf } from "./csv.ts";

const columns = [
  "standard",
  "edition",
  "control",
  "title",
  "state",
  "answer",
  "evidence",
  "by other means",
  "note",
] as const;

/** A row for each control of each standard that was asked for. */
export function renderComplianceCsv({ compliance = [] }: Report): string {
  const rows = compliance.flatMap(({ policy, edition, controls }) =>
    controls.map(({ id, title, state, answer = "", evidence, more, manual = "" }) => [
      policy,
      edition,
      id,
      title,
      state,
      answer,
      evidence.map(evidenceLine).join("\n"),
      manual,
      more > 0 ? `${more} more` : "",
    ]),
  );
  return csvOf([columns, ...rows]);
}
