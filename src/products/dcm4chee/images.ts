/**
 * The images of dcm4che: what a tag protects, and what holds for a variable that nobody sets.
 * Sources: dcm4che-dockerfiles/dcm4chee-arc-psql, master and tags secure and secure-ui, 5.35.0 (Dockerfile, setenv.sh,
 * configuration/dcm4chee-arc.xml); dcm4che-dockerfiles/wildfly, Dockerfile:36.
 */
import { before } from "../version.ts";

/** What a tag's suffix protects; there is no variable for it. */
export type Variant = "plain" | "secure-ui" | "secure";

/** The variant of a tag such as "5.35.0-secure" or "5.16.2-logstash-secure-ui". */
export function variantOf(tag: string): Variant {
  if (/-secure-ui\b/.test(tag)) return "secure-ui";
  return /-secure\b/.test(tag) ? "secure" : "plain";
}

/** The variables of the archive's image that have a value when they are not set. */
export function archiveDefaults(version: string): ReadonlyMap<string, string> {
  const old = before(version, "5.29.0");
  return new Map([
    ["LDAP_URL", "ldap://ldap:389"],
    ["LDAP_BASE_DN", "dc=dcm4che,dc=org"],
    ["LDAP_ROOTPASS", "secret"],
    ["LDAP_DISABLE_HOSTNAME_VERIFICATION", "true"],
    ["POSTGRES_HOST", "db"],
    ["POSTGRES_PORT", "5432"],
    ["POSTGRES_DB", "pacsdb"],
    ["POSTGRES_USER", "pacs"],
    ["POSTGRES_PASSWORD", "pacs"],
    ["KEYSTORE", "/opt/wildfly/standalone/configuration/keystores/key.p12"],
    ["KEYSTORE_PASSWORD", "secret"],
    ["KEY_PASSWORD", "secret"],
    ["KEYSTORE_TYPE", "PKCS12"],
    ["TRUSTSTORE", "/usr/local/openjdk/lib/security/cacerts"],
    ["TRUSTSTORE_PASSWORD", "changeit"],
    ["TRUSTSTORE_TYPE", "JKS"],
    ["EXTRA_CACERTS_PASSWORD", "secret"],
    ["AUTH_SERVER_URL", old ? "http://keycloak:8080/auth" : "https://keycloak:8443"],
    ["REALM_NAME", "dcm4che"],
    ["SSL_REQUIRED", "external"],
    ["ALLOW_ANY_HOSTNAME", "true"],
    ["DISABLE_TRUST_MANAGER", "false"],
    ["AUTH_USER_ROLE", before(version, "5.31.0") ? "user" : "auth"],
    ["SUPER_USER_ROLE", "root"],
    ["ARCHIVE_DEVICE_NAME", "dcm4chee-arc"],
    ["HTTP_PORT", "8080"],
    ["HTTPS_PORT", "8443"],
    ["MANAGEMENT_HTTP_PORT", "9990"],
    ["MANAGEMENT_HTTPS_PORT", "9993"],
    ["NEED_CLIENT_AUTH", "false"],
    ["TLS_PROTOCOLS", "TLSv1.2"],
    ["CIPHER_SUITE_FILTER", "DEFAULT"],
    ["HTTP_PROXY_ADDRESS_FORWARDING", "false"],
  ]);
}

/** System properties that the image's command line sets: `-b 0.0.0.0 -bmanagement 0.0.0.0` (F8). */
export const imageProperties: ReadonlyMap<string, string> = new Map([
  ["jboss.bind.address", "0.0.0.0"],
  ["jboss.bind.address.management", "0.0.0.0"],
]);

/** Variables that have a twin with _FILE; both together stop the container (setenv.sh:11-14). */
export const fileVariables: readonly string[] = [
  "LDAP_ROOTPASS",
  "POSTGRES_USER",
  "POSTGRES_PASSWORD",
  "KEYSTORE_PASSWORD",
  "KEY_PASSWORD",
  "TRUSTSTORE_PASSWORD",
  "EXTRA_CACERTS_PASSWORD",
  "WILDFLY_ADMIN_USER",
  "WILDFLY_ADMIN_PASSWORD",
];

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

/**
 * Which paths ask for a login. XDS-I retrieval has no secured variant (dcm4chee-arc-retrieve-xdsi/pom.xml:87), nor have
 * the style sheets.
 */
export function pathGroups(variant: Variant): readonly PathGroup[] {
  const rest = "/dcm4chee-arc";
  const [ui, xdsi, xsl] = [`${rest}/ui2`, `${rest}/xdsi`, `${rest}/xsl`];
  if (variant === "plain") return [{ login: "none", paths: [rest, ui, xdsi, xsl], holds: "everything" }];
  if (variant === "secure-ui") {
    return [
      { login: "none", paths: [rest, xdsi, xsl], holds: "everything" },
      { login: "oidc", paths: [ui], holds: "nothing" },
    ];
  }
  return [
    { login: "oidc", paths: [rest, ui], holds: "everything" },
    { login: "none", paths: [xdsi, xsl], holds: "images" },
  ];
}
