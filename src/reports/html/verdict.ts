/** The head of the report: what the run says, for which profile, and how many of each there are. */
import { type Severity, severities } from "../../rules/rule.ts";
import { profiles } from "../../triage/profile.ts";
import type { Report } from "../../triage/report.ts";
import type { ReportOptions } from "../context.ts";
import { count } from "../layout.ts";
import { profileText } from "../summary.ts";
import { type Html, html } from "./markup.ts";

/** What the exit code means, as a word and a sentence. */
interface Verdict {
  readonly tone: "good" | "bad" | "open";
  readonly word: string;
  readonly text: string;
}

/** Verdict, profile, counts. */
export function verdictSection(report: Report, options: ReportOptions): Html {
  const { tone, word, text } = verdictOf(report, options);
  return html`<section id="verdict" aria-labelledby="verdict-title">
<h2 id="verdict-title" class="sr">Verdict</h2>
<div class="verdict ${tone}"><p class="word">${word}</p><p>${text}</p></div>
${counts(report)}
${report.deployments.length > 0 && profileLadder(report)}
</section>`;
}

function verdictOf(report: Report, { failOn }: ReportOptions): Verdict {
  const counting = report.findings.filter((finding) => finding.countsForExit).length;
  const undecided = report.undetermined.filter((check) => check.countsForExit).length;
  if (report.deployments.length === 0)
    return { tone: "open", word: "Nothing was judged", text: "No configuration was read." };
  const open = counting > 0 ? ` ${count(counting, "finding")} at or above ${failOn} stand open besides.` : "";
  if (report.exitCode === 3)
    return {
      tone: counting > 0 ? "bad" : "open",
      word: "Not complete",
      text: `${undecided > 0 ? `${count(undecided, "check")} that count could not be decided for want of input.` : "Not everything could be read."}${open}`,
    };
  if (report.exitCode === 1)
    return {
      tone: "bad",
      word: "Not passed",
      text: `${count(counting, "finding")} at or above the severity ${failOn}, the threshold of this run.`,
    };
  return {
    tone: "good",
    word: "Passed",
    text: `No finding at or above the severity ${failOn}, the threshold of this run.`,
  };
}

function counts({ summary }: Report): Html {
  const worstFirst = [...severities].reverse();
  const rest: readonly (readonly [string, number])[] = [
    ["undetermined", summary.undetermined],
    ["passed", summary.passed],
    ["suppressed", summary.suppressed],
    ["in the baseline", summary.baselined],
    ["hidden", summary.hidden],
  ];
  return html`<dl class="counts">${worstFirst.map((severity) => tile(severity, summary[severity], severity))}${rest
    .filter(([name, number]) => number > 0 || name === "undetermined" || name === "passed")
    .map(([name, number]) => tile(name, number, "rest"))}</dl>`;
}

function tile(name: string, number: number, tone: Severity | "rest"): Html {
  return html`<div class="${number === 0 ? "none " : ""}${tone}"><dt>${name}</dt><dd>${number}</dd></div>`;
}

function profileLadder({ profile, ...rest }: Report): Html {
  const met = profiles.findIndex(({ name }) => name === profile.met);
  const rungs = profiles.map(({ name }, index) => {
    const state = index <= met ? "met" : name === profile.next?.name ? "next" : "later";
    const said = { met: "met", next: "next", later: "not met" }[state];
    return html`<li class="${state}"><b>${name}</b> <span>${said}${name === profile.asked ? ", asked for" : ""}</span></li>`;
  });
  return html`<div class="profile"><h3>Profile</h3><ol>${rungs}</ol><p>${profileText({ profile, ...rest })}</p></div>`;
}

/** The badge of a severity. */
export function badge(severity: Severity): Html {
  return html`<span class="badge ${severity}">${severity}</span>`;
}
