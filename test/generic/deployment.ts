/** Small compose projects held in memory, and what is made of them. */
import type { Fact, FactKind } from "../../src/facts/facts.ts";
import type { Origin } from "../../src/facts/origin.ts";
import { type LintOptions, type LintRun, surveyPaths } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { analyse } from "../../src/reach/analyse.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { positionAt } from "../../src/text/lines.ts";
import type { ReportedListener } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

/** A project of one service. */
export interface Project {
  readonly image: string;
  /** Further lines of the service, without their indentation. */
  readonly lines?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

function filesOf({ image, lines = [], files = {} }: Project): Readonly<Record<string, string>> {
  const service = ["services:", "  one:", `    image: ${image}`, ...lines.map((line) => `    ${line}`)];
  return { "compose.yml": `${service.join("\n")}\n`, ...files };
}

/** Lints the project. */
export function run(project: Project): LintRun {
  return lintFiles(filesOf(project), { paths: ["compose.yml"] });
}

/** The listener on a port, as the report has it. */
export function listener(project: Project, port: number): ReportedListener {
  const all = run(project).report.deployments[0]?.services[0]?.listeners ?? [];
  const found = all.find((candidate) => candidate.port === port);
  if (found === undefined) throw new Error(`nothing listens on ${port}: ${JSON.stringify(all)}`);
  return found;
}

const options: LintOptions = {
  paths: ["compose.yml"],
  rules: [],
  audience: "everyday",
  failOn: "high",
  envFiles: [],
  env: {},
  onHost: false,
  allowUndetermined: false,
};

/** What was worked out for the files of a project. */
export function inspect(
  files: Readonly<Record<string, string>>,
  paths: readonly string[] = ["compose.yml"],
  modes: Readonly<Record<string, string>> = {},
) {
  const platform = {
    files: memoryFiles(files, modes),
    crypto: nodeCrypto,
    now: new Date("2026-11-22T00:00:00Z"),
  };
  const survey = surveyPaths({ ...options, paths }, platform);
  const [deployment] = survey.deployments;
  if (deployment === undefined) throw new Error("there is no deployment");
  const analysis = analyse(deployment, survey.context);
  const all = analysis.scenarios.at(-1)?.facts ?? [];
  return {
    analysis,
    facts: <K extends FactKind>(kind: K): readonly Extract<Fact, { kind: K }>[] =>
      all.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind),
    /** "compose.yml:5:26". */
    placeOf: (origin: Origin | undefined): string => {
      const at = origin?.kind === "place" ? origin.at : origin?.belongs;
      if (at === undefined) return "nowhere";
      const { line, column } = positionAt(survey.sources.get(at.file)?.lines ?? [0], at.start);
      return `${at.file}:${line}:${column}`;
    },
    /** The text that is masked. */
    masked: analysis.secrets.map(({ file, start, end }) =>
      survey.sources.get(file)?.text.value.slice(start, end),
    ),
  };
}

/** The same for a project of one service. */
export function inspectProject(project: Project) {
  return inspect(filesOf(project));
}
