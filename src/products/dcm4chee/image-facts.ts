/**
 * What the archive's image makes of its variables besides passwords: links to directory and database, and variables that
 * do nothing on the variant that runs.
 * Source: dcm4che-dockerfiles/dcm4chee-arc-psql, tags master and secure, setenv.sh and configuration/dcm4chee-arc.xml.
 */
import type { Service } from "../../deployment/model.ts";
import type { DatabaseFact, DirectoryLinkFact, Fact, IneffectiveFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import type { Variant } from "./images.ts";
import { directoryOf, usesPostgres } from "./lookup.ts";
import { databaseTls } from "./wildfly/databases.ts";

/** The facts. `written`: a file of WildFly is among the inputs, which says more than the image's own would; or no archive runs. */
export function imageFacts(
  service: Service,
  variant: Maybe<Variant>,
  written: boolean,
  around: Surroundings,
): readonly Fact[] {
  const links = [
    directoryLink(service, around),
    ...(usesPostgres(service) ? [database(service, around)] : []),
  ];
  return [...(written ? [] : links), ...withoutEffect(service, variant, around)];
}

function setting(
  service: Service,
  around: Surroundings,
  name: string,
): { readonly value: Maybe<string>; readonly origins: readonly Origin[] } {
  const found = around.lookup(`env.${name}`);
  const variable = service.environment.variables.get(name);
  return {
    value:
      found.state === "set"
        ? found.value.value
        : unknown("input", found.state === "unknown" ? found.reason : `${name} is not set`),
    origins: [variable === undefined ? unset(service.at, `${name} is not set`) : fromPlace(variable.at)],
  };
}

/** The archive logs in as the directory's administrator (ldap.properties of the image). */
function directoryLink(service: Service, around: Surroundings): DirectoryLinkFact {
  const url = setting(service, around, "LDAP_URL");
  const unverified = setting(service, around, "LDAP_DISABLE_HOSTNAME_VERIFICATION");
  const directory = directoryOf(service);
  const names = directory?.network.kind === "container" ? directory.network.names : [];
  const host = map(url.value, (text) => /^ldaps?:\/\/([^:/\s]+)/i.exec(text)?.[1] ?? "");
  return {
    kind: "directoryLink",
    ...factBase(around, "directoryLink", "LDAP_URL"),
    scheme: map(url.value, (text) => (/^ldaps:/i.test(text) ? "ldaps" : "ldap")),
    // Other names of the container, such as those that links give, are not listed: a name without a dot is one of them.
    local: map(
      host,
      (name) =>
        names.includes(name) ||
        (names.length > 0 && !name.includes(".")) ||
        /^(?:localhost|127\.)/.test(name),
    ),
    hostnameVerified: map(unverified.value, (text) => text === "false"),
    asAdministrator: true,
    origins: {
      "": url.origins,
      "/scheme": url.origins,
      "/local": url.origins,
      "/hostnameVerified": unverified.origins,
    },
  };
}

function database(service: Service, around: Surroundings): DatabaseFact {
  const host = setting(service, around, "POSTGRES_HOST");
  const parameters = around.lookup("env.POSTGRES_JDBC_PARAMS");
  const text = parameters.state === "set" ? parameters.value.value : "";
  const variable = service.environment.variables.get("POSTGRES_JDBC_PARAMS");
  return {
    kind: "database",
    ...factBase(around, "database", "PacsDS"),
    engine: "postgres",
    used: true,
    // A name without a dot is a container of the same host.
    local: map(host.value, (name) => !name.includes(".") || name.startsWith("127.")),
    tls: parameters.state === "unknown" ? unknown("input", parameters.reason) : databaseTls(`?${text}`),
    origins: {
      "": host.origins,
      "/local": host.origins,
      "/tls":
        variable === undefined
          ? [unset(service.at, "POSTGRES_JDBC_PARAMS is not set")]
          : [fromPlace(variable.at)],
    },
  };
}

/** Variables that only the secured variants look at. */
const ofSecured = ["AUTH_SERVER_URL", "SSL_REQUIRED", "AUTH_USER_ROLE", "ALLOW_ANY_HOSTNAME"];

/** Whether a variable of the identity provider counts on a variant; unknown with it. */
export function countsOn(name: string, variant: Maybe<Variant>, around: Surroundings): Maybe<boolean> {
  if (name === "LDAP_DISABLE_HOSTNAME_VERIFICATION") return usesLdaps(around);
  const provider =
    /^(?:AUTH_|UI_AUTH_|SSL_REQUIRED|ALLOW_ANY|DISABLE_TRUST|REALM_|SUPER_USER|PROXY_USER)/.test(name);
  return provider ? map(variant, (which) => which !== "plain") : true;
}

/** Without TLS to the directory there is no certificate whose name could be compared. */
export function usesLdaps(around: Surroundings): Maybe<boolean> {
  const url = around.lookup("env.LDAP_URL");
  if (url.state === "unknown") return unknown("input", url.reason);
  return url.state === "unset" || !/^ldap:/i.test(url.value.value);
}

function withoutEffect(
  service: Service,
  variant: Maybe<Variant>,
  around: Surroundings,
): readonly IneffectiveFact[] {
  if (isUnknown(variant)) return [];
  const oidc = service.environment.variables.get("WILDFLY_ADMIN_OIDC")?.value.value;
  const idle: readonly (readonly [name: string, because: string])[] =
    variant === "plain"
      ? ofSecured.map((name) => [name, "this tag asks nobody for a login: only tags that end in -secure do"])
      : oidc === "false"
        ? []
        : [
            [
              "WILDFLY_ADMIN_PASSWORD",
              "the console asks Keycloak on this tag, unless WILDFLY_ADMIN_OIDC is false",
            ],
          ];
  return idle.flatMap(([name, because]): IneffectiveFact[] => {
    const variable = service.environment.variables.get(name);
    if (variable === undefined) return [];
    const origins = [fromPlace(variable.at)];
    return [
      {
        kind: "ineffective",
        ...factBase(around, "ineffective", name),
        path: name,
        because,
        looksSafe: true,
        origins: { "": origins, "/because": origins },
      },
    ];
  });
}
