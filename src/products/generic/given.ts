/** What a manifest gives to a container: its variables, and the words of its command line. */
import { shellWords } from "../../deployment/compose/shell-words.ts";
import type { RecognisedImage } from "../../deployment/images/recognise.ts";
import type { Container, Service } from "../../deployment/model.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { holeIn, isKnown, locate, type Text } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { runsAnother } from "./program.ts";

/** A container, at one release of what is in it. */
export interface Given {
  readonly service: Service;
  readonly container: Container;
  /** What is known of the image; undefined where the container runs another program than its server. */
  readonly image: RecognisedImage | undefined;
  readonly version: string;
  readonly context: DeriveContext;
  /** Entrypoint and command, scripts of `sh -c` in words too. */
  readonly words: readonly Text[];
}

/** Something that is given, and where. */
export interface Found {
  /** Name of the variable or flag. */
  readonly name: string;
  readonly value: Maybe<string>;
  readonly origins: readonly Origin[];
  /** The value as it stands there; absent where there is none. */
  readonly text?: Text;
}

/** Collects what a container is given. */
export function givenTo(
  service: Service,
  container: Container,
  version: string,
  context: DeriveContext,
): Given {
  const written = [...(container.entrypoint ?? []), ...(container.command ?? [])];
  const words = written.flatMap((word) => (/\s/u.test(word.value) ? (shellWords(word) ?? [word]) : [word]));
  const image = runsAnother(container) ? undefined : container.recognised;
  return { service, container, image, version, context, words };
}

/** A variable; undefined when it is not among those that can be seen. An empty one counts as set. */
export function variable(given: Given, name: string): Found | undefined {
  const found = given.service.environment.variables.get(name);
  if (found === undefined) return undefined;
  return {
    name,
    value: knownText(found.value),
    origins: [originOf(found.value, found.at)],
    text: found.value,
  };
}

/** The first of several variables that has a value: the start scripts take an empty one for none. */
export function firstVariable(given: Given, names: readonly string[]): Found | undefined {
  for (const name of names) {
    const found = variable(given, name);
    if (found !== undefined && found.value !== "") return found;
  }
  return undefined;
}

/** Whether variables may be set that the run does not see. */
export function hidesVariables(given: Given): boolean {
  return !given.service.environment.complete;
}

/** The value of a flag: `--name value`, `--name=value`, `-Ename=value`; undefined when it is not there. */
export function flag(given: Given, ...names: readonly string[]): Found | undefined {
  for (const [index, word] of given.words.entries()) {
    for (const name of names) {
      if (word.value === name) {
        const next = given.words[index + 1];
        return next === undefined || /^--?[a-z]/iu.test(next.value)
          ? bare(name, word)
          : argument(given, name, next);
      }
      if (word.value.startsWith(`${name}=`)) return argument(given, name, word, name.length + 1);
    }
  }
  return undefined;
}

function bare(name: string, word: Text): Found {
  return { name, value: "", origins: [fromPlace(locate(word, 0, word.value.length))] };
}

/** A value on the command line; a shell puts the container's own variables in. */
function argument(given: Given, name: string, word: Text, from = 0): Found {
  const origins = [fromPlace(locate(word, from, word.value.length))];
  const value = knownText(word);
  if (isUnknown(value)) return { name, value, origins };
  const shown = value.slice(from).replace(/^(["'])(.*)\1$/u, "$2");
  const reference = /^\$\{?(\w+)\}?$/u.exec(shown)?.[1];
  if (reference !== undefined) {
    const held = variable(given, reference);
    if (held !== undefined) return { ...held, name };
    return { name, value: unknown("input", `the variable ${reference} is not known`), origins };
  }
  if (/\$[({\w]/u.test(shown))
    return { name, value: unknown("opaque", "the shell of the container makes it"), origins };
  return { name, value: shown, origins, text: word };
}

/** Whether one of the words of the command line is this. */
export function hasWord(given: Given, word: string): boolean {
  return given.words.some(({ value }) => value === word);
}

/** The text of a file of the container; undefined when it cannot be seen. */
export function fileText(given: Given, path: string): Text | undefined {
  const inline = given.container.files.find(({ target }) => target === path)?.content;
  if (inline?.type === "text") return inline.text;
  const found = given.service.lookup(path, "/");
  if (found.state !== "found") return undefined;
  const opened = given.context.sources.open(found.path);
  return opened.ok ? opened.source.text : undefined;
}

/** Whether a text says yes, as most programs read it. */
export function saysYes(value: Maybe<string> | undefined): Maybe<boolean> {
  if (value === undefined) return false;
  return isUnknown(value) ? value : /^(?:1|true|yes|on)$/iu.test(value.trim());
}

/** The value of a Text; unknown when part of it is. */
export function knownText(text: Text): Maybe<string> {
  if (isKnown(text)) return text.value;
  const reason = holeIn(text, 0, text.value.length)?.reason ?? "part of it is not known";
  return unknown("input", reason, locate(text, 0, text.value.length));
}

/** Where a value stands: at its own text, or where its name is when it is empty. */
function originOf(text: Text, at: Parameters<typeof fromPlace>[0]): Origin {
  return text.value === "" ? fromPlace(at) : fromPlace(locate(text, 0, text.value.length));
}
