/** Attempts over DICOM. */
import type { DicomAnswer, DicomOperation } from "../agent/protocol.ts";
import { UNKNOWN_TITLE } from "../measure.ts";
import { isTaken } from "../observe.ts";
import type { DicomCall, Dress, Place, Server } from "../server.ts";
import { ADDRESS } from "../site.ts";
import { type Attempt, anyOf } from "./attempt.ts";
import { put } from "./over-http.ts";

/** Who calls, from where, and how. */
export interface DicomCaller extends Omit<DicomCall, "operation" | "calling"> {
  place?: Place;
  /** The AE title; one that no configuration lists unless it is given. */
  calling?: string;
}

/** A server without a DICOM port answers nothing. */
async function call(
  server: Server,
  operation: DicomCall["operation"],
  { place = "stranger", calling = UNKNOWN_TITLE, ...how }: DicomCaller,
): Promise<DicomAnswer> {
  if (server.sockets.dicom.length === 0) return { outcome: "unreachable" };
  return server.dicom(place, { operation, calling, destination: calling, ...how });
}

/** Is let in. */
export function associates(caller: DicomCaller): Attempt {
  return async (server) => {
    const answer = await call(server, "associate", caller);
    return { done: answer.outcome === "answered", seen: answer };
  };
}

/** Has any of these operations done. */
export function does(operations: readonly DicomOperation[], caller: DicomCaller = {}): Attempt {
  return anyOf(
    ...operations.map(
      (operation): Attempt =>
        async (server) => {
          const answer = await call(server, operation, caller);
          return { done: isTaken(operation, answer), seen: answer };
        },
    ),
  );
}

/** What a thief of images wants. */
export const TAKING: readonly DicomOperation[] = ["get", "find", "move", "findWorklist"];

/** Does it in plain text or TLS, without a certificate or with a strange one. */
export function doesUntrusted(operations: readonly DicomOperation[], caller: DicomCaller = {}): Attempt {
  const dresses: readonly Dress[] = ["plain", "tls", "rogue"];
  return anyOf(...dresses.map((dress) => does(operations, { ...caller, dress })));
}

/** Lists a modality over the REST API first, for examples that list none. */
export function withModality(title: string, attempt: Attempt): Attempt {
  return async (server) => {
    await put(server, "/modalities/proof", { AET: title, Host: ADDRESS.listed, Port: 104 });
    return attempt(server);
  };
}
