/** The pacslint.yaml that a site starts from. */
import files from "../../generated/starters.js";
import { productName, spans } from "../reports/products.ts";
import type { Report } from "../triage/report.ts";

/**
 * The file: a profile, what was found as comments, and what else can be written, commented out. `open`: rules that cannot
 * be decided from the files of a starter, because passwords and certificates are kept out of them.
 */
export function siteConfig(profile: string, found: readonly string[], open: readonly string[]): string {
  const comments = found.map((line) => `# ${line}\n`).join("");
  const entries = open
    .map(
      (rule) => `  - rule: ${rule}
    reason: ${keptOut}
`,
    )
    .join("");
  return [
    "# What this site asks of its PACS. pacslint reads it for everything in and below this folder.\n",
    comments,
    "\n# What has to be closed: baseline, hospital, internet-facing or vendor-qa, each more than the one before.\n",
    `profile: ${profile}\n`,
    entries === "" ? "" : `\naccept-undetermined:\n${entries}`,
    files["site/pacslint.yaml"] ?? "",
  ].join("");
}

const keptOut = "addresses, passwords and certificates are kept out of these files; START.md tells of them";

/** What a run found, in sentences: the servers, and how far the deployments are from the profiles. */
export function foundIn(report: Report): readonly string[] {
  const servers = report.deployments
    .filter(({ form }) => form !== "unlinked")
    .map(({ id, services }) => `${id}: ${services.map(serverText).join(", ")}`);
  return servers.length === 0
    ? ["No server was found below this folder."]
    : ["Found when this was written:", ...servers];
}

function serverText({ product, version }: Report["deployments"][number]["services"][number]): string {
  const release = version.value ?? (version.candidates.length > 1 ? spans(version.candidates) : "");
  return `${productName(product)} ${release}`.trimEnd();
}
