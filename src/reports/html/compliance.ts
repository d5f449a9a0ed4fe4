/** The compliance view: control by control, what the configuration shows of it and what it cannot show. */
import type { ComplianceControl, ComplianceView, Report } from "../../triage/report.ts";
import { disclaimer, evidenceLine, stateNames } from "../compliance.ts";
import { count } from "../layout.ts";
import { type Html, html } from "./markup.ts";

const order = ["fail", "undetermined", "pass", "manual", "not-applicable"] as const;

/** One part for each standard that was asked for. */
export function complianceSection({ compliance = [] }: Report): Html | undefined {
  if (compliance.length === 0) return undefined;
  return html`<section id="compliance" aria-labelledby="compliance-title"><h2 id="compliance-title">Compliance <span class="number">${count(compliance.length, "standard")}</span></h2>
<p>${disclaimer}</p>${compliance.map(viewOf)}</section>`;
}

function viewOf({ title, edition, scope, counts, controls }: ComplianceView): Html {
  const numbers = order
    .filter((state) => counts[state] > 0)
    .map((state) => html`<li><span class="state ${state}">${stateNames[state]}</span> ${counts[state]}</li>`);
  return html`<h3>${title} <span class="where">${edition}</span></h3><p class="note">${scope}</p><ul class="states">${numbers}</ul>
<details class="list" open><summary>${count(controls.length, "control")}</summary><ul class="rows">${controls.map(controlRow)}</ul></details>`;
}

function controlRow({ id, title, state, answer, manual, evidence, more }: ComplianceControl): Html {
  const lines = evidence.map((item) => html`<li>${evidenceLine(item)}</li>`);
  return html`<li><span class="what"><span class="state ${state}">${stateNames[state]}</span> <b>${id}</b> ${title}${answer !== undefined && html` <b class="answer">${answer}</b>`}</span><span class="looked">${lines.length > 0 && html`<ul>${lines}${more > 0 && html`<li>${more} more</li>`}</ul>`}${manual !== undefined && html`<span class="note">By other means: ${manual}</span>`}</span></li>`;
}
