/** Runs Docker Compose itself on files and says what it makes of them. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadComposeProject } from "../../src/deployment/compose/load.ts";
import type { ComposeProject } from "../../src/deployment/compose/model.ts";
import { type Text, textAt, textOfFile } from "../../src/text/text.ts";
import type { Json } from "./render.ts";

const tools = process.env.PACSLINT_TOOLS ?? "/var/cache/pacslint-tools";
const binary = `${tools}/compose/usr/libexec/docker/cli-plugins/docker-compose`;

/** Whether the judge is there; test/compose/setup.sh brings it. */
export const hasJudge = existsSync(binary);

export type Verdict =
  | { readonly accepted: true; readonly project: Json }
  | { readonly accepted: false; readonly message: string };

export interface Invocation {
  readonly files: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly envFiles?: readonly string[];
  readonly profiles?: readonly string[];
}

const home = "/nonexistent/home";

/** What `docker compose config` prints. */
export function judge(invocation: Invocation): Verdict {
  const args = [
    ...(invocation.profiles ?? []).flatMap((profile) => ["--profile", profile]),
    ...(invocation.envFiles ?? []).flatMap((file) => ["--env-file", file]),
    ...invocation.files.flatMap((file) => ["-f", file]),
    "config",
    "--format",
    "json",
  ];
  const run = spawnSync(binary, args, {
    cwd: dirname(invocation.files[0] ?? "/"),
    env: { HOME: home, PATH: "/usr/bin:/bin", ...invocation.env },
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) return { accepted: false, message: run.stderr.trim() };
  return { accepted: true, project: singleDollars(JSON.parse(run.stdout) as Json) };
}

/** Compose doubles every dollar in what it prints. */
function singleDollars(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("$$", "$");
  if (Array.isArray(value)) return value.map(singleDollars);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.replaceAll("$$", "$"), singleDollars(one)]),
  );
}

/** The same files through our own reader. */
export function load(invocation: Invocation): ComposeProject {
  const where = { at: { file: "(shell)", start: 0, end: 0 } };
  const variables = { HOME: home, PATH: "/usr/bin:/bin", ...invocation.env };
  return loadComposeProject({
    files: invocation.files,
    readText,
    variables: new Map<string, Text>(
      Object.entries(variables).map(([key, value]) => [key, textAt(value, where)]),
    ),
    environmentComplete: true,
    home,
    ...(invocation.envFiles === undefined ? {} : { envFiles: invocation.envFiles }),
    ...(invocation.profiles === undefined ? {} : { profiles: invocation.profiles }),
  });
}

/** Reads a file of the test machine. */
function readText(path: string): Text | { readonly missing: string } {
  try {
    return textOfFile(path, readFileSync(path, "utf8"));
  } catch (error) {
    return { missing: error instanceof Error ? error.message : "cannot be read" };
  }
}
