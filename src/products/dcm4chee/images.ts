/**
 * The images of dcm4che: what a tag protects, and what holds for a variable that nobody sets.
 * Sources: dcm4che-dockerfiles/dcm4chee-arc-psql, master and tags secure and secure-ui, 5.35.0 (Dockerfile, setenv.sh,
 * configuration/dcm4chee-arc.xml); dcm4che-dockerfiles/wildfly, Dockerfile:36.
 */
import { before } from "../version.ts";
import { imageDefaults, imageVariables } from "./catalogue.ts";

/** What a tag's suffix protects; there is no variable for it. */
export type Variant = "plain" | "secure-ui" | "secure";

/** The variant of a tag such as "5.35.0-secure" or "5.16.2-logstash-secure-ui". */
export function variantOf(tag: string): Variant {
  if (/-secure-ui\b/.test(tag)) return "secure-ui";
  return /-secure\b/.test(tag) ? "secure" : "plain";
}

/** The values that the archive's image gives to variables that nobody sets, at a release. */
export function archiveDefaults(version: string): ReadonlyMap<string, string> {
  return new Map([
    ...imageDefaults("dcm4chee-arc-psql"),
    ...(before(version, "5.29.0") ? [["AUTH_SERVER_URL", "http://keycloak:8080/auth"] as const] : []),
    ...(before(version, "5.31.0") ? [["AUTH_USER_ROLE", "user"] as const] : []),
  ]);
}

/** System properties that the image's command line sets: `-b 0.0.0.0 -bmanagement 0.0.0.0` (F8). */
export const imageProperties: ReadonlyMap<string, string> = new Map([
  ["jboss.bind.address", "0.0.0.0"],
  ["jboss.bind.address.management", "0.0.0.0"],
]);

/** Variables that have a twin with _FILE; both together stop the container (setenv.sh:11-14). */
export const fileVariables: readonly string[] = imageVariables("dcm4chee-arc-psql").flatMap((name) =>
  name.endsWith("_FILE") ? [name.slice(0, -5)] : [],
);

/** Passwords that the server takes from a variable; unset, the default holds. */
export const passwordVariables: readonly {
  readonly name: string;
  readonly user: string | null;
  readonly purpose: string;
}[] = [
  { name: "LDAP_ROOTPASS", user: null, purpose: "the administrator of the directory" },
  { name: "POSTGRES_PASSWORD", user: "pacs", purpose: "the database" },
  { name: "KEYSTORE_PASSWORD", user: null, purpose: "the key store of the archive" },
];

/** Paths of the archive's web applications, by what protects them on each variant. */
export interface PathGroup {
  readonly login: "none" | "oidc";
  readonly paths: readonly string[];
  /** Images and configuration are behind it; false for static files. */
  readonly holds: "everything" | "images" | "nothing";
}

/** What a container deploys, by WILDFLY_DEPLOY_UI (setenv.sh): the archive, its user interface, or both. */
export type Deployed = "both" | "archive" | "ui";

/**
 * Which paths ask for a login. XDS-I retrieval has no secured variant (dcm4chee-arc-retrieve-xdsi/pom.xml:87), nor have
 * the style sheets.
 */
export function pathGroups(variant: Variant, deployed: Deployed): readonly PathGroup[] {
  const rest = "/dcm4chee-arc";
  const [ui, xdsi, xsl] = [`${rest}/ui2`, `${rest}/xdsi`, `${rest}/xsl`];
  const pages = deployed === "archive" ? [] : [ui];
  if (deployed === "ui")
    return [{ login: variant === "plain" ? "none" : "oidc", paths: pages, holds: "nothing" }];
  switch (variant) {
    case "plain":
      return [{ login: "none", paths: [rest, ...pages, xdsi, xsl], holds: "everything" }];
    case "secure-ui":
      return [
        { login: "none", paths: [rest, xdsi, xsl], holds: "everything" },
        ...(pages.length === 0 ? [] : [{ login: "oidc", paths: pages, holds: "nothing" } as const]),
      ];
    case "secure":
      return [
        { login: "oidc", paths: [rest, ...pages], holds: "everything" },
        { login: "none", paths: [xdsi, xsl], holds: "images" },
      ];
  }
}
