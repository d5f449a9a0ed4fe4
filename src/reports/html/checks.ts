/** The checks that gave no finding: passed, not decided, without anything to look at; and what was taken for granted. */
import type { Rule } from "../../rules/rule.ts";
import type { Passed, Report, ReportedProblem, Undetermined } from "../../triage/report.ts";
import type { ReportContext } from "../context.ts";
import { groupBy } from "../group.ts";
import { count } from "../layout.ts";
import { lookedText } from "../passed.ts";
import { type Html, html } from "./markup.ts";
import { badge } from "./verdict.ts";

/** With more rows than this a list starts folded. */
const manyRows = 40;

/** What passed, by deployment, with what was looked at; then what had nothing to look at. */
export function passedSection(report: Report, { rules }: ReportContext): Html {
  const titles = new Map(rules.map((rule) => [rule.id, rule]));
  const groups = [...groupBy(report.passed, ({ deployment }) => deployment)];
  const lists = groups.map(([deployment, checks]) =>
    folded(
      html`${groups.length > 1 && html`<b>${deployment}</b> `}${count(checks.length, "check")} passed`,
      html`<ul class="rows">${checks.map((check) => passedRow(check, titles))}</ul>`,
      report.passed.length <= manyRows,
    ),
  );
  return html`<section id="passed" aria-labelledby="passed-title"><h2 id="passed-title">Checked and passed <span class="number">${report.passed.length}</span></h2>
<p>Each check looked at these lines, or at the default that applies where nothing is written, and found nothing wrong.</p>
${lists}${notApplicable(report)}</section>`;
}

function passedRow(check: Passed, rules: ReadonlyMap<string, Rule>): Html {
  const title = rules.get(check.rule)?.title;
  return html`<li><span class="what"><code>${check.rule}</code>${title !== undefined && html` <span>Not found: ${title}</span>`}</span><span class="looked">${lookedText(check)}</span></li>`;
}

function notApplicable({ notApplicable, deployments }: Report): Html | undefined {
  const lists = notApplicable.filter(({ rules }) => rules.length > 0);
  if (lists.length === 0) return undefined;
  return html`${lists.map(({ deployment, rules }) =>
    folded(
      html`${deployments.length > 1 && html`<b>${deployment}</b> `}${count(rules.length, "check")} had nothing to look at`,
      html`<p class="ids">${rules.join(", ")}</p>`,
      false,
    ),
  )}`;
}

function folded(summary: Html, body: Html, open: boolean): Html {
  return html`<details class="list"${open && html` open`}><summary>${summary}</summary>${body}</details>`;
}

/** What could not be decided, and why. */
export function undeterminedSection({ undetermined, deployments }: Report): Html | undefined {
  if (undetermined.length === 0) return undefined;
  const groups = [
    ...groupBy(undetermined, ({ rule, deployment, reason, location }) =>
      JSON.stringify([rule, deployment, reason, location?.file, location?.line]),
    ).values(),
  ];
  const rows = groups.map((group) => undeterminedRow(group, deployments.length > 1));
  return html`<section id="undetermined" aria-labelledby="undetermined-title"><h2 id="undetermined-title">Not decided <span class="number">${undetermined.length}</span></h2>
<p>These checks are neither passed nor failed: what they need is not in the files that were read.</p>
<ul class="rows">${rows}</ul></section>`;
}

function undeterminedRow(group: readonly Undetermined[], several: boolean): Html {
  const [check] = group;
  if (check === undefined) return html``;
  const { location, suppression } = check;
  const place = location === undefined ? check.deployment : `${location.file}:${location.line}`;
  const where = [several ? check.deployment : "", check.service ?? ""].filter(Boolean).join(" / ");
  return html`<li><span class="what">${badge(check.severity)} <code>${check.rule}</code> ${where}${group.length > 1 && `, ${group.length} times`}</span><span class="looked">${check.reason} <span class="place">${place}</span>${check.countsForExit && html` <b>counts for the verdict</b>`}${suppression !== undefined && html` <b>accepted:</b> ${suppression.reason}`}</span></li>`;
}

/** What was not read, and what was assumed. */
export function assumptionSection({
  assumptions,
  problems,
  configuration,
  deployments,
}: Report): Html | undefined {
  const messages = [...groupBy(assumptions, ({ message }) => message)];
  const said = configuration?.says ?? [];
  if (messages.length + problems.length + said.length === 0) return undefined;
  const several = deployments.length > 1;
  return html`<section id="assumptions" aria-labelledby="assumptions-title"><h2 id="assumptions-title">Assumptions and limits</h2>
${messages.length > 0 && html`<h3>Assumed</h3><ul>${messages.map(([message, of]) => html`<li>${message}${several && html` <span class="where">${of.length === deployments.length ? "all deployments" : of.map(({ deployment }) => deployment).join(", ")}</span>`}</li>`)}</ul>`}
${said.length > 0 && html`<h3>Decided by the site in ${configuration?.file ?? ""}</h3><ul>${said.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
${problems.length > 0 && html`<h3>Not read, not linked, not resolved</h3><ul class="rows">${problems.map(problemRow)}</ul>`}</section>`;
}

const problemNames: Readonly<Record<ReportedProblem["kind"], string>> = {
  unreadable: "not readable",
  syntax: "syntax",
  unresolved: "not resolved",
  "missing-file": "missing file",
  unlinked: "not linked",
  skipped: "skipped",
  limit: "limit reached",
};

function problemRow({ kind, message, location }: ReportedProblem): Html {
  const place =
    location === undefined || message.startsWith(location.file) ? "" : `${location.file}:${location.line}`;
  return html`<li><span class="what">${problemNames[kind]}</span><span class="looked">${message} <span class="place">${place}</span></span></li>`;
}
