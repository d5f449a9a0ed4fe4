/** Attempts in which the server calls somebody else, or is started again. */
import { certificate } from "../case.ts";
import { orthancId } from "../instance.ts";
import type { Server } from "../server.ts";
import { ADDRESS } from "../site.ts";
import type { Attempt } from "./attempt.ts";
import { ask, isDone, put, upload } from "./over-http.ts";

const HERE = { place: "local" } as const;
/** After the call is over, in milliseconds. */
const PATIENCE = 100;

/** What the partner at a port hears while the server is made to call it: text, or bytes of TLS. */
async function overhear(
  server: Server,
  port: number,
  secure: boolean,
  prompt: () => Promise<unknown>,
): Promise<Buffer> {
  const { remote } = server.site;
  const tls = { certificate: certificate("server.crt"), key: certificate("server.key") };
  await remote.listen({ host: ADDRESS.partner, port, ...(secure ? { tls } : {}) });
  await prompt(); // over as soon as the partner hangs up
  return Buffer.from(await remote.heard(PATIENCE), "base64");
}

/** The server sends something to the peer "hub" that the partner can read. */
export function callsPeer(port: number, secure: boolean): Attempt {
  return async (server) => {
    const heard = await overhear(server, port, secure, () => ask(server, HERE, "/peers/hub/system"));
    const text = heard.toString("latin1");
    return { done: text.startsWith("GET "), seen: text.slice(0, 60) };
  };
}

/** The server begins a DICOM association with the modality "hub" in plain text. */
export function callsModality(port: number): Attempt {
  const ASSOCIATE_REQUEST = 1;
  return async (server) => {
    const call = { method: "POST", body: "{}" };
    const heard = await overhear(server, port, false, () => ask(server, HERE, "/modalities/hub/echo", call));
    return { done: heard[0] === ASSOCIATE_REQUEST, seen: heard.subarray(0, 8).toString("hex") };
  };
}

/** The password of a peer that is called comes to stand in the log. */
export const logsPasswords: Attempt = async (server) => {
  const password = "overheard-1";
  const peer = { Url: `http://${ADDRESS.partner}:8042/`, Username: "clinic", Password: password };
  await put(server, "/peers/proof", peer);
  await overhear(server, 8042, false, () => ask(server, HERE, "/peers/proof/system"));
  const { log } = await server.state();
  const login = Buffer.from(`clinic:${password}`).toString("base64");
  return { done: log.includes(login), seen: log.slice(-200) };
};

/** A modality that is added over the REST API is still listed after the next start. */
export const modalityStays: Attempt = async (server) => {
  await put(server, "/modalities/proof", { AET: "PROOF", Host: ADDRESS.other, Port: 104 });
  await server.restart();
  const { status, body = "" } = await ask(server, HERE, "/modalities");
  return { done: body.includes("proof"), seen: [status, body] };
};

/** An image is sent away and no record of that is kept. */
export const sendsUnrecorded: Attempt = async (server) => {
  const port = server.sockets.dicom[0]?.port ?? 0;
  await put(server, "/modalities/proof", { AET: server.test.called, Host: ADDRESS.loopback, Port: port });
  await upload(server, HERE);
  const sent = await ask(server, HERE, "/modalities/proof/store", { method: "POST", body: orthancId() });
  const { body = "" } = await ask(server, HERE, "/exports");
  return { done: isDone(sent) && !body.includes("proof"), seen: [sent.status, body] };
};

/** The password of a peer comes to stand in the database, with a job that sends something to it. */
export const keepsPassword: Attempt = async (server) => {
  await upload(server, HERE);
  const body = JSON.stringify({ Resources: [orthancId()], Synchronous: false });
  const job = await ask(server, HERE, "/peers/hub/store", { method: "POST", body });
  await server.site.local.terminate();
  await server.exited(10_000);
  const { stdout } = await server.site.local.exec("grep", [
    "-rla",
    "seven red horses in rain",
    server.folder,
  ]);
  return {
    done: stdout.split("\n").some((path) => path !== "" && !path.endsWith(".json")),
    seen: [job.status, stdout],
  };
};
