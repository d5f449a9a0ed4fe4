/**
 * Regular expressions as nginx gives them to PCRE, run by our own matcher: its time is bounded by the length of the
 * pattern times the length of the text, whatever somebody wrote, and the first match is the one that PCRE finds.
 * What is not understood here (backreferences, lookbehind, recursion, …) makes the whole expression unknown.
 */
import { compile, type Program } from "./regex-compile.ts";
import { exampleOf } from "./regex-example.ts";
import { parsePattern } from "./regex-parse.ts";

/** A compiled expression. */
export interface Regex {
  readonly program: Program;
  /** Names of captures and their numbers. */
  readonly names: ReadonlyMap<string, number>;
  /** A text that matches, when one is easily made. */
  readonly example: string | undefined;
}

/** Compiles an expression: undefined when it is not understood, a message when PCRE refuses it too. */
export function regexOf(pattern: string, ignoreCase: boolean): Regex | string | undefined {
  const parsed = parsePattern(pattern, ignoreCase);
  if (parsed.refused !== undefined) return parsed.refused;
  if (parsed.node === undefined) return undefined;
  const program = compile(parsed.node, parsed.groups);
  if (program === undefined) return undefined;
  const regex = { program, names: parsed.names, example: undefined };
  const example = exampleOf(parsed.node);
  return { ...regex, example: matchRegex(regex, example) === undefined ? undefined : example };
}

interface Job {
  readonly pc: number;
  readonly position: number;
  /** Set for a job that takes back a capture when everything behind it failed. */
  readonly restore?: { readonly slot: number; readonly value: number };
}

/** The captures (whole match first, empty string where a group took no part), or undefined. */
export function matchRegex(regex: Pick<Regex, "program">, text: string): readonly string[] | undefined {
  const visited = new Uint8Array(regex.program.steps.length * (text.length + 1));
  for (let start = 0; start <= text.length; start++) {
    const slots = run(regex.program, text, start, visited);
    if (slots !== undefined) return capturesOf(slots, text);
  }
  return undefined;
}

function capturesOf(slots: readonly number[], text: string): string[] {
  const captures: string[] = [];
  for (let index = 0; index < slots.length; index += 2) {
    const from = slots[index] ?? -1;
    const to = slots[index + 1] ?? -1;
    captures.push(from === -1 || to === -1 ? "" : text.slice(from, to));
  }
  return captures;
}

/** Backtracking over (step, position) pairs, each tried once: what failed once fails always. */
function run(program: Program, text: string, start: number, visited: Uint8Array): number[] | undefined {
  const slots = new Array<number>(program.slots).fill(-1);
  const jobs: Job[] = [{ pc: 0, position: start }];
  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
    if (job.restore !== undefined) {
      slots[job.restore.slot] = job.restore.value;
      continue;
    }
    const seen = job.pc * (text.length + 1) + job.position;
    if (visited[seen] === 1) continue;
    visited[seen] = 1;
    const step = program.steps[job.pc];
    if (step === undefined) continue;
    if (step.type === "match") return slots;
    if (step.type === "char") {
      if (job.position < text.length && step.test(text.charCodeAt(job.position)))
        jobs.push({ pc: job.pc + 1, position: job.position + 1 });
    } else if (step.type === "split") {
      jobs.push({ pc: step.second, position: job.position }, { pc: step.first, position: job.position });
    } else if (step.type === "jump") {
      jobs.push({ pc: step.to, position: job.position });
    } else if (step.type === "save") {
      jobs.push({ pc: -1, position: 0, restore: { slot: step.slot, value: slots[step.slot] ?? -1 } });
      slots[step.slot] = job.position;
      jobs.push({ pc: job.pc + 1, position: job.position });
    } else if (step.type === "assert") {
      if (step.test(text, job.position)) jobs.push({ pc: job.pc + 1, position: job.position });
    } else {
      const size = step.program.steps.length * (text.length + 1);
      const found = run(step.program, text, job.position, new Uint8Array(size)) !== undefined;
      if (found !== step.negative) jobs.push({ pc: job.pc + 1, position: job.position });
    }
  }
  return undefined;
}
