/** Attempts over HTTP. */
import type { HttpAnswer } from "../agent/protocol.ts";
import { instanceFile, orthancId } from "../instance.ts";
import { isGood } from "../measure.ts";
import type { HttpCall, Place, Server } from "../server.ts";
import type { Attempt, Outcome } from "./attempt.ts";

/** Who calls, and from where. */
export interface Caller extends Pick<HttpCall, "login" | "dress" | "tls"> {
  place: Place;
}

/** The login of most examples. */
export const RADIOLOGY = "radiology:seven red horses in rain";

/** One request: in plain text, or in TLS where the server talks nothing else. */
export async function ask(
  server: Server,
  { place, ...caller }: Caller,
  path: string,
  call: HttpCall = {},
): Promise<HttpAnswer> {
  const plain = await server.http(place, path, { ...caller, ...call });
  if (plain.status !== undefined || caller.dress !== undefined) return plain;
  return server.http(place, path, { ...caller, ...call, dress: "tls" });
}

/** Sends the one image. */
export function upload(server: Server, caller: Caller, body: Buffer = instanceFile()): Promise<HttpAnswer> {
  return ask(server, caller, "/instances", { method: "POST", body });
}

/** Whether an answer means that it was done. */
export function isDone({ status }: HttpAnswer): boolean {
  return isGood(status ?? 0);
}

function outcome(answer: HttpAnswer): Outcome {
  return { done: isDone(answer), seen: answer.status ?? answer.error };
}

/** Reads the list of studies. */
export function reads(caller: Caller): Attempt {
  return async (server) => outcome(await ask(server, caller, "/studies"));
}

/** Gets any answer at all, be it a refusal. */
export function isAnswered(caller: Caller): Attempt {
  return async (server) => {
    const { status, error } = await ask(server, caller, "/studies");
    return { done: status !== undefined, seen: status ?? error };
  };
}

/** Is asked for a login, and gets in with one of these. */
export function logsIn(place: Place, ...logins: readonly string[]): Attempt {
  return async (server) => {
    const first = await ask(server, { place }, "/studies");
    if (first.status !== 401) return { done: false, seen: first.status ?? first.error };
    for (const login of logins) {
      if (isDone(await ask(server, { place, login }, "/studies"))) return { done: true, seen: login };
    }
    return { done: false, seen: "no login works" };
  };
}

/** Sends an image. */
export function sends(caller: Caller): Attempt {
  return async (server) => outcome(await upload(server, caller));
}

/** Runs a script, and gets its output. */
export function runsScript(caller: Caller): Attempt {
  return async (server) => {
    const call = { method: "POST", body: "print(6 * 7)" };
    const { status, body } = await ask(server, caller, "/tools/execute-script", call);
    return { done: body?.includes("42") === true, seen: status };
  };
}

/** Has a file written to the server's disk. */
export function writesFile(caller: Caller): Attempt {
  return async (server) => {
    await upload(server, caller);
    const name = "exported-by-a-caller.dcm";
    const path = `/instances/${orthancId()}/export`;
    const { status } = await ask(server, caller, path, { method: "POST", body: `${server.folder}/${name}` });
    const { stdout } = await server.site.local.exec("ls", [server.folder]);
    return { done: stdout.includes(name), seen: status };
  };
}

/** Lists the archive as a network drive. */
export function browses(caller: Caller): Attempt {
  return async (server) => {
    const { status } = await ask(server, caller, "/webdav/", { method: "PROPFIND", headers: { depth: "1" } });
    return { done: status === 207, seen: status };
  };
}

/** Deletes a study of the network drive. */
export function deletesOverWebDav(caller: Caller): Attempt {
  return async (server) => {
    await upload(server, caller);
    const call = { method: "PROPFIND", headers: { depth: "1" } };
    const { status, body = "" } = await ask(server, caller, "/webdav/by-uids/", call);
    const study = [...body.matchAll(/href>([^<]*\/by-uids\/[^<]+?)\/?</g)].map(([, path]) => path)[0];
    if (study === undefined) return { done: false, seen: status };
    const deleted = await ask(server, caller, study, { method: "DELETE" });
    const left = await ask(server, caller, "/studies");
    return { done: left.body?.trim() === "[]", seen: [deleted.status, left.body] };
  };
}

/** Replaces an image that is there by another with the same identifiers. */
export function replacesImage(caller: Caller): Attempt {
  return async (server) => {
    await upload(server, caller);
    const { body: said } = await upload(server, caller, instanceFile({ name: "Replaced^Test" }));
    const { body = "" } = await ask(server, caller, `/instances/${orthancId()}/simplified-tags`);
    return { done: body.includes("Replaced^Test"), seen: said };
  };
}

/** Asks for a checksum of an image, and there is none. */
export function findsNoChecksum(caller: Caller): Attempt {
  return async (server) => {
    await upload(server, caller);
    const { status } = await ask(server, caller, `/instances/${orthancId()}/attachments/dicom/md5`);
    return { done: status === 404, seen: status };
  };
}

/** Sees a text in what an address answers. */
export function sees(text: string, caller: Caller, path: string): Attempt {
  return async (server) => {
    const { status, body = "" } = await ask(server, caller, path);
    return { done: body.includes(text), seen: status };
  };
}

/** One property of what the server says of itself. */
export async function system(server: Server, property: string): Promise<unknown> {
  const { body = "null" } = await ask(server, { place: "local" }, "/system");
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === "object" && parsed !== null
    ? Object.entries(parsed).find(([key]) => key === property)?.[1]
    : undefined;
}

/** Puts an object into a list of the server's, such as /modalities. */
export function put(server: Server, path: string, value: object): Promise<HttpAnswer> {
  return ask(server, { place: "local" }, path, { method: "PUT", body: JSON.stringify(value) });
}
