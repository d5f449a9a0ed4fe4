import { parseArgs } from "node:util";
import { RELEASES } from "./releases.ts";

/** What `npm run test:daemon` is asked to do. */
export interface Options {
  releases: string[];
  seed: number;
  count: number;
  /** Only this case. */
  index?: number;
  jobs: number;
  verbose: boolean;
  /** Put the table and the lists into docs/accuracy.md. */
  write: boolean;
  /** Put the lists there and do nothing else. */
  writeLists: boolean;
  /** Measure and print, predict nothing. */
  measureOnly: boolean;
  /** Predict with the built command instead of in this process. */
  byCommand: boolean;
  /** Check the hand-made facts instead of random configurations. */
  facts: boolean;
  /** Only sweep up after runs that were killed. */
  cleanup: boolean;
}

/** For people who ask for help. */
const USAGE = `npm run test:daemon -- [options]

  --release VERSION   one of ${RELEASES.map(({ version }) => version).join(", ")} (may be repeated; default 1.10.1)
  --all               every release
  --count N           configurations for each release (default 60)
  --seed N            where the random configurations begin (default 1)
  --index I           only configuration I of the seed
  --jobs N            how many at once (default 2)
  --facts             the hand-made facts about Orthanc instead of random configurations
  --by-command        predict with the built command, as people run it (slower)
  --measure-only      print what is measured, compare nothing
  --verbose           print every configuration and measurement
  --write             put the table of agreement and the lists of proofs into docs/accuracy.md
  --write-lists       only the lists, without a run
  --cleanup           only remove what killed runs have left`;

/** Reads the command line; a text is what is wrong with it. */
export function readOptions(argv: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        release: { type: "string", multiple: true },
        all: { type: "boolean", default: false },
        count: { type: "string", default: "60" },
        seed: { type: "string", default: "1" },
        index: { type: "string" },
        jobs: { type: "string", default: "2" },
        facts: { type: "boolean", default: false },
        "measure-only": { type: "boolean", default: false },
        "by-command": { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        write: { type: "boolean", default: false },
        "write-lists": { type: "boolean", default: false },
        cleanup: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return USAGE;
    const every = RELEASES.map(({ version }) => version);
    return {
      releases: values.all ? every : (values.release ?? (values.facts ? every : ["1.10.1"])),
      seed: whole(values.seed),
      count: whole(values.count),
      ...(values.index === undefined ? {} : { index: whole(values.index) }),
      jobs: Math.max(1, whole(values.jobs)),
      facts: values.facts,
      byCommand: values["by-command"],
      measureOnly: values["measure-only"],
      verbose: values.verbose,
      write: values.write,
      writeLists: values["write-lists"],
      cleanup: values.cleanup,
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${USAGE}`;
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`not a whole number: ${text}`);
  return Number(text);
}
