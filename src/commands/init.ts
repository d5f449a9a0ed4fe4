/** `pacslint init`: files to start from. Nothing that is there is ever replaced. */
import { closestWord } from "../products/spelling.ts";
import { type StarterProduct, starterOf } from "../starters/starter.ts";
import { profiles } from "../triage/profile.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";

/** The profiles that ask for encrypted DICOM. */
const encrypted: ReadonlySet<string> = new Set(["internet-facing", "vendor-qa"]);

interface InitFlags {
  readonly product: StarterProduct;
  readonly profile: string;
}

/** Writes a hardened deployment into a folder, and tells what to do next. */
export function init(folder: string, { product, profile }: InitFlags, io: Io): ExitCode {
  const known = profiles.map(({ name }) => name);
  if (!known.includes(profile)) throw new UsageError(unknownProfile(profile, known));
  const starter = Object.entries(starterOf(product, encrypted.has(profile)));
  const files = starter.map(([name, text]): [string, string] => [pathIn(folder, name), text]);
  const taken = files.map(([path]) => path).filter((path) => io.files.stat(path) !== undefined);
  if (taken.length > 0)
    throw new UsageError(`${taken.join(", ")}: there already, and nothing is replaced; name another folder`);
  for (const [path, text] of files) create(path, text, io);
  const written = files.map(([path]) => `  ${path}\n`).join("");
  const next = `read ${pathIn(folder, "START.md")}, then pacslint ${folder} --profile ${profile}`;
  io.stdout(`Written:\n${written}Next: ${next}\n`);
  return 0;
}

function unknownProfile(name: string, known: readonly string[]): string {
  const meant = closestWord(name, known);
  return `there is no profile "${name}"; ${meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

function create(path: string, text: string, io: Io): void {
  try {
    io.create(path, text);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function pathIn(folder: string, name: string): string {
  return folder === "." ? name : `${folder.replace(/[\\/]+$/u, "")}/${name}`;
}
