/** The sockets of nginx as `reach` takes them. */
import type { Socket } from "../product.ts";
import { distinctSockets, proxySocket } from "../proxy/derived.ts";
import { tlsFact, unknownOf } from "./fact-values.ts";
import type { NginxListen } from "./listen.ts";
import type { NginxModel } from "./model.ts";
import { type NginxSocket, socketsOf } from "./socket.ts";
import type { NginxStream } from "./stream.ts";

/** The name of a socket; undefined for a port that is not known. Both wildcards of a port are one. */
export function socketId({
  address,
  port,
  members,
}: Pick<NginxSocket, "address" | "port" | "members">): string | undefined {
  return idOf("http", address, port, members[0]?.listen.unknown !== undefined);
}

function idOf(
  kind: string,
  address: string,
  port: number | undefined,
  isUnknown: boolean,
): string | undefined {
  if (address.startsWith("unix:")) return `${kind}-${address}`;
  if (port === undefined) return isUnknown ? `${kind}-unknown` : undefined;
  return isWildcard(address) ? `${kind}-${port}` : `${kind}-${port}-${address}`;
}

function isWildcard(address: string): boolean {
  return address === "*" || address === "[::]";
}

/** All sockets for TCP, each once. */
export function socketFacts(model: NginxModel): readonly Socket[] {
  return distinctSockets([...socketsOf(model).flatMap(httpSocket), ...model.streams.flatMap(streamSockets)]);
}

function httpSocket(socket: NginxSocket): readonly Socket[] {
  const id = socketId(socket);
  const [member] = socket.members;
  if (id === undefined || member === undefined) return [];
  const { tls, origins } = tlsFact(
    socket.defaultServer,
    socket.tls,
    socket.defaultServer.tls.protocols,
    member.listen,
  );
  return [listening(id, "http", socket, member.listen, { tls, origins })];
}

/** The sockets of one server of stream. */
function streamSockets(stream: NginxStream): readonly Socket[] {
  return stream.listens.flatMap((listen) => {
    const id = streamSocketId(listen);
    if (id === undefined) return [];
    const { tls, origins } = tlsFact(stream, listen.ssl, stream.tls.protocols, listen);
    return [listening(id, "other", listen, listen, { tls, origins })];
  });
}

/** The name of a socket of stream. */
export function streamSocketId(listen: NginxListen): string | undefined {
  return idOf("tcp", listen.address, listen.port, listen.unknown !== undefined);
}

function listening(
  id: string,
  protocol: "http" | "other",
  { address, port }: { readonly address: string; readonly port?: number | undefined },
  listen: NginxListen,
  told: Pick<Socket, "tls" | "origins">,
): Socket {
  const unread = listen.unknown === undefined ? undefined : unknownOf(listen.unknown);
  if (address.startsWith("unix:")) {
    const made = proxySocket(protocol, { id, bind: "127.0.0.1", port: 0, at: listen, ...told });
    return { ...made, file: address.slice("unix:".length) };
  }
  const bind = unread ?? (isWildcard(address) ? "0.0.0.0" : address);
  return proxySocket(protocol, { id, bind, port: unread ?? port ?? 0, at: listen, ...told });
}
