/** The sockets that nginx opens, and which one a connection comes in at. */
import { lower } from "./bytes.ts";
import type { NginxListen } from "./listen.ts";
import type { NginxModel, NginxServer } from "./model.ts";

/** One socket with the servers behind it. */
export interface NginxSocket {
  readonly address: string;
  /** Absent for a unix socket. */
  readonly port: number | undefined;
  readonly members: readonly { readonly server: NginxServer; readonly listen: NginxListen }[];
  /** Who answers for names that nobody has: the first with `default_server`, else the first. */
  readonly defaultServer: NginxServer;
  /** TLS belongs to the socket: one `listen … ssl` makes it so for all servers there. */
  readonly tls: boolean;
}

/** Ports of one range that are regarded. */
const rangeLimit = 100;

/** All sockets, in the order of their first `listen`. */
export function socketsOf(model: Pick<NginxModel, "servers">): NginxSocket[] {
  const groups = new Map<string, { server: NginxServer; listen: NginxListen; port: number | undefined }[]>();
  for (const server of model.servers) {
    for (const listen of server.listens) {
      for (const port of portsOf(listen)) {
        // HTTP/3 has sockets of UDP beside those of TCP.
        const key = `${listen.address} ${port ?? ""}${listen.quic ? " udp" : ""}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ server, listen, port }]);
        else group.push({ server, listen, port });
      }
    }
  }
  return [...groups.values()].flatMap((members) => socketOf(members) ?? []);
}

function portsOf(listen: NginxListen): (number | undefined)[] {
  const { port, lastPort } = listen;
  if (port === undefined) return [undefined];
  const count = Math.min((lastPort ?? port) - port + 1, rangeLimit);
  return Array.from({ length: count }, (_, index) => port + index);
}

type Member = {
  readonly server: NginxServer;
  readonly listen: NginxListen;
  readonly port: number | undefined;
};

function socketOf(members: readonly Member[]): NginxSocket | undefined {
  const [first] = members;
  if (first === undefined) return undefined;
  const defaultServer = (members.find((member) => member.listen.defaultServer) ?? first).server;
  const tls = members.some((member) => member.listen.ssl) || defaultServer.sslOn;
  return { address: first.listen.address, port: first.port, members, defaultServer, tls };
}

/**
 * The socket for a port. nginx looks for the address that the client connected to, then for the wildcard. Without an
 * address the question is about one that no `listen` names.
 */
export function socketFor(
  model: NginxModel,
  port: number | undefined,
  address: string | undefined,
): NginxSocket | undefined {
  const sockets = socketsOf(model).filter((socket) => socket.port === port);
  const wanted = address === undefined ? undefined : lower(address);
  if (port === undefined) return sockets.find((socket) => socket.address === wanted);
  const named = sockets.find((socket) => socket.address === wanted || socket.address === `[${wanted}]`);
  if (named !== undefined) return named;
  const six = wanted?.includes(":") ?? false;
  const any = sockets.find((socket) => socket.address === (six ? "[::]" : "*"));
  const dual = six
    ? undefined
    : sockets.find((socket) => socket.members.some((member) => member.listen.dualStack));
  return (
    any ??
    dual ??
    (wanted === undefined ? (sockets.find((socket) => socket.address === "[::]") ?? sockets[0]) : undefined)
  );
}
