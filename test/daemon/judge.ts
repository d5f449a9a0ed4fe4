import { join } from "node:path";
import { type Case, materialise } from "./case.ts";
import { type Comparison, compare } from "./compare.ts";
import { hasDcmtk, secondOpinion } from "./dcmtk.ts";
import { type Measurement, measure, UNKNOWN_TITLE } from "./measure.ts";
import { type Observed, observe } from "./observe.ts";
import type { Predict, Predicted } from "./predict.ts";
import type { Release } from "./releases.ts";
import { type Server, startServer } from "./server.ts";
import type { Site } from "./site.ts";

/** What came of one configuration on one release. */
export interface Verdict {
  heading: string;
  test: Case;
  measured: Measurement;
  observed: Observed;
  /** Absent where nothing was to be predicted; a text where that failed. */
  predicted?: Predicted | string;
  comparisons: Comparison[];
  /** Where dcmtk saw something else than the harness's own DICOM client. */
  doubts: string[];
}

/** One configuration in so many gets its DICOM operations done by dcmtk too. */
const SECOND_OPINION = 10;

/** Starts a daemon on a case, measures it, and compares that with the prediction, if there is to be one. */
export async function judge(site: Site, release: Release, test: Case, predict?: Predict): Promise<Verdict> {
  // Predicted from a copy, since the daemon writes its database beside its configuration.
  const copy = join(site.folder, "files");
  materialise(test, release, copy);
  const [predicted, server] = await Promise.all([
    predict?.(test, release, copy),
    startServer(site, release, test),
  ]);
  const measured = await measure(server);
  const observed = observe(measured, test);
  return {
    heading: `Orthanc ${release.version}, configuration ${test.name}`,
    test,
    measured,
    observed,
    ...(predicted === undefined ? {} : { predicted }),
    comparisons: predicted === undefined ? [] : compare(predicted, observed, test),
    doubts: await doubtsOf(server, measured),
  };
}

async function doubtsOf(server: Server, { dicom, deaths }: Measurement): Promise<string[]> {
  const isDue = hasDcmtk() && server.test.index % SECOND_OPINION === 0;
  if (!isDue || dicom?.transport.mode !== "plain" || deaths.length > 0) return [];
  // A server that falls silent keeps dcmtk waiting for minutes.
  if (Object.values(dicom.unknown.remote).some(({ outcome }) => outcome === "silent")) return [];
  return secondOpinion(server, [UNKNOWN_TITLE, ...Object.keys(server.test.titles)]);
}

/** What is wrong, for people; undefined when nothing is. */
export function complaint({
  heading,
  test,
  measured,
  predicted,
  comparisons,
  doubts,
}: Verdict): string | undefined {
  const differences = comparisons.filter(({ agrees }) => !agrees).map(showDifference);
  differences.push(...doubts.map((line) => `  SECOND OPINION${line}`));
  if (differences.length === 0) return undefined;
  return [
    heading,
    showCase(test),
    ...differences,
    ...(typeof predicted === "object" ? predicted.startup.reasons : []).map(
      (r) => `  pacslint: ${r.message}`,
    ),
    ...measured.errors.map((line) => `  Orthanc: ${line}`),
    ...measured.deaths.map((line) => `  Orthanc died: ${line}`),
  ].join("\n");
}

/** Everything that is known of it. */
export function details({ heading, test, measured, observed, predicted }: Verdict): string {
  return [heading, showCase(test), JSON.stringify({ measured, observed, predicted }, null, 2)].join("\n");
}

function showDifference({ field, title, predicted, observed }: Comparison): string {
  const where = title === undefined ? field : `${field} (${title})`;
  return `  DIFFERENCE ${where}: predicted ${JSON.stringify(predicted)}, observed ${JSON.stringify(observed)}`;
}

function showCase(test: Case): string {
  const files = Object.entries(test.files).map(([path, text]) => `--- ${path}\n${text.trimEnd()}`);
  const fixtures = Object.keys(test.fixtures).join(" ") || "nothing";
  return [...files, `--- also there: ${fixtures}; environment: ${JSON.stringify(test.env)}`].join("\n");
}
