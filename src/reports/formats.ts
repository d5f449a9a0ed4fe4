/** The formats of a report: the one table. Each is loaded when it is asked for, as most runs want one. */
import type { Report } from "../triage/report.ts";
import type { ReportContext, ReportOptions } from "./context.ts";

/** Makes the document: pure, so that all formats of a run say the same. */
export type Render = (report: Report, context: ReportContext, options: ReportOptions) => string;

interface Format {
  /** For whom it is, after the name: "json: for programs". */
  readonly what: string;
  load(): Promise<Render>;
}

/** By the name that `--format` takes. */
export const formats = {
  text: { what: "for people", load: async () => (await import("./text.ts")).renderText },
  json: { what: "for programs", load: async () => (await import("./json.ts")).renderJson },
  ndjson: {
    what: "JSON, one deployment a line",
    load: async () => (await import("./json.ts")).renderNdjson,
  },
  sarif: {
    what: "SARIF 2.1.0, for code scanning",
    load: async () => (await import("./sarif/sarif.ts")).renderSarif,
  },
  junit: { what: "JUnit XML", load: async () => (await import("./junit.ts")).renderJunit },
  github: {
    what: "annotations of GitHub Actions",
    load: async () => (await import("./github.ts")).renderGithub,
  },
  gitlab: { what: "GitLab code quality", load: async () => (await import("./gitlab.ts")).renderGitlab },
  markdown: {
    what: "a comment for a pull request",
    load: async () => (await import("./markdown.ts")).renderMarkdown,
  },
  csv: { what: "a table", load: async () => (await import("./csv.ts")).renderCsv },
  "compliance-csv": {
    what: "a table of the standards that --compliance names",
    load: async () => (await import("./compliance-csv.ts")).renderComplianceCsv,
  },
  html: {
    what: "one file for screen, print and archive",
    load: async () => (await import("./html/page.ts")).renderHtml,
  },
  mermaid: { what: "a diagram", load: async () => (await import("./mermaid.ts")).renderMermaid },
} as const satisfies Readonly<Record<string, Format>>;

/** A name that `--format` takes. */
export type FormatName = keyof typeof formats;

/** Whether there is such a format. */
export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}
