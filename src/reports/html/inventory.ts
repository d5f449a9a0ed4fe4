/** What the report is about: deployments, their files with hashes, decisions of the site, and the tool itself. */
import type { Report, ReportedDeployment, ReportedSuppression } from "../../triage/report.ts";
import type { ReportContext, ReportOptions } from "../context.ts";
import { groupBy } from "../group.ts";
import { count } from "../layout.ts";
import { anchor, type Html, html } from "./markup.ts";

/** A table of the deployments, where there are several: the report of a fleet is read from here. */
export function fleetSection({ deployments, findings, attackPaths }: Report): Html | undefined {
  if (deployments.length < 2) return undefined;
  const open = groupBy(
    findings.filter(({ state }) => state === "open"),
    ({ deployment }) => deployment,
  );
  const paths = groupBy(attackPaths, ({ deployment }) => deployment);
  const rows = deployments.map(({ id, services }) => {
    const own = open.get(id) ?? [];
    const number = (severity: string) => own.filter((finding) => finding.severity === severity).length;
    const cells = ["critical", "high", "medium", "low", "info"].map((severity) =>
      cell(severity, number(severity)),
    );
    return html`<tr><th scope="row"><a href="#${anchor("d", id)}">${id}</a></th><td>${services.length}</td><td>${paths.get(id)?.length ?? 0}</td>${cells}</tr>`;
  });
  return html`<section id="deployments" aria-labelledby="deployments-title"><h2 id="deployments-title">Deployments <span class="number">${deployments.length}</span></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table of the deployments"><table><thead><tr><th scope="col">Deployment</th><th scope="col">Services</th><th scope="col">Attack paths</th><th scope="col">Critical</th><th scope="col">High</th><th scope="col">Medium</th><th scope="col">Low</th><th scope="col">Info</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function cell(severity: string, number: number): Html {
  return number === 0 ? html`<td class="none">0</td>` : html`<td><b class="${severity}">${number}</b></td>`;
}

/** Every file that was read, with its hash. */
export function inventorySection({ deployments }: Report): Html {
  const files = deployments.reduce((sum, deployment) => sum + deployment.files.length, 0);
  const lists = deployments.map((deployment) => fileList(deployment, deployments.length > 1));
  return html`<section id="inventory" aria-labelledby="inventory-title"><h2 id="inventory-title">Files that were read <span class="number">${files}</span></h2>
<p>The report holds for files with exactly these SHA-256 sums.</p>${lists}</section>`;
}

function fileList({ id, files }: ReportedDeployment, several: boolean): Html {
  const rows = files.map(
    ({ path, kind, linked, sha256 }) =>
      html`<li><span class="what"><b>${path}</b> <span>${kind}${linked !== null && `, used by ${linked}`}</span></span><span class="looked hash">${sha256}</span></li>`,
  );
  return html`${several && html`<h3>${id}</h3>`}<ul class="rows">${rows}</ul>`;
}

/** What the site decided to live with, and why. */
export function suppressionSection({ suppressions, baseline }: Report): Html | undefined {
  if (suppressions.length === 0 && baseline === null) return undefined;
  return html`<section id="suppressions" aria-labelledby="suppressions-title"><h2 id="suppressions-title">Suppressions <span class="number">${suppressions.length}</span></h2>
<p>Decisions of the site: what was found and does not count, with the reason that was given for it.</p>
<ul class="rows">${suppressions.map(suppressionRow)}</ul>
${baseline !== null && html`<p>Baseline <code>${baseline.file}</code>: ${count(baseline.entries, "finding")} known before, ${baseline.gone} of them gone.</p>`}</section>`;
}

function suppressionRow({
  rule,
  reason,
  until,
  location,
  state,
  findings,
  undetermined,
}: ReportedSuppression): Html {
  const silenced = [
    findings > 0 ? count(findings, "finding") : "",
    undetermined > 0 ? `${count(undetermined, "check")} not decided` : "",
  ].filter(Boolean);
  return html`<li><span class="what"><code>${rule}</code> <span>${state === "used" ? silenced.join(", ") : state}</span></span><span class="looked">${reason}${until !== undefined && `, until ${until}`} <span class="place">${location.file}:${location.line}</span></span></li>`;
}

/** Who made the report, when, from what; and room to sign it. */
export function aboutSection(report: Report, context: ReportContext, options: ReportOptions): Html {
  const rows: readonly (readonly [string, string])[] = [
    ["Tool", `${report.tool.name} ${report.tool.version}`],
    ["Rules", `${report.tool.rules}, those of version ${report.tool.version}`],
    ["Date of the run", dateText(context.now)],
    ["Read", options.paths.join(", ")],
    ["Audience", options.audience],
    ["Threshold", options.failOn],
    ["Exit code", String(report.exitCode)],
  ];
  return html`<section id="about" aria-labelledby="about-title"><h2 id="about-title">About this report</h2>
<dl class="facts">${rows.filter(([, text]) => text !== "").map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
<p>Made from configuration files alone: nothing was connected to, executed or changed. It says what these files make the servers do; it does not say that any standard or law is met as a whole. Passwords, keys and tokens are masked.</p>
<dl class="sign"><div><dt>Reviewed by</dt><dd></dd></div><div><dt>Date</dt><dd></dd></div><div><dt>Signature</dt><dd></dd></div></dl></section>`;
}

/** "2026-11-22 10:12 UTC". */
export function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
