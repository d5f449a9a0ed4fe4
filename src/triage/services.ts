/** The deployment as the report shows it: files, services and, over all releases, what can be reached. */
import type { Service } from "../deployment/model.ts";
import type { EntryFact, ListenerFact, RouteFact } from "../facts/facts.ts";
import { map, unknown } from "../facts/unknown.ts";
import { withoutSecrets } from "../products/secret-names.ts";
import type { AnalysedService } from "../reach/analyse.ts";
import { isKnown } from "../text/text.ts";
import type { Judged } from "./context.ts";
import { firstPlace, type Locate, located, relatedLine } from "./locations.ts";
import type { ReportedDeployment, ReportedEntry, ReportedListener, ReportedService } from "./report.ts";
import { mergeById, mergeVersions } from "./unknowns.ts";

/** The deployment and its services. */
export function reportedDeployment(judged: Judged, locate: Locate): ReportedDeployment {
  const { id, root, form, files, services } = judged.deployment;
  const facts = judged.analysis.scenarios.at(-1)?.facts ?? [];
  return {
    id,
    root,
    form,
    files: files.map(({ source, kind, linkedTo }) => ({
      path: source.path,
      kind,
      sha256: source.sha256,
      linked: linkedTo,
    })),
    services: services.map((service) => {
      const routes = facts.flatMap((fact) =>
        fact.kind === "route" && fact.service === service.name ? [fact] : [],
      );
      return reportedService(service, variantsOf(service, judged), routes, locate);
    }),
  };
}

/** The service at each release that was considered, the newest last. */
function variantsOf(service: Service, { analysis }: Judged): readonly AnalysedService[] {
  return analysis.scenarios.flatMap((scenario) =>
    scenario.services.filter((analysed) => analysed.service === service),
  );
}

function reportedService(
  service: Service,
  variants: readonly AnalysedService[],
  routes: readonly RouteFact[],
  locate: Locate,
): ReportedService {
  const { value, from, candidates } = service.version;
  return {
    name: service.name,
    product: service.product,
    version: { value, from, candidates },
    startup: startupOf(variants, locate),
    listeners: listenersOf(variants, locate),
    ...surroundingsOf(service),
    ...routesOf(routes),
  };
}

/** Products that are families: what exactly runs is told by the image. */
const families: readonly Service["product"][] = ["mysql", "viewer", "other"];

/** The name of what exactly runs, where the product is a family. */
export function softwareOf({
  container,
  product,
}: Pick<Service, "container" | "product">): Pick<ReportedService, "software"> {
  const software = families.includes(product) ? container?.recognised?.name : null;
  return software === undefined || software === null ? {} : { software };
}

/** The image and the network, as the manifest has them. */
function surroundingsOf(service: Service): Pick<ReportedService, "image" | "software" | "network"> {
  const { container, network } = service;
  const image = container?.image;
  const hostNetwork = network.kind === "host" ? true : network.hostNetwork;
  return {
    ...(image === undefined || !isKnown(image) ? {} : { image: image.value }),
    ...softwareOf(service),
    network: {
      kind: map(hostNetwork, (own) => (own ? "host" : "container")),
      networks: network.kind === "host" ? [] : network.networks,
    },
  };
}

function routesOf(routes: readonly RouteFact[]): Pick<ReportedService, "routes"> {
  if (routes.length === 0) return {};
  return { routes: routes.map(({ through, to, paths, login }) => ({ through, to, paths, login })) };
}

/** Of a product that is not understood nobody knows whether it starts. */
function startupOf(variants: readonly AnalysedService[], locate: Locate): ReportedService["startup"] {
  if (variants.length === 0)
    return { verdict: unknown("opaque", "pacslint does not read its configuration"), reasons: [] };
  const startups = variants.map(({ derived }) => derived.startup);
  const reasons = new Map(
    startups.flatMap((startup) => startup.reasons.map((reason) => [reason.message, reason])),
  );
  return {
    verdict: mergeVersions(startups.map(({ verdict }) => verdict)),
    reasons: [...reasons.values()].map(({ message, origins }) => ({
      message: withoutSecrets(message),
      ...located(firstPlace(origins), locate),
    })),
  };
}

/** The listeners over all releases: what differs is unknown. */
function listenersOf(variants: readonly AnalysedService[], locate: Locate): readonly ReportedListener[] {
  const entriesAt = variants.map(({ listeners }) => listeners.flatMap((reached) => reached.entries));
  const newest = new Map(entriesAt.flat().map((entry) => [entry.id, entry]));
  const entries = mergeById(entriesAt.map((list) => list.map(reportedEntry)));
  const listeners = mergeById(
    variants.map((variant) => variant.listeners.map(({ listener }) => reportedListener(listener))),
  );
  return listeners.map((listener) => ({
    ...listener,
    entries: entries
      .filter(({ id }) => newest.get(id)?.listener === listener.id)
      .map((entry) => ({ ...entry, via: viaOf(newest.get(entry.id), locate) })),
  }));
}

function reportedListener(listener: ListenerFact): Omit<ReportedListener, "entries"> {
  const { id, protocol, role, purpose, port, bind, reach, tls, auth } = listener;
  return {
    id,
    protocol,
    ...(role === undefined ? {} : { role }),
    ...(purpose === undefined ? {} : { purpose }),
    port,
    bind,
    reach,
    tls,
    auth,
    ...abilitiesOf(listener),
  };
}

function reportedEntry(entry: EntryFact): Omit<ReportedEntry, "via"> {
  const { id, through, address, port, paths, reach, sourceSeen, tls, auth } = entry;
  return { id, through, address, port, paths, reach, sourceSeen, tls, auth, ...abilitiesOf(entry) };
}

function abilitiesOf(
  fact: ListenerFact | EntryFact,
): Pick<ReportedListener, "anonymous" | "unknownPeer" | "spoofedPeer"> {
  return {
    ...(fact.anonymous === undefined ? {} : { anonymous: fact.anonymous }),
    ...(fact.unknownPeer === undefined ? {} : { unknownPeer: fact.unknownPeer }),
    ...(fact.spoofedPeer === undefined ? {} : { spoofedPeer: fact.spoofedPeer }),
  };
}

function viaOf(entry: EntryFact | undefined, locate: Locate): ReportedEntry["via"] {
  const origins =
    entry?.origins["/via"] ?? ["/reach", "/auth/mode"].flatMap((pointer) => entry?.origins[pointer] ?? []);
  return origins.flatMap((origin) => relatedLine(origin, locate));
}
