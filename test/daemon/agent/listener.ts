import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ListenRequest } from "./protocol.ts";

/** The port that is open, what was said on it, and whom to tell. */
interface Ear {
  server: Server;
  said: Buffer;
  onSaid?: () => void;
}

let ear: Ear | undefined;

/** Opens a port, notes what callers say first, and hangs up. */
export function listen({ host, port, tls }: ListenRequest): Promise<void> {
  const hear = (socket: Socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      if (ear === undefined) return;
      ear.said = Buffer.concat([ear.said, chunk]);
      ear.onSaid?.();
      socket.end();
    });
  };
  const server =
    tls === undefined
      ? createServer(hear)
      : createTlsServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, hear);
  server.on("tlsClientError", () => undefined);
  ear?.server.close();
  ear = { server, said: Buffer.alloc(0) };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

/** Waits for the first words, and closes the port. */
export async function heard(atMost: number): Promise<string> {
  const current = ear;
  if (current === undefined) return "";
  if (current.said.length === 0) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMost);
      current.onSaid = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  ear = undefined;
  current.server.close();
  return current.said.toString("base64");
}
