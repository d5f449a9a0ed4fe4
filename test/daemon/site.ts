import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AgentCalls, AnswerMessage, CallMessage } from "./agent/protocol.ts";
import { bundle } from "./bundle.ts";
import { WORK, WORK_PREFIX } from "./paths.ts";

/** The addresses of a site: the server's, and three hosts' worth of callers on the other side of the wire. */
export const ADDRESS = {
  loopback: "127.0.0.1",
  server: "10.99.0.1",
  /** Another host, which a configuration may list. */
  other: "10.99.0.2",
  /** Another host that no configuration lists. */
  stranger: "10.99.0.3",
  /** A modality of the rules' examples. */
  listed: "192.168.10.21",
  /** A partner that the rules' examples send to. */
  partner: "192.0.2.7",
} as const;

/** Two hosts joined by a wire: what runs on each is an agent. */
export interface Site {
  /** The host that runs Orthanc. */
  local: AgentCalls;
  /** Another host of its network. */
  remote: AgentCalls;
  /** A folder for cases; gone after {@link Site.close}. */
  folder: string;
  close(): Promise<void>;
}

process.on("exit", () => rmSync(runFolder(), { recursive: true, force: true }));

const open = new Set<() => Promise<void>>();
let serial = 0;

/** Makes a site. Its namespaces have no names and belong to the two agents alone: they end when the agents do. */
export async function openSite(): Promise<Site> {
  sweep();
  const script = agentScript();
  const local = startAgent(script);
  const remote = startAgent(script);
  serial += 1;
  const folder = join(runFolder(), `site-${serial}`);
  mkdirSync(folder, { recursive: true });
  const site: Site = {
    local: local.calls,
    remote: remote.calls,
    folder,
    async close() {
      open.delete(site.close);
      await Promise.all([local.end(), remote.end()]);
      rmSync(folder, { recursive: true, force: true });
      if (open.size === 0) rmSync(runFolder(), { recursive: true, force: true });
    },
  };
  open.add(site.close);
  await ip(site.local, "link set lo up");
  await ip(site.remote, "link set lo up");
  joinByWire(local.pid(), remote.pid());
  await ip(site.local, `address add ${ADDRESS.server}/24 dev wire`);
  await ip(site.remote, `address add ${ADDRESS.other}/24 dev wire`);
  await ip(site.remote, `address add ${ADDRESS.stranger}/24 dev wire`);
  await ip(site.remote, `address add ${ADDRESS.listed}/32 dev wire`);
  await ip(site.remote, `address add ${ADDRESS.partner}/32 dev wire`);
  await ip(site.local, "link set wire up");
  await ip(site.remote, "link set wire up");
  await ip(site.local, `route add ${ADDRESS.listed}/32 dev wire`);
  await ip(site.local, `route add ${ADDRESS.partner}/32 dev wire`);
  // Orthanc writes an answer in two pieces and waits for the first to be acknowledged: 40 ms for every operation. Without
  // these routes everything is the same, only slower.
  await site.local.exec(
    "ip",
    "route change local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 quickack 1".split(
      " ",
    ),
  );
  await site.remote.exec("ip", "route change 10.99.0.0/24 dev wire quickack 1".split(" "));
  return site;
}

/** Closes whatever is open: for the end of a run, good or bad. */
export async function closeSites(): Promise<void> {
  await Promise.all([...open].map((close) => close()));
}

/** Removes what runs that are over have left behind. Processes, namespaces and mounts cannot be: they end with a run. */
export function sweep(): string[] {
  const removed: string[] = [];
  for (const name of readdirSync(WORK)) {
    const pid = name.startsWith(WORK_PREFIX) ? Number(name.slice(WORK_PREFIX.length)) : Number.NaN;
    if (!Number.isInteger(pid) || existsSync(`/proc/${pid}`)) continue;
    rmSync(join(WORK, name), { recursive: true, force: true });
    removed.push(join(WORK, name));
  }
  return removed;
}

function runFolder(): string {
  return join(WORK, `${WORK_PREFIX}${process.pid}`);
}

async function ip(agent: AgentCalls, command: string): Promise<void> {
  const { code, stderr } = await agent.exec("ip", command.split(" "));
  if (code !== 0) throw new Error(`ip ${command}: ${stderr}`);
}

/** The agent is TypeScript too: bundled once a run. */
function agentScript(): string {
  const script = join(runFolder(), "agent.mjs");
  return existsSync(script) ? script : bundle("agent/agent.ts", script);
}

interface Agent {
  calls: AgentCalls;
  pid(): string;
  end(): Promise<void>;
}

function startAgent(script: string): Agent {
  const namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc"];
  const child = spawn("unshare", [...namespaces, process.execPath, script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true, // an interrupt at the terminal is for the harness, which then ends the agents
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  child.on("message", (answer: AnswerMessage) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) call?.resolve(answer.result);
    else call?.reject(new Error(answer.error));
  });
  let isEnding = false;
  child.on("exit", () => {
    // Whoever still waits when the end is wanted waits for ever, and is not told that something went wrong.
    if (isEnding) return;
    for (const call of waiting.values()) call.reject(new Error("the agent is gone"));
    waiting.clear();
  });
  const call = (name: keyof AgentCalls, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      if (isEnding) return;
      const message: CallMessage = { id: last, call: name, args };
      child.send(message, (error) => error && reject(error));
    });
  const calls = new Proxy({} as AgentCalls, {
    get: (_, name: keyof AgentCalls) =>
      name === ("then" as string) ? undefined : (...args: unknown[]) => call(name, args),
  });
  return {
    calls,
    pid: () => agentPid(child),
    end: () => {
      isEnding = true;
      return end(child);
    },
  };
}

/** The agent is the only child of `unshare`; once it has answered a call it is there. */
function agentPid(child: ChildProcess): string {
  return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
}

/** From out here, because each agent sees only the processes of its own namespace. */
function joinByWire(local: string, remote: string): void {
  const add = ["ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", remote];
  execFileSync("nsenter", [`--net=/proc/${local}/ns/net`, ...add]);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.disconnect();
  });
}
