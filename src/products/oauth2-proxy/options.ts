/**
 * The options of oauth2-proxy: flags first, then variables, then its file.
 * Source: oauth2-proxy/oauth2-proxy docs/docs/configuration/overview.md; pkg/apis/options.
 */
import type { Service } from "../../deployment/model.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import { readToml } from "../../sources/toml.ts";
import type { Tree } from "../../sources/tree.ts";
import { isKnown, locate, placeOf, slice, type Text } from "../../text/text.ts";
import { commandLine } from "../command-line.ts";
import { flagNamed, flagsNamed, type Word, wordIn } from "../flags.ts";
import type { DeriveContext } from "../product.ts";
import { hostDisk, mountedDisk } from "../proxy/disk.ts";
import { valueAt, wordsOf } from "../proxy/tree.ts";

/** What an oauth2-proxy is told. */
export interface Oauth2Options {
  /** The values of an option, by the name of its flag: "upstream". */
  readonly list: (name: string) => readonly Word[];
  /** Why not all of them can be read. */
  readonly unread: string | undefined;
}

/** Options that stand several times: in variables and files their names have an "s". */
const several = new Set([
  "upstream",
  "skip-auth-route",
  "trusted-ip",
  "email-domain",
  "allowed-group",
  "allowed-role",
  "google-group",
]);

/** Reads the options of a service. */
export function oauth2Options(service: Service, context: DeriveContext): Oauth2Options {
  const words = commandLine(service);
  const variable = (name: string) => service.environment.variables.get(`OAUTH2_PROXY_${name}`)?.value;
  const disk =
    service.container === undefined
      ? hostDisk(service, "/etc/oauth2-proxy", context, () => undefined)
      : mountedDisk(service.container, {}, context);
  const configured = flagNamed(words, "--config") ?? asWord(variable("CONFIG"));
  const path = known(configured?.value);
  const text = path === undefined ? undefined : disk.read(path);
  const root = text === undefined ? undefined : readToml(text).root;
  const alpha = flagNamed(words, "--alpha-config") ?? asWord(variable("ALPHA_CONFIG"));
  const unread =
    alpha !== undefined
      ? "its alpha configuration is not read"
      : configured !== undefined && root === undefined
        ? `its file ${path ?? ""} is not part of the input`
        : undefined;
  return { unread, list: (name) => valuesOf(name, words, variable, root) };
}

function asWord(text: Text | undefined): Word | undefined {
  return text === undefined || text.value === "" ? undefined : wordIn(text);
}

function known(value: Maybe<string> | undefined): string | undefined {
  return value === undefined || isUnknown(value) ? undefined : value;
}

function valuesOf(
  name: string,
  words: readonly Text[],
  variable: (name: string) => Text | undefined,
  root: Tree | undefined,
): readonly Word[] {
  const key = `${name.replaceAll("-", "_")}${several.has(name) ? "s" : ""}`;
  const flags = flagsNamed(words, `--${name}`, ...(several.has(name) ? [`--${name}s`] : []));
  if (flags.length > 0) return flags.flatMap(separated);
  const set = variable(key.toUpperCase());
  if (set !== undefined && set.value !== "") return isKnown(set) ? parts(set) : [wordIn(set)];
  return wordsOf(valueAt(root, key));
}

/** A flag takes a list between commas too. */
function separated(word: Word): readonly Word[] {
  return isUnknown(word.value)
    ? [word]
    : word.value.split(",").map((value) => ({ ...placeOf(word), value: value.trim() }));
}

function parts(text: Text): readonly Word[] {
  return [...text.value.matchAll(/[^,]+/gu)].map(({ index, 0: part }) => ({
    ...wordIn(slice(text, index, index + part.length)),
    ...placeOf(locate(text, index, index + part.length)),
    value: part.trim(),
  }));
}
