/** Charts unrendered: what our reader makes of them is what the real Helm prints, by both of the releases that judge. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { chartCases, configMap } from "./chart-cases.ts";
import { templateCases } from "./helm-cases.ts";
import { generatedChart } from "./helm-generate.ts";
import {
  compared,
  documentsOf,
  type Files,
  hasHelm,
  ownDocuments,
  realText,
  type Version,
  versions,
} from "./helm-judge.ts";
import { libraryChart, plainChart } from "./pacs-charts.ts";

const required = process.env.PACSLINT_REQUIRE_HELM !== undefined;

test.runIf(required)("the real Helm is there", () => {
  expect(hasHelm).toBe(true);
});

/** What differs from Helm of that version, and what ours leaves open. */
function judged(files: Files, version: Version, valueFiles: readonly string[] = []) {
  const real = realText(files, version, valueFiles);
  if ("refused" in real) return real;
  const { documents, told } = ownDocuments(files, valueFiles);
  return { ...compared(documents, documentsOf(real.text)), told };
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

  test.each([
    ["plain", plainChart],
    ["with a library", libraryChart],
  ])("the report of a chart (%s) is that of the rendered one, save for places", (_, files) => {
    const real = realText(files, version, [], "pacs");
    if ("refused" in real) throw new Error(real.refused);
    const own = report(files, ".");
    expect(own.findings.length).toBeGreaterThan(3);
    expect(own).toEqual(report({ stdin: real.text }, "stdin"));
  });
});

/** What is found, and who gets in from where. */
function report(files: Files, path: string) {
  const { report } = lintFiles(files, { paths: [path], audience: "strict" });
  return {
    findings: report.findings.map(({ severity, rule, message }) => `${severity} ${rule} ${message}`).sort(),
    entries: report.deployments
      .flatMap(({ services }) =>
        services.flatMap(({ name, listeners }) =>
          listeners.flatMap(({ protocol, port, entries }) => [
            `${name} ${protocol} ${String(port)}`,
            ...entries.map(({ reach, through }) => `${String(reach)} ${through}`),
          ]),
        ),
      )
      .sort(),
  };
}
