/** What templates find under the dot. Source: helm.sh/docs/chart_template_guide/builtin_objects. */
import { apiVersions, kubeVersion } from "./capabilities.ts";
import { type Chart, nowhere } from "./load.ts";
import {
  type Dict,
  dictTree,
  fieldOf,
  flagTree,
  type Known,
  listTree,
  numberTree,
  setMember,
  wordTree,
} from "./values.ts";

/** The name that `helm template` gives a release when none is told. */
export const releaseName = "release-name";

const word = (text: string): Known => wordTree(text, nowhere);

/** The dot of a chart, but for `.Template`; `path` is the chart's among all: "pacs/charts/db". */
export function chartContext(chart: Chart, values: Dict, isRoot: boolean): Dict {
  const below = chart.below.map((sub): readonly [string, Known] => {
    const own = fieldOf(values, [sub.name]);
    return [sub.name, chartContext(sub, own?.kind === "object" ? own : dictTree([], nowhere), false)];
  });
  return dictTree(
    [
      ["Values", values],
      ["Chart", metaOf(chart, isRoot)],
      ["Release", release()],
      ["Capabilities", capabilities()],
      ["Files", dictTree([["folder", word(chart.folder)]], nowhere)],
      ["Subcharts", dictTree(below, nowhere)],
    ],
    nowhere,
  );
}

/** The dot of one template. */
export function templateContext(context: Dict, path: string, chartPath: string): Dict {
  const own: Dict = { ...context, members: [...context.members] };
  setMember(
    own,
    "Template",
    dictTree(
      [
        ["Name", word(`${chartPath}/${path}`)],
        ["BasePath", word(`${chartPath}/templates`)],
      ],
      nowhere,
    ),
  );
  return own;
}

/** Chart.yaml writes its keys small, templates write them large; versions are texts. */
function metaOf({ name, meta }: Chart, isRoot: boolean): Dict {
  const fields = new Map<string, Known>([
    ["Name", word(name)],
    ["Version", word("")],
    ["AppVersion", word("")],
    ["Description", word("")],
    ["Type", word("")],
  ]);
  for (const { key, value } of meta.members) {
    const large = key === "apiVersion" ? "APIVersion" : `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    fields.set(large, value.kind === "number" ? wordTree(String(value.value), value) : value);
  }
  fields.set("IsRoot", flagTree(isRoot, nowhere));
  return dictTree(fields, nowhere);
}

function release(): Dict {
  return dictTree(
    [
      ["Name", word(releaseName)],
      ["Namespace", word("default")],
      ["Service", word("Helm")],
      ["IsInstall", flagTree(true, nowhere)],
      ["IsUpgrade", flagTree(false, nowhere)],
      ["Revision", numberTree(1, nowhere)],
    ],
    nowhere,
  );
}

function capabilities(): Dict {
  const { major, minor } = kubeVersion;
  const version = `v${major}.${minor}.0`;
  return dictTree(
    [
      [
        "KubeVersion",
        dictTree(
          [
            ["Version", word(version)],
            ["GitVersion", word(version)],
            ["Major", word(major)],
            ["Minor", word(minor)],
          ],
          nowhere,
        ),
      ],
      ["APIVersions", listTree(apiVersions.map(word), nowhere)],
      ["HelmVersion", dictTree([["Version", word("v4.1.4")]], nowhere)],
    ],
    nowhere,
  );
}
