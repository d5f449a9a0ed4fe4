/**
 * web.xml and jboss-web.xml: who must log in to a web application, and which methods the login leaves out.
 * Source: Java Servlet Specification 3.1, 13.8 (constraints without methods cover all; listed methods leave the rest open).
 */
import type { WebAppFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { type XmlElement, xmlChild, xmlChildren, xmlText } from "../../sources/xml/tree.ts";
import { factBase, type Surroundings } from "./archive.ts";

/** The fact about an application, from its web.xml and, where there is one, its jboss-web.xml. */
export function webAppFact(
  webXml: XmlElement,
  jbossWebXml: XmlElement | undefined,
  fileName: string,
  around: Surroundings,
): WebAppFact {
  const protecting = constraintsOf(webXml);
  const root = contextOf(jbossWebXml, webXml, fileName);
  const login = loginOf(webXml, protecting, jbossWebXml);
  const bypass = bypassOf(webXml, protecting);
  const guarantee = protecting.filter((constraint) =>
    /CONFIDENTIAL|INTEGRAL/.test(deepText(constraint, "transport-guarantee")),
  );
  return {
    kind: "webApp",
    ...factBase(around, "webApp", root.name),
    context: root.context,
    login: login.value,
    methodsBypass: bypass.length > 0,
    transportGuarantee: guarantee.length > 0,
    administrative: /jmx-console|web-console|invoker|admin-console/.test(root.name),
    origins: {
      "": [fromPlace(webXml.startTag)],
      "/login": login.origins,
      "/methodsBypass": bypass,
      "/transportGuarantee":
        guarantee.length > 0 ? guarantee.map((constraint) => fromPlace(constraint.startTag)) : login.origins,
    },
  };
}

/** Constraints that ask for a role. */
function constraintsOf(webXml: XmlElement): readonly XmlElement[] {
  return xmlChildren(webXml, "security-constraint").filter(
    (constraint) => xmlChild(constraint, "auth-constraint") !== undefined,
  );
}

function contextOf(
  jbossWebXml: XmlElement | undefined,
  webXml: XmlElement,
  fileName: string,
): { readonly name: string; readonly context: Maybe<string> } {
  const root = jbossWebXml && xmlChild(jbossWebXml, "context-root");
  if (root !== undefined) return { name: xmlText(root).value, context: xmlText(root).value };
  const war = /([^/]+)\.war\/WEB-INF\//.exec(fileName)?.[1];
  if (war !== undefined) return { name: war, context: `/${war}` };
  const display = xmlChild(webXml, "display-name");
  const name = display === undefined ? fileName : xmlText(display).value;
  return { name, context: unknown("input", "the context is the name of the war file", webXml.startTag) };
}

function loginOf(
  webXml: XmlElement,
  protecting: readonly XmlElement[],
  jbossWebXml: XmlElement | undefined,
): { readonly value: WebAppFact["login"]; readonly origins: readonly Origin[] } {
  if (protecting.length === 0)
    return {
      value: "none",
      origins: [{ kind: "absent", belongs: webXml.at, by: "without a security-constraint nobody is asked" }],
    };
  const config = xmlChild(webXml, "login-config");
  const method = config && xmlChild(config, "auth-method");
  const origins = protecting.map((constraint) => fromPlace(constraint.startTag));
  // Without a security domain JBoss 4 lets a constrained application fail to start.
  if (method === undefined)
    return {
      value: jbossWebXml === undefined ? unknown("input", "no login-config is in the file") : "basic",
      origins,
    };
  return {
    value: methods[xmlText(method).value.toUpperCase()] ?? "oidc",
    origins: [fromPlace(method), ...origins],
  };
}

const methods: Readonly<Record<string, "basic" | "digest" | "form" | "client-cert" | "oidc">> = {
  BASIC: "basic",
  DIGEST: "digest",
  FORM: "form",
  "CLIENT-CERT": "client-cert",
  OIDC: "oidc",
  KEYCLOAK: "oidc",
};

/** The listed methods: any other passes, unless uncovered methods are denied as a whole. */
function bypassOf(webXml: XmlElement, protecting: readonly XmlElement[]): readonly Origin[] {
  if (xmlChild(webXml, "deny-uncovered-http-methods") !== undefined) return [];
  return protecting.flatMap((constraint) =>
    xmlChildren(constraint, "web-resource-collection").flatMap((collection) =>
      xmlChildren(collection, "http-method").map((method) => fromPlace(method)),
    ),
  );
}

function deepText(element: XmlElement, name: string): string {
  const found = xmlChildren(element).flatMap((child) => xmlChildren(child, name));
  return found[0] === undefined ? "" : xmlText(found[0]).value;
}
