/** Names of variables that hold secrets, and texts with secrets in them. */
import type { Place, Text } from "../text/text.ts";
import { editDistance } from "./spelling.ts";

const secretName =
  /pass(?:word|wd|phrase)?|pwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|encryption[-_.]?key|master[-_.]?key|credential|(?:^|_)pw$|(?:^|_)key$|_salt$|dsn$/iu;

/** Words after which the name is about something else: a file, an address, a switch. */
const otherwise =
  /_FILE$|_PATH$|_URL$|_URI$|_HOST$|_USER(?:NAME)?$|_NAME$|_ENABLED?$|_EXPIR\w*$|_LIFETIME$|_TTL$|_LENGTH$|_TYPE$|_POLICY$|_ISSUER$|_ENDPOINT$|_ALGORITHM$|_METHOD$|_DIR$|ALLOW_EMPTY|_RANDOM_|_PUBLIC_|PASSWORDLESS|SECRETS_DIR|_HEADER$/iu;

/** Whether a variable of this name holds a password, key or token. */
export function isSecretName(name: string): boolean {
  return (secretName.test(name) || isMisspelt(name)) && !otherwise.test(name);
}

/** POSTGRES_PASSWROD holds a password too, though nothing reads it. */
function isMisspelt(name: string): boolean {
  return name
    .toUpperCase()
    .split(/[^A-Z]+/u)
    .some((word) => editDistance(word, "PASSWORD", 2) <= 2 || editDistance(word, "SECRET", 1) <= 1);
}

/** Values that are a switch, an address or the name of a file, whatever the name of the variable says. */
export function isNoSecret(value: string): boolean {
  return (
    /^(?:true|false|yes|no|on|off|none|null|\d{1,2})$/iu.test(value) ||
    /^(?:\/|\.\.?\/|https?:\/\/[^@]*$)/u.test(value)
  );
}

/** A part of a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
  /** The user that it belongs to, where it stands beside it. */
  readonly user: string | null;
}

/** `scheme://user:password@host`, `curl -u user:password`, `--password=…`, `-ppassword`: the passwords in a text. */
const patterns: readonly RegExp[] = [
  /:\/\/(?<user>[^\s/:@?#"']*):(?<secret>[^\s@/"'${}]+)@/dgu,
  /(?:^|\s)(?:-u|--user)[ =]?["']?(?<user>[\w.@-]+):(?<secret>[^\s"'${}:]+)/dgu,
  /(?:^|\s)-u(?<user>[\w.-]+)\s+-p(?<secret>[^\s"'${}]+)/dgu,
  /(?:^|[\s;?&])(?:--?)?(?:password|passwd|pwd|requirepass|PGPASSWORD|MYSQL_PWD)[ =]["']?(?<secret>(?:[^\s"'${}&;]|[&;](?![\w ]+=|$))+)/dgiu,
  /authorization:\s*bearer\s+(?<secret>[\w.~+/=-]{8,})/dgiu,
  /authorization[":=\s]+basic\s+(?<secret>[A-Za-z0-9+/=]{4,})/dgiu,
];

/** Longer texts are scripts. */
const longest = 20_000;

/** The passwords inside a text. */
export function secretRanges(value: string): readonly Range[] {
  return rangesOf(value, patterns);
}

function rangesOf(value: string, wanted: readonly RegExp[]): readonly Range[] {
  if (value.length > longest) return [];
  return wanted.flatMap((pattern) =>
    [...value.matchAll(pattern)].flatMap((match): readonly Range[] => {
      const at = match.indices?.groups?.secret;
      if (at === undefined) return [];
      const user = match.groups?.user;
      return [{ start: at[0], end: at[1], user: user === undefined || user === "" ? null : user }];
    }),
  );
}

/** The text with the secrets in it replaced. */
export function masked(name: string, value: string): string {
  if (isSecretName(name) && !isNoSecret(value)) return value === "" ? "" : "***";
  return hidden(value, patterns);
}

function hidden(value: string, wanted: readonly RegExp[]): string {
  let shown = value;
  for (const { start, end } of [...rangesOf(value, wanted)].sort((left, right) => right.start - left.start))
    shown = `${shown.slice(0, start)}***${shown.slice(end)}`;
  return shown;
}

/** A sentence that may quote a configuration, such as an address with a login in it, without the passwords. */
export function withoutSecrets(text: string): string {
  return hidden(text, inSentences).replace(unfinishedLogin, "$1***");
}

/** In a sentence of ours the word behind "password" is a word; a value stands behind a sign, and a token looks like one. */
const inSentences: readonly RegExp[] = [
  /:\/\/(?<user>[^\s/:@?#"']*):(?<secret>[^\s@/"'${}]+)@/dgu,
  /(?:^|[\s;?&"'])(?:--?)?(?:password|passwd|pwd|requirepass|PGPASSWORD|MYSQL_PWD)=["']?(?<secret>[^\s"'${}&;]+)/dgiu,
  /authorization[":=\s]+(?:basic|bearer)\s+(?<secret>(?=[\w.~+/-]*[\d=])[\w.~+/=-]{4,})/dgiu,
];

/** An address that ends before its `@`; what can be a port is none. */
const unfinishedLogin =
  /(:\/\/(?!unix:\/)[^\s/:@?#"'*]+:)(?!\*\*\*)(?!\d{1,5}(?:[/?#"'\s,;.)\]}]|$))[^\s@"'<>]+/gu;

/** Every range that a text was made of; where a variable was put in, the reference stays. */
export function placesOf(text: Text): readonly Place[] {
  return text.pieces
    .filter((piece) => piece.at.end > piece.at.start && piece.hole === undefined)
    .map((piece) => piece.at);
}
