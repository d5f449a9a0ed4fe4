/**
 * Published weaknesses of the release, with what they allow in this configuration.
 * Source: data/advisories.json; Debian's changelog for what its packages have fixed before the release that did.
 */
import advisoryData from "../../../data/advisories.json" with { type: "json" };
import type { AdvisoryFact } from "../../facts/facts.ts";
import type { Json } from "../../facts/json.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, or, unknown } from "../../facts/unknown.ts";
import type { Opening } from "../product.ts";
import { compareVersions } from "../version.ts";
import { optionAt } from "./catalogue.ts";
import { titles } from "./dicom.ts";
import { isDebian, type OrthancModel } from "./model.ts";
import { plugin } from "./plugins.ts";
import { scalarText } from "./settings.ts";
import { deriveLogin } from "./users.ts";

interface Advisory {
  readonly id: string;
  readonly product: string;
  readonly affected: readonly { readonly from?: string; readonly below?: string; readonly upTo?: string }[];
  readonly fixed: string | null;
  readonly severity: string;
  readonly allows: string;
  readonly when?: {
    readonly listener?: readonly string[];
    readonly auth?: string;
    readonly option?: Readonly<Record<string, Json>>;
    readonly optionSet?: readonly string[];
    readonly plugin?: string;
    readonly os?: string;
  };
  readonly matchable: boolean;
}

const advisories: readonly Advisory[] = advisoryData.advisories;

/** One fact for each advisory that speaks of this release; `openings` are the listeners and entries of the service. */
export function advisoryFacts(model: OrthancModel, openings: readonly Opening[]): readonly AdvisoryFact[] {
  return advisories
    .filter(
      (advisory) =>
        concerns(model, advisory) && advisory.affected.some((range) => contains(range, model.version)),
    )
    .map((advisory) => advisoryFact(model, advisory, openings));
}

/**
 * Those that certainly count here as one fact, which lists their ids; those that may count as they are. Where the release
 * is not known, neither is whether any counts.
 */
export function joinAdvisories(model: OrthancModel, facts: readonly AdvisoryFact[]): readonly AdvisoryFact[] {
  const counting = facts.filter((fact) => fact.applies === true && !toldByRules.has(fact.advisory));
  const open = facts.filter((fact) => isUnknown(fact.applies));
  const worst = [...counting]
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .at(-1);
  if (worst === undefined) return open;
  const id = `${model.service.name}/advisories`;
  if (model.service.version.value === null) {
    return [{ ...worst, id, applies: unknown("version", "the release that runs is not known") }];
  }
  const fixes = counting.flatMap((fact) => fact.fixed ?? []).sort(compareVersions);
  const { origins } = worst;
  const causes = counting.flatMap((fact) => fact.origins["/applies"] ?? []);
  const joined: AdvisoryFact = {
    ...worst,
    id,
    advisories: counting.map((fact) => fact.advisory),
    fixed: fixes.at(-1) ?? null,
    origins: { ...origins, "/applies": causes },
  };
  return [joined, ...open];
}

/** What a rule of its own tells, with the line that causes it. */
const toldByRules = new Set([
  "ORTHANC-DEBIAN-HTTPS",
  "ORTHANC-DICOMTLS-RETIRED-PROFILE",
  "ORTHANC-ISSUE-252",
  "ORTHANC-MULTI-AET",
  "ORTHANC-NEWS-1.9.3-CHECKHOST",
]);

const severities: readonly AdvisoryFact["severity"][] = ["low", "medium", "high", "critical"];

function concerns(model: OrthancModel, advisory: Advisory): boolean {
  return advisory.product === "orthanc" || (advisory.product === "orthanc-debian" && isDebian(model));
}

function contains(range: Advisory["affected"][number], version: string): boolean {
  if (range.from !== undefined && compareVersions(version, range.from) < 0) return false;
  if (range.below !== undefined && compareVersions(version, range.below) >= 0) return false;
  return range.upTo === undefined || compareVersions(version, range.upTo) <= 0;
}

function advisoryFact(model: OrthancModel, advisory: Advisory, openings: readonly Opening[]): AdvisoryFact {
  const release = releaseOrigin(model);
  const causes = causesOf(model, advisory, openings);
  return {
    kind: "advisory",
    id: `${model.service.name}/advisory/${advisory.id}`,
    service: model.service.name,
    product: "orthanc",
    advisory: advisory.id,
    advisories: [advisory.id],
    severity: severityOf(advisory.severity),
    fixed: advisory.fixed,
    allows: allowsHere(advisory, openings),
    applies: applies(model, advisory, openings),
    origins: { "": [release], "/advisory": [release], "/applies": [...causes, release] },
  };
}

function severityOf(severity: string): AdvisoryFact["severity"] {
  return severity === "critical" || severity === "high" || severity === "medium" ? severity : "low";
}

function releaseOrigin(model: OrthancModel): Origin {
  const by = `Orthanc ${model.version}`;
  return model.service.at === undefined ? { kind: "absent", by } : fromPlace(model.service.at, by);
}

/** Whether the precondition holds here. */
function applies(model: OrthancModel, advisory: Advisory, openings: readonly Opening[]): Maybe<boolean> {
  const { when } = advisory;
  const conditions: Maybe<boolean>[] = [builtIn(model, advisory.id), special(model, advisory.id)];
  if (when?.listener !== undefined) conditions.push(openToStrangers(when.listener, openings));
  if (when?.auth === "none") conditions.push(withoutLogin(openings));
  for (const [path, value] of Object.entries(when?.option ?? {}))
    conditions.push(hasValue(model, path, value));
  if (when?.optionSet !== undefined)
    conditions.push(or(...when.optionSet.map((path) => isChanged(model, path))));
  if (when?.plugin !== undefined) conditions.push(plugin(model.plugins, when.plugin).loaded);
  if (when?.os === "windows") conditions.push(onWindows(model));
  return and(...conditions);
}

/** Debian's packages use libraries of the system, which have fixes of their own. */
const libraries = new Set([
  "CVE-2025-55763",
  "ORTHANC-DCMTK-BUNDLE",
  "CVE-2023-45853",
  "CVE-2026-10528",
  "ZSL-2016-5380",
]);

function builtIn(model: OrthancModel, id: string): Maybe<boolean> {
  return !libraries.has(id) || !isDebian(model);
}

/** Preconditions that the data can only tell in words. */
function special(model: OrthancModel, id: string): Maybe<boolean> {
  if (id === "CVE-2023-33466") return exportOpen(model);
  if (id === "ORTHANC-ISSUE-252") {
    const login = deriveLogin(model.settings);
    return or(
      login.users.some((user) => user.name.includes(":")),
      login.usersUnknown,
    );
  }
  if (id === "ORTHANC-MULTI-AET") return titles(model).some(([, entries]) => entries.length > 1);
  return true;
}

/** Debian 12 has the option that closes the export since 1.10.1+dfsg-2+deb12u1; its 1.9.1 has it as well (measured). */
function exportOpen(model: OrthancModel): Maybe<boolean> {
  const { build } = model.service.version;
  const set = model.settings.find(["RestApiWriteToFileSystemEnabled"]);
  if (set?.kind === "boolean" && set.value) return true;
  if (isUnknown(build))
    return unknown("input", "Debian's packages have the fix, other builds of this release do not");
  return build !== "debian";
}

const wide = new Set(["internal", "network", "internet"]);

/** HTTP: somebody on another machine gets an answer. DICOM: a stranger may send images. */
function openToStrangers(protocols: readonly string[], openings: readonly Opening[]): Maybe<boolean> {
  const sending = protocols.includes("dicom") && protocols.includes("http");
  const verdicts = openings
    .filter((opening) => protocols.includes(opening.protocol))
    .map((opening) => {
      const reached = map(opening.reach, (reach) => wide.has(reach));
      return opening.protocol === "dicom"
        ? and(reached, admitsDicom(opening, sending))
        : and(reached, sending ? (opening.anonymous?.write ?? false) : true);
    });
  return or(...verdicts);
}

function admitsDicom(opening: Opening, sending: boolean): Maybe<boolean> {
  if (!sending) return true;
  return or(
    opening.unknownPeer?.store ?? false,
    ...Object.values(opening.spoofedPeer ?? {}).map((allowed) => allowed.store),
  );
}

function withoutLogin(openings: readonly Opening[]): Maybe<boolean> {
  return or(
    ...openings
      .filter((opening) => opening.protocol === "http")
      .map((opening) => map(opening.auth.mode, (mode) => mode === "none")),
  );
}

function hasValue(model: OrthancModel, path: string, value: Json): Maybe<boolean> {
  const { settings } = model;
  if (path === "AuthenticationEnabled")
    return map(deriveLogin(settings).authentication.value, (on) => on === value);
  if (typeof value === "boolean") return map(settings.boolean(path).value, (on) => on === value);
  return typeof value === "number" ? map(settings.integer(path).value, (number) => number === value) : false;
}

function isChanged(model: OrthancModel, path: string): Maybe<boolean> {
  const tree = model.settings.find([path]);
  if (tree === undefined) return false;
  if (tree.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  return scalarText(tree) !== String(optionAt(path)?.default ?? "");
}

/** A path with a drive letter is one of Windows, one that starts with a slash is not. */
function onWindows(model: OrthancModel): Maybe<boolean> {
  const paths = model.service.configuration.map((source) => source.path);
  if (paths.some((path) => /^[a-z]:/iu.test(path))) return true;
  if (
    model.service.network.kind === "container" ||
    isDebian(model) ||
    paths.some((path) => path.startsWith("/"))
  )
    return false;
  return unknown("input", "the operating system of the server is not known");
}

/** What it allows, and to whom here. */
function allowsHere(advisory: Advisory, openings: readonly Opening[]): string {
  const text = advisory.allows.replace(/\.$/u, "");
  const clause =
    /^[A-Z](?![A-Z0-9-])/u.test(text) && !/^(?:DICOM|HTTP|C-FIND)/u.test(text)
      ? text.charAt(0).toLowerCase() + text.slice(1)
      : text;
  return advisory.when?.listener === undefined
    ? clause
    : `${clause}${byWhom(advisory.when.listener, openings)}`;
}

function byWhom(protocols: readonly string[], openings: readonly Opening[]): string {
  const reached = outermost(openings.filter((opening) => protocols.includes(opening.protocol)));
  if (reached.length === 0) return "";
  const ports = [...new Set(reached.flatMap((opening) => (isUnknown(opening.port) ? [] : [opening.port])))];
  const where = ports.length === 0 ? "the server" : `port ${ports.join(" or ")}`;
  if (reached.every(({ reach }) => reach === "internal")) return `; other containers reach ${where}`;
  const anybody = reached.some((opening) => opening.protocol === "dicom" || opening.auth.mode === "none");
  return anybody ? `; ${where} is open to anybody` : `; ${where} can be reached, and asks for a login`;
}

/** The ways in for other hosts, by the ports that these use; where there are none, those for other containers. */
function outermost(openings: readonly Opening[]): readonly Opening[] {
  const reachable = openings.filter(({ reach }) => !isUnknown(reach) && wide.has(reach));
  const entries = reachable.filter(({ kind, reach }) => kind === "entry" && reach !== "internal");
  return entries.length > 0 ? entries : reachable;
}

/** The lines that open the server to it. */
function causesOf(model: OrthancModel, advisory: Advisory, openings: readonly Opening[]): readonly Origin[] {
  const options = [...Object.keys(advisory.when?.option ?? {}), ...(advisory.when?.optionSet ?? [])];
  const concerned = openings.filter(
    (opening) => advisory.when?.listener?.includes(opening.protocol) === true,
  );
  const reached = outermost(concerned).flatMap((opening) => opening.origins["/reach"] ?? []);
  return [...options.map((path) => model.settings.originOf(path.split("."))), ...reached.slice(0, 2)];
}
