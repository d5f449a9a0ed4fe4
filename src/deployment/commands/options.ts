/** The options of `docker run` and `podman run`, told apart from the image and its command. */
import { isKnown, locate, slice, type Text } from "../../text/text.ts";

/** An option with its value; one without has an empty text. */
export interface RunOption {
  /** The long name, without dashes. */
  readonly name: string;
  readonly value: Text;
}

/** What a `run` says. */
export interface RunWords {
  readonly options: readonly RunOption[];
  readonly image: Text;
  readonly command: readonly Text[];
}

const longNames: Readonly<Record<string, string>> = {
  a: "attach",
  c: "cpu-shares",
  d: "detach",
  e: "env",
  h: "hostname",
  i: "interactive",
  l: "label",
  m: "memory",
  P: "publish-all",
  p: "publish",
  q: "quiet",
  t: "tty",
  u: "user",
  v: "volume",
  w: "workdir",
  net: "network",
  "net-alias": "network-alias",
};

/** Options that take no value; every other one does. Source: docker/cli cli/command/container/{run,opts}.go. */
const flags: ReadonlySet<string> = new Set([
  ..."detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged".split(
    " ",
  ),
  ..."publish-all quiet read-only replace rm rmi sig-proxy tty use-api-socket".split(" "),
]);

/** Reads the words behind `run`; undefined where no image is named. */
export function readRun(words: readonly Text[]): RunWords | undefined {
  const options: RunOption[] = [];
  let index = 0;
  while (index < words.length) {
    const word = words[index];
    if (word === undefined) return undefined;
    const rest = words.slice(index + 1);
    if (!word.value.startsWith("-")) {
      if (!standsForOptions(word, rest)) return { options, image: word, command: rest };
      index++;
      continue;
    }
    const [own, taken] = optionsIn(word, words[index + 1]);
    options.push(...own);
    index += 1 + taken;
  }
  return undefined;
}

/** `"${ARGS[@]}" orthancteam/orthanc`: what a variable stands for that has an image behind it. */
function standsForOptions(word: Text, rest: readonly Text[]): boolean {
  return (
    !isKnown(word) && word.value.length === 1 && rest.some(({ value }) => /orthanc|dcm4che/iu.test(value))
  );
}

/** The options of one word, and how many words behind it belong to them. */
function optionsIn(word: Text, next: Text | undefined): readonly [readonly RunOption[], number] {
  const [, dashes = "", name = "", sign] = /^(--?)([^=\s]*)(=)?/u.exec(word.value) ?? [];
  const none = slice(word, word.value.length, word.value.length);
  const behind = sign === undefined ? undefined : tail(word, dashes.length + name.length + 1);
  if (dashes === "--") {
    const long = longNames[name] ?? name;
    if (behind !== undefined) return [[{ name: long, value: behind }], 0];
    if (flags.has(long) || next === undefined) return [[{ name: long, value: none }], 0];
    return [[{ name: long, value: next }], 1];
  }
  return cluster(word, next, none);
}

/** `-dit`, `-p8042:8042`, `-dp 8042:8042`. */
function cluster(word: Text, next: Text | undefined, none: Text): readonly [readonly RunOption[], number] {
  const options: RunOption[] = [];
  for (let index = 1; index < word.value.length; index++) {
    const name = longNames[word.value.charAt(index)] ?? word.value.charAt(index);
    if (flags.has(name)) {
      options.push({ name, value: none });
      continue;
    }
    const sign = word.value.charAt(index + 1) === "=" ? 1 : 0;
    if (index + 1 < word.value.length)
      return [[...options, { name, value: tail(word, index + 1 + sign) }], 0];
    return next === undefined ? [options, 0] : [[...options, { name, value: next }], 1];
  }
  return [options, 0];
}

function tail(word: Text, start: number): Text {
  const text = slice(word, start, word.value.length);
  if (text.pieces.length > 0) return text;
  const { at, via } = locate(word, 0, word.value.length);
  return { value: "", pieces: [{ start: 0, end: 0, at, via: via ?? [], exact: false }] };
}
