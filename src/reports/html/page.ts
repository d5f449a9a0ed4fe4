/** The report as one HTML file that needs nothing else: for an auditor's screen, printer and archive. */
import type { Report } from "../../triage/report.ts";
import type { ReportContext, ReportOptions } from "../context.ts";
import { assumptionSection, passedSection, undeterminedSection } from "./checks.ts";
import { complianceSection } from "./compliance.ts";
import { findingSection, ruleSection } from "./findings.ts";
import { aboutSection, dateText, fleetSection, inventorySection, suppressionSection } from "./inventory.ts";
import { type Html, html, trusted } from "./markup.ts";
import { attackPathSection } from "./paths.ts";
import { pictureSection } from "./picture.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";
import { verdictSection } from "./verdict.ts";

/** The whole document. Nothing in it is loaded, and its policy forbids whatever is not in it. */
export function renderHtml(report: Report, context: ReportContext, options: ReportOptions): string {
  const sections: readonly (readonly [string, string, Html | undefined])[] = [
    ["verdict", "Verdict", verdictSection(report, options)],
    ["deployments", "Deployments", fleetSection(report)],
    ["picture", "Picture", pictureSection(report)],
    ["paths", "Attack paths", attackPathSection(report)],
    ["findings", "Findings", findingSection(report, context)],
    ["undetermined", "Not decided", undeterminedSection(report)],
    ["passed", "Passed", passedSection(report, context)],
    ["assumptions", "Assumptions", assumptionSection(report)],
    ["compliance", "Compliance", complianceSection(report)],
    ["suppressions", "Suppressions", suppressionSection(report)],
    ["rules", "Why it matters", ruleSection(report, context)],
    ["inventory", "Files", inventorySection(report)],
    ["about", "About", aboutSection(report, context, options)],
  ];
  const shown = sections.flatMap(([id, name, body]) => (body === undefined ? [] : [{ id, name, body }]));
  const title = titleOf(report);
  return html`${trusted("<!doctype html>")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(context)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pacslint ${report.tool.version}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
<header><p class="product">pacslint</p><h1>${title}</h1><p>${dateText(context.now)} · version ${report.tool.version} · ${report.tool.rules} rules</p></header>
<div class="layout">
<nav aria-label="Sections"><ul>${shown.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>${shown.map(({ body }) => body)}</main>
</div>
<footer><p>pacslint ${report.tool.version}, ${dateText(context.now)}. No medical device, no legal advice.</p></footer>
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}

function titleOf({ deployments }: Report): string {
  const [first] = deployments;
  if (first === undefined) return "Configuration report";
  return deployments.length === 1
    ? `Configuration report: ${first.id}`
    : `Configuration report: ${deployments.length} deployments`;
}

/** Only this style and this script, by their hashes; no picture but the empty icon; nothing is fetched or sent. */
function policy(context: ReportContext): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style, context)}'`,
    `script-src '${hashOf(script, context)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string, { crypto }: ReportContext): string {
  const hexadecimal = crypto.sha256(new TextEncoder().encode(text));
  const bytes = (hexadecimal.match(/../g) ?? []).map((pair) =>
    String.fromCharCode(Number.parseInt(pair, 16)),
  );
  return `sha256-${btoa(bytes.join(""))}`;
}
