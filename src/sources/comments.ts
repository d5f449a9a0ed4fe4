/** The comments of a file, as its own reader finds them: what stands in a value is none, whatever it looks like. */
import type { Located, Place, Text } from "../text/text.ts";
import { caddyComments } from "./caddyfile.ts";
import { dockerLines } from "./dockerfile-lines.ts";
import { readDotenv } from "./dotenv.ts";
import { haproxyComments } from "./haproxy.ts";
import { httpdComments } from "./httpd.ts";
import { dialects, jsonComments } from "./json-tokens.ts";
import { ldifComments } from "./ldif/lines.ts";
import { readNginx } from "./nginx.ts";
import { propertiesComments } from "./properties.ts";
import type { SourceFile } from "./source.ts";
import { unitComments } from "./systemd.ts";
import { tomlComments } from "./toml.ts";
import { readXml } from "./xml/read.ts";
import { yamlComments } from "./yaml-comments.ts";

/** A comment with its marks. */
export interface Comment {
  readonly text: string;
  readonly at: Place;
}

type Reader = (text: Text) => readonly Located[];

const xml: Reader = (text) => readXml(text, { doctype: "external" }).comments;

/** Readers by the kind of file. JSON of dcm4chee and Keycloak has no comments: those programs refuse them. */
const readers: Readonly<Record<string, Reader>> = {
  "orthanc-json": (text) => jsonComments(text, dialects.jsoncpp),
  compose: yamlComments,
  kubernetes: yamlComments,
  kustomization: yamlComments,
  helm: yamlComments,
  caddyfile: caddyComments,
  traefik: (text) => (/^\s*(?:\[|[\w.-]+\s*=)/mu.test(text.value) ? tomlComments(text) : yamlComments(text)),
  httpd: httpdComments,
  haproxy: haproxyComments,
  dockerfile: (text) => dockerLines(text).comments,
  nginx: (text) => readNginx(text).comments,
  systemd: unitComments,
  dotenv: (text) => readDotenv(text, () => ({ state: "unset" })).comments,
  "dcm4chee-ldif": ldifComments,
  "dcm4chee-ldif-changes": ldifComments,
  "dcm4chee-users-ldif": ldifComments,
  "dcm4chee-ui-ldif": ldifComments,
  "ldap-base-ldif": ldifComments,
  "slapd-config-ldif": ldifComments,
  "ldap-schema-ldif": ldifComments,
  "wildfly-xml": xml,
  "wildfly-domain-xml": xml,
  "web-xml": xml,
  "jboss-web-xml": xml,
  "jboss-server-xml": xml,
  "jboss-login-config": xml,
  "jboss-mbeans": xml,
  "jboss-datasource": xml,
  "wildfly-users": propertiesComments,
  "jboss-users": propertiesComments,
  "ldap-properties": propertiesComments,
  "keycloak-conf": propertiesComments,
};

/**
 * The comments of a text of this kind, in its order; none where the format has none or is not known. A text that stands in
 * another file, or was made of parts of one, has its comments there.
 */
export function commentsOf(
  text: Text,
  kind: string,
  sourceOf: (file: string) => SourceFile | undefined,
): readonly Comment[] {
  const found = readers[kind]?.(text) ?? [];
  return found.flatMap(({ at }) => {
    const source = sourceOf(at.file);
    return source === undefined ? [] : [{ text: source.text.value.slice(at.start, at.end), at }];
  });
}
