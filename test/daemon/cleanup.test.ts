/** An interrupted run leaves nothing behind: no process, no mount, no folder. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { REPOSITORY, WORK, WORK_PREFIX } from "./paths.ts";
import { daemonAvailability } from "./releases.ts";

const RUN = join(REPOSITORY, "test/daemon/run.mjs");
const SOON = { timeout: 30_000, interval: 100 };

const [release] = daemonAvailability().installed;

describe.runIf(release !== undefined)("a run that is ended by", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "%s",
    { timeout: 90_000 },
    async (signal) => {
      const run = spawn(process.execPath, [
        RUN,
        "--measure-only",
        "--count",
        "500",
        "--release",
        release?.version ?? "",
      ]);
      const folder = join(WORK, `${WORK_PREFIX}${run.pid}`);
      await vi.waitFor(() => expect(daemonsBelow(folder)).toBeGreaterThan(0), SOON);
      const started = descendants(run.pid ?? 0);
      expect(started.length).toBeGreaterThan(3);

      await end(run, signal);

      await vi.waitFor(() => expect(started.filter(isAlive)).toEqual([]), SOON);
      expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(folder);
      // Nobody can tidy up after SIGKILL but the next run.
      if (signal === "SIGKILL") execFileSync(process.execPath, [RUN, "--cleanup"]);
      expect(existsSync(folder)).toBe(false);
    },
  );
});

/** Each start of a daemon has a root of its own. */
function daemonsBelow(folder: string): number {
  const sites = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("site-")) : [];
  return sites.flatMap((site) => readdirSync(join(folder, site)).filter((name) => name.startsWith("root-")))
    .length;
}

function end(run: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    run.once("exit", () => resolve());
    run.kill(signal);
  });
}

/** A process, told from a later one of the same number by the time that it began. */
interface Process {
  pid: number;
  parent: number;
  began: string;
}

function processes(): Process[] {
  const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).flatMap((pid) => stat(pid) ?? []);
}

function stat(pid: number): Process | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { pid, parent: Number(fields[1]), began: fields[19] ?? "" };
  } catch {
    return undefined; // gone by now
  }
}

function descendants(root: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}

function isAlive({ pid, began }: Process): boolean {
  return stat(pid)?.began === began;
}
