/** Which files an nginx reads: its main file, and how includes are found from there. */
import type { Service } from "../../deployment/model.ts";
import { folderOf } from "../../sources/files.ts";
import { withVariables } from "../../sources/templates.ts";
import { type Located, type Text, textAt } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { hostDisk, matching, type ProxyDisk, single } from "../proxy/disk.ts";
import { containerDisk, startsUnseen } from "./container-files.ts";
import type { ResolveInclude } from "./expand.ts";
import { nginxImage } from "./images.ts";

/** What an nginx reads. */
export interface NginxFiles {
  readonly texts: readonly Text[];
  readonly prefix: string;
  readonly resolveInclude: ResolveInclude;
  /** A file by its path, as nginx sees it. */
  readonly read: (path: string) => Text | undefined;
  /** Sentences: what was taken for granted. */
  readonly assumptions: readonly string[];
}

/** The files of a service. */
export function nginxFiles(service: Service, context: DeriveContext): NginxFiles {
  return service.container === undefined
    ? onHost(service, context)
    : inContainer(service, service.container, context);
}

function inContainer(
  service: Service,
  container: NonNullable<Service["container"]>,
  context: DeriveContext,
): NginxFiles {
  const image = nginxImage(container);
  const disk = containerDisk(container, image, service, context);
  const main = mainFile(container) ?? image.main;
  const own = container.files.some(({ target }) => /nginx|openresty/u.test(target));
  const text = own || !startsUnseen(container, disk) ? disk.read(main) : undefined;
  const assumption =
    text === undefined
      ? `The configuration of nginx in ${service.name} (${main}) is not part of the input: what it passes on is not known.`
      : `What nginx in ${service.name} passes on is in files of its image, which are not read.`;
  return {
    texts: text === undefined ? [] : [text],
    prefix: folderOf(main),
    read: disk.read,
    resolveInclude: (path, glob, at) => (glob ? matching(disk, path) : included(disk, path, at)),
    assumptions: text !== undefined && (own || image.complete) ? [] : [assumption],
  };
}

/** `nginx -c FILE`. */
function mainFile(container: NonNullable<Service["container"]>): string | undefined {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])]
    .map(({ value }) => value)
    .join(" ");
  return /\bnginx\b.*?\s-c\s*(\/\S+?)["';]*(?:\s|$)/u.exec(words)?.[1];
}

function included(disk: ProxyDisk, path: string, at: Located): readonly Text[] | undefined {
  return single(disk, path) ?? (path === certbotPath ? [textAt(certbotOptions, at)] : undefined);
}

/** What Certbot writes for nginx, the same everywhere. Source: certbot-nginx, tls_configs/options-ssl-nginx.conf. */
const certbotPath = "/etc/letsencrypt/options-ssl-nginx.conf";
const certbotOptions = `ssl_session_cache shared:le_nginx_SSL:10m;
ssl_session_timeout 1440m;
ssl_session_tickets off;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_prefer_server_ciphers off;
ssl_ciphers "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256";
`;

/** Where packages keep the configuration; in the input another folder may stand for it. */
const packaged = "/etc/nginx";

function onHost(service: Service, context: DeriveContext): NginxFiles {
  const assumptions = new Set<string>();
  const disk = hostDisk(service, packaged, context, (path) =>
    assumptions.add(`${path} is not part of the input: nginx is taken to find no file there.`),
  );
  const texts = service.configuration.flatMap(({ files }) => files.map(withVariables));
  return {
    texts,
    prefix: packaged,
    read: disk.read,
    resolveInclude: (path, glob, at) => (glob ? matching(disk, path) : included(disk, path, at)),
    get assumptions() {
      return [...assumptions];
    },
  };
}
