/** How strangers get to something: for each entry that gives them anything, one path as its chain of lines. */
import type { ContainerFact, EntryFact, Reach, UnitFact } from "../facts/facts.ts";
import { type Origin, placeOf } from "../facts/origin.ts";
import type { Decision } from "../policy/ruling.ts";
import { asWhom } from "../products/host/unit.ts";
import type { AnalysisScenario } from "../reach/analyse.ts";
import { rank } from "../rules/evaluate.ts";
import { filters } from "../rules/message.ts";
import { type Judged, suppressionOf } from "./context.ts";
import type { Locate } from "./locations.ts";
import type { MergedHit } from "./merge.ts";
import type { AttackPath, AttackStep } from "./report.ts";

/** The paths of a deployment, in the order of its services. A path that some releases do not have names those that do. */
export function attackPathsOf(judged: Judged, locate: Locate): readonly AttackPath[] {
  const { deployment, analysis, merged } = judged;
  const { scenarios } = analysis;
  const atReleases = scenarios.map((scenario) => entriesOf(scenario).flatMap((entry) => openingOf(entry)));
  const newest = new Map(atReleases.flat().map((opening) => [opening.entry.id, opening]));
  const facts = scenarios.at(-1);
  return [...newest.values()].map((opening): AttackPath => {
    const { entry, from } = opening;
    const holds = atReleases.map((openings) => openings.some((other) => other.entry.id === entry.id));
    const steps = stepsOf(opening, locate);
    const outcome = outcomeOf(opening, placeOfService(entry, facts));
    return {
      deployment: deployment.id,
      service: entry.service ?? "",
      listener: entry.listener,
      entry: entry.id,
      from,
      steps,
      outcome,
      text: `${steps.map((step) => stepText(step, deployment.root)).join(" → ")}: ${outcome}`,
      versions: holds.every(Boolean) ? [] : releasesOf(entry, scenarios, holds),
      ...suppressionOf(decisionAbout(entry, merged.hits), locate),
    };
  });
}

/** Set where somebody decided that an entry may be open: what is grave about it is suppressed, and nothing grave is left. */
function decisionAbout(entry: EntryFact, hits: readonly MergedHit[]): Decision | undefined {
  const grave = hits.filter(
    ({ severity, fact, others }) =>
      rank(severity) >= rank("high") &&
      [fact, ...others.map((other) => other.fact)].some(({ id }) => id === entry.id),
  );
  return grave.every(({ decision }) => decision !== undefined) ? grave[0]?.decision : undefined;
}

function entriesOf({ facts }: AnalysisScenario): readonly EntryFact[] {
  return facts.flatMap((fact) => (fact.kind === "entry" ? [fact] : []));
}

function releasesOf(
  { service }: EntryFact,
  scenarios: readonly AnalysisScenario[],
  holds: readonly boolean[],
): readonly string[] {
  const at = scenarios.flatMap(({ versions }, index) =>
    holds[index] === true && service !== undefined ? [versions.get(service) ?? ""] : [],
  );
  return [...new Set(at)];
}

/** By what a stranger gets in. */
type Key = "nothing" | "password" | "proxy" | "any-title" | "listed-title";

/** An entry that gives strangers something. */
interface Opening {
  readonly entry: EntryFact;
  readonly from: Extract<Reach, "network" | "internet">;
  readonly key: Key;
  readonly origins: readonly Origin[];
  /** Functions beyond images that whoever gets in has. */
  readonly execute: boolean;
  readonly writeFiles: boolean;
}

/** Behind these alone there is nothing to get. */
const empty: readonly EntryFact["role"][] = ["proxy", "viewer"];

/** One opening, or none. Only what is certain counts. */
function openingOf(entry: EntryFact): readonly Opening[] {
  const { reach } = entry;
  if ((reach !== "network" && reach !== "internet") || empty.includes(entry.role)) return [];
  // Whoever holds a certificate of the site is no stranger.
  if (entry.tls.clientCertificate === "required") return [];
  const found = entry.protocol === "dicom" ? titleFor(entry) : loginFor(entry);
  if (found === undefined) return [];
  const inside = found.key === "password" || found.key === "proxy" ? entry.functions : entry.anonymous;
  return [
    {
      entry,
      from: reach,
      ...found,
      execute: inside?.execute === true,
      writeFiles: inside?.writeFiles === true,
    },
  ];
}

type Found = Pick<Opening, "key" | "origins">;

function loginFor(entry: EntryFact): Found | undefined {
  const { auth, anonymous, origins } = entry;
  if (auth.lockedOut === true) return undefined;
  const gets = anonymous === undefined ? auth.mode === "none" : Object.values(anonymous).includes(true);
  if (gets && auth.suppliedByProxy === true)
    return { key: "proxy", origins: origins["/auth/suppliedByProxy"] ?? [] };
  if (gets) return { key: "nothing", origins: origins["/auth/mode"] ?? origins["/auth"] ?? [] };
  if (auth.defaultCredentials === true)
    return { key: "password", origins: origins["/auth/defaultCredentials"] ?? [] };
  return undefined;
}

/** Operations that give images or names of patients, or take images in, in the order in which they are told. */
const operations = ["find", "get", "move", "findWorklist", "store"] as const;

function titleFor({ unknownPeer, anySpoofedPeer, origins }: EntryFact): Found | undefined {
  const anybody = operations.find((operation) => unknownPeer?.[operation] === true);
  if (anybody !== undefined)
    return { key: "any-title", origins: origins[`/unknownPeer/${anybody}`] ?? origins["/unknownPeer"] ?? [] };
  const pretended = operations.some((operation) => anySpoofedPeer?.[operation] === true);
  return pretended ? { key: "listed-title", origins: origins["/spoofedPeer"] ?? [] } : undefined;
}

const keyText: Readonly<Record<Key, string>> = {
  nothing: "no login",
  password: "a published or guessable password",
  proxy: "the proxy logs everybody in",
  "any-title": "any AE title",
  "listed-title": "a listed AE title, from any address",
};

const fromText = { network: "network", internet: "Internet" } as const;

function stepsOf(opening: Opening, locate: Locate): readonly AttackStep[] {
  const { entry, from, key, origins, execute, writeFiles } = opening;
  const functions = [
    ...(execute ? [step("scripts enabled", entry.origins["/functions/execute"], locate)] : []),
    ...(writeFiles && !execute
      ? [step("files can be written", entry.origins["/functions/writeFiles"], locate)]
      : []),
  ];
  return [
    { text: fromText[from] },
    step(addressText(entry), entry.origins["/reach"], locate),
    ...(entry.through === "direct"
      ? []
      : [step(entry.through, entry.origins["/leftOut"], locate), { text: entry.service ?? "the server" }]),
    step(keyText[key], origins, locate),
    ...functions,
  ];
}

function addressText({ address, port, paths, tunnel }: EntryFact): string {
  const unwritten = tunnel === undefined ? "an address of the host" : `an address of ${tunnel}`;
  const host = typeof address === "string" ? (address === "*" ? "0.0.0.0" : address) : unwritten;
  const number = typeof port === "number" ? String(port) : "?";
  const [path = "/"] = paths;
  return `${host.includes(":") ? `[${host}]` : host}:${number}${paths.length === 1 && path === "/" ? "" : ` ${path}`}`;
}

/** A step with its line; what stands nowhere says whose default it is. */
function step(text: string, origins: readonly Origin[] | undefined, locate: Locate): AttackStep {
  const origin = origins?.find((candidate) => placeOf(candidate) !== undefined) ?? origins?.[0];
  if (origin === undefined) return { text };
  const place = placeOf(origin);
  const full = origin.kind === "absent" ? `${text}, ${origin.by}` : text;
  return place === undefined ? { text: full } : { text: full, location: locate(place) };
}

function stepText({ text, location }: AttackStep, root: string): string {
  if (location === undefined) return text;
  const file = location.file.startsWith(`${root}/`) ? location.file.slice(root.length + 1) : location.file;
  return `${text} (${file}:${location.line})`;
}

/** What runs the server, as far as it says what a command may do. */
function placeOfService({ service }: EntryFact, scenario: AnalysisScenario | undefined): string {
  const container = scenario?.facts.find(
    (fact): fact is ContainerFact => fact.kind === "container" && fact.service === service,
  );
  const unit = scenario?.facts.find(
    (fact): fact is UnitFact => fact.kind === "unit" && fact.service === service,
  );
  if (container === undefined) return `${unit === undefined ? "" : asWhom(unit)}on the server`;
  const onHost = container.privileged === true || container.dockerSocket;
  if (onHost) return "as root in the container, and so on the host";
  return container.root === true ? "as root in the container" : "in the container";
}

/** Behind these is what others keep there. */
const holdsData: readonly EntryFact["role"][] = ["database", "cache", "search", "objects"];

function outcomeOf({ entry, key, execute, writeFiles }: Opening, where: string): string {
  if (entry.protocol === "dicom") {
    const peer = key === "any-title" ? entry.unknownPeer : entry.anySpoofedPeer;
    return `anyone can ${filters.operations?.(peer) ?? "get images"}`;
  }
  if (entry.protocol === "hl7") return "anyone can create, change and merge patients and orders";
  if (execute) return `anyone can run commands ${where}`;
  if (writeFiles) return `anyone can write files ${where}`;
  if (entry.purpose !== undefined)
    return `anyone can ${holdsData.includes(entry.role) ? "read and change everything in" : "use"} ${entry.purpose}`;
  const abilities = key === "password" ? entry.loggedIn : entry.anonymous;
  if (key === "proxy" || abilities === undefined) return "anyone can read, change and delete every study";
  return `anyone can ${filters.capabilities?.(abilities) ?? "read"} every study`;
}
