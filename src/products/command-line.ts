/** The words with which a container, or a unit of systemd, starts its program. */
import { shellWords } from "../deployment/compose/shell-words.ts";
import type { Service } from "../deployment/model.ts";
import { slice, type Text } from "../text/text.ts";

/** Entrypoint and command, or the arguments of a program of the host; all commands of a script in words too. */
export function commandLine({ container, args }: Pick<Service, "container" | "args">): readonly Text[] {
  const written =
    container === undefined ? (args ?? []) : [...(container.entrypoint ?? []), ...(container.command ?? [])];
  return written.flatMap((word) => (/\s/u.test(word.value) ? wordsOfScript(word) : [word]));
}

/** The commands between `;`, `&&`, `|` and line ends. */
const commands = /(?:[^;&|\n"']|"[^"]*"|'[^']*')+/gu;

function wordsOfScript(script: Text): readonly Text[] {
  return [...script.value.matchAll(commands)].flatMap(({ index, 0: { length } }) => {
    const command = slice(script, index, index + length);
    return shellWords(command) ?? [command];
  });
}
