/**
 * The program that lives in a network namespace and does there what the harness asks. It is the first process of its PID
 * namespace, so that whatever it started ends with it; and it ends when the harness does, however that ends.
 */
import { execFile } from "node:child_process";
import { connect } from "./connect.ts";
import { exited, inTree, start, state, stop, terminate } from "./daemon.ts";
import { dicom } from "./dicom.ts";
import { http } from "./http.ts";
import { heard, listen } from "./listener.ts";
import type { AgentCalls, AnswerMessage, CallMessage, ExecAnswer } from "./protocol.ts";

const calls: AgentCalls = {
  exec(command, args, tree) {
    const [file, all] = tree === undefined ? [command, args] : inTree(tree, command, args);
    return new Promise<ExecAnswer>((resolve) => {
      execFile(file, all, { timeout: 20_000 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ code, stdout, stderr });
      });
    });
  },
  async handshake(target) {
    const socket = await connect(target);
    if ("at" in socket) return { ok: false, detail: socket.detail };
    socket.destroy();
    return { ok: true, detail: "" };
  },
  http,
  dicom,
  listen,
  heard,
  start,
  state,
  exited,
  terminate,
  stop,
};

process.on("disconnect", () => process.exit(0));
process.on("error", () => process.exit(0)); // nobody to answer to any more
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => undefined); // the harness decides when it is over
}
process.on("message", (message: CallMessage) => {
  const reply = (answer: AnswerMessage) => process.send?.(answer);
  // The one cast: the arguments of a call are those of its own signature.
  const run = calls[message.call] as (...args: unknown[]) => Promise<unknown>;
  run(...message.args).then(
    (result) => reply({ id: message.id, result }),
    (error: unknown) =>
      reply({
        id: message.id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  );
});
