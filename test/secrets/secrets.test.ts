/** No output holds a secret of a configuration: in no format, of no command, not even of a file that is broken there. */
import { describe, expect, test } from "vitest";
import { formats } from "../../src/reports/formats.ts";
import { cli, type Outcome } from "../cli/fake.ts";
import { planted } from "./planted.ts";

/** What every secret begins and ends with, and what that becomes in base64 at each of the three alignments. */
const needles = ["S3cr", "q9z", ...["S3cr&t+", "!q9z"].flatMap(inBase64)];

function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
    const whole = bytes.toString("base64").replace(/=+$/, "");
    // The first and the last characters depend on what stands beside.
    return whole.slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}

function leaks(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => {
    const at = needles.map((needle) => line.indexOf(needle)).filter((index) => index >= 0);
    return at.length === 0 ? [] : [line.slice(Math.max(0, Math.min(...at) - 80), Math.min(...at) + 60)];
  });
}

/** All that a run wrote, but for the configurations that `fix` mends. */
function everything({ stdout, stderr, saved }: Outcome): string {
  const documents = Object.entries(saved).filter(([path]) =>
    /^(?:out\.|summary\.md$)|pacslint(?:-baseline\.json|\.yaml)$/.test(path),
  );
  return [stdout, stderr, ...documents.map(([, text]) => text)].join("\n");
}

const all = Object.keys(formats).flatMap((name) => ["--format", `${name}=out.${name}`]);

const commands = (folder: string): readonly (readonly string[])[] => [
  ["lint", folder, "--audience", "audit", "--verbose", ...all],
  ["lint", folder, "--audience", "audit", "--quiet"],
  ["effective", folder, "--all"],
  ["effective", folder, "--all", "--format", "json"],
  ["doctor", folder],
  ["doctor", folder, "--format", "json"],
  ["fix", folder, "--unsafe", "--audience", "audit", "--dry-run"],
  ["baseline", "write", folder],
  ["init", folder],
];

const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

describe.each(Object.keys(planted))("%s", (folder) => {
  const files = below(folder, planted[folder] ?? {});

  test.each(commands(folder))(
    "%s %s %s %s",
    async (...argv) => {
      const outcome = await cli(argv, { files, env: { GITHUB_STEP_SUMMARY: "summary.md" } });
      expect(leaks(everything(outcome))).toEqual([]);
      expect(everything(outcome).length).toBeGreaterThan(10);
      expect(outcome.code).not.toBe(4);
    },
    120_000,
  );

  test("a file that ends, or is broken, beside a secret", async () => {
    const found: string[] = [];
    for (const [name, text] of Object.entries(files)) {
      for (const { index } of text.matchAll(/S3cr&/g)) {
        const end = text.indexOf("q9z", index) + 3;
        const broken = [
          text.slice(0, end),
          `${text.slice(0, index)}"}<{ ${text.slice(index)}`,
          `${text.slice(0, end)} " <>]} ${text.slice(end)}`,
        ];
        for (const content of broken) {
          const world = { files: { ...files, [name]: content } };
          const argv = ["lint", folder, "--verbose", "--audience", "audit"];
          const linted = await cli([...argv, "--format", "text", "--format", "json=out.json"], world);
          const effective = await cli(["effective", folder, "--all"], world);
          found.push(...leaks(everything(linted)), ...leaks(everything(effective)));
        }
      }
    }
    expect([...new Set(found)]).toEqual([]);
  }, 300_000);
});

test("variables and standard input", async () => {
  const env = ["--env", "PASSWORD=S3cr&t+flag!q9z"];
  const files = {
    "orthanc.json": '{ "Name": "x", "RegisteredUsers": { "a": "${PASSWORD}" }, "HttpPort": ${PASSWORD} }',
  };
  for (const argv of [["orthanc.json"], ["effective", "orthanc.json"], ["doctor", "orthanc.json"]])
    expect(leaks(everything(await cli([...argv, ...env], { files })))).toEqual([]);
  const piped = await cli(["-", "--format", "json"], {
    stdin: files["orthanc.json"].replaceAll("${PASSWORD}", "S3cr&t+stdin!q9z"),
  });
  expect(leaks(everything(piped))).toEqual([]);
});
