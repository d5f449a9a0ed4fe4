/** Compares what we say of a proxy's requests with what the real one does. */
import { isUnknown } from "../../src/facts/unknown.ts";
import { type Handler, type ProxyRequest, waysOf } from "../../src/products/proxy/ways.ts";
import type { Judge, Judgement, Received, Sent } from "./judge.ts";
import { requestsOver } from "./requests.ts";

/** Requests that every configuration is asked about: plain, encoded, with dots and double slashes, in other case. */
const paths = [
  "/",
  "/orthanc",
  "/orthanc/",
  "/orthanc/studies",
  "/orthanc/studies/1?x=1&y=%20",
  "/dicom-web/studies",
  "/a/b/c",
  "/secret/x",
  "/none",
  "/%6Frthanc/studies",
  "/orthanc/a%20b",
  "/orthanc%2Fstudies",
  "/%2e%2e/orthanc/",
  "//orthanc//studies",
  "/orthanc/../dicom-web/studies",
  "/orthanc/./studies",
  "/x/..//orthanc/studies/..",
  "/../orthanc/",
  "/Orthanc/Studies",
  "/orthancx",
  "/orthanc/studies.",
];

/** Every path, asked at a port. */
export function requestsFor(port: number): readonly Sent[] {
  return requestsOver(paths, port, "DELETE");
}

/** What was compared. */
export interface Comparison {
  readonly wrong: readonly string[];
  readonly requests: number;
  readonly open: number;
  readonly behindLogin: number;
  readonly unknown: number;
}

/** A prediction for one request. */
interface Predicted {
  readonly stranger: "yes" | "no" | "unknown";
  readonly trusted: "yes" | "no" | "unknown";
  readonly ports: readonly unknown[];
  readonly inside: unknown;
}

function predict(handler: Handler, sent: Sent): Predicted {
  const { path, method, host, tls, client } = sent;
  const request: ProxyRequest = { path, method, host, tls, client, headers: {} };
  const ways = waysOf(handler, request);
  const found = (login: (mode: unknown) => boolean) => {
    if (ways.some(({ treatment }) => login(treatment.login))) return "yes";
    return ways.some(({ treatment }) => isUnknown(treatment.login)) ? "unknown" : "no";
  };
  const [first] = ways;
  return {
    stranger: found((mode) => mode === "none"),
    trusted: found((mode) => mode === "none" || mode === "basic" || mode === "proxy"),
    ports: first?.goal.targets.map(({ port }) => port) ?? [],
    inside: first?.goal.inside,
  };
}

/** The same request by somebody who has the password: user u, password p. */
function withLogin(sent: Sent): Sent {
  return { ...sent, headers: { ...sent.headers, Authorization: `Basic ${btoa("u:p")}` } };
}

/** Asks the real server and us about a configuration; returns every disagreement. */
export async function compare(
  judge: Judge,
  files: Readonly<Record<string, string>>,
  handler: Handler,
  requests: readonly Sent[],
): Promise<Comparison> {
  const predicted = requests.map((sent) => predict(handler, sent));
  const judgement = await judge.ask({ files, requests: [...requests, ...requests.map(withLogin)] });
  const trouble = troubleOf(judgement);
  const answers = judgement.answers ?? [];
  const wrong = requests.flatMap((sent, index): readonly string[] => {
    const [mine, stranger, trusted] = [predicted[index], answers[index], answers[index + requests.length]];
    if (mine === undefined || stranger === undefined || trusted === undefined) return [];
    return [
      ...disagreement(sent, mine, mine.stranger, stranger),
      ...disagreement(withLogin(sent), mine, mine.trusted, trusted),
    ];
  });
  const count = (test: (one: Predicted) => boolean) => predicted.filter(test).length;
  return {
    wrong: trouble === undefined ? wrong : [trouble],
    requests: requests.length,
    open: count(({ stranger }) => stranger === "yes"),
    behindLogin: count(({ stranger, trusted }) => stranger === "no" && trusted === "yes"),
    unknown: count(({ stranger }) => stranger === "unknown"),
  };
}

function troubleOf(judgement: Judgement): string | undefined {
  if (!judgement.accepted) return `refused: ${judgement.stderr.slice(-600)}`;
  return judgement.up === true ? undefined : `it did not start: ${judgement.log?.slice(-800)}`;
}

function disagreement(
  sent: Sent,
  mine: Predicted,
  said: "yes" | "no" | "unknown",
  received: Received,
): readonly string[] {
  if (said === "unknown") return [];
  // The third stub is asked about logins.
  const reached = received.stub !== undefined && received.stub !== "9003";
  const right =
    said === "yes"
      ? reached && mine.ports.map(String).includes(received.stub ?? "") && mine.inside === received.asked?.url
      : !reached;
  if (right) return [];
  const who = sent.headers === undefined ? "" : " with the password";
  const what = `${sent.method} ${sent.path} of ${sent.host} from ${sent.client}${who}`;
  return [
    `${what}: ${JSON.stringify(received)}; predicted: ${said} ${mine.ports.join()} ${String(mine.inside)}`,
  ];
}
