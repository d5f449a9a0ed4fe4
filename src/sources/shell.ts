/**
 * The commands of a shell script, as far as files are made from others: words, redirections, pipes and assignments.
 * Conditions and loops are not followed: the commands within them count as run.
 */

/** A word without its quotation marks. */
export interface ShellWord {
  readonly text: string;
  /** It stands in single quotes, so that no variable in it is replaced. */
  readonly verbatim: boolean;
}

/** A word, and where it stands in the script as it is written, quotation marks and all. */
export interface PlacedWord extends ShellWord {
  readonly start: number;
  readonly end: number;
}

/** One simple command. */
export interface ShellCommand {
  readonly words: readonly PlacedWord[];
  readonly assignments: readonly { readonly name: string; readonly value: PlacedWord }[];
  /** The file behind "<". */
  readonly from?: ShellWord;
  /** The file behind ">"; ">>" counts as well. */
  readonly to?: ShellWord;
  /** The command whose output it reads. */
  readonly pipedFrom?: ShellCommand;
}

type Token = ({ readonly kind: "word" } & PlacedWord) | { readonly kind: "sign"; readonly text: string };

const keywords = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "{", "exec", "time"]);

/** Reads a script. Never throws; what it does not understand becomes words. */
export function shellCommands(script: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let current: Token[] = [];
  let pipedFrom: ShellCommand | undefined;
  const finish = (sign: string) => {
    const command = commandOf(current, pipedFrom);
    if (command !== undefined) commands.push(command);
    pipedFrom = sign === "|" ? command : undefined;
    current = [];
  };
  for (const token of tokens(script)) {
    if (token.kind === "sign" && !/^[<>]/u.test(token.text)) finish(token.text);
    else current.push(token);
  }
  finish("end");
  return commands;
}

function commandOf(given: readonly Token[], pipedFrom: ShellCommand | undefined): ShellCommand | undefined {
  const words: PlacedWord[] = [];
  const assignments: { name: string; value: PlacedWord }[] = [];
  let from: ShellWord | undefined;
  let to: ShellWord | undefined;
  for (const [index, token] of given.entries()) {
    const before = given[index - 1];
    if (token.kind === "sign") continue;
    const assigned = /^(?:(?:export|local)\s+)?([A-Za-z_]\w*)=(.*)$/su.exec(token.text);
    if (before?.kind === "sign") {
      if (before.text === "<") from = token;
      else if (/^>>?$/u.test(before.text)) to = token;
    } else if (words.length === 0 && assigned !== null) {
      const [, name = "", text = ""] = assigned;
      const start = token.start + name.length + 1;
      assignments.push({ name, value: { text, verbatim: token.verbatim, start, end: token.end } });
    } else if (words.length > 0 || !(keywords.has(token.text) || token.text === "export")) words.push(token);
  }
  if (words.length === 0 && assignments.length === 0) return undefined;
  return {
    words,
    assignments,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(pipedFrom === undefined ? {} : { pipedFrom }),
  };
}

/** Comments and line continuations; (1) the signs between commands; (2) words with quotes and substitutions in them. */
const pattern =
  /\\\r?\n|[ \t\r]+|(?<=^|\s)#[^\n]*|(\d?>>?&?\d?|<<?-?|&&|\|\||[|;&\n()])|((?:\\[^\n]|\$\([^)]*\)|`[^`]*`|\$\{[^}]*\}|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s|;&<>()"'\\`$]|\$)+)|[\s\S]/gu;

function tokens(script: string): readonly Token[] {
  return [...script.matchAll(pattern)].flatMap(({ index, 1: sign, 2: word }): readonly Token[] => {
    if (sign !== undefined) return [{ kind: "sign", text: sign }];
    if (word === undefined) return [];
    return [{ kind: "word", ...unquoted(word), start: index, end: index + word.length }];
  });
}

function unquoted(word: string): ShellWord {
  const verbatim = /^(?:[^"'$`]*'[^']*')+[^"'$`]*$/u.test(word);
  const text = word.replace(/"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'/gu, (_, double?: string, single?: string) =>
    double === undefined ? (single ?? "") : double.replace(/\\(["$`\\])/gu, "$1"),
  );
  return { text, verbatim };
}
