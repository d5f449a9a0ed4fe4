/** The decision table of HTTP login by release (orthanc's own sources; measured on 1.9.1, 1.10.1, 1.12.7 and 1.13.0). */
import { describe, expect, test } from "vitest";
import { inspectConfiguration } from "../inspect.ts";

type Users = "absent" | "empty" | "some";
/** What a caller from another host gets: everything; a login that all know; a login; nobody can log in; refusal; no start. */
type Outcome = "open" | "default" | "login" | "nobody" | "refused" | "no start";

const periods = { "1.5.7": 0, "1.12.8": 1, "1.12.11": 2, "1.13.0": 3 } as const;

const table: readonly (readonly [
  boolean | undefined,
  boolean | undefined,
  Users,
  readonly [Outcome, Outcome, Outcome, Outcome],
])[] = [
  [false, undefined, "absent", ["refused", "refused", "refused", "refused"]],
  [false, true, "some", ["refused", "refused", "refused", "refused"]],
  [undefined, false, "some", ["refused", "refused", "refused", "refused"]],
  [true, undefined, "absent", ["open", "default", "default", "no start"]],
  [true, undefined, "empty", ["open", "default", "nobody", "nobody"]],
  [true, undefined, "some", ["open", "login", "login", "login"]],
  [true, true, "absent", ["nobody", "default", "default", "no start"]],
  [true, true, "empty", ["nobody", "default", "nobody", "nobody"]],
  [true, true, "some", ["login", "login", "login", "login"]],
  [true, false, "absent", ["open", "open", "open", "open"]],
  [true, false, "empty", ["open", "open", "open", "open"]],
  [true, false, "some", ["open", "open", "open", "open"]],
];

function configuration(remote: boolean | undefined, login: boolean | undefined, users: Users): string {
  return JSON.stringify({
    HttpPort: 8042,
    RemoteAccessAllowed: remote,
    AuthenticationEnabled: login,
    RegisteredUsers: { absent: undefined, empty: {}, some: { radiology: "correct horse battery" } }[users],
  });
}

describe("a caller from another host", () => {
  for (const [remote, login, users, outcomes] of table) {
    for (const [version, column] of Object.entries(periods)) {
      test(`remote ${remote}, login ${login}, users ${users}, ${version}: ${outcomes[column]}`, () => {
        const { service, http } = inspectConfiguration(configuration(remote, login, users), version);
        const expected = outcomes[column];
        expect(service.startup.verdict).toBe(expected === "no start" ? "refuses" : "starts");
        expect(http.reach).toBe(expected === "refused" ? "host" : "network");
        if (expected === "refused" || expected === "no start") return;
        expect(http.auth.mode).toBe(expected === "open" ? "none" : "basic");
        expect(http.anonymous?.read).toBe(expected === "open");
        expect(http.auth.defaultCredentials).toBe(expected === "default");
        expect(http.auth.lockedOut).toBe(expected === "nobody");
      });
    }
  }
});

describe("a caller on the same host", () => {
  test.each([
    [undefined, true],
    [false, true],
    [true, false],
  ])("remote access off, login %s: anonymous read is %s", (login, read) => {
    const { http } = inspectConfiguration(configuration(false, login, "some"), "1.12.7");
    expect(http.reach).toBe("host");
    expect(http.anonymous?.read).toBe(read);
  });
});

test("HttpBindAddresses closes the port from 1.12.10 on, and is unknown before", () => {
  const source = JSON.stringify({
    HttpPort: 8042,
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    HttpBindAddresses: ["127.0.0.1"],
  });
  expect(inspectConfiguration(source, "1.12.9").http.reach).toBe("network");
  expect(inspectConfiguration(source, "1.12.10").http.reach).toBe("host");
});

test("the release is unknown: what differs is unknown, what does not is known", () => {
  const { http } = inspectConfiguration(configuration(true, undefined, "absent"));
  expect(http.anonymous?.read).toBe(false);
  expect(typeof http.auth.defaultCredentials).toBe("object");
});
