/** Builds configurations for the judge and compares what we say with what nginx does. */
import { type NginxModel, nginxModel } from "../../src/products/nginx/model.ts";
import { type ProbeResult, probe } from "../../src/products/nginx/probe.ts";
import { type Text, textOfFile } from "../../src/text/text.ts";
import type { Judge, Judgement, Received, Sent } from "../proxies/judge.ts";

/** What surrounds the `http` part of every configuration. */
export function mainFile(http: string, rest = ""): string {
  return `events {}
${rest}
http {
  client_body_temp_path tmp/b; proxy_temp_path tmp/p; fastcgi_temp_path tmp/f; uwsgi_temp_path tmp/u; scgi_temp_path tmp/s;
  access_log off;
  root html;
${http}
  # Last, so that the others listen when this one does.
  server { listen 127.0.0.1:9099; return 204; }
}
`;
}

/** Files that every configuration may name. */
export function filesAround(judge: Judge): Record<string, string> {
  return {
    users: "u:{PLAIN}p\n",
    "key.pem": judge.certificate.key,
    "cert.pem": judge.certificate.cert,
    "html/index.html": "start",
  };
}

/** Reads the same files as the judge. */
export function modelOf(files: Readonly<Record<string, string>>, folder: string): NginxModel {
  const resolveInclude = (path: string, glob: boolean): readonly Text[] | undefined => {
    const name = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
    const marks: Readonly<Record<string, string>> = { "*": "(?!\\.)[^/]*", "?": "[^/]" };
    const escaped = name.replace(/[.+^${}()|\\]/g, "\\$&");
    const pattern = new RegExp(`^${escaped.replace(/[*?]/g, (mark) => marks[mark] ?? "")}$`);
    const found = Object.keys(files).filter((file) => (glob ? pattern.test(file) : file === name));
    if (!glob && found.length === 0) return undefined;
    return found.sort().map((file) => textOfFile(file, files[file] ?? ""));
  };
  const texts = [textOfFile("nginx.conf", files["nginx.conf"] ?? "")];
  return nginxModel({ texts, resolveInclude, prefix: folder, build: { version: "1.22.1" } });
}

/** What nginx is asked for one path: as a stranger, and with everything that opens doors. */
export interface Asked {
  readonly sent: Sent;
  readonly predicted: ProbeResult;
}

/** Our answer for a request. */
function predict(model: NginxModel, sent: Sent): ProbeResult {
  const { port, address, tls, host, path, method, client, headers } = sent;
  return probe(model, { port, address, tls, host, path, method, client, ...(headers && { headers }) });
}

/** The same request by somebody who has the password and the certificate. */
function withLogin(sent: Sent, judge: Judge): Sent {
  const headers = { ...sent.headers, Authorization: `Basic ${Buffer.from("u:p").toString("base64")}` };
  return { ...sent, headers, certificate: judge.certificate };
}

/** What is wrong with the prediction for a stranger, or undefined. */
function disagreement({ sent, predicted }: Asked, received: Received): string | undefined {
  const where = `${sent.method} ${sent.tls ? "https" : "http"}://${sent.host}@${sent.address}:${sent.port}${sent.path} from ${sent.client}`;
  const got = `nginx: ${JSON.stringify(received)}; predicted: ${describe(predicted)}`;
  if (predicted.reachesBackend === "unknown") return undefined;
  if ((predicted.reachesBackend === "yes") !== (received.stub !== undefined)) return `${where}: ${got}`;
  if (predicted.reachesBackend === "yes")
    return sameBackend(predicted, received) ? undefined : `${where}: ${got}`;
  const { outcome } = predicted;
  if (outcome.kind === "closed") return received.status === 0 ? undefined : `${where}: ${got}`;
  // 500: a try_files that ends at itself; we take its file to be there.
  if (outcome.kind === "static")
    return [200, 403, 404, 405, 500].includes(received.status) ? undefined : `${where}: ${got}`;
  if (outcome.kind !== "status") return `${where}: ${got}`;
  const redirected = typeof outcome.to !== "string" || (received.location ?? "").endsWith(outcome.to);
  return outcome.status === received.status && redirected ? undefined : `${where}: ${got}`;
}

/** What is wrong about the backend behind a login, or undefined. */
function disagreementBehind({ sent, predicted }: Asked, received: Received): string | undefined {
  if (
    predicted.reachesBackend !== "no" ||
    !["basic", "auth_request", "client-certificate"].includes(predicted.login)
  )
    return undefined;
  // An address that is turned away stays so with a password, and a header that is asked for is not sent.
  if (predicted.gates.some((gate) => gate.login === "addresses" || gate.login === "unknown"))
    return undefined;
  if (received.stub !== undefined && sameBackend(predicted, received)) return undefined;
  return `${sent.method} ${sent.path} with a login: nginx: ${JSON.stringify(received)}; predicted: ${describe(predicted)}`;
}

function sameBackend({ backend }: ProbeResult, received: Received): boolean {
  if (backend === undefined) return false;
  return (
    backend.backends.some((one) => String(one.port) === received.stub) && backend.path === received.asked?.url
  );
}

function describe(predicted: ProbeResult): string {
  const { reachesBackend, login, backend, outcome, unknown } = predicted;
  const end =
    outcome.kind === "status" ? `${outcome.status} ${JSON.stringify(outcome.to ?? "")}` : outcome.kind;
  const ports = backend?.backends.map((one) => one.port).join();
  return `${reachesBackend} login ${login} backend ${ports} ${JSON.stringify(backend?.path)} outcome ${end} ${unknown?.unknown ?? ""}`;
}

/** Asks nginx and us about a configuration; returns every disagreement. */
export async function compare(
  judge: Judge,
  files: Readonly<Record<string, string>>,
  requests: readonly Sent[],
): Promise<Comparison> {
  const all = { ...filesAround(judge), ...files };
  const model = modelOf(all, judge.folder);
  const refused = model.problems
    .filter((problem) => problem.kind === "refused")
    .map((problem) => problem.message);
  const asked = requests.map((sent) => ({ sent, predicted: predict(model, sent) }));
  const judgement = await judge.ask({
    files: all,
    requests: [...requests, ...requests.map((sent) => withLogin(sent, judge))],
  });
  if (judgement.accepted !== (refused.length === 0)) {
    return { ...empty, wrong: [`nginx: ${judgement.stderr.trim()}; predicted: ${JSON.stringify(refused)}`] };
  }
  if (!judgement.accepted) return { ...empty, refused: 1 };
  if (judgement.up !== true) return { ...empty, wrong: [`nginx did not start: ${judgement.log}`] };
  if (judgement.crashed === true) return { ...empty, crashed: 1, wrong: [`nginx crashed: ${judgement.log}`] };
  return compareAnswers(asked, judgement);
}

/** Counts of one or many comparisons. */
export interface Comparison {
  readonly wrong: readonly string[];
  readonly requests: number;
  readonly open: number;
  readonly behindLogin: number;
  readonly unknown: number;
  readonly refused: number;
  /** Configurations with which nginx crashed. */
  readonly crashed: number;
}

/** Nothing compared. */
export const empty: Comparison = {
  wrong: [],
  requests: 0,
  open: 0,
  behindLogin: 0,
  unknown: 0,
  refused: 0,
  crashed: 0,
};

function compareAnswers(asked: readonly Asked[], judgement: Judgement): Comparison {
  const answers = judgement.answers ?? [];
  const wrong = asked.flatMap((one, index) => {
    const stranger = answers[index];
    const trusted = answers[index + asked.length];
    if (stranger === undefined || trusted === undefined) return ["no answer"];
    return [disagreement(one, stranger), disagreementBehind(one, trusted)].flatMap((line) => line ?? []);
  });
  const count = (test: (result: ProbeResult) => boolean): number =>
    asked.filter((one) => test(one.predicted)).length;
  return {
    wrong,
    requests: asked.length,
    open: count((result) => result.reachesBackend === "yes"),
    behindLogin: count((result) => result.reachesBackend === "no" && result.backend !== undefined),
    unknown: count((result) => result.reachesBackend === "unknown"),
    refused: 0,
    crashed: 0,
  };
}

/** The sum of two comparisons. */
export function add(a: Comparison, b: Comparison): Comparison {
  return {
    wrong: [...a.wrong, ...b.wrong],
    requests: a.requests + b.requests,
    open: a.open + b.open,
    behindLogin: a.behindLogin + b.behindLogin,
    unknown: a.unknown + b.unknown,
    refused: a.refused + b.refused,
    crashed: a.crashed + b.crashed,
  };
}
