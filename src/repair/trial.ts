/** A configuration with edits in memory: what it would look like, and what a run would say of it. */
import { makeEdits } from "../fixes/apply.ts";
import { type LintOptions, lint, type Platform, type Survey } from "../lint.ts";
import { decode, encode } from "../sources/decode.ts";
import { joinPath } from "../sources/files.ts";
import { within } from "../sources/within.ts";
import type { Place } from "../text/text.ts";
import { verdictOf } from "../triage/profile.ts";
import type { Finding, Report, ReportedEdit } from "../triage/report.ts";
import { exitCodeOf, summaryOf } from "../triage/summary.ts";
import { type Narrow, narrowing } from "./narrow.ts";
import { type Contents, withContents, withPromised } from "./overlay.ts";
import { whatIsWorse } from "./worse.ts";

/** What is repaired, and with which rules and variables it is judged. */
export interface Subject {
  readonly options: LintOptions;
  readonly platform: Platform;
}

/** The configuration after the edits that were made so far. */
export interface State {
  /** Only what was changed. */
  readonly contents: Contents;
  /** Variables that the edits leave a secret to, with values that stand in for those that somebody will choose. */
  readonly promised: Readonly<Record<string, string>>;
  /** Files that the edits leave a secret to, likewise. */
  readonly promisedFiles: Contents;
  readonly report: Report;
  /** Ranges of the files, as they are now, that hold secrets. */
  readonly secrets: readonly Place[];
  readonly files: Platform["files"];
  /** What the first run read and found. */
  readonly survey: Survey;
  readonly narrow: Narrow;
}

/** An edit with the finding that it is for. */
export interface Proposal {
  readonly finding: Finding;
  readonly edits: readonly ReportedEdit[];
}

/** Where an edit went. */
export interface Written {
  readonly file: string;
  readonly line: number;
  readonly shown: string;
}

/** A state with more edits, where each went, and where lines are that stood elsewhere before. */
export interface Outcome {
  readonly state: State;
  readonly written: ReadonlyMap<ReportedEdit, Written>;
  moved(file: string, line: number): number;
}

/** Why edits are not made: a clause. */
export interface Refusal {
  readonly because: string;
}

/** The configuration as it is. */
export function initialState({ options, platform }: Subject): State {
  const run = lint(options, platform);
  return {
    contents: new Map(),
    promised: {},
    promisedFiles: new Map(),
    report: run.report,
    secrets: run.secrets,
    files: platform.files,
    survey: run.survey,
    narrow: narrowing(run.survey, options, platform),
  };
}

/** Makes the edits of all proposals, and judges the result. */
export function tryProposals(
  subject: Subject,
  state: State,
  proposals: readonly Proposal[],
): Outcome | Refusal {
  const edits = proposals.flatMap((proposal) => proposal.edits);
  const made = changeFiles(subject, state, edits);
  if ("because" in made) return made;
  const promised = { ...state.promised, ...promises(subject, edits) };
  const promisedFiles = new Map([...state.promisedFiles, ...promisedBy(subject, edits)]);
  const contents = new Map([...state.contents, ...made.contents]);
  const deployments = new Set(proposals.map(({ finding }) => finding.deployment));
  const edited = { contents, promised, promisedFiles };
  const judged = judge(subject, state, edited, deployments, new Set(made.contents.keys()));
  return { state: judged, written: made.written, moved: made.moved };
}

/** Tries proposals; a refusal when one of them does not take its finding away, or anything becomes worse. */
export function attempt(subject: Subject, state: State, proposals: readonly Proposal[]): Outcome | Refusal {
  const outcome = tryProposals(subject, state, proposals);
  if ("because" in outcome) return outcome;
  const because = harm(state, outcome.state, proposals);
  return because === undefined ? outcome : { because };
}

/** Why the later state is not better: something is worse, or a finding is still there that was to go. */
export function harm(before: State, after: State, proposals: readonly Proposal[]): string | undefined {
  const removed = proposals.map(({ finding }) => finding);
  const worse = whatIsWorse({ before: before.report, after: after.report, removed });
  const staying = removed.some((finding) => stays(finding, before.report, after.report));
  return worse ?? (staying ? "it would not take the finding away" : undefined);
}

/** A finding stays when its rule is as frequent as before, or still fires for the same fact. */
function stays(finding: Finding, before: Report, after: Report): boolean {
  const same = (report: Report): readonly Finding[] =>
    report.findings.filter(
      ({ rule, deployment, state }) =>
        rule === finding.rule && deployment === finding.deployment && state === "open",
    );
  return (
    same(after).length >= same(before).length ||
    same(after).some(
      ({ fact, service, listener }) =>
        fact === finding.fact && service === finding.service && listener === finding.listener,
    )
  );
}

interface Changed {
  readonly contents: Contents;
  readonly written: Outcome["written"];
  readonly moved: Outcome["moved"];
}

function changeFiles(subject: Subject, state: State, edits: readonly ReportedEdit[]): Changed | Refusal {
  const contents = new Map<string, Uint8Array>();
  const written = new Map<ReportedEdit, Written>();
  const moves = new Map<string, (line: number) => number>();
  for (const path of new Set(edits.map(({ location }) => location.file))) {
    const own = edits.filter(({ location }) => location.file === path);
    const read = isInside(subject, path) ? readText(state, path) : outside(path);
    if ("because" in read) return read;
    const edited = makeEdits(read.text, own);
    if (edited === undefined) return { because: "another edit changes the same characters" };
    const bytes = encode(edited.text, read.encoding);
    if (bytes === undefined) return { because: `${path} is saved in an encoding that lacks a character` };
    contents.set(path, bytes);
    moves.set(path, edited.moved);
    for (const edit of own) written.set(edit, { file: path, line: edited.lineOf(edit), shown: edit.shown });
  }
  return { contents, written, moved: (file, line) => moves.get(file)?.(line) ?? line };
}

/** Files that a configuration names elsewhere are not ours to change, nor what a link leads to outside. */
function isInside({ options, platform }: Subject, path: string): boolean {
  return within(platform.files, options.paths).stat(path)?.kind === "file";
}

function outside(path: string): Refusal {
  return { because: `${path} lies outside the folders that were named` };
}

type ReadText = TextEditable | Refusal;

interface TextEditable {
  readonly text: string;
  readonly encoding: Parameters<typeof encode>[1];
}

/** The text of a file; refused when writing it back would change bytes that no edit touches. */
function readText({ files, contents }: State, path: string): ReadText {
  const read = withContents(files, contents).read(path);
  const decoded = read.ok ? decode(read.bytes) : undefined;
  if (!read.ok || decoded?.ok !== true) return { because: `${path} cannot be read` };
  const back = encode(decoded.text, decoded.encoding);
  const same = back?.length === read.bytes.length && back.every((byte, index) => byte === read.bytes[index]);
  return same ? decoded : { because: `${path} is saved in an encoding that cannot be written back` };
}

/** Values for the variables that edits need, each another: nobody's password, and none that a rule would find bad. */
function promises({ platform }: Subject, edits: readonly ReportedEdit[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    edits
      .flatMap(({ needs = [] }) => needs)
      .map(({ variable, withQuotes }) => {
        const value = standIn(variable, platform);
        return [variable, withQuotes ? `"${value}"` : value];
      }),
  );
}

/** The same for files; users have hashed passwords. */
function promisedBy({ platform }: Subject, edits: readonly ReportedEdit[]): Contents {
  const files = edits.flatMap(({ creates = [] }) => creates);
  return new Map(
    files.map(({ file, holds }) => {
      const value = standIn(file, platform);
      return [file, new TextEncoder().encode(holds === "users" ? `clinic:{SHA}${value.slice(5)}=\n` : value)];
    }),
  );
}

function standIn(name: string, { crypto }: Platform): string {
  return crypto.sha256(new TextEncoder().encode(name)).slice(0, 32);
}

type Edited = Pick<State, "contents" | "promised" | "promisedFiles">;

/** Judges the deployments again that a change can concern; what is said of the others stays. */
function judge(
  subject: Subject,
  before: State,
  edited: Edited,
  concerned: ReadonlySet<string>,
  changed: ReadonlySet<string>,
): State {
  const only = new Set(
    before.report.deployments
      .filter(
        ({ id, files }) => concerned.has(id) || files.some(({ path }) => changed.has(joinPath("", path))),
      )
      .map(({ id }) => id),
  );
  return judgeAgain(subject, before, edited, only);
}

/** A state, and what became of some deployments in a later one. */
export function joinedStates(state: State, later: State, ids: ReadonlySet<string>): State {
  if (later.contents === state.contents) return state;
  const isEdited = ({ file }: Place): boolean => later.contents.get(file) !== state.contents.get(file);
  return {
    ...state,
    contents: later.contents,
    report: joinedReport(state.report, later.report, ids),
    secrets: [...later.secrets.filter(isEdited), ...state.secrets.filter((place) => !isEdited(place))],
  };
}

/** The same edits without what somebody has yet to set or to make; undefined where nobody has to. */
export function withoutPromises(subject: Subject, state: State, ids: ReadonlySet<string>): State | undefined {
  if (Object.keys(state.promised).length + state.promisedFiles.size === 0) return undefined;
  const { contents } = state;
  return judgeAgain(subject, state, { contents, promised: {}, promisedFiles: new Map() }, ids);
}

/** Judges some deployments with the edits, looking at no more files than that takes. */
function judgeAgain(
  { options, platform }: Subject,
  before: State,
  given: Edited,
  only: ReadonlySet<string>,
): State {
  const { contents, promised, promisedFiles } = given;
  // A file that is still to be made was looked for in vain.
  const edited = new Set([...contents.keys(), ...promisedFiles.keys()]);
  const looked = before.narrow.filesFor(only);
  const again = { survey: before.survey, edited, ...(looked === undefined ? {} : { files: looked }) };
  const files = withPromised(withContents(before.files, contents), promisedFiles);
  const run = lint({ ...options, promised, only, again }, { ...platform, files });
  return {
    ...before,
    ...given,
    report: joinedReport(before.report, run.report, only),
    secrets: [...run.secrets, ...before.secrets.filter(({ file }) => !edited.has(file))],
  };
}

/** The later report where it is about the deployments that were judged again, the earlier one otherwise. */
function joinedReport(before: Report, after: Report, only: ReadonlySet<string>): Report {
  type About = { readonly deployment: string | null };
  const isAgain = ({ deployment }: About): boolean => deployment !== null && only.has(deployment);
  const joined = <T extends About>(earlier: readonly T[], later: readonly T[]): readonly T[] => [
    ...later.filter(isAgain),
    ...earlier.filter((item) => !isAgain(item)),
  ];
  const parts = {
    deployments: before.deployments.flatMap((old) =>
      only.has(old.id) ? after.deployments.filter(({ id }) => id === old.id) : [old],
    ),
    findings: joined(before.findings, after.findings),
    undetermined: joined(before.undetermined, after.undetermined),
    attackPaths: joined(before.attackPaths, after.attackPaths),
    passed: joined(before.passed, after.passed),
    problems: joined(before.problems, after.problems),
  };
  const profile = { asked: before.profile.asked, ...verdictOf(parts) };
  return { ...before, ...parts, profile, summary: summaryOf(parts), exitCode: exitCodeOf(parts) };
}
