/** Writes a login before what nginx passes on, and redirections of its plain ports. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { LoginSpot, RedirectSpot } from "../../products/spot.ts";
import type { NginxDirective } from "../../sources/nginx.ts";
import { definitionsOf } from "../manifest/definitions.ts";
import { declared, given, type NeededFile } from "../manifest/secret-file.ts";
import { type GetSource, indentAt, lineStart, newlineOf, type Splice } from "./change.ts";
import { insertion, removal } from "./directive.ts";

/** The lines of a login, and the file of users that somebody has to make where there is none. */
export interface WrittenLogin {
  readonly splices: readonly Splice[];
  readonly creates: readonly NeededFile[];
}

/** Asks for a login in each block; undefined where no place is known for the file of users. */
export function writeLogin(
  { off, bodies, like }: LoginSpot,
  service: Service,
  deployment: Deployment,
  get: GetSource,
): WrittenLogin | undefined {
  const removed = off.map((directive) => removal(directive, get));
  if (bodies.length === 0) return removed.length === 0 ? undefined : { splices: removed, creates: [] };
  const users = like === undefined ? usersFile(service, deployment) : undefined;
  const file = like?.file ?? users?.path;
  if (file === undefined) return undefined;
  const lines = [`auth_basic ${like?.realm ?? '"PACS"'};`, `auth_basic_user_file ${file};`];
  const added = bodies.flatMap((body) => insertion(body, lines, get));
  return {
    splices: [...removed, ...added, ...(users?.splices ?? [])],
    creates: users === undefined ? [] : [users.creates],
  };
}

interface UsersFile {
  /** As nginx names it. */
  readonly path: string;
  readonly splices: readonly Splice[];
  readonly creates: NeededFile;
}

/** In a container a secret of Compose, on a host a file beside the configuration. While it is missing, nginx refuses all. */
function usersFile(service: Service, deployment: Deployment): UsersFile | undefined {
  const { form, root } = deployment;
  if (form === "host") {
    const file = "/etc/nginx/pacs.users";
    return { path: file, splices: [], creates: { file, reader: null, holds: "users" } };
  }
  const definition = form === "compose" ? definitionsOf(service, deployment).at(-1) : undefined;
  if (definition === undefined) return undefined;
  const secret = `${service.name.toLowerCase().replaceAll(/\W/gu, "_")}_users`;
  const parts = [given(definition, secret), declared(definition.source, secret)];
  if (parts.some((part) => part === undefined)) return undefined;
  const file = root === "." || root === "" ? `secrets/${secret}.txt` : `${root}/secrets/${secret}.txt`;
  return {
    path: `/run/secrets/${secret}`,
    splices: parts.flatMap((part) => part ?? []),
    creates: { file, reader: "nginx", holds: "users" },
  };
}

/** Sends what comes in over plain HTTP to HTTPS; undefined where callers cannot be told the port. */
export function writeRedirect(
  spot: RedirectSpot,
  service: Service,
  get: GetSource,
): readonly Splice[] | undefined {
  const port = outsidePort(spot.port, service);
  if (port === undefined) return undefined;
  const line = `return 301 https://$host${port === 443 ? "" : `:${port}`}$request_uri;`;
  if (spot.split === undefined) return spot.bodies.flatMap((body) => insertion(body, [line], get));
  const { server, plain, names } = spot.split;
  return [serverBefore(server, plain, names, line, get), ...plain.map((listen) => removal(listen, get))];
}

/** The port by which outsiders reach the port that nginx listens on. */
function outsidePort(port: number, { network }: Service): number | undefined {
  if (network.kind === "host" || network.hostNetwork === true) return port;
  const found = network.published.filter(({ containerPort }) => containerPort === port);
  const [first] = found;
  return found.length === 1 && typeof first?.hostPort === "number" ? first.hostPort : undefined;
}

/** A server of its own for the plain ports, in the style of the one that they are taken from. */
function serverBefore(
  server: NginxDirective,
  plain: readonly NginxDirective[],
  names: NginxDirective | undefined,
  line: string,
  get: GetSource,
): Splice {
  const { file, start } = server.at;
  const text = get(file)?.text.value ?? "";
  const own = text.slice(lineStart(text, start), start);
  const inner = plain[0] === undefined ? `${own}    ` : indentAt(text, plain[0].at.start);
  const newline = newlineOf(text);
  const words = ({ at }: NginxDirective): string =>
    `${get(at.file)?.text.value.slice(at.start, at.end) ?? ""};`;
  const lines = [...plain.map(words), ...(names === undefined ? [] : [words(names)]), line];
  const body = lines.map((one) => `${newline}${inner}${one}`).join("");
  const shown = ["server {", ...lines.map((one) => `    ${one}`), "}"].join("\n");
  return {
    place: { file, start, end: start },
    text: `server {${body}${newline}${own}}${newline}${own}`,
    shown,
  };
}
