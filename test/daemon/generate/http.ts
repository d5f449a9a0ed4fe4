import type { Credential } from "../case.ts";
import { ADDRESS } from "../site.ts";
import { type Draft, maybe, set } from "./draft.ts";

const USERS: readonly (readonly [weight: number, user: string, password: unknown])[] = [
  [4, "bob", "S3cure-pw-1"],
  [2, "carol", "9x7K-qq"],
  [2, "alice", "alicePassword"],
  [2, "demo", "demo"],
  [2, "orthanc", "orthanc"],
  [1, "orthanc", "another-1"],
  [1, "dave", ""],
  [0.4, "eve", null],
  [0.4, "fred", 1234],
  [0.2, "gina", true],
  [0.3, "ad:min", "pw-colon"],
  [0.2, "hugo", ["x"]],
];

/** Logins, remote access, what the REST API may do, ports and addresses. */
export function httpKeys(draft: Draft): void {
  const { random } = draft;
  maybe(draft, "RemoteAccessAllowed", [
    [3, undefined],
    [6, true],
    [2, false],
  ]);
  maybe(draft, "AuthenticationEnabled", [
    [4, undefined],
    [3, true],
    [3, false],
  ]);
  users(draft);
  maybe(draft, "HttpServerEnabled", [
    [9, undefined],
    [0.5, true],
    [0.6, false],
  ]);
  maybe(draft, "HttpPort", [
    [8, undefined],
    [0.5, 8042],
    [0.5, 80],
    [0.5, 8080],
    [0.2, 70_000],
    [0.1, 4242],
    [0.05, -1],
  ]);
  maybe(draft, "ExecuteLuaEnabled", [
    [6, undefined],
    [3, true],
    [1, false],
  ]);
  maybe(draft, "RestApiWriteToFileSystemEnabled", [
    [6, undefined],
    [3, true],
    [1, false],
  ]);
  maybe(draft, "WebDavEnabled", [
    [8, undefined],
    [1, true],
    [1.5, false],
  ]);
  if (random.chance(0.05)) set(draft, "WebDavUploadAllowed", random.chance(0.5));
  if (random.chance(0.05)) set(draft, "WebDavDeleteAllowed", random.chance(0.5));
  if (random.chance(0.05)) set(draft, "OrthancExplorerEnabled", false);
  if (random.chance(0.04)) set(draft, "ReadOnly", random.chance(0.8));
  if (random.chance(0.12)) bindAddresses(draft);
}

function users(draft: Draft): void {
  const { random } = draft;
  const kind = random.weighted([
    [3, "absent"],
    [1, "empty"],
    [6, "some"],
  ] as const);
  if (kind === "absent") return;
  const registered: Record<string, unknown> = {};
  for (let count = kind === "some" ? random.between(1, 3) : 0; count > 0; count -= 1) {
    const [user, password] = random.weighted(USERS.map(([weight, ...rest]) => [weight, rest] as const));
    registered[user] = password;
  }
  for (const [user, password] of Object.entries(registered)) draft.credentials.push([user, asText(password)]);
  set(draft, "RegisteredUsers", registered);
}

/** What jsoncpp makes of a value where a text is wanted. */
function asText(value: unknown): Credential[1] {
  return value === null ? "" : String(value);
}

function bindAddresses(draft: Draft): void {
  set(
    draft,
    "HttpBindAddresses",
    draft.random.weighted<unknown>([
      [4, [ADDRESS.loopback]],
      [2, ["0.0.0.0"]],
      [2, [ADDRESS.server]],
      [1, [ADDRESS.loopback, ADDRESS.server]],
      [1, []],
      [0.3, ADDRESS.loopback],
    ]),
  );
}

/** HTTPS: certificates good, missing and wrong, client certificates, versions. */
export function sslKeys(draft: Draft): void {
  const { random } = draft;
  if (!random.chance(0.3)) return;
  maybe(draft, "SslEnabled", [
    [8, true],
    [1, false],
    [1, undefined],
  ]);
  fixture(draft, "SslCertificate", [
    [9, "server.pem"],
    [0.4, "server-no-key.pem"],
    [0.4, "absent.pem"],
    [0.4, undefined],
  ]);
  if (random.chance(0.35)) {
    maybe(draft, "SslVerifyPeers", [
      [5, true],
      [1, false],
    ]);
    fixture(draft, "SslTrustedClientCertificates", [
      [7, "trusted-ca.crt"],
      [1, "rogue-ca.crt"],
      [0.4, "empty.pem"],
      [0.4, "absent.pem"],
      [0.4, undefined],
    ]);
  }
  if (random.chance(0.35)) set(draft, "SslMinimumProtocolVersion", random.pick([0, 1, 2, 3, 4, 5, 5, 6]));
  if (random.chance(0.15)) {
    set(draft, "SslCiphersAccepted", random.pick([[], ["ECDHE-RSA-AES256-GCM-SHA384"], ["NOT-A-CIPHER"]]));
  }
}

/** Adds a key that names a file of the set-up, and the file, unless it is one that should be missing. */
export function fixture(
  draft: Draft,
  key: string,
  choices: readonly (readonly [weight: number, file: string | undefined])[],
): void {
  const file = draft.random.weighted(choices);
  if (file === undefined) return;
  set(draft, key, file);
  if (!file.startsWith("absent")) draft.fixtures[file] = `certificates/${file}`;
}
