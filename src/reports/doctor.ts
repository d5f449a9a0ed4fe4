/** What a run read, how it took each file, and what it took for granted: to be looked at when a report surprises. */
import { isUnknown } from "../facts/unknown.ts";
import type {
  Location,
  Report,
  ReportedDeployment,
  ReportedProblem,
  ReportedService,
} from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { count, hanging, harmless, padTo, sentence } from "./layout.ts";
import { productName } from "./products.ts";
import { createStyle, type Style } from "./style.ts";

/** The same for programs: the parts of the report that tell of the input. */
export function doctorData(report: Report): object {
  const { version, tool, deployments, problems, assumptions } = report;
  return { version, tool, deployments, problems, assumptions };
}

/** Deployment by deployment: services, files, assumptions; then what was left out. */
export function renderDoctor(report: Report, options: TextOptions): string {
  const style = createStyle(options);
  const blocks = report.deployments.map((deployment) => deploymentLines(deployment, report, style, options));
  const loose = report.problems.filter(({ deployment }) => deployment === null);
  const others =
    loose.length === 0 ? [] : [["Not part of a deployment", ...problemLines(loose, style, options)]];
  const total = new Set(report.deployments.flatMap(({ files }) => files.map(({ path }) => path))).size;
  const end = `${count(report.deployments.length, "deployment")}, ${count(total, "file")} read, ${count(report.problems.length, "problem")}.`;
  return `${[...blocks, ...others, [end]].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function deploymentLines(
  deployment: ReportedDeployment,
  report: Report,
  style: Style,
  options: TextOptions,
): string[] {
  const own = <T extends { readonly deployment: string | null }>(items: readonly T[]) =>
    items.filter((item) => item.deployment === deployment.id);
  const problems = own(report.problems);
  return [
    `${style.bold(harmless(deployment.id))}   ${formName[deployment.form]} in ${harmless(deployment.root)}`,
    ...deployment.services.flatMap((service) => serviceLines(service, style, options)),
    ...(deployment.files.length === 0 ? [] : ["  Files", ...fileLines(deployment, style)]),
    ...own(report.assumptions).flatMap(({ message }) =>
      sentence("  Assumed", style.words(message), options.width),
    ),
    ...(problems.length === 0 ? [] : ["  Problems", ...problemLines(problems, style, options)]),
  ];
}

const formName: Readonly<Record<ReportedDeployment["form"], string>> = {
  compose: "Docker Compose",
  kubernetes: "Kubernetes",
  host: "installed on the host",
  unlinked: "files that no service uses",
};

function serviceLines(service: ReportedService, style: Style, options: TextOptions): string[] {
  const name =
    service.name === service.product
      ? productName(service.product)
      : `${productName(service.product)} (${service.name})`;
  const { verdict, reasons } = service.startup;
  const starts = isUnknown(verdict)
    ? "Whether it would start is not known"
    : verdict === "starts"
      ? "It would start"
      : "It would not start";
  const listeners = service.listeners.map(
    ({ protocol, port, reach }) => `${protocol} ${shown(port)} (reach: ${shown(reach)})`,
  );
  return [
    `  ${style.bold(harmless(name))}`,
    ...hanging("    Release: ", style.words(releaseText(service)), options.width),
    ...hanging("    Start:   ", style.words(`${starts}.`), options.width),
    ...reasons.flatMap(({ message, location }) =>
      hanging("             ", style.words(`${placed(location)}${message}`), options.width),
    ),
    ...(listeners.length === 0
      ? []
      : hanging("    Listens: ", style.words(listeners.join(", ")), options.width)),
  ];
}

function shown(value: unknown): string {
  return isUnknown(value) ? "unknown" : String(value);
}

const why: Readonly<Record<string, string>> = {
  flag: "as the command line says",
  image: "from the image's tag",
  config: "from the configuration",
  package: "from the installed package",
  assumed: "assumed, as nothing says which one runs; --orthanc-version does",
};

function releaseText({ version }: ReportedService): string {
  const reason = why[version.from] ?? version.from;
  if (version.value !== null) return `${version.value}, ${reason}.`;
  return `not known (${reason}); judged for each of ${version.candidates.join(", ")}.`;
}

function fileLines({ files }: ReportedDeployment, style: Style): string[] {
  const paths = files.map(({ path }) => harmless(path));
  const column = Math.min(44, Math.max(0, ...paths.map((path) => path.length)));
  return files.map(({ kind, linked }, index) => {
    const use = linked === null ? kind : `${kind}, used by ${linked}`;
    return `    ${style.file(padTo(paths[index] ?? "", column))}  ${harmless(use)}`;
  });
}

function problemLines(problems: readonly ReportedProblem[], style: Style, options: TextOptions): string[] {
  return problems.flatMap(({ kind, message, location }) => {
    const named = location !== undefined && message.startsWith(location.file);
    const text = style.words(named ? message : `${placed(location)}${message}`);
    return hanging(`    ${padTo(kind, 13)} `, text, options.width);
  });
}

function placed(location: Location | undefined): string {
  return location === undefined ? "" : `${location.file}:${location.line}:${location.column}: `;
}
