/** Containers of known images whose own configuration files nobody reads, and of images that nobody knows. */
import type { AccountFact, FaultFact } from "../../facts/facts.ts";
import { and, isUnknown, unknown } from "../../facts/unknown.ts";
import { isFromOtherFile } from "../../text/text.ts";
import { widestOf } from "../openings.ts";
import { type Derive, notEditable, type Opening, type Setting, type Startup } from "../product.ts";
import { isSecretName, masked } from "../secret-names.ts";
import { type Given, givenTo, hidesVariables, knownText } from "./given.ts";
import { hidden, type Login } from "./logins.ts";
import { loginsFor, socketsOf } from "./sockets.ts";

/** What is known of a container by its image, variables and command line. Without a container nothing is known. */
export const deriveGeneric: Derive = (service, version, context) => {
  const nothing = {
    sockets: [],
    facts: () => [],
    settings: () => [],
    secrets: [],
    assumptions: [],
    editable: notEditable,
  };
  if (service.container === undefined)
    return {
      ...nothing,
      startup: { verdict: unknown("opaque", "its configuration is not read"), reasons: [] },
    };
  const given = givenTo(service, service.container, version, context);
  const logins = loginsFor(given);
  return {
    ...nothing,
    startup: startupOf(given, logins),
    sockets: socketsOf(given),
    facts: (openings) => [...faultFacts(given, logins), ...accountFacts(given, logins, openings)],
    settings: () => settingsOf(given, logins),
  };
};

/** Only what the start script asks of its variables is known of the start. */
function startupOf(given: Given, logins: readonly Login[]): Startup {
  const reasons = refusals(logins).map((login) => ({
    message: refusal(given, login),
    origins: login.origins,
  }));
  if (reasons.length > 0) return { verdict: "refuses", reasons };
  const name = given.image?.name ?? "the program";
  if (given.image?.logins.length === 0 || given.image === undefined)
    return { verdict: unknown("opaque", `pacslint does not know when ${name} starts`), reasons };
  if (hidesVariables(given))
    return {
      verdict: hidden(given),
      reasons,
    };
  return { verdict: "starts", reasons };
}

function refusals(logins: readonly Login[]): readonly Login[] {
  return logins.filter(({ refused }) => refused !== null);
}

function refusal(given: Given, { refused, purpose }: Login): string {
  const [first = "the password"] = refused ?? [];
  return `${given.image?.name ?? "The image"} does not start with an empty folder of data: ${first} is not set (${purpose})`;
}

function faultFacts(given: Given, logins: readonly Login[]): readonly FaultFact[] {
  const { service } = given;
  return refusals(logins).map((login) => ({
    kind: "fault",
    id: `${service.name}/fault/${login.purpose}`,
    service: service.name,
    product: service.product,
    message: refusal(given, login),
    effect: "start",
    expected: `${login.refused?.[0] ?? "a password"} with a long password`,
    origins: { "": login.origins, "/message": login.origins },
  }));
}

function accountFacts(
  given: Given,
  logins: readonly Login[],
  openings: readonly Opening[],
): readonly AccountFact[] {
  const { service } = given;
  const asking = openings.filter(({ auth, role }) => auth.mode !== "none" && role !== "unknown");
  const reach = widestOf(asking);
  const opened = asking.find((opening) => opening.kind === "entry" && opening.reach === reach);
  return logins
    .filter(({ exists }) => exists !== false)
    .map((login) => ({
      kind: "account",
      id: `${service.name}/account/${login.purpose}${isUnknown(login.name) ? "" : `/${login.name}`}`,
      service: service.name,
      product: service.product,
      name: login.name === "" ? unknown("opaque", "the name of the user is not known") : login.name,
      password: login.password,
      published: login.published,
      supplied: login.origins.some((origin) => origin.kind === "place" && isFromOtherFile(origin)),
      createdBy: login.createdBy,
      usable: and(login.asked, login.exists),
      reach,
      purpose: `${login.purpose} of ${given.image?.name ?? service.name}`,
      origins: {
        "": login.origins,
        "/password": login.origins,
        "/name": login.origins,
        "/reach": opened?.origins["/reach"] ?? [],
      },
    }));
}

/** The variables, as the container gets them. */
function settingsOf(given: Given, logins: readonly Login[]): readonly Setting[] {
  const ofLogins = new Set(
    given.image?.logins.flatMap(({ passwordVariables, userVariable }) => [
      ...passwordVariables,
      userVariable,
    ]),
  );
  const opening = new Set(given.image?.openedBy.map(({ variable }) => variable));
  const set = given.container.variables.map(({ name, value, at }): Setting => {
    const text = knownText(value);
    const piece = value.pieces[0];
    return {
      path: name,
      shown: isUnknown(text) ? "not known" : masked(name, text),
      security: isSecretName(name) || ofLogins.has(name) || opening.has(name),
      isDefault: false,
      origins: [{ kind: "place", at: piece?.at ?? at.at }],
    };
  });
  const made = logins.filter(({ createdBy, exists }) => createdBy === "image" && exists === true);
  return [
    ...set,
    ...made.map(
      (login): Setting => ({
        path: `login: ${isUnknown(login.name) ? login.purpose : login.name}`,
        shown: "set by the image",
        security: true,
        isDefault: true,
        origins: login.origins,
      }),
    ),
  ];
}
