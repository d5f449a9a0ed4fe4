/** Edits of variables of containers, and secrets that are left to variables. */
import type { Deployment, Service } from "../deployment/model.ts";
import type { Fact } from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";
import { isSecretName } from "../products/secret-names.ts";
import type { Spot, VariableSpot } from "../products/spot.ts";
import { joinPath } from "../sources/files.ts";
import { isFromOtherFile, type Place } from "../text/text.ts";
import { writeComposeVariable } from "./manifest/compose.ts";
import { writeSecretFile } from "./manifest/secret-file.ts";
import type { EditContext } from "./propose.ts";
import { only, type Rendered, shownPlaces } from "./rendered.ts";
import { type Change, lineEnd, type Splice } from "./writers/change.ts";
import { writeJson } from "./writers/json.ts";

/** A container gets the variable from Compose, which does not start it without; a server on a host sees to that itself. */
export function reference(
  spot: Spot & { kind: "json" },
  change: Change & { type: "reference" },
  service: Service,
  context: EditContext,
): Rendered | undefined {
  const { get, deployment } = context;
  const { name } = change;
  if (spot.embedded === true) return deployment.form === "compose" ? inString(spot, name, get) : undefined;
  const inContainer = service.container !== undefined;
  const splices = writeJson({ ...change, quoted: inContainer }, spot, get);
  if (splices === undefined) return undefined;
  const needs = [{ variable: name, withQuotes: !inContainer }];
  if (!inContainer || service.environment.variables.has(name)) return { splices, needs };
  const given = writeComposeVariable(name, undefined, required(name), service, deployment, get);
  return given === undefined ? undefined : { splices: [...splices, ...given], needs };
}

/** JSON in a variable of a compose file or env file: Compose itself puts the value in. */
function inString(
  { member }: Spot & { kind: "json" },
  name: string,
  get: EditContext["get"],
): Rendered | undefined {
  const at = member?.value.at;
  const written = at === undefined ? "" : get(at.file)?.text.value.slice(at.start, at.end);
  if (at === undefined || member?.value.via !== undefined || written?.startsWith('"') !== true)
    return undefined;
  const text = `"${required(name)}"`;
  return {
    splices: [{ place: at, text, shown: `${JSON.stringify(member?.key)}: ${text}` }],
    needs: [{ variable: name, withQuotes: false }],
  };
}

/** Compose refuses to start while the variable is not set or empty. */
function required(name: string): string {
  return `\${${name}:?set it in .env}`;
}

/** For `variable:*`: the variable with a secret in it whose value is shown by the finding. */
export function variableIn(fact: Fact, { environment }: Service): string | undefined {
  const places = shownPlaces(fact);
  const found = [...environment.variables].find(
    ([name, { value, at }]) =>
      (isSecretName(name) || name === "USERS") &&
      [at.at, ...value.pieces.map((piece) => piece.at)].some((own) =>
        places.some((place) => place.file === own.file && place.start < own.end && own.start < place.end),
      ),
  );
  return found?.[0];
}

/** A reference to a variable that the edit does not name is called like the variable itself. */
export function renamed(change: Change, name: string): Change {
  return change.type === "reference" && change.name === "" ? { ...change, name } : change;
}

/** A variable by its name, there or not. */
export function variableSpot(name: string | undefined, { environment }: Service): VariableSpot | undefined {
  if (name === undefined) return undefined;
  const at = environment.variables.get(name)?.at;
  return at === undefined ? { kind: "variable", name } : { kind: "variable", name, at };
}

/** At a variable of a container: in the compose file or env file that sets it, or as a secret of Compose. */
export function atVariable(
  { name, at, within = [] }: VariableSpot,
  change: Change,
  service: Service,
  context: EditContext,
): Rendered | undefined {
  const { deployment, get } = context;
  const write = (value: string | undefined): readonly Splice[] | undefined =>
    writeComposeVariable(name, at?.at, value, service, deployment, get);
  const held = service.environment.variables.get(name)?.value;
  const current = held?.value;
  // Only Compose replaces variables in what it reads, and only there it is known how a variable is added.
  if (deployment.form !== "compose" && (change.type !== "set" || at === undefined)) return undefined;
  switch (change.type) {
    case "set":
      return textOf(change.to) === current
        ? undefined
        : only(write(nested(within, escaped(textOf(change.to), deployment.form))));
    case "remove":
      return at === undefined ? undefined : only(write(undefined));
    case "reference": {
      // A variable of Compose supplies it already, to other services too: the value is changed where it is set.
      if (within.length === 0 && held?.pieces.some(isFromOtherFile) === true) return undefined;
      const file = within.length > 0 ? undefined : writeSecretFile(name, service, deployment);
      if (file !== undefined) return { splices: file.splices, needs: [], creates: [file.creates] };
      if (at === undefined && within.length === 0) return undefined;
      const variable = referredTo(at?.at, context) ?? freeName(change.name, service, context);
      const splices = write(nested(within, required(variable)));
      return splices && { splices, needs: [{ variable, withQuotes: false }] };
    }
    default:
      return undefined;
  }
}

/** The variable that a value consists of already, if it is set nowhere: what stands there is its default. */
function referredTo(at: Place | undefined, { deployment, get }: EditContext): string | undefined {
  const source = at === undefined ? undefined : get(at.file);
  if (at === undefined || source === undefined) return undefined;
  const rest = source.text.value.slice(at.end, lineEnd(source.text.value, at.end));
  const [, name] = /^\s*[:=]\s*["']?\$\{(\w+):?-[^{}]*\}["']?\s*(?:[#,}\]].*)?$/u.exec(rest) ?? [];
  const env = get(joinPath(deployment.root, ".env"))?.text.value ?? "";
  const isSet = name !== undefined && new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, "mu").test(env);
  return isSet ? undefined : name;
}

/**
 * A name that means nothing else in the project: one that is replaced somewhere already, or stands for another value in
 * another service, gets the service's name before it.
 */
function freeName(name: string, service: Service, { deployment, get }: EditContext): string {
  const own = service.environment.variables.get(name)?.value.value;
  const used = new RegExp(`\\$\\{?${name}\\b`, "u");
  const isUsed = deployment.files.some(
    ({ kind, source }) => kind === "compose" && used.test(source.text.value),
  );
  const env = get(joinPath(deployment.root, ".env"))?.text.value ?? "";
  const isSet = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, "mu").test(env);
  const differs = deployment.services.some((other) => {
    const value = other === service ? undefined : other.environment.variables.get(name)?.value.value;
    return value !== undefined && value !== own;
  });
  if (!isUsed && !isSet && !differs) return name;
  return `${service.name}_${name}`.replaceAll(/\W/gu, "_").toUpperCase();
}

/** As the start script of the image reads a value: JSON, or a text. */
function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A text inside of objects, as JSON; the text itself without. */
function nested(keys: readonly string[], text: string): string {
  return keys.length === 0
    ? text
    : JSON.stringify(keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), text));
}

/** For Compose a dollar is written twice. */
function escaped(text: string, form: Deployment["form"]): string {
  return form === "compose" ? text.replaceAll("$", "$$$$") : text;
}
