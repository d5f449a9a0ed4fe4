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

/** The text between quotes, where a range includes them. */
export function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/su, "$2");
}
