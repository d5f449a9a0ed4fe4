/** Secrets of the files that were read, kept out of what is told of them. */
import type { RenderContext } from "./context.ts";

/** Long enough that it is no everyday word by chance. */
const telling = 8;

/** Whether a text that goes into a file repeats a secret that a file holds. */
export function holdsSecret(text: string, { sources, secrets }: RenderContext): boolean {
  return secrets.some(({ file, start, end }) => {
    const secret = unquoted(sources.get(file)?.text.value.slice(start, end) ?? "");
    return secret.length >= telling && text.includes(secret);
  });
}

/** Lines as they read after an edit of a file, without the secrets that stood beside what is changed. */
export function masked(
  text: string,
  file: string,
  { sources, secrets }: RenderContext,
  mask: string,
): string {
  const source = sources.get(file);
  let shown = text;
  for (const place of secrets) {
    if (source === undefined || place.file !== source.path) continue;
    const secret = unquoted(source.text.value.slice(place.start, place.end));
    if (secret === "") continue;
    // A key of the same name is no secret: "orthanc": "orthanc".
    const quoted = new RegExp(`(["'])${escaped(secret)}\\1(?!\\s*:)`, "gu");
    shown = shown.replace(quoted, (_all, quote: string) => quote + mask + quote);
    if (secret.length >= telling) shown = shown.replaceAll(secret, mask);
  }
  return shown;
}

/** The text between quotes, where a range includes them. */
function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/su, "$2");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}
