/** The web side of an archive: WildFly's ports, what is deployed on them, and who may log in. */
import type { Service } from "../../deployment/model.ts";
import type { AccountFact, Fact, IneffectiveFact, OptionFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Text } from "../../text/text.ts";
import type { Socket } from "../product.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import type { Variant } from "./images.ts";
import { deployedBy, directoryOf, runsImage, variantOfService } from "./lookup.ts";
import type { ConfigObject } from "./model.ts";
import { type Secret, secretFacts } from "./secrets.ts";
import type { ArchiveFiles } from "./sources.ts";
import { stockWebPorts } from "./stock.ts";
import { accountFacts, defaultUsers, hasDefaultUser, stockUsers } from "./users.ts";
import { debugSocket, type ManagementLogin, managementSocket, type WebLogin, webSockets } from "./web.ts";
import { consoleUsesOidc, wildflyFacts } from "./wildfly/facts.ts";
import { wildflySecrets } from "./wildfly/secrets.ts";
import type { WildFlyServer } from "./wildfly/server.ts";
import { type Port, portsOf } from "./wildfly/sockets.ts";

/** Sockets and facts of a part of an archive. */
export interface Side {
  /** Whether users of the directory can log in anywhere: secured applications, or a console that asks Keycloak. */
  readonly usersLogIn?: Maybe<boolean>;
  readonly sockets: readonly Socket[];
  readonly facts: readonly Fact[];
  readonly secrets: readonly Secret[];
  readonly assumptions: readonly string[];
}

/** WildFly: its ports with what is deployed on them. */
export function webSide(
  files: ArchiveFiles,
  server: WildFlyServer | undefined,
  around: Surroundings,
  service: Service,
  version: string,
): Side {
  const debug = debugSocket(around);
  const login = webLogin(files, server, around, service, version);
  const management = managementLogin(server, around, service, login.variant);
  const ports = server === undefined ? stockPorts(around, service) : portsOf(server, around);
  const sockets = ports.flatMap((port) =>
    port.type.startsWith("management")
      ? [managementSocket(port, management)]
      : webSockets(port, login, around),
  );
  const secrets = server === undefined ? [] : wildflySecrets(server, around);
  return {
    sockets: [...sockets, ...(debug === undefined ? [] : [debug])],
    facts: [
      ...(server === undefined ? [] : wildflyFacts(server, around)),
      ...secretFacts(secrets, around),
      ...(login.deployed === "ui" ? [] : corsFacts(ports, around)),
      ...roleFacts(files.devices, login, around),
    ],
    secrets,
    assumptions: login.assumptions,
    usersLogIn: isUnknown(login.variant) ? login.variant : login.variant !== "plain",
  };
}

/** The REST applications answer every origin, with credentials; no setting turns it off (CorsFilter.java, 5.35.0). */
function corsFacts(ports: readonly Port[], around: Surroundings): readonly OptionFact[] {
  if (ports.length === 0) return [];
  const origins: readonly Origin[] = [unset(around.startedAt, "built into dcm4chee-arc")];
  return [
    {
      kind: "option",
      ...factBase(around, "option", "cors.allow-origin"),
      path: "cors.allow-origin",
      catalogue: "cors.allow-origin",
      value: "*",
      isDefault: true,
      read: true,
      security: true,
      issue: null,
      origins: { "": origins, "/value": origins },
    },
  ];
}

/** The ports of the XML that the image selects, where none is among the files. */
function stockPorts(around: Surroundings, service: Service): readonly Port[] {
  return runsImage(service) ? stockWebPorts(around) : [];
}

/** The users of the files, else those that the directory's image makes. */
export function archiveAccounts(
  files: ArchiveFiles,
  service: Service,
  around: Surroundings,
  usable?: Maybe<boolean>,
): readonly AccountFact[] {
  const written = files.directory === undefined ? [] : accountFacts(files.directory, around, usable);
  const directory = directoryOf(service);
  return written.length > 0 || directory === undefined ? written : stockUsers(directory, around, usable);
}

/** Whether the archive's applications ask for a login: by the tag, else by what the XML is made for. */
function webLogin(
  files: ArchiveFiles,
  server: WildFlyServer | undefined,
  around: Surroundings,
  service: Service,
  version: string,
): WebLogin & { readonly assumptions: readonly string[] } {
  const accounts = archiveAccounts(files, service, around);
  const defaultCredentials =
    accounts.length > 0 ? hasDefaultUser(accounts) : unknown("input", "the users are in none of the files");
  const base = {
    deployed: deployedBy(service),
    defaultCredentials,
    credentialOrigins: defaultUsers(accounts).flatMap((account) => account.origins["/password"] ?? []),
    lockout: unknown("input", "the realm decides"),
  };
  const started = around.startedAt ?? service.at;
  const at: readonly Origin[] = started === undefined ? [] : [fromPlace(started)];
  if (runsImage(service))
    return { ...base, variant: variantOfService(service, version), origins: at, assumptions: [] };
  const wars = server?.secured.filter((secured) => /-war-.*-secure\.war$/.test(secured.name.value)) ?? [];
  const deployed = server?.deployments.find((deployment) => /dcm4chee-arc-ear/.test(deployment.name.value));
  if (deployed !== undefined) {
    const variant: Variant = /-secure(?:-ui)?\.ear$/.test(deployed.name.value) ? "secure" : "plain";
    return { ...base, variant, origins: [fromPlace(deployed.at)], assumptions: [] };
  }
  if (server === undefined)
    return {
      ...base,
      variant: unknown("input", "the configuration of WildFly is not among the files"),
      origins: at,
      assumptions: [],
    };
  const first = wars[0];
  if (first !== undefined) {
    return {
      ...base,
      variant: "secure",
      origins: [fromPlace(first.element.startTag)],
      assumptions: [
        `The archive is taken to be deployed as ${first.name.value}, which the configuration of WildFly names.`,
      ],
    };
  }
  return {
    ...base,
    variant: "plain",
    origins: [
      fromPlace(server.root.startTag, "no secure-deployment for the archive: nothing asks for a login"),
    ],
    assumptions: [],
  };
}

/** The console: a token on secured variants, else users of a properties file; nothing at all without either. */
function managementLogin(
  server: WildFlyServer | undefined,
  around: Surroundings,
  service: Service,
  variant: Maybe<Variant>,
): ManagementLogin {
  const user = service.environment.variables.get("WILDFLY_ADMIN_USER");
  const password = service.environment.variables.get("WILDFLY_ADMIN_PASSWORD");
  const origins: readonly Origin[] =
    password === undefined
      ? [unset(around.startedAt ?? service.at, "set by the image")]
      : [fromPlace(password.at)];
  const oidc = around.lookup("env.WILDFLY_ADMIN_OIDC");
  const byToken =
    server !== undefined && consoleUsesOidc(server) === true
      ? true
      : runsImage(service) &&
        !isUnknown(variant) &&
        variant !== "plain" &&
        !(oidc.state === "set" && oidc.value.value === "false");
  const interfaceView = server?.management.find((view) => view.type === "http");
  if (interfaceView !== undefined && interfaceView.login === undefined)
    return { mode: "none", defaultCredentials: false, origins: [fromPlace(interfaceView.element.startTag)] };
  const here =
    interfaceView === undefined ? origins : [fromPlace(interfaceView.element.startTag), ...origins];
  if (byToken)
    return {
      mode: "oidc",
      defaultCredentials: unknown("input", "the users are in the directory"),
      origins: here,
    };
  return {
    mode: "digest",
    defaultCredentials: defaultAdmin(user?.value, password?.value, service),
    ...(hasNoUser(service, variant) ? { lockedOut: true } : {}),
    origins: here,
  };
}

/** The image of a tag without -secure makes a user of two variables, and none without them (WF docker-entrypoint.sh:44-47). */
function hasNoUser(service: Service, variant: Maybe<Variant>): boolean {
  const { complete, variables } = service.environment;
  const given = (name: string): boolean => variables.has(name) || variables.has(`${name}_FILE`);
  const both = given("WILDFLY_ADMIN_USER") && given("WILDFLY_ADMIN_PASSWORD");
  const files = service.configuration.flatMap((source) => source.files);
  const written = files.some(({ path }) => path.endsWith("mgmt-users.properties"));
  return runsImage(service) && variant === "plain" && complete && !both && !written;
}

/** Both variables are needed; what a volume keeps from a first start is not seen (T28, T29). */
function defaultAdmin(user: Text | undefined, password: Text | undefined, service: Service): Maybe<boolean> {
  if (user === undefined || password === undefined)
    return runsImage(service) && service.environment.complete
      ? false
      : unknown("input", "the users of the management are in none of the files");
  return user.value === password.value || /^(?:admin|changeit|secret|password)$/i.test(password.value);
}

/** Roles of an entity count only where a login exists (T16). */
function roleFacts(
  devices: readonly ConfigObject[],
  login: WebLogin,
  around: Surroundings,
): readonly IneffectiveFact[] {
  if (login.variant !== "plain" && login.variant !== "secure-ui") return [];
  return devices.flatMap((device) =>
    device.children.flatMap((child): IneffectiveFact[] => {
      const roles = child.role === "ae" ? child.attributes.get("dcmaccepteduserrole") : undefined;
      if (roles === undefined) return [];
      const path = `AE ${child.name}: dcmAcceptedUserRole`;
      const origins = [fromPlace(roles.at)];
      return [
        {
          kind: "ineffective",
          ...factBase(around, "ineffective", path),
          path,
          because: "this archive asks nobody for a login over HTTP: roles are not compared",
          looksSafe: true,
          origins: { "": origins, "/because": origins },
        },
      ];
    }),
  );
}
