/** What the harness and its agents say to each other. An agent is a process that lives in one network namespace. */

/** Where a call goes, and how its transport is dressed. */
export interface Target {
  host: string;
  port: number;
  /** The caller's own address, where the namespace has several. */
  from?: string;
  /** Absent: plain text. */
  tls?: TlsDress;
}

/** The client's side of a TLS handshake. The server's certificate is never checked: the tests are about the server. */
export interface TlsDress {
  /** Files with the client's certificate and key; absent: none is shown. */
  certificate?: string;
  key?: string;
  /** Exactly this version, otherwise whatever both can. */
  version?: TlsVersion;
  /** Only these suites, for versions before 1.3; otherwise all that there are. */
  ciphers?: string;
}

/** Versions of TLS that the client can be held to. */
export type TlsVersion = "1.0" | "1.1" | "1.2" | "1.3";

/** One HTTP request. */
export interface HttpRequest extends Target {
  method: string;
  path: string;
  headers?: Record<string, string>;
  /** Base64, so that DICOM files pass. */
  body?: string;
}

/** What came back; without a status the connection failed before one arrived. */
export interface HttpAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  error?: string;
}

/** The six operations that the linter makes statements about. */
export const DICOM_OPERATIONS = ["echo", "store", "find", "findWorklist", "get", "move"] as const;
/** One of {@link DICOM_OPERATIONS}. */
export type DicomOperation = (typeof DICOM_OPERATIONS)[number];

/** One association with one operation in it. */
export interface DicomRequest extends Target {
  /** `associate` is to be let in and to leave again. */
  operation: DicomOperation | "associate";
  calling: string;
  called: string;
  /** Where a C-MOVE sends to. */
  destination?: string;
  /** What a C-STORE says the image is; otherwise a CT image. */
  sopClass?: string;
}

/** How an operation ended. */
export interface DicomAnswer {
  outcome:
    | "answered" // the server handled it; `status` says how
    | "rejected" // the association was refused; `detail` says why
    | "not-offered" // the server has no such service
    | "aborted" // let in, then thrown out
    | "closed" // the connection ended without a word
    | "tls-failed"
    | "unreachable"
    | "silent"; // no answer in time
  status?: number;
  /** Answers of a query, images of a C-GET. */
  items?: number;
  detail?: string;
}

/** A port on which an agent waits for somebody to call. */
export interface ListenRequest {
  host: string;
  port: number;
  /** Files of its certificate and key; absent: plain text. */
  tls?: { certificate: string; key: string };
}

/** How to start an Orthanc. */
export interface StartRequest {
  /** The release's file tree. */
  tree: string;
  /** The case's folder: seen under the same path from inside. */
  folder: string;
  cwd: string;
  args: string[];
  env: Record<string, string>;
  /** Which libssl libcivetweb finds under the unversioned name. */
  ssl: "stand-in" | "stock" | "none";
  /** Files outside the case's folder, by absolute path. */
  elsewhere: Record<string, string>;
}

/** What became of a start. */
export interface StartAnswer {
  started: boolean;
  log: string;
  /** Listening TCP sockets, as `address:port`. */
  listening: string[];
}

/** The state of the daemon that was started last. */
export interface DaemonState {
  running: boolean;
  exitCode: number | null;
  signal: string | null;
  log: string;
}

/** What a command did. */
export interface ExecAnswer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Everything an agent can be asked. */
export interface AgentCalls {
  exec(command: string, args: string[], tree?: string): Promise<ExecAnswer>;
  http(request: HttpRequest): Promise<HttpAnswer>;
  handshake(target: Target): Promise<{ ok: boolean; detail: string }>;
  dicom(request: DicomRequest): Promise<DicomAnswer>;
  /** Begins to wait for callers. */
  listen(request: ListenRequest): Promise<void>;
  /** Waits until a caller has said something, but no longer than that many milliseconds; closes the port. Base64. */
  heard(atMost: number): Promise<string>;
  start(request: StartRequest): Promise<StartAnswer>;
  state(): Promise<DaemonState>;
  exited(atMost: number): Promise<void>;
  /** Asks it to end in its own time. */
  terminate(): Promise<void>;
  stop(): Promise<DaemonState>;
}

/** A call on its way to an agent. */
export interface CallMessage {
  id: number;
  call: keyof AgentCalls;
  args: unknown[];
}

/** Its answer. */
export interface AnswerMessage {
  id: number;
  result?: unknown;
  error?: string;
}
