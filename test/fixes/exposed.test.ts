/** The exposed examples become silent by the edits, and by what the summary leaves to a person. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lint } from "../../src/lint.ts";
import { repaired, subjectOf } from "./repair.ts";

const examples = join(import.meta.dirname, "../../examples");

function filesOf(folder: string): Readonly<Record<string, string>> {
  const root = join(examples, folder);
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(root, name)).isFile(),
  );
  return Object.fromEntries(
    names
      .filter((name) => /\.(?:json|ya?ml|conf|env)$/u.test(name) && !name.startsWith("expected"))
      .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(root, name), "utf8")]),
  );
}

const everything = { unsafe: true, rules: [] };

/** The rules with an open finding, each once. */
function openRules(report: {
  readonly findings: readonly { rule: string; state: string }[];
}): readonly string[] {
  const open = report.findings.filter(({ state }) => state === "open");
  return [...new Set(open.map(({ rule }) => rule))].sort();
}

describe("exposed-clinic", { timeout: 240_000 }, () => {
  const args = ["--orthanc-version", "1.13.1"];
  const given = { files: filesOf("exposed-clinic"), args };
  const done = repaired(given, everything, "everyday");

  test("what the edits leave to a person", () => {
    expect(openRules(done.repair.after.report)).toEqual([
      "dicom-host-is-a-name",
      "http-no-tls",
      "peers-over-http",
    ]);
    expect(done.repair.left.filter(({ why }) => why.kind !== "by-hand")).toEqual([]);
  });

  test("is silent when a person has done that", () => {
    const steps: readonly (readonly [string, string])[] = [
      ['"SslEnabled" : false', '"SslEnabled" : true'],
      ['"clinic.pem"', '"/etc/orthanc/clinic.pem"'],
      ['"reading-room.clinic.example"', '"192.168.10.30"'],
      ["http://pacs.university.example:8042/", "https://pacs.university.example/"],
    ];
    const orthanc = steps.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, () => to);
    }, done.files["orthanc.json"] ?? "");
    const secrets = [
      ...done.repair.made.flatMap(({ needs }) => needs.map(({ variable }) => variable)),
      "UNIVERSITY_PASSWORD",
    ];
    const env = [...new Set(secrets)].flatMap((name, index) => [
      "--env",
      `${name}="nine blue doors by the sea ${index}"`,
    ]);
    const { options, platform } = subjectOf(
      { files: { ...done.files, "orthanc.json": orthanc }, args: [...args, ...env] },
      "everyday",
    );
    expect(openRules(lint(options, platform).report)).toEqual([]);
  });
});

describe.each([["exposed-hospital", ["docker-socket-mounted", "identity-no-tls", "proxy-no-tls"]]])(
  "%s",
  { timeout: 240_000 },
  (folder, byHand) => {
    test("what the edits leave to a person", () => {
      const { repair } = repaired({ files: filesOf(folder) }, everything, "everyday");
      expect(openRules(repair.after.report)).toEqual(byHand);
    });
  },
);
