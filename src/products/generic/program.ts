/** Whether a container runs the server of its image, or uses the image for something else: a backup, a client, a wait. */
import type { Container } from "../../deployment/model.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { baseName } from "../../sources/files.ts";
import { shellCommands } from "../../sources/shell.ts";
import { isKnown } from "../../text/text.ts";

/** The programs of the images of databases that are servers, or start one. */
const postgres = /^(?:postgres|postmaster|pg_ctl|patroni|gosu|su-exec)$/u;
const mysql = /^(?:mysqld|mysqld_safe|mariadbd|mariadbd-safe|gosu|su-exec)$/u;
const servers: Readonly<Record<string, RegExp>> = {
  postgres,
  mysql,
  redis: /^(?:redis-server|redis-sentinel|valkey-server|gosu|su-exec)$/u,
  mongodb: /^(?:mongod|mongos|gosu)$/u,
};

/** True where each program that the container runs is known not to be the image's server. */
export function runsAnother(container: Container): boolean {
  const product = container.recognised?.product;
  const server = product === undefined || isUnknown(product) ? undefined : servers[product];
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])];
  if (server === undefined || words.length === 0 || !words.every(isKnown)) return false;
  const programs = programsOf(words.map(({ value }) => value));
  return programs.length > 0 && programs.every((program) => isOther(program, server));
}

/** The program that is started, or those of the script that a shell is given. */
function programsOf(words: readonly string[]): readonly string[] {
  const [program = "", ...rest] = words;
  const flag = /^\w*sh$/u.test(baseName(program)) ? rest.findIndex((word) => /^-\w*c$/u.test(word)) : -1;
  if (flag === -1) return [program];
  return shellCommands(rest[flag + 1] ?? "").flatMap(({ words: [first] }) => (first ? [first.text] : []));
}

/** A flag is for the server; a script, and what stands in a variable, may start it. */
function isOther(program: string, server: RegExp): boolean {
  const own = program.replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//u, "");
  return !server.test(own) && !/^[-"']|[$/]|\.(?:sh|conf)$/u.test(own);
}
