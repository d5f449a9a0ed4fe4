/** Charts unrendered: what our reader makes of them is what the real Helm prints, by both of the releases that judge. */
import { describe, expect, test } from "vitest";
import { chartCases, configMap } from "./chart-cases.ts";
import { templateCases } from "./helm-cases.ts";
import { generatedChart } from "./helm-generate.ts";
import {
  compared,
  type Files,
  hasHelm,
  ownDocuments,
  realDocuments,
  type Version,
  versions,
} from "./helm-judge.ts";

const required = process.env.PACSLINT_REQUIRE_HELM !== undefined;

test.runIf(required)("the real Helm is there", () => {
  expect(hasHelm).toBe(true);
});

/** What differs from Helm of that version, and what ours leaves open. */
function judged(files: Files, version: Version, valueFiles: readonly string[] = []) {
  const real = realDocuments(files, version, valueFiles);
  if (typeof real === "string") return { refused: real };
  const { documents, told } = ownDocuments(files, valueFiles);
  return { ...compared(documents, real), told };
}

describe.skipIf(!hasHelm).each(versions)("judged by Helm %s", (version) => {
  const isFor = ([, one]: readonly [string, { readonly newOnly?: true }]): boolean =>
    version !== "3.8" || one.newOnly === undefined;

  test.each(Object.entries(templateCases).filter(isFor))("%s", (_, { data, values = "{}", unknown = [] }) => {
    const files = {
      "chart/Chart.yaml": "apiVersion: v2\nname: pacs\nversion: 1.2.3\nappVersion: 1.10\n",
      "chart/values.yaml": values,
      "chart/templates/a.yaml": configMap("a", data),
    };
    expect(judged(files, version)).toEqual({
      differences: [],
      unknown: unknown.map((key) => `ConfigMap a data ${key}`),
      told: [],
    });
  });

  test.each(Object.entries(chartCases).filter(isFor))("%s", (_, { files, valueFiles, unknown = [] }) => {
    expect(judged(files, version, valueFiles)).toEqual({ differences: [], unknown, told: [] });
  });

  // Of what Helm refuses nothing can be compared.
  test.each(Array.from({ length: 60 }, (_, index) => index + 1))("generated chart, seed %i", (seed) => {
    const found = judged(generatedChart(seed), version, ["given.yaml"]);
    expect("refused" in found ? { refused: true } : found).toEqual(
      "refused" in found ? { refused: true } : { differences: [], unknown: [], told: [] },
    );
  });
});
