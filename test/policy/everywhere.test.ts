/** Every finding of the examples can be suppressed where it stands, by a comment in its file's own format, and alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding, Report } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

const folder = join(import.meta.dirname, "../../examples");

type Files = Readonly<Record<string, string>>;

function filesOf(example: string): Files {
  const names = readdirSync(join(folder, example), { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile() && !entry.name.startsWith("expected"))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(join(folder, example).length + 1), readFileSync(path, "utf8")];
      }),
  );
}

function report(files: Files): Report {
  return lintFiles(files, { audience: "audit", paths: ["."], orthancVersion: "1.12.7" }).report;
}

const key = ({ rule, fact, location }: Finding) => `${rule} ${fact} ${location.file}`;

/** The comment signs of a file; undefined where its format has none. */
function commentFor(file: string, line: string, text: string): string | undefined {
  if (/device.*\.json$|realm.*\.json$/i.test(file)) return undefined;
  // JSON of Orthanc also stands in manifests.
  if (file.endsWith(".json") || /^\s*[{"]/.test(line)) return `// ${text}`;
  return file.endsWith(".xml") ? `<!-- ${text} -->` : `# ${text}`;
}

function withComment(files: Files, { rule, location }: Finding): Files | undefined {
  const lines = (files[location.file] ?? "").split("\n");
  const line = lines[location.line - 1] ?? "";
  const comment = commentFor(location.file, line, `pacslint-ignore ${rule}: tried here`);
  if (comment === undefined) return undefined;
  const at = location.line - 1;
  const indent = /^\s*/.exec(lines[at] ?? "")?.[0] ?? "";
  // What stands before the first element of XML has to stay there.
  if (at === 0 && location.file.endsWith(".xml")) return undefined;
  return {
    ...files,
    [location.file]: [
      ...lines.slice(0, at),
      indent.replaceAll(/[^\s]/g, "") + comment,
      ...lines.slice(at),
    ].join("\n"),
  };
}

test.each(readdirSync(folder))(
  "%s",
  (example) => {
    const files = filesOf(example);
    const before = report(files);
    let tried = 0;
    for (const finding of before.findings) {
      const changed = withComment(files, finding);
      if (changed === undefined) continue;
      tried++;
      const after = report(changed);
      const own = after.findings.filter((one) => key(one) === key(finding));
      expect(
        own.map(({ state }) => state),
        `${key(finding)}:${finding.location.line}`,
      ).toContain("suppressed");
      const silenced = after.findings.filter(({ state }) => state === "suppressed");
      const beyond = silenced.filter(
        ({ rule, location }) => rule !== finding.rule || location.line !== finding.location.line + 1,
      );
      expect(beyond.map(key), key(finding)).toEqual([]);
      const kept = new Set(after.findings.map(key));
      expect(before.findings.map(key).filter((one) => !kept.has(one))).toEqual([]);
      expect(after.findings.filter(({ rule }) => rule.startsWith("suppression-")).map(key)).toEqual([]);
    }
    expect(tried).toBeGreaterThan(0);
  },
  120_000,
);
