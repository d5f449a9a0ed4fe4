/** Derives the facts of a deployment, once for each set of releases at which they differ. */
import type { Deployment, Service } from "../deployment/model.ts";
import type { EntryFact, Fact, Product, ServiceFact } from "../facts/facts.ts";
import { fromPlace, type Origin } from "../facts/origin.ts";
import { deriveCaddy } from "../products/caddy/derive.ts";
import { containerFacts } from "../products/container/facts.ts";
import { heldSecretFacts, heldSecretPlaces } from "../products/container/held-secrets.ts";
import { manifestSecretPlaces } from "../products/container/masking.ts";
import { containerSecretPlaces } from "../products/container/secrets.ts";
import { dcm4cheeDerivation } from "../products/dcm4chee/servers.ts";
import { deriveFrontend } from "../products/frontend/derive.ts";
import { deriveGeneric } from "../products/generic/index.ts";
import { deriveHaproxy } from "../products/haproxy/derive.ts";
import { unitFacts, unitSecretPlaces } from "../products/host/unit.ts";
import { deriveHttpd } from "../products/httpd/derive.ts";
import { deriveNginx } from "../products/nginx/derive.ts";
import { deriveOauth2Proxy } from "../products/oauth2-proxy/derive.ts";
import { deriveOrthanc } from "../products/orthanc/index.ts";
import type { Derive, DeriveContext, Derived } from "../products/product.ts";
import { deriveSocat, isSocat } from "../products/socat/derive.ts";
import { deriveTraefik } from "../products/traefik/derive.ts";
import { deriveTunnel, runsTunnel } from "../products/tunnel/derive.ts";
import type { Place } from "../text/text.ts";
import { withVerdicts } from "./accepted.ts";
import { inWordsOf } from "./places.ts";
import { type ReachedListener, reachOf } from "./reach.ts";
import { routeFacts, withPassages } from "./routes.ts";
import { assumedOutside, asTheSiteSays } from "./site.ts";
import { passagesOf } from "./through/passages.ts";
import { withUnseen } from "./unseen.ts";

/** The products whose configuration is understood. */
const derivations: Partial<Record<Product, Derive>> = {
  orthanc: deriveOrthanc,
  nginx: orByImage(deriveNginx),
  traefik: orByImage(deriveTraefik),
  caddy: orByImage(deriveCaddy),
  httpd: orByImage(deriveHttpd),
  haproxy: orByImage(deriveHaproxy),
  tunnel: deriveTunnel,
  "oauth2-proxy": orByImage(deriveOauth2Proxy),
};

/** Proxies whose configuration is not there to read, or that write it themselves, are known by their ports only. */
function orByImage(derive: Derive): Derive {
  return (...given) => {
    const own = derive(...given);
    if (own.sockets.length > 0 || given[0].container === undefined) return own;
    const { assumptions, problems } = own;
    return { ...deriveGeneric(...given), assumptions, ...(problems === undefined ? {} : { problems }) };
  };
}

/** A service at one release. */
export interface AnalysedService {
  readonly service: Service;
  readonly version: string;
  readonly derived: Derived;
  readonly listeners: readonly ReachedListener[];
}

/** A deployment with each service at one release. */
export interface AnalysisScenario {
  /** Release of each service, by its name. */
  readonly versions: ReadonlyMap<string, string>;
  readonly services: readonly AnalysedService[];
  readonly facts: readonly Fact[];
}

/** What was worked out for a deployment. */
export interface Analysis {
  /** At least one; the last one has the newest releases. */
  readonly scenarios: readonly AnalysisScenario[];
  readonly secrets: readonly Place[];
  /** Sentences: what was taken for granted of the network around the servers. */
  readonly assumptions: readonly string[];
}

/** Derives everything. Services do not depend on each other's release: scenario i takes the i-th candidate of each. */
export function analyse(deployment: Deployment, context: DeriveContext): Analysis {
  const count = Math.max(1, ...deployment.services.map((service) => service.version.candidates.length));
  const scenarios = Array.from({ length: count }, (_, index) => scenarioAt(deployment, context, index));
  const newest = scenarios.at(-1)?.services ?? [];
  return {
    scenarios,
    secrets: [
      ...newest.flatMap(({ service, derived }) => [
        ...derived.secrets,
        ...containerSecretPlaces(service),
        ...unitSecretPlaces(service),
      ]),
      ...manifestSecretPlaces(deployment),
      ...heldSecretPlaces(deployment),
    ],
    assumptions: assumedOutside(deployment, context.site),
  };
}

/** Of an Ingress or a Gateway everything is in the manifests, whichever program reads them. */
function frontendDerivation({ frontend }: Service): Derive | undefined {
  return frontend === undefined ? undefined : (service) => deriveFrontend(service, frontend);
}

/** Of a container something is known by its image and its published ports, whatever runs in it. */
function genericDerivation(service: Service, context: DeriveContext): Derive | undefined {
  if (service.product === "other" && isSocat(service)) return deriveSocat;
  if (service.product === "other" && runsTunnel(service, context)) return deriveTunnel;
  return service.container === undefined ? undefined : deriveGeneric;
}

function scenarioAt(deployment: Deployment, context: DeriveContext, index: number): AnalysisScenario {
  const services = deployment.services.flatMap((service): readonly AnalysedService[] => {
    const derive =
      frontendDerivation(service) ??
      derivations[service.product] ??
      dcm4cheeDerivation(service) ??
      genericDerivation(service, context);
    const version = service.version.candidates[index] ?? service.version.candidates.at(-1) ?? "";
    if (derive === undefined) return [];
    const derived = derive(service, version, context);
    return [
      {
        service,
        version,
        derived,
        listeners:
          deployment.form === "unlinked"
            ? []
            : reachOf(service, derived.sockets).map((reached) => asTheSiteSays(reached, context.site)),
      },
    ];
  });
  const passages = passagesOf(services);
  const led = services.map((analysed) => ({ ...analysed, listeners: withPassages(analysed, passages) }));
  const joined = led.map((analysed) => withoutFiles({ ...analysed, listeners: withUnseen(analysed, led) }));
  const facts = joined.flatMap((analysed) => factsOf(deployment, analysed, context));
  return {
    versions: new Map(services.map(({ service, version }) => [service.name, version])),
    services: joined,
    facts: withVerdicts(
      inWordsOf(deployment, [
        ...facts,
        ...routeFacts(services, passages),
        ...heldSecretFacts(deployment, facts),
      ]),
      context.site,
    ),
  };
}

/** Socket files lead on to servers, and are no listeners that somebody calls from elsewhere. */
function withoutFiles(analysed: AnalysedService): AnalysedService {
  const { service, derived, listeners } = analysed;
  const files = new Set(
    derived.sockets.filter(({ file }) => file !== undefined).map(({ id }) => `${service.name}/${id}`),
  );
  return { ...analysed, listeners: listeners.filter(({ listener }) => !files.has(listener.id)) };
}

/** What can be said of a file that no server reads: mistakes and secrets, nothing about a running server. */
const aboutFiles: readonly Fact["kind"][] = ["secret", "unknownOption", "fault", "file"];

function factsOf(deployment: Deployment, analysed: AnalysedService, context: DeriveContext): readonly Fact[] {
  if (deployment.form === "unlinked") {
    return analysed.derived
      .facts([])
      .filter(
        (fact) => aboutFiles.includes(fact.kind) && (fact.kind !== "fault" || fact.effect === "syntax"),
      );
  }
  const ownNetwork = ownNetworkOf(deployment, analysed.service);
  const openings = analysed.listeners.flatMap(({ listener, entries }) => [
    listener,
    ...entries.map((entry) => ({ ...entry, ...ownNetwork })),
  ]);
  // What a proxy passes on are entries of the servers behind it; its own are its pages of administration.
  const isProxy = analysed.derived.routes !== undefined;
  return [
    serviceFact(deployment, analysed),
    ...(isProxy ? openings.filter(({ kind, role }) => kind === "listener" || role !== "proxy") : openings),
    ...analysed.derived.facts(openings),
    ...containerFacts(analysed.service, openings, context),
    ...unitFacts(analysed.service, openings),
  ];
}

function ownNetworkOf({ form }: Deployment, { network }: Service): Partial<Pick<EntryFact, "ownNetwork">> {
  const isOwn = network.kind === "container" && network.hostNetwork === false;
  return isOwn && form !== "host" && form !== "unlinked" ? { ownNetwork: form } : {};
}

function serviceFact(deployment: Deployment, { service, version, derived }: AnalysedService): ServiceFact {
  const file = service.configuration[0]?.files[0];
  const origin: Origin =
    service.at !== undefined
      ? fromPlace(service.at)
      : file === undefined
        ? { kind: "absent", by: "no configuration file" }
        : { kind: "absent", belongs: { file: file.path, start: 0, end: 0 }, by: "the whole configuration" };
  return {
    kind: "service",
    id: service.name,
    service: service.name,
    product: service.product,
    name: service.name,
    form: deployment.form,
    version: service.version.value === null ? null : version,
    build: service.version.build,
    startup: derived.startup.verdict,
    origins: { "": [origin] },
  };
}
