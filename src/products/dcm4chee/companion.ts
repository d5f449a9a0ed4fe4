/** What the images beside the archive have in common: variables, passwords, and how the result is put together. */
import type { Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { unknown } from "../../facts/unknown.ts";
import { type DeriveContext, type Derived, notEditable, type Opening, type Socket } from "../product.ts";
import { type Surroundings, unset } from "./archive.ts";
import { createLookup } from "./lookup.ts";
import { reachedWithTls, sampleCheck } from "./sample-keys.ts";
import { judgeSecret, type Secret } from "./secrets.ts";

/** Surroundings with the values that an image gives to variables. */
export function surroundings(
  service: Service,
  version: string,
  defaults: ReadonlyMap<string, string>,
  context: DeriveContext,
): Surroundings {
  const lookup = createLookup({ service, version, properties: [], defaults });
  return {
    service: service.name,
    version,
    inContainer: service.network.kind === "container",
    lookup,
    isSampleKey: sampleCheck(service, context),
  };
}

/** What the container of such an image does. */
export function derived(
  service: Service,
  sockets: readonly Socket[],
  facts: readonly Fact[],
  secrets: readonly Secret[],
): Derived {
  const both = pairs(service);
  return {
    startup: { verdict: both.length > 0 ? "refuses" : "starts", reasons: both },
    sockets,
    facts: () => facts,
    settings: () => [],
    secrets: secrets.flatMap((secret) => (secret.place === undefined ? [] : [secret.place])),
    assumptions: [],
    editable: notEditable,
  };
}

/** A variable with its twin _FILE: setenv.sh of all images refuses both (T47). */
function pairs(service: Service): Derived["startup"]["reasons"] {
  return [...service.environment.variables].flatMap(([name, variable]) => {
    const file = service.environment.variables.get(`${name}_FILE`);
    if (file === undefined) return [];
    return [
      {
        message: `${name} and ${name}_FILE are both set: the container stops at once`,
        origins: [fromPlace(variable.at), fromPlace(file.at)],
      },
    ];
  });
}

/** The passwords that an image takes from variables, with the one that holds when none is set. */
export function passwordSecrets(
  service: Service,
  around: Surroundings,
  list: readonly (readonly [name: string, user: string | null, purpose: string])[],
): readonly Secret[] {
  return list.map(([name, user, purpose]): Secret => {
    const variable = service.environment.variables.get(name);
    const file = service.environment.variables.get(`${name}_FILE`);
    if (file !== undefined)
      return { path: name, purpose, verdict: "reference", origins: [fromPlace(file.at)] };
    const found = around.lookup(`env.${name}`);
    const origins: readonly Origin[] = [
      variable === undefined
        ? unset(service.at, `${name} is not set: the image has one of its own`)
        : fromPlace(variable.at),
    ];
    const verdict =
      found.state === "set"
        ? judgeSecret(found.value, user, around)
        : unknown("input", found.state === "unknown" ? found.reason : `${name} is not set`);
    const place = variable?.value.pieces[0]?.at;
    return { path: name, purpose, verdict, origins, ...(place === undefined ? {} : { place }) };
  });
}

/**
 * Passwords that everybody can look up, where other hosts reach a port that takes them: told of the port, with the lines
 * of the variables, and not once more of each variable.
 */
export function toldOnce(
  facts: readonly Fact[],
  openings: readonly Opening[],
  logins: readonly Secret[],
): readonly Fact[] {
  const told = shown(facts, openings);
  if (!openings.some(isPublishedDefault)) return told;
  const paths = new Set(logins.map(({ path }) => path));
  return told.filter(
    (fact) => !(fact.kind === "secret" && paths.has(fact.path) && published.has(fact.verdict)),
  );
}

const published: ReadonlySet<unknown> = new Set(["default", "same-as-name", "empty"]);

function isPublishedDefault({ kind, reach, auth }: Opening): boolean {
  return (
    kind === "entry" && (reach === "network" || reach === "internet") && auth.defaultCredentials === true
  );
}

/** A key is shown where other hosts reach a port with TLS. */
function shown(facts: readonly Fact[], openings: readonly Opening[]): readonly Fact[] {
  const presented = reachedWithTls(openings).length > 0;
  return facts.map((fact) => (fact.kind === "keystore" ? { ...fact, presented } : fact));
}
