/**
 * Runs inside a network namespace of its own: starts a proxy on its loopback before stub backends and sends it requests
 * exactly as they are told. One JSON command a line on stdin, one JSON answer a line on stdout.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectPlain, createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

const [folder = "/tmp/none", told = "{}"] = process.argv.slice(2);
const server = JSON.parse(told);
const environment = { ...process.env, ...server.environment };
const filled = (words) => words.map((word) => word.replaceAll("{folder}", folder));

spawnSync("ip", ["link", "set", "lo", "up"]);
// Tens of thousands of short connections: closed ones must not keep their ports.
writeFileSync("/proc/sys/net/ipv4/tcp_max_tw_buckets", "8");

/**
 * The backends tell what they were asked for; the third decides about logins. They read the request line as it comes:
 * a proxy may send one that a HTTP library would refuse.
 */
for (const port of [9001, 9002, 9003]) {
  createServer((socket) => {
    let received = "";
    socket.setEncoding("latin1");
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received += chunk;
      const end = received.indexOf("\r\n\r\n");
      if (end !== -1) socket.end(replyTo(received.slice(0, end), port), "latin1");
    });
  }).listen(port, "127.0.0.1");
}

function replyTo(head, port) {
  const [, method, url] = /^(\S+) (.*) HTTP\/1\.[01]$/m.exec(head) ?? [];
  const authorization = /^authorization: *(.*)$/im.exec(head)?.[1]?.trim() ?? "";
  const status = port === 9003 && !authorization.startsWith("Basic ") ? "401 Unauthorized" : "200 OK";
  const body = JSON.stringify({ method, url, authorization });
  return `HTTP/1.0 ${status}\r\nx-stub: ${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function writeFiles(files) {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  mkdirSync(join(folder, "tmp"), { recursive: true });
}

function checked(words) {
  const run = spawnSync(server.binary, filled(words), {
    encoding: "utf8",
    timeout: 20_000,
    env: environment,
  });
  return { accepted: run.status === 0, stdout: run.stdout, stderr: run.stderr };
}

function connect(request, onConnect) {
  const target = request.address.startsWith("unix:")
    ? { path: request.address.slice(5) }
    : { host: request.address, port: request.port, ...(request.client && { localAddress: request.client }) };
  if (!request.tls) return connectPlain(target, onConnect);
  return connectTls(
    { ...target, servername: request.host, rejectUnauthorized: false, ...request.certificate },
    onConnect,
  );
}

/** Sends one request, byte for byte. */
function send(request) {
  return new Promise((resolve) => {
    const lines = [
      `${request.method} ${request.path} HTTP/1.1`,
      `Host: ${request.host}`,
      "User-Agent: Mozilla/5.0",
      "Connection: close",
    ];
    if (["POST", "PUT"].includes(request.method)) lines.push("Content-Length: 0");
    for (const [name, value] of Object.entries(request.headers ?? {})) lines.push(`${name}: ${value}`);
    const chunks = [];
    const socket = connect(request, () => socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
    const done = (error) =>
      resolve({ ...parse(Buffer.concat(chunks).toString("latin1")), ...(error && { error: error.code }) });
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", done);
    socket.on("close", () => done());
  });
}

function parse(text) {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
  const header = (name) => new RegExp(`^${name}: (.*)\\r$`, "im").exec(`${text.split("\r\n\r\n")[0]}\r`)?.[1];
  const body = /\{.*\}/s.exec(text.split("\r\n\r\n").slice(1).join("\r\n\r\n"))?.[0];
  const stub = header("x-stub");
  return { status, location: header("location"), stub, asked: stub && body ? JSON.parse(body) : undefined };
}

async function reachable(port) {
  for (let attempt = 0; attempt < 400; attempt++) {
    const open = await new Promise((resolve) => {
      const socket = connectPlain({ host: "127.0.0.1", port }, () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

/** Every configuration also listens on port 9099, which tells that it is up, or that most of it is. */
async function run(requests) {
  const child = spawn(server.binary, filled(server.run), {
    stdio: ["ignore", "ignore", "pipe"],
    env: environment,
  });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  let stopping = false;
  let crashed = false;
  const ended = new Promise((resolve) => {
    child.on("exit", () => {
      crashed = !stopping;
      resolve(undefined);
    });
  });
  let up = await reachable(9099);
  // Some servers open their ports in any order.
  for (const port of new Set(server.waits ? requests.map((one) => one.port) : []))
    up = up && (await reachable(port));
  const answers = up ? await Promise.all(requests.map(send)) : [];
  stopping = true;
  child.kill("SIGTERM");
  await ended;
  return { up, crashed, answers, log: log.slice(-4000) };
}

async function answer(command) {
  writeFiles(command.files);
  const check = checked(command.dump ? server.dump : server.check);
  if (command.dump || !check.accepted || command.requests === undefined) return check;
  return { ...check, ...(await run(command.requests)) };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
process.exit(0);
