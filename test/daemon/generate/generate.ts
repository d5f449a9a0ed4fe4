import { type Case, EMPTY_CASE } from "../case.ts";
import { random } from "../random.ts";
import { dicomKeys, dicomTlsKeys } from "./dicom.ts";
import type { Draft } from "./draft.ts";
import { httpKeys, sslKeys } from "./http.ts";
import { fillers, mistakes, variables } from "./noise.ts";
import { pluginKeys } from "./plugins.ts";
import { write } from "./write.ts";

/** The configuration with that number in the sequence of that seed. */
export function generate(seed: number, index: number): Case {
  const draft: Draft = {
    random: random(seed, index),
    keys: [],
    fixtures: {},
    files: {},
    env: {},
    titles: {},
    credentials: [],
    dicomWebRoots: [],
    called: EMPTY_CASE.called,
  };
  // Most configurations say little; one in three says a bit of everything.
  const steps = [httpKeys, sslKeys, dicomKeys, dicomTlsKeys, pluginKeys];
  for (const step of steps) if (draft.random.chance(0.85)) step(draft);
  fillers(draft);
  draft.keys = draft.random.shuffle(draft.keys);
  mistakes(draft);
  variables(draft);
  const { files, configuration } = write(draft);
  const folder = configuration === "conf" ? "conf/" : "";
  return {
    name: `${seed}/${index}`,
    seed,
    index,
    files: { ...beside(folder, draft.files), ...files },
    fixtures: { ...beside(folder, draft.fixtures) },
    configuration,
    args: [],
    env: draft.env,
    // Where files named by DicomTls* are looked for. A linter that sees only files takes it to be this folder.
    cwd: folder.replace("/", ""),
    titles: draft.titles,
    credentials: draft.credentials,
    dicomWebRoots: draft.dicomWebRoots,
    called: draft.called,
  };
}

function beside<T>(folder: string, entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([path, value]) => [folder + path, value]));
}
