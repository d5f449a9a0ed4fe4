/** The look of the report: sober, light or dark as the reader's system is, and made for paper as well. */
import { printStyle } from "./print.ts";

const colours = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --sheet: #f6f7f9; --ink: #1a2129; --soft: #525d69; --rule: #d5dae0; --link: #0b57a4;
  --critical: #96104a; --high: #a8320a; --medium: #7a5600; --low: #1a6180; --info: #525d69;
  --good: #1c6b3a; --good-sheet: #eaf5ee; --bad-sheet: #fbecee; --open-sheet: #fbf4e2;
  --hit: #fff3d1; --hit-line: #c28a00; --related: #e8edf3; --better: #eaf5ee; --danger: #c0182b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14191f; --sheet: #1c232b; --ink: #e4e9ee; --soft: #a3afbb; --rule: #37424d; --link: #82bdf5;
    --critical: #ff8fb3; --high: #ffa57a; --medium: #e7c25b; --low: #7cc8e8; --info: #a9b4bf;
    --good: #7fd6a0; --good-sheet: #17291f; --bad-sheet: #331a20; --open-sheet: #2e2814;
    --hit: #4a3a10; --hit-line: #e7c25b; --related: #2b3642; --better: #17291f; --danger: #ff6b7d;
  }
}
`;

const page = `
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; font-weight: 650; text-wrap: balance; }
h1 { font-size: 1.7rem; letter-spacing: -0.01em; }
h2 { font-size: 1.3rem; margin: 0 0 0.8rem; padding-bottom: 0.35rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
h4 { font-size: 0.9rem; margin: 1rem 0 0.3rem; color: var(--soft); }
p, ul, ol, dl, pre, figure { margin: 0 0 0.8rem; }
ul, ol { padding-left: 1.3rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code, pre, .code, .hash, .place { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
h2 .number { font-weight: 400; color: var(--soft); font-size: 1rem; margin-left: 0.3rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; padding: 0.6rem 1rem; background: var(--paper); z-index: 2; }
.skip:focus { left: 1rem; top: 1rem; }
header, .layout, footer { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; padding-bottom: 1.2rem; }
header p { margin: 0.3rem 0 0; color: var(--soft); font-size: 0.9rem; }
header .product { text-transform: uppercase; letter-spacing: 0.14em; font-weight: 650; font-size: 0.78rem; margin: 0 0 0.3rem; }
nav ul { list-style: none; margin: 0 0 1.5rem; padding: 0.4rem 0; display: flex; flex-wrap: wrap; gap: 0 1.1rem; border-block: 1px solid var(--rule); }
nav a { display: inline-block; padding: 0.3rem 0; text-decoration: none; font-size: 0.9rem; }
nav a:hover { text-decoration: underline; }
main > section { margin-bottom: 3rem; scroll-margin-top: 1rem; }
footer { padding-top: 1rem; padding-bottom: 2rem; color: var(--soft); font-size: 0.85rem; }
@media (min-width: 68rem) {
  .layout { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 2.5rem; }
  nav ul { display: block; position: sticky; top: 1rem; border: 0; padding: 0; }
}
.where, .note, .place { color: var(--soft); font-size: 0.85rem; font-weight: 400; }
.where a { color: inherit; }
.note { margin: 0.3rem 0 0; }
.scroll { overflow-x: auto; }
summary { cursor: pointer; }
`;

const verdict = `
.verdict { border-left: 6px solid var(--soft); background: var(--open-sheet); padding: 0.9rem 1.2rem; margin-bottom: 1rem; border-radius: 0 6px 6px 0; }
.verdict p { margin: 0; }
.verdict .word { font-size: 1.35rem; font-weight: 650; line-height: 1.3; }
.verdict.good { border-color: var(--good); background: var(--good-sheet); }
.verdict.bad { border-color: var(--danger); background: var(--bad-sheet); }
.verdict.open { border-color: var(--hit-line); }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.2rem, 1fr)); gap: 0.6rem; }
.counts div { border: 1px solid var(--rule); border-top: 3px solid currentColor; border-radius: 4px; padding: 0.45rem 0.7rem; display: flex; flex-direction: column-reverse; }
.counts dt { font-size: 0.8rem; }
.counts dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.counts .none { color: var(--soft); border-top-color: var(--rule); }
.counts .none dd { font-weight: 400; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); }
.info, .rest { color: var(--info); }
.profile ol { list-style: none; display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; }
.profile li { border: 1px solid var(--rule); border-radius: 4px; padding: 0.3rem 0.7rem; font-size: 0.9rem; color: var(--soft); }
.profile .met { border-color: var(--good); color: var(--good); background: var(--good-sheet); }
.profile .next { border-color: var(--soft); border-style: dashed; color: var(--ink); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 3px; font-size: 0.72rem; font-weight: 650; text-transform: uppercase; letter-spacing: 0.05em; padding: 0 0.4rem; line-height: 1.5; white-space: nowrap; }
.badge.critical, .badge.high { color: var(--paper); border-color: transparent; }
.badge.critical { background: var(--critical); } .badge.high { background: var(--high); }
`;

const picture = `
.picture svg { display: block; width: 100%; min-width: 46rem; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
.picture text { fill: var(--ink); }
.picture .host { fill: var(--sheet); stroke: var(--rule); }
.picture .host-name, .picture .version, .picture .kept { fill: var(--soft); font-size: 11px; }
.picture .box rect { fill: var(--paper); stroke: var(--soft); }
.picture .container rect { stroke-dasharray: 5 3; }
.picture .name { font-size: 13px; font-weight: 650; }
.picture .row circle { fill: var(--paper); stroke: var(--soft); stroke-width: 1.5; }
.picture .row.open circle { fill: var(--danger); stroke: var(--danger); }
.picture .row.open .kept { fill: var(--danger); font-weight: 650; }
.picture .zone rect { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
.picture .zone text { font-size: 13px; font-weight: 650; }
.picture .way { fill: none; stroke: var(--soft); stroke-width: 1.4; }
.picture .way.open { stroke: var(--danger); stroke-width: 2.6; }
.picture .way.near { stroke-dasharray: 4 4; }
.picture .tip.kept { fill: var(--soft); } .picture .tip.open { fill: var(--danger); }
.legend { font-size: 0.85rem; color: var(--soft); display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; }
.key::before { content: ""; display: inline-block; width: 1.8rem; border-top: 2px solid var(--soft); vertical-align: middle; margin-right: 0.5rem; }
.key.open::before { border-top: 3px solid var(--danger); }
.key.near::before { border-top-style: dashed; }
.paths { list-style: none; padding: 0; }
.path { border: 1px solid var(--rule); border-left: 4px solid var(--danger); border-radius: 0 5px 5px 0; padding: 0.7rem 1rem; margin-bottom: 0.7rem; }
.path.accepted { border-left-color: var(--soft); }
.path h3 { margin: 0 0 0.5rem; }
.steps { list-style: none; margin: 0; padding: 0; line-height: 1.8; }
.steps li { display: inline; }
.steps li + li::before { content: " → "; color: var(--soft); margin: 0 0.25rem; }
.steps code { color: var(--soft); }
`;

const findings = `
.filter { display: grid; grid-template-columns: auto minmax(8rem, 1fr); gap: 0.6rem 0.8rem; align-items: center; border: 1px solid var(--rule); background: var(--sheet); border-radius: 5px; padding: 0.8rem 1rem; margin-bottom: 1rem; }
.filter[hidden], .finding[hidden] { display: none; }
.filter fieldset { grid-column: 1 / -1; border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; }
.filter legend { float: left; margin-right: 1rem; padding: 0; }
.filter .box { display: inline-flex; align-items: center; gap: 0.35rem; min-height: 1.6rem; }
.filter .buttons { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0.5rem; }
.filter p { grid-column: 1 / -1; margin: 0; color: var(--soft); }
.filter p:empty { display: none; }
input[type=search], button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; padding: 0.25rem 0.7rem; min-height: 2rem; max-width: 100%; }
input[type=search] { width: 100%; }
button { cursor: pointer; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
::placeholder { color: var(--soft); opacity: 1; }
.finding { border: 1px solid var(--rule); border-left: 4px solid currentColor; border-radius: 0 5px 5px 0; margin-bottom: 0.8rem; scroll-margin-top: 1rem; }
.finding > * { color: var(--ink); }
.finding > summary { padding: 0.65rem 1rem; display: grid; grid-template-columns: 4.9rem minmax(0, 1fr); gap: 0.2rem 0.8rem; align-items: baseline; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary .badge { justify-self: start; }
.finding[open] > summary { border-bottom: 1px solid var(--rule); background: var(--sheet); }
.message { display: block; font-weight: 600; }
.title .where { display: flex; flex-wrap: wrap; gap: 0 0.9rem; }
.body { padding: 0.9rem 1rem 0.5rem; }
.frame { border: 1px solid var(--rule); border-radius: 4px; overflow: hidden; }
.frame figcaption { background: var(--sheet); border-bottom: 1px solid var(--rule); padding: 0.2rem 0.7rem; font-size: 0.83rem; color: var(--soft); }
.code { padding: 0.3rem 0; line-height: 1.6; }
.line { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); }
.line .number { color: var(--soft); text-align: right; padding-right: 0.8rem; user-select: none; }
.line .text, .frame pre { font-size: inherit; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.line.hit { background: var(--hit); }
.line .secret { color: var(--soft); letter-spacing: 0.1em; }
.hit .number, .hit .secret { color: var(--ink); }
.label { padding: 0.05rem 0.7rem 0.3rem 3.2rem; background: var(--hit); font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; font-size: 0.95em; font-weight: 600; }
.gap { color: var(--soft); padding-left: 1.9rem; line-height: 1; }
mark { color: inherit; background: none; border-bottom: 2px solid var(--hit-line); }
mark.primary { border-bottom: 3px solid var(--danger); font-weight: 650; }
.instead h3 { margin-top: 0.4rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.instead pre, .frame pre { margin: 0; padding: 0.4rem 0.8rem; }
.edit pre { background: var(--better); font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; line-height: 1.6; }
.facts > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0 0.8rem; padding: 0.15rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
.counts dt { color: inherit; }
.controls { font-size: 0.85rem; color: var(--soft); border-top: 1px solid var(--rule); padding-top: 0.5rem; }
.controls > div, .controls dt, .controls dd { display: inline; }
.controls dt { font-weight: 650; } .controls dt::after { content: " "; white-space: pre; } .controls > div + div::before { content: " · "; }
.more { font-size: 0.9rem; }
`;

const lists = `
.rows { list-style: none; padding: 0; border-top: 1px solid var(--rule); }
.rows > li { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0.1rem 1.4rem; padding: 0.45rem 0; border-bottom: 1px solid var(--rule); font-size: 0.92rem; }
.rows .what span { color: var(--soft); font-size: 0.94em; } .rows .what .badge { font-size: 0.72rem; }
.rows .what .badge.medium { color: var(--medium); } .rows .what .badge.low { color: var(--low); }
.rows .what .badge.critical, .rows .what .badge.high { color: var(--paper); }
.rows .what code { display: inline-block; }
.states { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
.state { border: 1px solid currentColor; border-radius: 3px; padding: 0 0.4rem; font-size: 0.78rem; font-weight: 650; white-space: nowrap; }
.rows .what .state { font-size: 0.78rem; }
.state.fail, .rows .what .state.fail { color: var(--danger); } .state.pass, .rows .what .state.pass { color: var(--good); }
.state.undetermined, .rows .what .state.undetermined { color: var(--medium); } .state.manual, .state.not-applicable { color: var(--soft); }
.rows .answer { margin-left: 0.5rem; }
.rows .looked ul { margin: 0; padding-left: 1.1rem; }
.rows .looked .note { display: block; }
.list > summary { padding: 0.4rem 0; }
.list.words { font-size: 0.92rem; }
.list.words h3 { font-size: 0.95rem; }
.ids { font-size: 0.85rem; color: var(--soft); }
.rule { border-bottom: 1px solid var(--rule); padding-bottom: 0.4rem; max-width: 52rem; scroll-margin-top: 1rem; }
.rule .lead { font-weight: 600; margin-bottom: 0.4rem; }
.links { font-size: 0.88rem; }
.links a, .more a, .where a { display: inline-block; padding: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { text-align: left; padding: 0.35rem 0.7rem; border-bottom: 1px solid var(--rule); font-variant-numeric: tabular-nums; }
thead th { white-space: nowrap; }
td.none { color: var(--soft); }
.sign { display: grid; grid-template-columns: 2fr 1fr 2fr; gap: 1.5rem; margin-top: 2.5rem; }
.sign dd { border-bottom: 1px solid var(--ink); height: 2.4rem; }
@media (max-width: 40rem) {
  html { font-size: 94%; }
  .rows > li, .facts > div, .sign { grid-template-columns: minmax(0, 1fr); }
  .finding > summary { grid-template-columns: minmax(0, 1fr); }
  .line { grid-template-columns: 2.4rem minmax(0, 1fr); }
  .line .number { padding-right: 0.5rem; }
  .label { padding-left: 2.4rem; }
}
`;

/** One sheet for screen and paper. */
export const style = `${colours}${page}${verdict}${picture}${findings}${lists}${printStyle}`;
