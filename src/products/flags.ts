/** Flags of programs, as they stand on their command lines. */
import { isUnknown, type Maybe, unknown } from "../facts/unknown.ts";
import { baseName } from "../sources/files.ts";
import { holeIn, type Located, locate, placeOf, slice, type Text } from "../text/text.ts";

/** A word with its place; its value is unknown where a part of it is. */
export interface Word extends Located {
  readonly value: Maybe<string>;
}

/** A text as a word; a variable of the container's shell is not known here. */
export function wordIn(text: Text): Word {
  const place = placeOf(locate(text, 0, text.value.length));
  const hole = holeIn(text, 0, text.value.length);
  if (hole !== undefined) return { value: unknown("input", hole.reason, place), ...place };
  const isShell = /^\$\{?\w+\}?$/u.test(text.value);
  return {
    value: isShell
      ? unknown("input", `${text.value} is a variable of the container's shell`, place)
      : text.value,
    ...place,
  };
}

/** What follows the first word that is this program; undefined where it is not started. */
export function argumentsOf(words: readonly Text[], program: RegExp): readonly Text[] | undefined {
  const index = words.findIndex(({ value }) => program.test(baseName(value)));
  return index === -1 ? undefined : words.slice(index + 1);
}

/** The values of a flag: `--name value`, `--name=value`; of a bare one an empty word. */
export function flagsNamed(words: readonly Text[], ...names: readonly string[]): readonly Word[] {
  return words.flatMap((word, index): readonly Word[] => {
    const { value } = word;
    const name = names.find((one) => value === one || value.startsWith(`${one}=`));
    if (name === undefined) return [];
    if (value !== name) return [wordIn(slice(word, name.length + 1, value.length))];
    const next = words[index + 1];
    const isBare = next === undefined || /^--?[a-z]/iu.test(next.value);
    return [isBare ? { ...wordIn(word), value: "" } : wordIn(next)];
  });
}

/** The first value of a flag. */
export function flagNamed(words: readonly Text[], ...names: readonly string[]): Word | undefined {
  return flagsNamed(words, ...names)[0];
}

/** The words that are neither flags nor the values of flags that take one; `switches` are flags without a value. */
export function plainWords(words: readonly Text[], switches: RegExp): readonly Text[] {
  return words.filter((word, index) => {
    if (word.value.startsWith("-")) return false;
    const before = words[index - 1]?.value ?? "";
    return !before.startsWith("-") || before.includes("=") || switches.test(before);
  });
}

/** The value of a word; undefined where there is none or it is not known. */
export function knownWord(word: { readonly value: Maybe<string> } | undefined): string | undefined {
  return word === undefined || isUnknown(word.value) ? undefined : word.value;
}
