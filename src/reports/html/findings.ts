/** The findings: what is open, the lines that make it so, what to write instead, what that may break. */

import type { Control } from "../../rules/control.ts";
import type { Rule } from "../../rules/rule.ts";
import { severities } from "../../rules/rule.ts";
import type { Finding, Report, ReportedEdit } from "../../triage/report.ts";
import { commandBlocks, proseOf } from "../commands.ts";
import type { ReportContext } from "../context.ts";
import { doubt, marksOf, outdent } from "../finding.ts";
import { groupBy } from "../group.ts";
import { count, harmless } from "../layout.ts";
import { masked } from "../mask.ts";
import { once, type Told } from "../once.ts";
import { controlLines } from "../rule-text.ts";
import { codeFrames } from "./code.ts";
import { type Html, html, inline, prose } from "./markup.ts";
import { badge } from "./verdict.ts";

/** With more findings than this only the worst are unfolded: a long report has to be skimmed first. */
const manyFindings = 30;

const mask = "••••";

/** The open findings, worst first, with what filters them. */
export function findingSection(report: Report, context: ReportContext): Html {
  const told = once(report);
  const several = report.deployments.length > 1;
  const known = new Map(context.rules.map((rule) => [rule.id, rule]));
  const narrowed = narrower(context);
  const items = told.map((one, index) => {
    const unfolded =
      told.length <= manyFindings || (one.finding.severity === "critical" && index < manyFindings);
    return findingItem(one, {
      context: narrowed(one.finding),
      rule: known.get(one.finding.rule),
      several,
      unfolded,
    });
  });
  return html`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings <span class="number">${told.length}</span></h2>
${told.length === 0 ? html`<p>Nothing is open for the audience that was asked for.</p>` : filterBar(told)}
<div id="finding-list">${items}</div></section>`;
}

/** Every line is searched for secrets: those of other files are left out beforehand. */
function narrower(context: ReportContext): (finding: Finding) => ReportContext {
  const byFile = groupBy(context.secrets, ({ file }) => file);
  return ({ location, related, remediation }) => {
    const files = new Set(
      [
        location,
        ...related.map((line) => line.location),
        ...remediation.edits.map((edit) => edit.location),
      ].map(({ file }) => file),
    );
    return { ...context, secrets: [...files].flatMap((file) => byFile.get(file) ?? []) };
  };
}

function filterBar(told: readonly Told[]): Html {
  const present = [...severities]
    .reverse()
    .filter((name) => told.some(({ finding }) => finding.severity === name));
  const boxes = present.map(
    (name) => html`<label class="box"><input type="checkbox" value="${name}" checked> ${name}</label>`,
  );
  return html`<form class="filter" role="search" hidden><label for="filter-text">Search</label><input id="filter-text" type="search" autocomplete="off" spellcheck="false" placeholder="file, rule, service, word">
<fieldset><legend>Severity</legend>${boxes}</fieldset>
<span class="buttons"><button type="button" id="unfold">Unfold all</button><button type="button" id="fold">Fold all</button></span><p id="filter-count" role="status"></p></form>`;
}

interface ItemOptions {
  readonly context: ReportContext;
  readonly rule: Rule | undefined;
  readonly several: boolean;
  readonly unfolded: boolean;
}

function findingItem({ finding, also }: Told, options: ItemOptions): Html {
  const { context, rule, several, unfolded } = options;
  const { file, line } = finding.location;
  const where = [several ? finding.deployment : "", finding.service ?? ""].filter(Boolean).join(" / ");
  const reserve = doubt(finding);
  return html`<details class="finding ${finding.severity}" data-severity="${finding.severity}"${unfolded && html` open`}>
<summary>${badge(finding.severity)}<span class="title"><span class="message">${finding.message}</span> <span class="where"><code>${finding.rule}</code> <span>${where}</span> <span class="place">${file}:${line}</span>${reserve !== "" && html` <span>${reserve}</span>`}</span></span></summary>
<div class="body">${codeFrames(marksOf(finding), context)}
${instead(finding, context)}
<dl class="facts">${pair("May break", finding.impact)}${pair("Expected", finding.expected)}${pair("Found", finding.actual)}${pair("Also in", also.join(", "))}</dl>
${controlList(rule, context.controls)}
${rule !== undefined && html`<p class="more"><a href="#rule-${rule.id}">Why this matters: ${rule.id}</a></p>`}
</div></details>`;
}

function pair(name: string, text: string): Html | undefined {
  return text === "" ? undefined : html`<div><dt>${name}</dt><dd>${inline(text)}</dd></div>`;
}

function instead({ remediation }: Finding, context: ReportContext): Html {
  const { edits, commands = [] } = remediation;
  const text = proseOf(remediation);
  const places = groupBy(
    edits,
    ({ location, shown }) => `${location.file}:${location.line}:${shown.trim() === ""}`,
  );
  return html`<div class="instead"><h3>Instead</h3>${text !== "" && prose(text)}${[...places.values()].map((group) => editBlock(group, context))}${commandBlocks(commands).map(({ lead, text: lines }) => html`<figure class="frame edit"><figcaption>${lead}</figcaption><pre>${harmless(lines)}</pre></figure>`)}</div>`;
}

function editBlock(edits: readonly ReportedEdit[], context: ReportContext): Html {
  const [first] = edits;
  if (first === undefined) return html``;
  const { file, line } = first.location;
  if (first.shown.trim() === "")
    return html`<p>Remove from <code>${file}</code> line ${line} what is marked.</p>`;
  const lines = edits.flatMap((edit) =>
    outdent(harmless(masked(edit.shown, file, context, mask)).split("\n")),
  );
  const unsafe = edits.some(({ safety }) => safety === "unsafe");
  return html`<figure class="frame edit"><figcaption>${file} line ${line}, as it reads after the edit${unsafe && html` <span class="note">(changes who gets in: test it)</span>`}</figcaption><pre>${lines.join("\n")}</pre></figure>`;
}

function controlList(rule: Rule | undefined, controls: readonly Control[]): Html | undefined {
  const rows = rule === undefined ? [] : controlLines(rule, controls);
  if (rows.length === 0) return undefined;
  return html`<dl class="controls">${rows.map(([name, ids]) => html`<div><dt>${name}</dt><dd>${ids}</dd></div>`)}</dl>`;
}

/** The rules that found something, explained once each. */
export function ruleSection(report: Report, { rules, controls }: ReportContext): Html | undefined {
  const fired = new Set(report.findings.filter(({ state }) => state !== "hidden").map(({ rule }) => rule));
  const shown = rules.filter(({ id }) => fired.has(id));
  if (shown.length === 0) return undefined;
  const items = shown.map((rule) => {
    const topics = controls.filter(({ topic }) => rule.controls.includes(topic)).map(({ title }) => title);
    return html`<article class="rule" id="rule-${rule.id}"><h3>${rule.id} ${badge(rule.severity)}</h3><p class="lead">${rule.title}</p>${prose(rule.why)}
${rule.references.length > 0 && html`<ul class="links">${rule.references.map((link) => html`<li>${reference(link)}</li>`)}</ul>`}
${topics.length > 0 && html`<p class="note">${topics.join("; ")}</p>`}</article>`;
  });
  return html`<section id="rules" aria-labelledby="rules-title"><h2 id="rules-title">Why it matters <span class="number">${count(shown.length, "rule")}</span></h2>${items}</section>`;
}

/** Only what is certainly an address of the Web becomes a link. */
function reference(link: string): Html {
  return /^https:\/\/[^\s"'<>]+$/.test(link)
    ? html`<a href="${link}" rel="noreferrer">${link}</a>`
    : html`${link}`;
}
