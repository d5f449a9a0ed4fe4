/** The sockets of nginx as `reach` takes them. */
import type { Auth, Tls } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import type { Answer, Socket } from "../product.ts";
import { tlsFact, unknownOf } from "./fact-values.ts";
import type { NginxListen } from "./listen.ts";
import type { NginxModel } from "./model.ts";
import { type NginxSocket, socketsOf } from "./socket.ts";
import type { NginxStream } from "./stream.ts";

/** What nginx itself shows is no image: logins belong to the routes. */
const noLogin: Auth = { mode: "none", defaultCredentials: false, lockout: false };
const answer: Answer = { refused: false, auth: noLogin, origins: {} };

/** The name of a socket; undefined for one that no network leads to. Both wildcards of a port are one. */
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
  if (address.startsWith("unix:")) return undefined;
  if (port === undefined) return isUnknown ? `${kind}-unknown` : undefined;
  return isWildcard(address) ? `${kind}-${port}` : `${kind}-${port}-${address}`;
}

function isWildcard(address: string): boolean {
  return address === "*" || address === "[::]";
}

/** All sockets for TCP, each once. */
export function socketFacts(model: NginxModel): readonly Socket[] {
  const sockets = [...socketsOf(model).flatMap(httpSocket), ...model.streams.flatMap(streamSockets)];
  const seen = new Set<string>();
  return sockets.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
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
  return [
    {
      ...base(id, "http", socket.address, socket.port, member.listen, tls),
      origins: { ...origins, ...placesOf(member.listen) },
    },
  ];
}

/** The sockets of one server of stream. */
function streamSockets(stream: NginxStream): readonly Socket[] {
  return stream.listens.flatMap((listen) => {
    const id = streamSocketId(listen);
    if (id === undefined) return [];
    const { tls, origins } = tlsFact(stream, listen.ssl, stream.tls.protocols, listen);
    return [
      {
        ...base(id, "other", listen.address, listen.port, listen, tls),
        origins: { ...origins, ...placesOf(listen) },
      },
    ];
  });
}

/** The name of a socket of stream. */
export function streamSocketId(listen: NginxListen): string | undefined {
  return idOf("tcp", listen.address, listen.port, listen.unknown !== undefined);
}

function base(
  id: string,
  protocol: Socket["protocol"],
  address: string,
  port: number | undefined,
  listen: NginxListen,
  tls: Tls,
): Omit<Socket, "origins"> {
  const unread = listen.unknown === undefined ? undefined : unknownOf(listen.unknown);
  return {
    id,
    protocol,
    role: "proxy",
    on: true,
    bind: unread ?? (isWildcard(address) ? "0.0.0.0" : address),
    port: unread ?? port ?? 0,
    tls,
    seen: { loopback: answer, other: answer },
  };
}

function placesOf(listen: NginxListen): Socket["origins"] {
  const at = [fromPlace(listen)];
  return { "": at, "/bind": at, "/port": at, "/on": at };
}
