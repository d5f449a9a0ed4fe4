/** Colours and symbols: sixteen colours, or none; box characters, or ASCII. */
import { Chalk } from "chalk";
import type { Severity } from "../rules/rule.ts";
import type { TextOptions } from "./context.ts";

type Paint = (text: string) => string;

/** What a report paints and draws with. */
export interface Style {
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly bold: Paint;
  readonly faint: Paint;
  readonly file: Paint;
  readonly better: Paint;
  readonly bar: string;
  readonly underline: string;
  readonly mask: string;
  readonly ellipsis: string;
  readonly dot: string;
  /** Prepares words for the terminal; the text of files is shown as it is. */
  readonly words: Paint;
}

const unicodeSymbols = { bar: "│", underline: "─", mask: "••••", ellipsis: "…", dot: "·" };
const asciiSymbols = { bar: "|", underline: "^", mask: "****", ellipsis: "...", dot: "-" };

/** The style that the terminal can show. */
export function createStyle(options: TextOptions): Style {
  const chalk = new Chalk({ level: options.color ? 1 : 0 });
  return {
    ...(options.unicode ? unicodeSymbols : asciiSymbols),
    severity: {
      critical: (text) => chalk.bold.magenta(text),
      high: (text) => chalk.bold.red(text),
      medium: (text) => chalk.bold.yellow(text),
      low: (text) => chalk.bold.cyan(text),
      info: (text) => chalk.bold(text),
    },
    bold: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    file: (text) => chalk.cyan(text),
    better: (text) => chalk.green(text),
    words: options.unicode ? (text) => text : plainPunctuation,
  };
}

const plain: Readonly<Record<string, string>> = {
  "–": "-",
  "—": "-",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "…": "...",
  "·": "-",
  "→": "->",
  "≥": ">=",
  "≤": "<=",
  "×": "x",
  "•": "*",
};

function plainPunctuation(text: string): string {
  return text.replace(/[–—‘’“”…·→≥≤×•]/g, (character) => plain[character] ?? character);
}
