/**
 * What systemd grants a server, and what it has it write to the log.
 * Sources: systemd.exec(5); Orthanc Book, faq/security ("never run as root"), faq/log; Orthanc --help.
 */
import type { Service, Unit } from "../../deployment/model.ts";
import type { UnitFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { isKnown, type Located, locate, type Place, type Text } from "../../text/text.ts";
import { widestOf } from "../openings.ts";
import type { Opening } from "../product.ts";

/** One fact for a service that systemd starts. */
export function unitFacts(service: Service, openings: readonly Opening[]): readonly UnitFact[] {
  const { unit, at } = service;
  if (unit === undefined || at === undefined) return [];
  const user = userOf(unit);
  const trace = service.args?.find(({ value }) => /^--trace(?:-\w+)?$/u.test(value));
  const whole = [fromPlace(at)];
  return [
    {
      kind: "unit",
      id: `${service.name}/unit`,
      service: service.name,
      product: service.product,
      name: unit.name,
      user,
      root: map(user, (name) => name === "root" || name === "0"),
      traces: trace?.value ?? null,
      missing: missingOf(unit),
      reach: widestOf(openings),
      origins: {
        "": whole,
        "/root": userOrigins(unit, at),
        "/user": userOrigins(unit, at),
        "/traces": trace === undefined ? whole : [fromPlace(wholeOf(trace))],
        "/missing": whole,
      },
    },
  ];
}

/** The values of all variables: any of them may be a secret. */
export function unitSecretPlaces({ unit, environment }: Service): readonly Place[] {
  if (unit === undefined) return [];
  return [...environment.variables.values()].flatMap(({ value }) => value.pieces.map(({ at }) => at));
}

/** Services of the system run as root unless they are told otherwise; a dynamic user has no rights. */
function userOf({ directives }: Unit): Maybe<string> {
  const dynamic = directives.get("DynamicUser")?.value.value ?? "";
  const user = directives.get("User")?.value;
  if (user === undefined || user.value === "") return isYes(dynamic) ? "a dynamic user" : "root";
  if (!isKnown(user) || user.value.includes("%")) return unknown("input", "systemd fills in the user");
  return user.value;
}

function userOrigins({ directives }: Unit, at: Located): readonly Origin[] {
  const user = directives.get("User");
  if (user !== undefined && user.value.value !== "") return [fromPlace(wholeOf(user.value))];
  return [{ kind: "absent", belongs: at.at, by: "systemd runs a service as root when User= is not set" }];
}

function wholeOf(text: Text): Located {
  return locate(text, 0, text.value.length);
}

function isYes(value: string): boolean {
  return /^(?:yes|true|on|1)$/iu.test(value);
}

/** Settings that cost nothing, and that a server needs no exception from. */
const usual: readonly { readonly name: string; readonly holds: (value: string) => boolean }[] = [
  { name: "NoNewPrivileges", holds: isYes },
  { name: "ProtectSystem", holds: (value) => /^(?:full|strict)$/u.test(value) },
  { name: "ProtectHome", holds: (value) => isYes(value) || /^(?:read-only|tmpfs)$/u.test(value) },
  { name: "PrivateTmp", holds: (value) => isYes(value) || value === "disconnected" },
];

function missingOf({ directives }: Unit): readonly string[] {
  return usual
    .filter(({ name, holds }) => !holds(directives.get(name)?.value.value ?? ""))
    .map(({ name }) => name);
}

/** "as root", "as the user orthanc", or nothing where it is not known. */
export function asWhom({ user }: UnitFact): string {
  if (isUnknown(user)) return "";
  return user === "root" || user === "a dynamic user" ? `as ${user} ` : `as the user ${user} `;
}
