/** What a run read, how it took each file, how the deployment hangs together, and what was taken for granted. */
import { isUnknown } from "../facts/unknown.ts";
import type {
  Location,
  Report,
  ReportedDeployment,
  ReportedListener,
  ReportedProblem,
  ReportedRoute,
  ReportedService,
} from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { drawingOf, keptBy, protocolOf, serviceTitle, throughOf, type Way, zoneName } from "./drawing.ts";
import { groupBy } from "./group.ts";
import { count, hanging, harmless, padTo, sentence } from "./layout.ts";
import { spans } from "./products.ts";
import { createStyle, type Style } from "./style.ts";
import { type Branch, drawTree } from "./tree.ts";

/** The same for programs: the parts of the report that tell of the input. */
export function doctorData(report: Report): object {
  const { version, tool, deployments, attackPaths, problems, assumptions } = report;
  return { version, tool, deployments, attackPaths, problems, assumptions };
}

/** Deployment by deployment: services, ways in, files, assumptions; then what was left out. */
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
  const tree = (branches: readonly Branch[]) => drawTree(branches, { ...options, words: style.words });
  const ways = wayBranches(deployment, report);
  const paths = own(report.attackPaths);
  return [
    `${style.bold(harmless(deployment.id))}   ${formName[deployment.form]} in ${harmless(deployment.root)}`,
    ...deployment.services.flatMap((service) => [
      `  ${style.bold(harmless(serviceTitle(service)))}`,
      ...tree(serviceBranches(service, deployment)),
    ]),
    ...(ways.length === 0 ? [] : [`  ${style.bold("Who gets in from where")}`, ...tree(ways)]),
    ...(paths.length === 0 ? [] : [`  ${style.bold("Attack paths")}`]),
    ...paths.flatMap(({ text, suppression }, index) =>
      hanging(
        `    ${index + 1}. `,
        style.words(`${text}${suppression === undefined ? "" : ` (suppressed: ${suppression.reason})`}.`),
        options.width,
      ),
    ),
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
  commands: "started by the commands of a script",
  image: "an image",
  host: "installed on the host",
  unlinked: "files that no service uses",
};

/** What is known of a service, a line each. */
function serviceBranches(service: ReportedService, deployment: ReportedDeployment): readonly Branch[] {
  const { image, network, routes = [], startup, listeners } = service;
  const files = deployment.files.filter(({ linked }) => linked === service.name);
  const listed = (name: string, items: readonly string[]): readonly Branch[] =>
    items.length === 0 ? [] : [{ text: `${name}: ${items.join(", ")}` }];
  return [
    { text: `release: ${releaseText(service)}` },
    ...(image === undefined ? [] : [{ text: `image: ${shortImage(image)}` }]),
    {
      text: `start: ${startText(startup.verdict)}`,
      children: startup.reasons.map(({ message, location }) => ({ text: `${placed(location)}${message}` })),
    },
    ...listeners.map((listener) => ({ text: listenerText(listener) })),
    ...[...new Set(routes.map(routeText))].map((text) => ({ text })),
    ...(network?.kind === "host" && deployment.form === "compose"
      ? [{ text: "network: that of the host" }]
      : listed("networks", network?.networks ?? [])),
    ...listed(
      "files",
      files.map(({ path }) => withoutRoot(path, deployment.root)),
    ),
  ];
}

/** Routes for different methods may read alike. */
function routeText({ through, to, paths }: ReportedRoute): string {
  return `passes on ${paths.join(" ") || "connections"} to ${isUnknown(to) ? "an unknown server" : to}: ${throughOf(through).route}`;
}

/** A digest tells nobody anything by its second half. */
function shortImage(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{8})[0-9a-f]{8,}$/u, "$1…");
}

function startText(verdict: ReportedService["startup"]["verdict"]): string {
  if (isUnknown(verdict)) return "whether it would start is not known";
  return verdict === "starts" ? "it would start" : "it would not start";
}

const reachText: Readonly<Record<string, string>> = {
  none: "off",
  container: "reached by itself only",
  host: "reached from this host",
  internal: "reached from its networks",
  network: "reached from the network around the host",
  internet: "reached from the Internet",
};

function listenerText(listener: ReportedListener): string {
  const { port, reach, purpose } = listener;
  const name = `${protocolOf(listener)} ${isUnknown(port) ? "on an unknown port" : String(port)}`;
  if (reach === "none") return `${name}: off`;
  const from = isUnknown(reach) ? "reach not known" : (reachText[reach] ?? reach);
  return `${name}: ${[from, ...keptBy(listener, listener.role === "proxy")].join(", ")}${purpose === undefined ? "" : `; ${purpose}`}`;
}

/** Zone by zone who gets in, then who stands side by side. */
function wayBranches(deployment: ReportedDeployment, report: Report): readonly Branch[] {
  const { ways, networks } = drawingOf(deployment, report);
  const outside = ways.filter(({ zone }) => zone !== "internal");
  const zones = [...groupBy(outside, ({ zone }) => zone)].map(
    ([zone, found]): Branch => ({ text: zoneName[zone], children: found.map(wayBranch) }),
  );
  const side = networks.map(
    ({ network, services }): Branch => ({
      text: `network ${network}: ${services.length === 1 ? `${services[0]} alone` : `${services.join(", ")} reach each other`}`,
    }),
  );
  return [...zones, ...side];
}

function wayBranch({ address, service, through, kept, open }: Way): Branch {
  const chain = [address, ...(through === undefined ? [] : [through.proxy]), service].join(" → ");
  const route = through === undefined ? "" : `; ${through.route}`;
  return { text: `${open ? "OPEN " : ""}${chain}: ${kept.join(", ")}${route}` };
}

function withoutRoot(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** Releases that say nothing: of products whose release plays no part. */
const noRelease = "0";

const why: Readonly<Record<string, string>> = {
  flag: "as the command line says",
  image: "from the image's tag",
  config: "from the configuration",
  package: "from the installed package",
  assumed: "assumed, as nothing says which one runs",
};

/** The options that state a release. */
const releaseOptions: Readonly<Record<string, string>> = {
  orthanc: "--orthanc-version",
  dcm4chee: "--dcm4chee-version",
};

function releaseText({ product, version }: ReportedService): string {
  const option = releaseOptions[product];
  const how = version.from === "assumed" && option !== undefined ? `; ${option} does` : "";
  const reason = `${why[version.from] ?? version.from}${how}`;
  if (version.candidates.every((candidate) => candidate === noRelease)) return "not known";
  if (version.value !== null) return `${version.value}, ${reason}`;
  if (version.from === "image")
    return `not known, as the image's tag is moved; ${judgedFor(version.candidates)}`;
  return `not known (${reason}); ${judgedFor(version.candidates)}`;
}

/** A long list by its ends. */
function judgedFor(releases: readonly string[]): string {
  if (releases.length <= 6) return `judged for each of ${releases.join(", ")}`;
  return `judged for each of ${releases.length} releases at which something changes, ${spans(releases)}`;
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
