/** The variables of the archive's image: passwords that hold when none is set, settings, twins that exclude each other. */
import type { Service } from "../../deployment/model.ts";
import type { Fact, OptionFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { type Fault, factBase, type Surroundings, unset } from "./archive.ts";
import { securityVariables } from "./catalogue.ts";
import { fileVariables, passwordVariables } from "./images.ts";
import { deployedBy, directoryOf, runsImage, usesPostgres } from "./lookup.ts";
import { judgeSecret, type Secret, secretFacts } from "./secrets.ts";

/** A variable and its twin with _FILE together stop the container (T47). */
export function variableFaults(service: Service): readonly Fault[] {
  if (!runsImage(service)) return [];
  return fileVariables.flatMap((name): Fault[] => {
    const plain = service.environment.variables.get(name);
    const file = service.environment.variables.get(`${name}_FILE`);
    if (plain === undefined || file === undefined) return [];
    return [
      {
        message: `${name} and ${name}_FILE are both set: the container stops at once`,
        expected: "one of the two",
        effect: "start",
        origins: [fromPlace(plain.at), fromPlace(file.at)],
      },
    ];
  });
}

/** An absent password variable is the default password. */
export function variableFacts(service: Service, around: Surroundings): readonly Fact[] {
  if (!runsImage(service)) return [];
  // The password of the directory is told where the directory is started.
  const told = directoryOf(service) !== undefined;
  const own = passwordVariables.filter(
    ({ name }) => !(told && name === "LDAP_ROOTPASS") && isAsked(name, service),
  );
  const secrets = own.map(({ name, user, purpose }): Secret => {
    const found = around.lookup(`env.${name}`);
    const variable = service.environment.variables.get(name);
    const file = service.environment.variables.get(`${name}_FILE`);
    const origins: readonly Origin[] = [
      variable === undefined
        ? unset(service.at, `${name} is not set: the image has one of its own`)
        : fromPlace(variable.at),
    ];
    if (file !== undefined)
      return { path: name, purpose, verdict: "reference", origins: [fromPlace(file.at)] };
    if (found.state !== "set")
      return {
        path: name,
        purpose,
        verdict: unknown("input", found.state === "unknown" ? found.reason : `${name} is not set`),
        origins,
      };
    return { path: name, purpose, verdict: judgeSecret(found.value, user, around), origins };
  });
  return secretFacts(secrets, around);
}

/** The pages alone need no database and no directory; a database of another maker has variables of its own. */
function isAsked(name: string, service: Service): boolean {
  if (name === "KEYSTORE_PASSWORD") return true;
  if (deployedBy(service) === "ui") return false;
  return name !== "POSTGRES_PASSWORD" || usesPostgres(service);
}

/** The settings that variables make, with the image's own value where nobody sets one. */
export function variableOptions(
  service: Service,
  image: string,
  around: Surroundings,
  counts: (name: string) => Maybe<boolean> = () => true,
): readonly OptionFact[] {
  return securityVariables(image).flatMap((name): OptionFact[] => {
    const variable = service.environment.variables.get(name);
    const found = around.lookup(`env.${name}`);
    if (found.state === "unset") return [];
    const origins: readonly Origin[] = [
      variable === undefined ? unset(service.at, `${name} is not set`) : fromPlace(variable.at),
    ];
    return [
      {
        kind: "option",
        ...factBase(around, "option", `env.${name}`),
        path: `env.${name}`,
        catalogue: `env.${name}`,
        value: found.state === "set" ? found.value.value : unknown("input", found.reason),
        isDefault: variable === undefined,
        read: counts(name),
        security: true,
        issue: null,
        origins: { "": origins, "/value": origins },
      },
    ];
  });
}
