/**
 * `helmCharts` of a kustomization, as far as the chart lies beside it: kustomize would fetch the others, which is never done here.
 * Source: sigs.k8s.io/kustomize/api/types/helmchartargs.go and api/internal/builtins/HelmChartInflationGenerator.go (5.7): the home
 * of charts is "charts"; one with `repo` and `version` lies in a folder "name-version" of its own; `valuesInline` is laid over the
 * files of values (`valuesMerge: override`).
 */
import { type Files, joinPath } from "../../../sources/files.ts";
import type { Sources } from "../../../sources/source.ts";
import type { Tree } from "../../../sources/tree.ts";
import type { Problem } from "../../model.ts";
import { type RenderedChart, renderChart } from "../helm/chart.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";

/** A chart with its folder, or what is told instead. */
export type ChartOf =
  | { readonly state: "rendered"; readonly folder: string; readonly chart: RenderedChart }
  | { readonly state: "absent"; readonly problem: Problem };

/** The charts of a kustomization. */
export function chartsOf(
  kustomization: Tree,
  folder: string,
  files: Files,
  sources: Sources,
): readonly ChartOf[] {
  const home = joinPath(folder, wordAt(kustomization, "helmGlobals", "chartHome") ?? "charts");
  return itemsAt(kustomization, "helmCharts").map((entry): ChartOf => {
    const name = wordAt(entry, "name") ?? "";
    const version = wordAt(entry, "version");
    const places = [
      joinPath(home, name),
      ...(version === undefined ? [] : [joinPath(home, `${name}-${version}/${name}`)]),
    ];
    const found = places.find((path) => files.stat(joinPath(path, "Chart.yaml"))?.kind === "file");
    if (found === undefined) {
      const message = `the chart ${name} is kept elsewhere and not fetched: what it holds is not judged`;
      return { state: "absent", problem: { kind: "unresolved", message, where: placeOf(entry) } };
    }
    const values = [valueAt(entry, "valuesFile"), ...itemsAt(entry, "additionalValuesFiles")].flatMap(
      (item) => {
        const path = item && textValue(item)?.value;
        return path === undefined ? [] : [joinPath(folder, path)];
      },
    );
    const chart = renderChart(found, values, files, sources, valueAt(entry, "valuesInline"));
    return { state: "rendered", folder: found, chart };
  });
}
