/** What could not be read, resolved or linked, and what was taken for granted. */
import type { Problem } from "../deployment/model.ts";
import { withoutSecrets } from "../products/secret-names.ts";
import type { Skipped } from "../sources/discover.ts";
import type { Judged } from "./context.ts";
import { firstPlace, type Locate, located, startOf } from "./locations.ts";
import type { Report, ReportedProblem } from "./report.ts";

/** Problems of the run as a whole: paths that gave nothing, and what is wrong with the variables that were given. */
export function problemsOfRun(
  skipped: readonly Skipped[],
  problems: readonly Problem[],
  locate: Locate,
): readonly ReportedProblem[] {
  return [
    ...skipped.map(({ path, kind, message }) => ({
      kind,
      deployment: null,
      message: `${path}: ${message}`,
      location: locate(startOf(path)),
    })),
    ...problems.map((problem) => reported(problem, null, locate)),
  ];
}

/** Problems of one deployment, the texts among them that its servers cannot read. */
export function problemsOf({ deployment, analysis }: Judged, locate: Locate): readonly ReportedProblem[] {
  const newest = analysis.scenarios.at(-1)?.facts ?? [];
  return [
    ...deployment.problems.map((problem) => reported(problem, deployment.id, locate)),
    ...(analysis.scenarios.at(-1)?.services ?? []).flatMap(({ derived }) =>
      (derived.problems ?? []).map((problem) => reported(problem, deployment.id, locate)),
    ),
    ...newest.flatMap((fact): readonly ReportedProblem[] => {
      if (fact.kind !== "fault" || fact.effect !== "syntax") return [];
      const place = firstPlace(fact.origins[""] ?? []);
      return [
        {
          kind: "syntax",
          deployment: deployment.id,
          message: withoutSecrets(fact.message),
          ...located(place, locate),
        },
      ];
    }),
  ];
}

function reported(problem: Problem, deployment: string | null, locate: Locate): ReportedProblem {
  const { kind, message, file, where } = problem;
  const place = where?.at ?? (file === undefined ? undefined : startOf(file));
  return { kind, deployment, message: withoutSecrets(message), ...located(place, locate) };
}

/** What was assumed of a deployment, each sentence once. */
export function assumptionsOf({ deployment, analysis }: Judged): Report["assumptions"] {
  const newest = analysis.scenarios.at(-1)?.services ?? [];
  const messages = [
    ...deployment.assumptions,
    ...analysis.assumptions,
    ...newest.flatMap(({ derived }) => derived.assumptions),
  ];
  return [...new Set(messages)].map((message) => ({ deployment: deployment.id, message }));
}
