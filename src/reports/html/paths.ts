/** The attack paths: who gets where, as a chain of lines. */
import type { AttackPath, Report } from "../../triage/report.ts";
import { spans } from "../products.ts";
import { anchor, type Html, html } from "./markup.ts";

/** All attack paths, those that nobody accepted first. */
export function attackPathSection({ attackPaths, deployments }: Report): Html {
  const open = attackPaths.filter(({ suppression }) => suppression === undefined);
  const accepted = attackPaths.filter(({ suppression }) => suppression !== undefined);
  const several = deployments.length > 1;
  const roots = new Map(deployments.map(({ id, root }) => [id, root]));
  const lead =
    open.length === 0
      ? html`<p>No way was found by which a stranger gets at images, names of patients or the server.</p>`
      : html`<p>How a stranger gets in: each line on the way makes the next one possible. Closing one of them closes the path.</p>`;
  return html`<section id="paths" aria-labelledby="paths-title"><h2 id="paths-title">Attack paths <span class="number">${open.length}</span></h2>
${lead}
<ol class="paths">${[...open, ...accepted].map((path) => attackPath(path, roots.get(path.deployment) ?? "", several))}</ol></section>`;
}

function attackPath(path: AttackPath, root: string, several: boolean): Html {
  const { suppression, versions, outcome } = path;
  const steps = path.steps.map(
    ({ text, location }) =>
      html`<li><span>${text}</span>${location !== undefined && html` <code>${below(location.file, root)}:${location.line}</code>`}</li>`,
  );
  const where = [several ? path.deployment : "", path.service].filter(Boolean).join(" / ");
  return html`<li class="path${suppression === undefined ? "" : " accepted"}">
<h3>${sentenceCase(outcome)} <span class="where"><a href="#${anchor("d", path.deployment)}">${where}</a></span></h3>
<ol class="steps">${steps}</ol>
${versions.length > 0 && html`<p class="note">At releases ${spans(versions)}.</p>`}
${suppression !== undefined && html`<p class="note">Accepted: ${suppression.reason} (${suppression.location.file}:${suppression.location.line})</p>`}
</li>`;
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Steps are short: their files are told from the deployment's folder on. */
function below(file: string, root: string): string {
  return root !== "" && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
}
