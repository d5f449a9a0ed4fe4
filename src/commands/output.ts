/** Where a command's document goes, and how the terminal wants it. */
import type { TextOptions } from "../reports/context.ts";
import { type Io, UsageError } from "./io.ts";

/** The options that say so. */
export interface OutputFlags {
  readonly color?: "auto" | "always" | "never";
  readonly output?: string;
}

const widest = 100;

/** Width, colours and characters for a document in words. */
export function textOptions(flags: OutputFlags, io: Io): TextOptions {
  const toFile = flags.output !== undefined;
  return {
    width: Math.min(Math.max(io.columns ?? 80, 40), widest),
    color: wantsColor(flags.color ?? "auto", io, toFile),
    unicode: toFile || showsUnicode(io),
  };
}

/** Writes the document to the file that was named, or to standard output: and nothing else. */
export function emit(document: string, flags: OutputFlags, io: Io): void {
  if (flags.output === undefined) {
    io.stdout(document);
    return;
  }
  try {
    io.save(flags.output, document);
  } catch (error) {
    throw new UsageError(
      `cannot write ${flags.output}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** https://no-color.org and https://force-color.org; an option on the command line wins over both. */
function wantsColor(choice: "auto" | "always" | "never", { env, isTTY }: Io, toFile: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTTY && !toFile && env.TERM !== "dumb";
}

/** Whether box characters arrive as such. A wrong "no" costs little: ASCII reads well too. */
function showsUnicode({ env, platform, isTTY }: Io): boolean {
  // PowerShell decodes what is piped through it in the console's old code page.
  if (platform === "win32")
    return isTTY && ["WT_SESSION", "TERM_PROGRAM", "ConEmuANSI"].some((name) => env[name]);
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  if (locale === "") return env.TERM !== "linux" && env.TERM !== "dumb";
  return /utf-?8/i.test(locale);
}
