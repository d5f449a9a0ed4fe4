/** Apache httpd: from its configuration to sockets and routes. */
import type { Container, Service } from "../../deployment/model.ts";
import { isAbsolute, joinPath } from "../../sources/files.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { contentOf } from "../../sources/templates.ts";
import { isKnown, type Place, placeOf, type Text } from "../../text/text.ts";
import type { Derive, DeriveContext, Derived, Socket } from "../product.ts";
import { derivedOnce, distinctSockets, nothingDerived, proxySocket, wrongWith } from "../proxy/derived.ts";
import { hostDisk, matching, mountedDisk, type ProxyDisk, single } from "../proxy/disk.ts";
import { pageSockets } from "../proxy/pages.ts";
import { routesOf } from "../proxy/routes.ts";
import { frontsOf, type Serving, servingsOf, socketId } from "./fronts.ts";
import { httpdModel } from "./model.ts";
import type { ReadFile } from "./state.ts";

/** What httpd does in this service; without sockets where its configuration is not there to read. */
export const deriveHttpd: Derive = derivedOnce((service, _version, context) => derive(service, context));

const debian = "/etc/apache2";

/** Debian's main file, as far as it counts here, and that of the image (docker-library/httpd). */
const ofImages = {
  [`${debian}/apache2.conf`]:
    "Listen 80\nIncludeOptional mods-enabled/*.conf\nIncludeOptional conf-enabled/*.conf\nIncludeOptional sites-enabled/*.conf\n",
  "/usr/local/apache2/conf/httpd.conf": "Listen 80\nIncludeOptional conf.d/*.conf\n",
};

interface Sources {
  readonly texts: readonly Text[];
  readonly root: string;
  readonly disk: ProxyDisk;
  readonly assumptions: readonly string[];
}

function sourcesOf(service: Service, context: DeriveContext): Sources {
  const { container } = service;
  if (container === undefined) {
    const assumptions = new Set<string>();
    const disk = hostDisk(service, debian, context, (path) =>
      assumptions.add(`${path} is not part of the input: Apache httpd is taken to find no file there.`),
    );
    const texts = service.configuration.flatMap(({ files }) => files.map((file) => contentOf(file)));
    return { texts, root: debian, disk, assumptions: [...assumptions] };
  }
  const disk = mountedDisk(container, ofImages, context);
  const main = mainFile(container);
  const text = disk.read(main);
  const isOwn = container.files.some(({ target }) => main === target || /apache2|httpd/u.test(target));
  const why = `What Apache httpd in ${service.name} passes on is in files of its image, which are not read.`;
  return {
    texts: text === undefined ? [] : [text],
    root: main.startsWith(debian) ? debian : "/usr/local/apache2",
    disk,
    assumptions: isOwn ? [] : [why],
  };
}

function mainFile(container: Container): string {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])]
    .map(({ value }) => value)
    .join(" ");
  const named = /\s-f\s*(\/\S+)/u.exec(words)?.[1];
  const isDebian = container.files.some(({ target }) => target.startsWith(debian));
  return named ?? (isDebian ? `${debian}/apache2.conf` : "/usr/local/apache2/conf/httpd.conf");
}

function derive(service: Service, context: DeriveContext): Derived {
  const { texts, root, disk, assumptions } = sourcesOf(service, context);
  const full = (path: string) => (isAbsolute(path) ? path : joinPath(root, path));
  const read: ReadFile = (path) => disk.read(full(path));
  const model = httpdModel({
    texts,
    resolve: (path) => (/[*?[]/u.test(path) ? matching(disk, full(path)) : single(disk, full(path))),
    variable: (name) => {
      const value = service.environment.variables.get(name)?.value;
      return value !== undefined && isKnown(value) ? value : undefined;
    },
  });
  const sockets = distinctSockets(servingsOf(model, read).map(socketOf));
  const fronts = frontsOf(model, read);
  return {
    ...nothingDerived,
    ...wrongWith("Apache httpd", model.problems),
    sockets: [...sockets, ...pageSockets(fronts, sockets, { proxy: "Apache", paths: [] })],
    routes: routesOf(fronts),
    secrets: [...model.main, ...model.hosts.flatMap(({ directives }) => directives)].flatMap(secretsIn),
    assumptions,
  };
}

function socketOf({ listen, tls: { tls, origins } }: Serving): Socket {
  const { host: bind, port } = listen;
  return proxySocket("http", { id: socketId(listen), bind, port, tls, at: placeOf(listen), origins });
}

/** Values of `Authorization` that it sends along. */
function secretsIn(directive: HttpdDirective): readonly Place[] {
  const { name, args, block } = directive;
  const [, header, value] = args;
  const isHeader = name === "requestheader" && header?.text.value.toLowerCase() === "authorization";
  return [...(isHeader && value !== undefined ? [value.at] : []), ...(block ?? []).flatMap(secretsIn)];
}
