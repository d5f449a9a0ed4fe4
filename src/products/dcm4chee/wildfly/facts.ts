/** What a WildFly configuration says besides its ports. */
import type { Fact, IneffectiveFact, WebAppFact } from "../../../facts/facts.ts";
import { fromPlace } from "../../../facts/origin.ts";
import type { Maybe } from "../../../facts/unknown.ts";
import { xmlAttribute, xmlChildren } from "../../../sources/xml/tree.ts";
import { locate } from "../../../text/text.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { databaseFact } from "./databases.ts";
import { managementOptions, propertyOptions, securedOptions, webOptions } from "./options.ts";
import { subsystem, type WildFlyServer } from "./server.ts";

/** The facts of a configuration. */
export function wildflyFacts(server: WildFlyServer, around: Surroundings): readonly Fact[] {
  return [
    ...server.datasources.flatMap((source) => databaseFact(server, source, around)),
    ...propertyOptions(server, around),
    ...securedOptions(server, around),
    ...managementOptions(server, around),
    ...webOptions(server, around),
    ...invokers(server, around),
    ...deploymentMismatch(server, around),
  ];
}

/** `/wildfly-services`: calls of enterprise beans over HTTP, open without a factory for the login. */
function invokers(server: WildFlyServer, around: Surroundings): readonly WebAppFact[] {
  const undertow = subsystem(server.root, "undertow(?::[a-z]+)?");
  if (undertow === undefined) return [];
  return xmlChildren(undertow, "server").flatMap((element) =>
    xmlChildren(element, "host").flatMap((host) =>
      xmlChildren(host, "http-invoker").map((invoker): WebAppFact => {
        const login =
          xmlAttribute(invoker, "http-authentication-factory") ?? xmlAttribute(invoker, "security-realm");
        const origins = [fromPlace(login ?? invoker.startTag)];
        return {
          kind: "webApp",
          ...factBase(around, "webApp", "/wildfly-services"),
          context: "/wildfly-services",
          login: login === undefined ? "none" : "digest",
          methodsBypass: false,
          transportGuarantee: false,
          administrative: true,
          origins: { "": origins, "/login": origins },
        };
      }),
    ),
  );
}

/** A name of another release is attached to nothing: the settings below it do not protect (T31). */
function deploymentMismatch(server: WildFlyServer, around: Surroundings): readonly IneffectiveFact[] {
  const release = /^\d+\.\d+\.\d+/.exec(around.version)?.[0];
  if (release === undefined) return [];
  return server.secured.flatMap((secured): IneffectiveFact[] => {
    const named = /-(\d+\.\d+\.\d+)(?:-[a-z]+)*-secure\.war$/.exec(secured.name.value)?.[1];
    if (named === undefined || named === release) return [];
    const origins = [fromPlace(locate(secured.name, 0, secured.name.value.length))];
    return [
      {
        kind: "ineffective",
        ...factBase(around, "ineffective", `secure-deployment/${secured.name.value}`),
        path: `secure-deployment ${secured.name.value}`,
        because: `it names ${named}, and ${release} runs: the login settings are attached to nothing`,
        looksSafe: true,
        origins: { "": origins, "/because": origins },
      },
    ];
  });
}

/** Whether the console asks the identity provider for the login: a secure-server, or a deployment of that name. */
export function consoleUsesOidc(server: WildFlyServer): Maybe<boolean> {
  return server.secured.some((secured) => secured.kind === "secure-server");
}
