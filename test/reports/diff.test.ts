/** Diffs show what is written and hide what is secret. */
import { describe, expect, test } from "vitest";
import { renderDiff } from "../../src/reports/diff.ts";
import { createStyle } from "../../src/reports/style.ts";
import { suspects, withoutSuspects } from "../../src/reports/suspects.ts";

const hide = (line: string): string => withoutSuspects(line, "***");

describe("a line", () => {
  test.each([
    ['  "Password" : ${POSTGRESQL_PASSWORD},', '  "Password" : ${POSTGRESQL_PASSWORD},'],
    [
      "  POSTGRES_PASSWORD: ${DB_PASSWORD:?set it in .env}",
      "  POSTGRES_PASSWORD: ${DB_PASSWORD:?set it in .env}",
    ],
    ["  - DB_PASSWORD=${DB_PASSWORD?set it}", "  - DB_PASSWORD=${DB_PASSWORD?set it}"],
    [
      "  URL: postgres://pacs:${DB_PASSWORD:?set it}@db/pacs",
      "  URL: postgres://pacs:${DB_PASSWORD:?set it}@db/pacs",
    ],
    ['  "Username" : "orthanc",', '  "Username" : "orthanc",'],
    ['    user: "999:999"', '    user: "999:999"'],
    ["  DB_PASSWORD: ${DB_PASSWORD:-seven-red-horses}", "  DB_PASSWORD: ***"],
    ["  DB_PASSWORD: seven-red-${HORSES}", "  DB_PASSWORD: ***"],
    ['  "RegisteredUsers": { "alice": "seven red horses" },', '  "RegisteredUsers": { "alice": "***" },'],
    ["  URL: postgres://pacs:horses@db/pacs", "  URL: postgres://pacs:***@db/pacs"],
    ["  POSTGRES_PASSWORD_FILE: /run/secrets/db", "  POSTGRES_PASSWORD_FILE: /run/secrets/db"],
    ["  tls: [{ hosts: [pacs], secretName: pacs-tls }]", "  tls: [{ hosts: [pacs], secretName: pacs-tls }]"],
    ["    k8s.example/auth-secret: radiology-users", "    k8s.example/auth-secret: radiology-users"],
  ])("%s", (line, shown) => {
    expect(hide(line)).toBe(shown);
  });

  test("ranges are those of the line as it is written", () => {
    const line = "PASSWORD=${A:?b} TOKEN=horses";
    expect(suspects(line).map(([from, to]) => line.slice(from, to))).toEqual(["horses"]);
  });
});

test("a diff shows the reference that takes the place of a secret, also where its range is known", () => {
  const before = "services:\n  PW: horses\n";
  const after = "services:\n  PW: ${PW:?set it in .env}\n";
  const range = (text: string, part: string) => {
    const start = text.indexOf(part);
    return { file: "compose.yml", start, end: start + part.length };
  };
  const change = {
    path: "compose.yml",
    before,
    after,
    secretsBefore: [range(before, "horses")],
    secretsAfter: [range(after, "${PW:?set it in .env}"), range(after, "set it in .env")],
  };
  const style = createStyle({ color: false, width: 80, unicode: true });
  expect(renderDiff(change, style)).toBe(
    `--- a/compose.yml\n+++ b/compose.yml\n@@ -1,2 +1,2 @@\n services:\n-  PW: ${style.mask}\n+  PW: \${PW:?set it in .env}\n`,
  );
});
