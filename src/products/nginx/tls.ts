/** TLS of a server: its own lines, or the defaults of its release. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { argument, argumentsOf, type Block, nearest, setting, type Unknown, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";

/** A setting with the line that makes it; `at` is absent for a default. */
export interface Setting<T> {
  readonly value: T | Unknown;
  readonly at?: Located;
  /** Which default applies, when no line says it. */
  readonly fromDefault?: string;
}

/** How a server encrypts, where its socket does. */
export interface NginxTls {
  readonly protocols: Setting<readonly string[]>;
  readonly ciphers: Setting<string>;
  readonly preferServerCiphers: Setting<boolean>;
  readonly certificates: readonly NginxFileName[];
  readonly keys: readonly NginxFileName[];
  readonly clientCertificate: Setting<"none" | "optional" | "required">;
  readonly clientAuthorities: readonly NginxFileName[];
  /** `Strict-Transport-Security` as it holds on the server's own level. */
  readonly hsts: Setting<string>;
  /** `ssl_reject_handshake on`: nobody gets through. */
  readonly rejects: boolean;
}

/** A file that a directive names. */
export interface NginxFileName extends Located {
  readonly path: string | Unknown;
}

/** What is known of the program itself; defaults depend on it. */
export interface NginxBuild {
  readonly version?: string;
  /** Its library is OpenSSL 3, which refuses TLS 1.0 and 1.1 unless the ciphers ask for security level 0 (measured). */
  readonly openssl3?: boolean;
}

/** Reads the TLS settings that hold for a block. */
export function tlsOf(block: Block, build: NginxBuild): NginxTls {
  return {
    protocols: protocolsOf(block, build),
    ciphers: ciphersOf(block),
    preferServerCiphers: flag(block, "ssl_prefer_server_ciphers"),
    certificates: filesOf(nearest(block, "ssl_certificate")),
    keys: filesOf(nearest(block, "ssl_certificate_key")),
    clientCertificate: clientCertificateOf(block),
    clientAuthorities: filesOf(nearest(block, "ssl_client_certificate")),
    hsts: hstsOf(block),
    rejects: argument(setting(block, "ssl_reject_handshake"), 0) === "on",
  };
}

function filesOf(directives: readonly NginxDirective[]): NginxFileName[] {
  return directives.flatMap((directive) => {
    const [word] = directive.args;
    return word === undefined ? [] : [{ path: wordValue(word), ...placeOf(word) }];
  });
}

function missing(block: Block): Unknown | undefined {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    const gap = level.gaps[0];
    if (gap !== undefined) return { unknown: gap.reason, ...placeOf(gap) };
  }
  return undefined;
}

function protocolsOf(block: Block, build: NginxBuild): Setting<readonly string[]> {
  const lines = nearest(block, "ssl_protocols");
  const last = lines.at(-1);
  if (last === undefined) return missingOr(block, defaultProtocols(block, build));
  const values = lines.map(argumentsOf);
  const known = values.every((value) => value !== undefined) ? values.flat() : undefined;
  const value = known?.flatMap((name) => name ?? []) ?? {
    unknown: "a template fills in the protocols",
    ...placeOf(last),
  };
  return { value, at: placeOf(last) };
}

function missingOr<T>(block: Block, fallback: Setting<T>): Setting<T> {
  const gap = missing(block);
  return gap === undefined ? fallback : { value: gap };
}

/** Numbers of a release, for comparing. */
function release(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[^0-9]+/).map(Number);
  return major * 1e6 + minor * 1e3 + patch;
}

/** Whether the release is at least this one; undefined when the release is not known. */
export function atLeast(version: string | undefined, wanted: string): boolean | undefined {
  return version === undefined ? undefined : release(version) >= release(wanted);
}

/**
 * The default of `ssl_protocols`. CHANGES: SSLv3 left it in 1.9.1, TLSv1.3 came in 1.23.4, TLSv1 and TLSv1.1 left in
 * 1.27.3. Nobody asked for the old ones here, and OpenSSL 3 does not speak them at its usual security level.
 */
function defaultProtocols(block: Block, { version, openssl3 }: NginxBuild): Setting<readonly string[]> {
  if (version === undefined)
    return { value: { unknown: "the default depends on the release of nginx" }, fromDefault: "nginx" };
  const fromDefault = `nginx ${version}`;
  const old = atLeast(version, "1.9.1") ? ["TLSv1", "TLSv1.1"] : ["SSLv3", "TLSv1", "TLSv1.1"];
  const value = [
    ...(atLeast(version, "1.27.3") || (openssl3 === true && !allowsLevelZero(block)) ? [] : old),
    "TLSv1.2",
    ...(atLeast(version, "1.23.4") ? ["TLSv1.3"] : []),
  ];
  return { value, fromDefault };
}

function allowsLevelZero(block: Block): boolean {
  return /@SECLEVEL=0/iu.test(nearest(block, "ssl_ciphers").at(-1)?.args[0]?.text.value ?? "");
}

/** `HIGH:!aNULL:!MD5` is the default since 1.0.5 (NGX_DEFAULT_CIPHERS). */
function ciphersOf(block: Block): Setting<string> {
  const line = nearest(block, "ssl_ciphers").at(-1);
  const word = line?.args[0];
  if (line === undefined || word === undefined)
    return missingOr(block, { value: "HIGH:!aNULL:!MD5", fromDefault: "nginx" });
  return { value: wordValue(word), at: placeOf(line) };
}

function flag(block: Block, name: string): Setting<boolean> {
  const line = setting(block, name);
  return line === undefined
    ? { value: false, fromDefault: "nginx" }
    : { value: lower(argument(line, 0) ?? "") === "on", at: placeOf(line) };
}

function clientCertificateOf(block: Block): Setting<"none" | "optional" | "required"> {
  const line = setting(block, "ssl_verify_client");
  const word = line?.args[0];
  if (line === undefined || word === undefined)
    return missingOr(block, { value: "none", fromDefault: "nginx" });
  const value = wordValue(word);
  if (typeof value !== "string") return { value, at: placeOf(line) };
  const mode = value === "on" ? "required" : value.startsWith("optional") ? "optional" : "none";
  return { value: mode, at: placeOf(line) };
}

/** `add_header` is inherited only by levels without an `add_header` of their own. */
export function hstsOf(block: Block): Setting<string> {
  const line = nearest(block, "add_header").find(
    (header) => lower(argument(header, 0) ?? "") === "strict-transport-security",
  );
  const word = line?.args[1];
  if (line === undefined || word === undefined) return { value: "", fromDefault: "nginx" };
  return { value: wordValue(word), at: placeOf(line) };
}
