/**
 * Images whose start script writes the configuration of nginx: from their own variables, or from those of the containers
 * beside them.
 * Sources: nginx-proxy/nginx-proxy, nginx.tmpl and network_internal.conf @584073d; orthanc-team/orthanc-auth-service,
 * sources/nginx.
 */
import type { Container, ContainerVariable, Service } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { isKnown, type Located, type Text, textAt } from "../../text/text.ts";
import type { ProxyDisk } from "../proxy/disk.ts";
import { membersAt, valueAt, wordOf } from "../proxy/tree.ts";

/** A file that is made at the start, by its path in the container. */
export type WrittenFile = readonly [string, Text];

/** The files that the start script writes; none where the image does not write any. */
export function writtenFiles(
  container: Container,
  partners: readonly Service[],
  disk: ProxyDisk,
): readonly WrittenFile[] {
  const id = container.recognised?.id;
  if (id === "orthanc-nginx") return ofOrthancTeam(container);
  return id === "nginx-proxy" ? ofNginxProxy(container, partners, disk) : [];
}

function variable(container: Container, name: string): ContainerVariable | undefined {
  return container.variables.findLast((one) => one.name === name && isKnown(one.value));
}

const orthancTeamRoutes: Readonly<Record<string, string>> = {
  ENABLE_ORTHANC: "location /orthanc/ { proxy_pass http://orthanc:8042/; client_max_body_size 0; }",
  ENABLE_ORTHANC_FOR_API:
    "location /orthanc-api/ { proxy_pass http://orthanc-for-api:8042/; client_max_body_size 0; }",
  ENABLE_ORTHANC_FOR_SHARES:
    "location /shares/ { proxy_pass http://orthanc-for-shares:8042/; client_max_body_size 0; }",
  ENABLE_ORTHANC_TOKEN_SERVICE:
    "location /auth-service/ { proxy_pass http://orthanc-auth-service:8000/; client_max_body_size 0; }",
  ENABLE_KEYCLOAK: "location /keycloak/ { proxy_pass http://keycloak:8080/; client_max_body_size 0; }",
  ENABLE_OHIF: "location /ohif/ { proxy_pass http://ohif:80; client_max_body_size 0; }",
  ENABLE_MEDDREAM: "location /meddream/ { proxy_pass http://meddream-viewer:8080/; client_max_body_size 0; }",
};

const orthancTeamPlain =
  "server { listen 80; location / { return 301 /orthanc/ui/app/; } include enabled-reverse-proxies/*.conf; }\n";
const orthancTeamTls = `server {
  listen 443 ssl;
  ssl_certificate /etc/nginx/tls/crt.pem;
  ssl_certificate_key /etc/nginx/tls/key.pem;
  location / { return 302 /orthanc/ui/app/; }
  include enabled-reverse-proxies/*.conf;
}
server { listen 80 default_server; server_name _; return 301 https://$host$request_uri; }
`;

function ofOrthancTeam(container: Container): readonly WrittenFile[] {
  const isOn = (one: ContainerVariable | undefined) => one?.value.value === "true";
  const https = variable(container, "ENABLE_HTTPS");
  const routes = Object.entries(orthancTeamRoutes).flatMap(([name, route]): readonly WrittenFile[] => {
    const set = variable(container, name);
    return set !== undefined && isOn(set)
      ? [[`/etc/nginx/enabled-reverse-proxies/${name}.conf`, textAt(`${route}\n`, set.at)]]
      : [];
  });
  const server = isOn(https) ? orthancTeamTls : orthancTeamPlain;
  return [["/etc/nginx/conf.d/default.conf", textAt(server, https?.at ?? container.imageAt)], ...routes];
}

/** nginx-proxy passes on to every container that has VIRTUAL_HOST and shares a network with it. */
function ofNginxProxy(
  container: Container,
  partners: readonly Service[],
  disk: ProxyDisk,
): readonly WrittenFile[] {
  const servers = partners.flatMap((partner) => {
    const settings = partner.container;
    if (settings === undefined) return [];
    return namesOf(settings).map(({ host, paths, at }): WrittenFile => {
      const text = virtualServer({ host, paths, partner, settings, proxy: container, disk });
      return [`/etc/nginx/conf.d/${partner.name}-${host.replaceAll("*", "any")}.conf`, textAt(text, at)];
    });
  });
  const nothing: WrittenFile = [
    "/etc/nginx/conf.d/default.conf",
    textAt("server { listen 80 default_server; server_name _; return 503; }\n", container.imageAt),
  ];
  return [nothing, ...servers];
}

/** A name that a container wants, and its paths where they have ports of their own. */
interface WantedName {
  readonly host: string;
  readonly paths: readonly WantedPath[] | undefined;
  readonly at: Located;
}

interface WantedPath {
  readonly path: string;
  readonly port: string | undefined;
  readonly dest: string | undefined;
}

const hostName = /^[\w.*-]+$/u;

/** VIRTUAL_HOST_MULTIPORTS holds names, paths and ports as YAML, and replaces VIRTUAL_HOST (README, "Multiple ports"). */
function namesOf(settings: Container): readonly WantedName[] {
  const several = variable(settings, "VIRTUAL_HOST_MULTIPORTS");
  if (several !== undefined) {
    const [root] = readYaml(several.value).documents;
    return membersAt(root)
      .filter(({ key }) => hostName.test(key))
      .map(({ key, value, keyAt }) => ({ host: key, paths: pathsIn(value), at: keyAt }));
  }
  const hosts = variable(settings, "VIRTUAL_HOST");
  if (hosts === undefined) return [];
  return hosts.value.value
    .split(",")
    .map((host) => host.trim())
    .filter((host) => hostName.test(host))
    .map((host) => ({ host, paths: undefined, at: hosts.at }));
}

function pathsIn(host: Tree): readonly WantedPath[] {
  const paths = membersAt(host).map(({ key, value }): WantedPath => {
    const of = (name: string) => {
      const word = wordOf(valueAt(value, name));
      return word === undefined || isUnknown(word.value) ? undefined : word.value;
    };
    return { path: key, port: of("port"), dest: of("dest") };
  });
  return paths.length === 0 ? [{ path: "/", port: undefined, dest: undefined }] : paths;
}

interface VirtualHost {
  readonly host: string;
  readonly paths: readonly WantedPath[] | undefined;
  readonly partner: Service;
  readonly settings: Container;
  readonly proxy: Container;
  readonly disk: ProxyDisk;
}

/** One name: HTTPS where it has a certificate, and then the plain port redirects unless HTTPS_METHOD says otherwise. */
function virtualServer({ host, paths, partner, settings, proxy, disk }: VirtualHost): string {
  const set = (key: string, fallback: string) =>
    variable(settings, key)?.value.value || variable(proxy, key)?.value.value || fallback;
  const wanted = paths ?? [
    { path: set("VIRTUAL_PATH", "/"), port: set("VIRTUAL_PORT", ""), dest: set("VIRTUAL_DEST", "") },
  ];
  const parts = [
    set("NETWORK_ACCESS", "external") === "internal" ? internalOnly : "",
    loginOf(host, proxy, disk),
    further([`${host}_location`, "default_location"], disk),
  ];
  const locations = wanted.map(({ path, port, dest = "" }) => {
    const target = `${set("VIRTUAL_PROTO", "http")}://${partner.name}:${port || defaultPort(partner)}${dest}`;
    return `location ${path} { ${parts.join("")}proxy_pass ${target}; }\n`;
  });
  const location = `${locations.join("")}${further([host, "default"], disk)}`;
  const plain = `server { server_name ${host}; listen 80; ${location} }\n`;
  const method = set("HTTPS_METHOD", "redirect");
  const hsts = set("HSTS", "max-age=31536000");
  if (!hasCertificate(settings, proxy) || method === "nohttps") return plain;
  const tls = `server {
  server_name ${host}; listen 443 ssl;
  ssl_certificate /etc/nginx/certs/${host}.crt; ssl_certificate_key /etc/nginx/certs/${host}.key;
  ${tlsPolicy(set("SSL_POLICY", "Mozilla-Intermediate"))}
  ${hsts === "off" ? "" : `add_header Strict-Transport-Security "${hsts}" always;`}
  ${location}
}
`;
  if (method === "noredirect") return `${plain}${tls}`;
  return method === "nohttp"
    ? tls
    : `server { server_name ${host}; listen 80; return 301 https://$host$request_uri; }\n${tls}`;
}

/** The port where VIRTUAL_PORT is not set: the only one that the container exposes, or else 80 (template container_port). */
function defaultPort({ container, network }: Service): string {
  const exposed = (container?.exposes ?? []).map(({ value }) => value.replace(/\/tcp$/u, ""));
  const published =
    network.kind === "container"
      ? network.published
          .filter(({ protocol }) => protocol === "tcp")
          .map(({ containerPort }) => containerPort)
      : [];
  const ofImage = container?.recognised?.id === "jodogne-orthanc" ? ["4242", "8042"] : [];
  const ports = new Set([
    ...exposed,
    ...ofImage,
    ...published.map((port) => (isUnknown(port) ? "?" : `${port}`)),
  ]);
  const [only] = ports;
  return ports.size === 1 && only !== undefined && /^\d+$/u.test(only) ? only : "80";
}

/** What network_internal.conf of the image holds. */
const internalOnly =
  "allow 127.0.0.0/8; allow 10.0.0.0/8; allow 192.168.0.0/16; allow 172.16.0.0/12; allow fc00::/7; deny all; ";

/** The first of the files in vhost.d that is there is included. */
function further(names: readonly string[], disk: ProxyDisk): string {
  const found = names
    .map((name) => `/etc/nginx/vhost.d/${name}`)
    .find((path) => disk.read(path) !== undefined);
  return found === undefined ? "" : `include ${found}; `;
}

const gcm =
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

/** The policies of SSL_POLICY, by what they allow at worst (template ssl_policy). */
function tlsPolicy(name: string): string {
  if (/^Mozilla-Modern$|^AWS-TLS13-1-3/u.test(name)) return `ssl_protocols TLSv1.3; ssl_ciphers ${gcm};`;
  if (name === "Mozilla-Old")
    return `ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ${gcm}:AES128-SHA:DES-CBC3-SHA;`;
  if (/^AWS-2015-0[35]$/u.test(name))
    return `ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ${gcm}:AES128-SHA:DES-CBC3-SHA;`;
  if (/^AWS-(?:2015-02|2016-08|FS-2018-06|TLS13-1-0)/u.test(name))
    return `ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ${gcm}:ECDHE-RSA-AES128-SHA;`;
  if (/^AWS-(?:FS-1-1|TLS-1-1|TLS13-1-1)/u.test(name))
    return `ssl_protocols TLSv1.1 TLSv1.2; ssl_ciphers ${gcm}:ECDHE-RSA-AES128-SHA;`;
  return `ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ${gcm};`;
}

/** Its companion fetches certificates for LETSENCRYPT_HOST; others are put into the folder of certificates. */
function hasCertificate(settings: Container, proxy: Container): boolean {
  return (
    variable(settings, "LETSENCRYPT_HOST") !== undefined ||
    proxy.files.some(({ target }) => target === "/etc/nginx/certs" || target.startsWith("/etc/nginx/certs/"))
  );
}

/** A file of users with the name of the host asks for a login; one that may be there and cannot be read is a gap. */
function loginOf(host: string, proxy: Container, disk: ProxyDisk): string {
  const path = `/etc/nginx/htpasswd/${host}`;
  if (disk.read(path) !== undefined) return `auth_basic "Restricted"; auth_basic_user_file ${path}; `;
  const folder = proxy.files.find(({ target }) => target === "/etc/nginx/htpasswd");
  const hidden = folder !== undefined && disk.names("/etc/nginx/htpasswd") === undefined;
  return hidden ? `include ${path}; ` : "";
}
