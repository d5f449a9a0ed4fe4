/** What the site decided about findings: which severity they have, and which of them it lives with. */
import type { Service } from "../deployment/model.ts";
import { fromPlace, type Origin, placeOf } from "../facts/origin.ts";
import type { Doubt, Hit } from "../rules/evaluate.ts";
import type { Severity } from "../rules/rule.ts";
import { baseName, folderOf } from "../sources/files.ts";
import { recognise } from "../sources/recognise.ts";
import type { SourceFile, Sources } from "../sources/source.ts";
import { contentOf } from "../sources/templates.ts";
import { type Place, placeKey, type Text } from "../text/text.ts";
import type { Config, SeverityChange } from "./config.ts";
import { dayOf } from "./day.ts";
import { type Directive, directiveFrom, directivesIn } from "./directives.ts";
import { fitsGlob, fitsText } from "./glob.ts";
import { absolute, seenFrom } from "./paths.ts";

/** Why something does not count, and where that is written. */
export interface Decision {
  readonly reason: string;
  readonly until?: string;
  readonly at: Place;
}

/** The decisions over the hits and doubts of one deployment. */
export interface Ruling {
  severityOf(hit: Hit): Severity;
  /** Of these hits those that are suppressed. */
  suppressed<H extends Hit>(hits: readonly H[]): ReadonlyMap<H, Decision>;
  /** The same for checks that could not be decided. */
  accepted(doubts: readonly Doubt[]): ReadonlyMap<Doubt, Decision>;
}

/** A suppression and whether anything met it. */
export interface Noted {
  readonly directive: Directive;
  readonly state: "used" | "unused" | "expired" | "faulty";
  /** Whether any file that was read could have met it: otherwise it says nothing that it is unused. */
  readonly concerned: boolean;
  /** The deployment whose file holds it; undefined for pacslint.yaml. */
  readonly deployment?: string;
}

/** The policy of a run: made once, asked for each deployment, and at the end for what became of its suppressions. */
export interface Policy {
  rulingFor(deployment: PolicyDeployment): Ruling;
  noted(): readonly Noted[];
}

/** What is needed of a deployment. */
export interface PolicyDeployment {
  readonly id: string;
  readonly form: string;
  readonly files: readonly { readonly source: SourceFile; readonly kind: string }[];
  readonly services: readonly Pick<Service, "container">[];
}

/** Where nobody decided anything. */
export const noRuling: Ruling = {
  severityOf: ({ severity }) => severity,
  suppressed: () => new Map(),
  accepted: () => new Map(),
};

/** What decides over findings: the site's configuration, the comments of files, the day. */
export interface PolicyInput {
  readonly config: Config | undefined;
  readonly sources: Pick<Sources, "get">;
  /** Ids of all rules. */
  readonly known: readonly string[];
  readonly now: Date;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** False: no suppression counts, whoever wrote it. */
  readonly ignores: boolean;
}

/** The policy of a run. */
export function createPolicy(input: PolicyInput): Policy {
  const { config, known, ignores, sources } = input;
  const configured = ignores ? (config?.suppressions ?? []).map((entry) => directiveFrom(entry, known)) : [];
  const inFiles = new Map<string, { deployment: string; directives: readonly Directive[] }>();
  const files = new Set<string>();
  const used = new Set<Directive>();
  const isOver = ({ until }: Directive) => until !== undefined && until < dayOf(input.now);
  const pathOf = pathsFrom(input);
  return {
    rulingFor(deployment) {
      for (const { source } of deployment.files) files.add(source.path);
      const texts = ignores ? textsOf(deployment) : [];
      for (const { key, text, kind } of texts) {
        if (inFiles.has(key)) continue;
        const directives = directivesIn(text, kind, known, (file) => sources.get(file));
        inFiles.set(key, { deployment: deployment.id, directives });
      }
      const own = texts.flatMap(({ key }) => inFiles.get(key)?.directives ?? []);
      const active = [...new Set([...own, ...configured])].filter(
        (directive) => directive.fault === undefined && !isOver(directive),
      );
      return rulingOver(active, config?.severities ?? [], pathOf, deployment, (one) => used.add(one));
    },
    noted() {
      const paths = [...files].map(pathOf);
      const stateOf = (directive: Directive): Noted["state"] => {
        if (directive.fault !== undefined) return "faulty";
        if (isOver(directive)) return "expired";
        return used.has(directive) ? "used" : "unused";
      };
      return [
        ...[...inFiles.values()].flatMap(({ deployment, directives }) =>
          directives.map((directive) => ({
            directive,
            state: stateOf(directive),
            concerned: true,
            deployment,
          })),
        ),
        ...configured.map((directive) => ({
          directive,
          state: stateOf(directive),
          concerned: paths.some((path) => inPaths(directive.paths, path)),
        })),
      ];
    },
  };
}

interface ReadText {
  /** The same for a text that several deployments share. */
  readonly key: string;
  readonly text: Text;
  readonly kind: string;
}

/** The files of a deployment, and the texts in its manifests that are files or settings of a server. */
function textsOf(deployment: PolicyDeployment): readonly ReadText[] {
  const files = deployment.files.map(({ source, kind }) => ({
    key: source.path,
    text: contentOf(source),
    kind: kindIn(deployment, kind),
  }));
  const embedded = deployment.services.flatMap(({ container }) => [
    ...(container?.files ?? []).flatMap(({ target, content }) =>
      content.type === "text" ? [embeddedText(target, content.text)] : [],
    ),
    ...(container?.variables ?? []).flatMap(({ name, value }) =>
      name === "ORTHANC_JSON" ? [embeddedText(`${name}.json`, value)] : [],
    ),
  ]);
  return [...files, ...embedded];
}

function embeddedText(path: string, text: Text): ReadText {
  const [first] = text.pieces;
  const key = first === undefined ? path : placeKey({ ...first.at, end: first.at.start });
  const { kind } = recognise({ path, text, encoding: "utf-8", sha256: "", lines: [0] }, false);
  return { key: `${path} ${key}`, text, kind };
}

/** systemd reads its environment files by rules of its own: a sign behind a value belongs to the value. */
function kindIn({ form }: PolicyDeployment, kind: string): string {
  return form === "host" && kind === "dotenv" ? "systemd" : kind;
}

/** Paths as pacslint.yaml writes them: seen from its folder. */
function pathsFrom({ config, cwd }: PolicyInput): (file: string) => string {
  const folder = config === undefined ? cwd : folderOf(absolute(config.file, cwd));
  return (file) => seenFrom(folder, absolute(file, cwd));
}

function inPaths(globs: readonly string[] | undefined, path: string): boolean {
  return globs === undefined || globs.some((glob) => fitsGlob(glob, path));
}

/** Something that a suppression may be about: a hit or a doubt. */
interface Subject {
  readonly rule: { readonly id: string };
  readonly fact: { readonly id: string };
  readonly origins: readonly Origin[];
}

function rulingOver(
  directives: readonly Directive[],
  severities: readonly SeverityChange[],
  pathOf: (file: string) => string,
  deployment: PolicyDeployment,
  use: (directive: Directive) => void,
): Ruling {
  const start = { file: deployment.files[0]?.source.path ?? "", start: 0, end: 0 };
  const firstOf = ({ origins }: Subject): Place => origins.map(placeOf).find((place) => place) ?? start;
  const changeFor = (subject: Subject): SeverityChange | undefined =>
    severities.findLast(
      ({ rule, paths }) => rule === subject.rule.id && inPaths(paths, pathOf(firstOf(subject).file)),
    );
  const switchedOff = (subject: Subject): Decision | undefined => {
    const change = changeFor(subject);
    if (change?.severity !== "off") return undefined;
    return { reason: `${subject.rule.id} is switched off in ${baseName(change.at.file)}`, at: change.at };
  };
  const decide = <S extends Subject>(
    subjects: readonly S[],
    about: Directive["about"],
  ): ReadonlyMap<S, Decision> => {
    const decisions = new Map<S, Decision>();
    for (const directive of directives) {
      if (directive.about !== about && directive.about !== "both") continue;
      const met = metBy(directive, subjects, firstOf, pathOf);
      if (met.length > 0) use(directive);
      for (const subject of met) decisions.set(subject, decisionOf(directive));
    }
    for (const subject of subjects) {
      const off = switchedOff(subject);
      if (off !== undefined && !decisions.has(subject)) decisions.set(subject, off);
    }
    return decisions;
  };
  return {
    severityOf(hit) {
      const severity = changeFor(hit)?.severity;
      return severity === undefined || severity === "off" ? hit.severity : severity;
    },
    suppressed: (hits) => decide(hits, "findings"),
    accepted(doubts) {
      const subjects = new Map(doubts.map((doubt) => [asShown(doubt), doubt]));
      const decisions = decide([...subjects.keys()], "undetermined");
      return new Map(
        [...decisions].flatMap(([subject, decision]) => {
          const doubt = subjects.get(subject);
          return doubt === undefined ? [] : [[doubt, decision] as const];
        }),
      );
    },
  };
}

/** A doubt is shown at what stands in its way. */
function asShown({ rule, fact, unknown: { where }, origins }: Doubt): Subject {
  return { rule, fact, origins: where === undefined ? origins : [fromPlace(where), ...origins] };
}

function decisionOf({ reason, until, at }: Directive): Decision {
  return { reason, ...(until === undefined ? {} : { until }), at };
}

/** What a suppression is about: by a comment, what has its first line there; failing that, what shows the line at all. */
function metBy<S extends Subject>(
  directive: Directive,
  subjects: readonly S[],
  firstOf: (subject: S) => Place,
  pathOf: (file: string) => string,
): readonly S[] {
  const { rule, covers, paths, fact } = directive;
  const ofRule = subjects.filter((subject) => subject.rule.id === rule);
  if (covers === undefined)
    return ofRule.filter(
      (subject) =>
        inPaths(paths, pathOf(firstOf(subject).file)) &&
        (fact === undefined || fitsText(fact, subject.fact.id)),
    );
  const first = ofRule.filter((subject) => isWithin(firstOf(subject), covers));
  if (first.length > 0) return first;
  return ofRule.filter(({ origins }) => origins.flatMap(placesOf).some((place) => isWithin(place, covers)));
}

function placesOf(origin: Origin): readonly Place[] {
  const place = placeOf(origin);
  const via = origin.kind === "place" ? (origin.via ?? []) : [];
  return place === undefined ? via : [place, ...via];
}

function isWithin(place: Place, covers: Place): boolean {
  return place.file === covers.file && covers.start <= place.start && place.start < covers.end;
}
