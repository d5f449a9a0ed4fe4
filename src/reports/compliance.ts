/** The compliance view in words: each control that failed or could not be decided, with what decided it. */
import type { ComplianceControl, ComplianceState, ComplianceView, Evidence } from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { count, hanging, harmless, sentence } from "./layout.ts";
import type { Style } from "./style.ts";

/** The states, the worst first, with their names. */
export const stateNames: Readonly<Record<ComplianceState, string>> = {
  fail: "fail",
  undetermined: "undetermined",
  pass: "pass",
  manual: "manual",
  "not-applicable": "not applicable",
};

/** Said with every view, in every format. */
export const disclaimer =
  "A pass says that these checks found nothing wrong in the configuration. It does not say that a control, or a standard, is met.";

/** One block for each standard. Without `verbose` only what failed or is open is listed, and the answers. */
export function complianceBlock(
  { title, edition, counts, controls }: ComplianceView,
  style: Style,
  { width, verbose }: TextOptions & { readonly verbose: boolean },
): string[] {
  const listed = controls.filter(
    ({ state, answer }) =>
      verbose || state === "fail" || state === "undetermined" || (answer !== undefined && state === "pass"),
  );
  const summary = order
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${stateNames[state]}`)
    .join(`, `);
  return [
    `${style.bold("COMPLIANCE")}  ${style.words(`${title}, ${edition}`)}`,
    ...hanging("    ", `${count(controls.length, "control")}: ${summary}`, width),
    ...listed.flatMap((control) => controlLines(control, style, width)),
    ...sentence("    Note", style.words(disclaimer), width),
  ];
}

const order = ["fail", "undetermined", "pass", "manual", "not-applicable"] as const;

function controlLines(control: ComplianceControl, style: Style, width: number): string[] {
  const { id, title, state, answer, manual } = control;
  const name = state === "fail" ? style.severity.high("FAIL") : stateNames[state].toUpperCase();
  const head = `    ${name}  ${style.bold(id)}${answer === undefined ? "" : `  ${answer}`}`;
  return [
    head,
    ...hanging("        ", style.words(title), width),
    ...hanging("        ", style.words(evidenceText(control)), width).filter((line) => line.trim() !== ""),
    ...(manual === undefined ? [] : sentence("        By other means", style.words(manual), width)),
  ];
}

/** "database-published (compose.yml:12), http-no-tls (orthanc.json:4)". */
function evidenceText({ evidence, more }: ComplianceControl): string {
  const parts = evidence.map(({ rule, locations }) => {
    const places = locations.map(({ file, line }) => `${file}:${line}`).join(", ");
    return places === "" ? rule : `${rule} (${places})`;
  });
  return harmless([...new Set(parts), ...(more > 0 ? [`${more} more`] : [])].join("; "));
}

/** The line that a maker of a product pastes behind an answer. */
export function evidenceLine({ rule, text, locations }: Evidence): string {
  const places = locations.map(({ file, line }) => `${file}:${line}`).join(", ");
  return `${text}${places === "" ? "" : ` (${places})`} [${rule}]`;
}
