/** Scripts for WildFly's command line (`add-data-source-psql.cli`): the passwords that they carry. */
import { fromPlace } from "../../../facts/origin.ts";
import { locate, slice, type Text } from "../../../text/text.ts";
import type { Surroundings } from "../archive.ts";
import { isLiteral, judgeSecret, type Secret } from "../secrets.ts";

/** `--password=…` and `password=…` of data sources, `clear-text=…` of credential references. */
export function cliSecrets(text: Text, around: Surroundings): readonly Secret[] {
  return [...text.value.matchAll(/^(?![ \t]*#).*$/gm)].flatMap((line) =>
    [...line[0].matchAll(/(?:--|[,({]\s*)(password|clear-text)\s*=\s*("?)([^",)}\s]+)\2/g)].map(
      (match): Secret => {
        const end = line.index + match.index + match[0].length - (match[2] ?? "").length;
        const start = end - (match[3] ?? "").length;
        const value = slice(text, start, end);
        const user = /(?:--|[,({]\s*)user-name\s*=\s*"?([^",)}\s]+)/.exec(line[0])?.[1] ?? null;
        const where = locate(text, start, end);
        const secret: Secret = {
          path: `cli: ${match[1]}`,
          purpose: match[1] === "password" ? "the database" : "a key store of the archive",
          verdict: judgeSecret(value, user, around),
          origins: [fromPlace(where)],
        };
        return isLiteral(value) ? { ...secret, place: where.at } : secret;
      },
    ),
  );
}
