/**
 * Images whose start script writes the configuration of nginx: from their own variables, or from those of the containers
 * beside them.
 * Sources: nginx-proxy/nginx-proxy, nginx.tmpl and docs; orthanc-team/orthanc-auth-service, sources/nginx;
 * linuxserver/docker-swag, root/defaults/nginx and linuxserver/docker-baseimage-alpine-nginx.
 */
import type { Container, ContainerVariable, Service } from "../../deployment/model.ts";
import { isKnown, type Text, textAt } from "../../text/text.ts";
import type { ProxyDisk } from "../proxy/disk.ts";

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
    const hosts = partner.container === undefined ? undefined : variable(partner.container, "VIRTUAL_HOST");
    if (partner.container === undefined || hosts === undefined) return [];
    const settings = partner.container;
    return hosts.value.value
      .split(",")
      .map((host) => host.trim())
      .filter((host) => /^[\w.*-]+$/u.test(host))
      .map((host): WrittenFile => {
        const text = virtualServer({ host, name: partner.name, settings, proxy: container, disk });
        return [
          `/etc/nginx/conf.d/${partner.name}-${host.replaceAll("*", "any")}.conf`,
          textAt(text, hosts.at),
        ];
      });
  });
  const nothing: WrittenFile = [
    "/etc/nginx/conf.d/default.conf",
    textAt("server { listen 80 default_server; server_name _; return 503; }\n", container.imageAt),
  ];
  return [nothing, ...servers];
}

interface VirtualHost {
  readonly host: string;
  readonly name: string;
  readonly settings: Container;
  readonly proxy: Container;
  readonly disk: ProxyDisk;
}

/** One name: HTTPS where it has a certificate, and then the plain port redirects unless HTTPS_METHOD says otherwise. */
function virtualServer({ host, name, settings, proxy, disk }: VirtualHost): string {
  const set = (key: string, fallback: string) =>
    variable(settings, key)?.value.value || variable(proxy, key)?.value.value || fallback;
  const target = `${set("VIRTUAL_PROTO", "http")}://${name}:${set("VIRTUAL_PORT", "80")}${set("VIRTUAL_DEST", "")}`;
  const location = `location ${set("VIRTUAL_PATH", "/")} { ${loginOf(host, proxy, disk)}proxy_pass ${target}; }`;
  const plain = `server { server_name ${host}; listen 80; ${location} }\n`;
  const method = set("HTTPS_METHOD", "redirect");
  if (!hasCertificate(settings, proxy) || method === "nohttps") return plain;
  const tls = `server {
  server_name ${host}; listen 443 ssl;
  ssl_certificate /etc/nginx/certs/${host}.crt; ssl_certificate_key /etc/nginx/certs/${host}.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;
  add_header Strict-Transport-Security "max-age=31536000" always;
  ${location}
}
`;
  if (method === "noredirect") return `${plain}${tls}`;
  return method === "nohttp"
    ? tls
    : `server { server_name ${host}; listen 80; return 301 https://$host$request_uri; }\n${tls}`;
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
