/** What a command reads: the paths that were named or the usual places, variables, standard input. */
import type { LintOptions, Platform } from "../lint.ts";
import type { Config } from "../policy/config.ts";
import { baseName } from "../sources/files.ts";
import { withFile } from "../sources/memory-files.ts";
import { type Io, UsageError } from "./io.ts";
import { fromConfig, type SiteFlags, siteOf } from "./site.ts";

/** The options that say what is read. */
export interface InputFlags extends SiteFlags {
  readonly orthancVersion?: string;
  readonly dcm4cheeVersion?: string;
  readonly envFile: readonly string[];
  readonly values?: readonly string[];
  readonly env: readonly string[];
  readonly onHost?: boolean;
  readonly followOutside: boolean;
  readonly stdin?: boolean;
  readonly stdinFilename?: string;
}

/** What `lint` is called with. */
export interface Request {
  readonly options: LintOptions;
  readonly platform: Platform;
}

/** The options of a run that has no others to set: everything is heard, nothing fails. */
const defaults = { audience: "everyday", failOn: "high", allowUndetermined: false } as const;

/** The request; undefined when no path was named and none of the usual places holds a configuration. */
export async function request(
  paths: readonly string[],
  flags: InputFlags,
  io: Io,
  judged: (config: Config | undefined) => Partial<LintOptions> = () => ({}),
): Promise<Request | undefined> {
  const named = paths.filter((path) => path !== "-");
  const piped = flags.stdin === true || named.length < paths.length;
  if (!piped && flags.stdinFilename !== undefined) throw new UsageError("--stdin-filename goes with --stdin");
  if (flags.onHost === true && !flags.followOutside)
    throw new UsageError(
      "--on-host looks at files all over the server: it does not go with --no-follow-outside",
    );
  const unsaved = flags.stdinFilename ?? "stdin";
  const files = piped ? withFile(io.files, unsaved, await io.stdin()) : io.files;
  const given = piped ? [...named, unsaved] : named;
  const all = given.length > 0 ? given : usualPlaces(io);
  if (all.length === 0) return undefined;
  const { config, rules } = siteOf(all, flags, io, files);
  const options: LintOptions = {
    ...defaults,
    ...fromConfig(config),
    rules,
    ...judged(config),
    paths: all,
    ...(flags.orthancVersion === undefined ? {} : { orthancVersion: flags.orthancVersion }),
    ...(flags.dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion: flags.dcm4cheeVersion }),
    envFiles: flags.envFile,
    ...(flags.values === undefined ? {} : { valueFiles: flags.values }),
    env: Object.fromEntries(flags.env.map(variable)),
    onHost: flags.onHost === true,
    followOutside: flags.followOutside,
  };
  return { options, platform: { files, crypto: io.crypto, now: io.now, cwd: io.cwd } };
}

/** What to say when there is nothing to read. */
export const nothingFound =
  "no configuration was named, and there is none in the usual places (this folder, /etc/orthanc, C:/Program Files/Orthanc Server/Configuration). Name a file or a folder: pacslint PATH";

/** Where the packages and the installer of Orthanc put the configuration. */
const installed = ["/etc/orthanc", "C:/Program Files/Orthanc Server/Configuration"];

/** Files that make the working directory worth reading. */
const telling =
  /^(?:(?:docker-)?compose(?:\.[\w.-]+)?\.ya?ml|orthanc[\w.-]*\.json|Configuration\.json|dcm4chee[\w.-]*\.(?:ldif|xml|json)|kustomization\.ya?ml)$/i;

function usualPlaces({ files }: Io): readonly string[] {
  if (files.list(".")?.some((name) => telling.test(baseName(name))) === true) return ["."];
  return installed.filter((path) => files.stat(path)?.kind === "directory");
}

/** The text is not repeated in the message: it may hold a password. */
function variable(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError("--env takes NAME=VALUE, such as --env DICOM_AET=CLINIC");
  return [text.slice(0, equals), text.slice(equals + 1)];
}
