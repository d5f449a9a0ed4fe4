/**
 * What the images of nginx bring along: the files that are there as long as nothing is put in their place.
 * Source: nginxinc/docker-nginx, mainline/debian: nginx.conf of the package, conf.d/default.conf and
 * 20-envsubst-on-templates.sh; nginxinc/docker-nginx-unprivileged; openresty/docker-openresty; bitnami/containers.
 */
import type { Container } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";

/** An image's own configuration. */
export interface NginxImage {
  readonly main: string;
  /** File → content. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether these are all of its files, so that a folder without any of them is empty. */
  readonly complete: boolean;
  /** Whether its start script makes files from templates. */
  readonly templates: boolean;
}

/** The image of a container; one that is not known is taken to read the usual folders. */
export function nginxImage(container: Container): NginxImage {
  const repository = container.recognised?.reference.repository;
  const name = repository === undefined || isUnknown(repository) ? "" : repository.replace(/^.*\//u, "");
  const id = container.recognised?.id;
  if (id === "nginx-unprivileged") return official(8080);
  if (id === "orthanc-nginx" || id === "nginx-proxy") return { ...official(80), templates: false };
  if (name === "swag") return swag;
  if (name === "openresty")
    return {
      ...official(80),
      main: "/usr/local/openresty/nginx/conf/nginx.conf",
      files: withMain("/usr/local/openresty/nginx/conf/nginx.conf", 80),
      templates: false,
    };
  if (id === "nginx" && name === "nginx" && !/bitnami|linuxserver/u.test(String(repository)))
    return official(80);
  return { main: mainPath, files: { [mainPath]: usualMain }, complete: false, templates: false };
}

const mainPath = "/etc/nginx/nginx.conf";

function official(port: number): NginxImage {
  return { main: mainPath, files: withMain(mainPath, port), complete: true, templates: true };
}

function withMain(path: string, port: number): Readonly<Record<string, string>> {
  return {
    [path]: "events { worker_connections 1024; }\nhttp { include /etc/nginx/conf.d/*.conf; }\n",
    "/etc/nginx/conf.d/default.conf": `server { listen ${port}; server_name localhost; location / { root /usr/share/nginx/html; index index.html index.htm; } }\n`,
  };
}

/**
 * linuxserver/swag: a default site that includes those of folders, and further sites; the parts that these share.
 * Source: linuxserver/docker-swag root/defaults/nginx/site-confs/default.conf.sample @bc02502;
 * linuxserver/docker-baseimage-alpine-nginx root/defaults/nginx (nginx.conf.sample, ssl.conf.sample) @097e215.
 */
const swag: NginxImage = {
  main: mainPath,
  files: {
    [mainPath]: `events {}
http {
  client_max_body_size 0;
  include /config/nginx/site-confs/*.conf;
}
`,
    "/config/nginx/site-confs/default.conf": `server { listen 80 default_server; return 301 https://$host$request_uri; }
server {
  listen 443 ssl default_server;
  include /config/nginx/ssl.conf;
  root /config/www;
  include /config/nginx/proxy-confs/*.subfolder.conf;
  location / { try_files $uri $uri/ /index.html /index.htm /index.php$is_args$args; }
  location ~ ^(.+\\.php)(.*)$ { fastcgi_pass 127.0.0.1:9000; }
  location ~ /\\.ht { deny all; }
}
include /config/nginx/proxy-confs/*.subdomain.conf;
`,
    "/config/nginx/ssl.conf": `ssl_certificate /config/keys/cert.crt;
ssl_certificate_key /config/keys/cert.key;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305;
`,
    "/config/nginx/proxy.conf": "",
    "/config/nginx/resolver.conf": "",
    "/config/nginx/authelia-server.conf":
      "location = /authelia/api/authz/auth-request { internal; proxy_pass http://authelia:9091; }",
    "/config/nginx/authelia-location.conf": "auth_request /authelia/api/authz/auth-request;",
  },
  complete: true,
  templates: false,
};

/** The folders that distributions and image builders include. */
const usualMain = `events {}
http {
  include /etc/nginx/conf.d/*.conf;
  include /etc/nginx/http.d/*.conf;
  include /etc/nginx/sites-enabled/*;
  include /opt/bitnami/nginx/conf/server_blocks/*.conf;
  include /config/nginx/site-confs/*.conf;
}
`;
