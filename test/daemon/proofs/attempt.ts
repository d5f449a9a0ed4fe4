/** What can be tried on a running Orthanc: each attempt does one thing and says whether it could. */
import type { Server } from "../server.ts";

/** Whether it was done, and what was seen, for people. */
export interface Outcome {
  done: boolean;
  seen: unknown;
}

/** Tries one thing. */
export type Attempt = (server: Server) => Promise<Outcome>;

/** The first of several attempts that succeeds. */
export function anyOf(...attempts: readonly Attempt[]): Attempt {
  return async (server) => {
    const seen: unknown[] = [];
    for (const attempt of attempts) {
      const outcome = await attempt(server);
      if (outcome.done) return outcome;
      seen.push(outcome.seen);
    }
    return { done: false, seen };
  };
}

/** What it is to fail at something that a server should do: done when the attempt could not, on a server that runs. */
export function failsTo(attempt: Attempt): Attempt {
  return async (server) => {
    const { done, seen } = await attempt(server);
    return { done: server.started && !done, seen };
  };
}

/** The server does not start, or is not there any more. */
export const isDown: Attempt = async (server) => {
  const { running } = await server.state();
  return { done: !server.started || !running, seen: server.errors };
};
