import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Target, TlsDress } from "./protocol.ts";

const TIMEOUT = 10_000;

/** TLS options that try everything the two sides could agree on: the server is what is measured, not this client. */
export function tlsOptions(dress: TlsDress): ConnectionOptions {
  const version = dress.version === undefined ? undefined : versionName(dress.version);
  return {
    rejectUnauthorized: false,
    ciphers: `${dress.ciphers ?? "ALL"}:@SECLEVEL=0`,
    minVersion: version ?? "TLSv1",
    maxVersion: version ?? "TLSv1.3",
    ...(dress.certificate === undefined ? {} : { cert: readFileSync(dress.certificate) }),
    ...(dress.key === undefined ? {} : { key: readFileSync(dress.key) }),
  };
}

function versionName(version: NonNullable<TlsDress["version"]>) {
  return version === "1.0" ? "TLSv1" : (`TLSv${version}` as const);
}

/** Why no connection came about. */
export interface ConnectFailure {
  at: "tcp" | "tls";
  detail: string;
}

/** Connects, with TLS where the target says so. */
export function connect(target: Target): Promise<Socket | ConnectFailure> {
  return new Promise((resolve) => {
    const tcp = connectTcp({
      host: target.host,
      port: target.port,
      ...(target.from === undefined ? {} : { localAddress: target.from }),
    });
    tcp.setTimeout(TIMEOUT, () => tcp.destroy(new Error("timeout")));
    tcp.once("error", (error) => resolve({ at: "tcp", detail: error.message }));
    tcp.once("connect", () => {
      tcp.setNoDelay(true);
      if (target.tls === undefined) {
        resolve(tcp);
        return;
      }
      const secure = connectTls({ socket: tcp, ...tlsOptions(target.tls) });
      secure.once("secureConnect", () => resolve(secure));
      secure.once("error", (error) => resolve({ at: "tls", detail: error.message }));
      secure.once("close", () => resolve({ at: "tls", detail: "closed" }));
    });
  });
}
