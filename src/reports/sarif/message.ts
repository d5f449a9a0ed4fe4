/** Texts in SARIF messages, where brackets make links and braces placeholders (SARIF 2.1.0, 3.11.5 and 3.11.6). */
import type { Message } from "sarif";
import { harmless } from "../layout.ts";

/** A message that says what the text says, whatever it holds. */
export function plainMessage(text: string): Message {
  return { text: escaped(text) };
}

/** Text beside links. */
export function escaped(text: string): string {
  return harmless(text.trim())
    .replace(/[\\[\]]/gu, "\\$&")
    .replace(/\{(?=\d+\})|(?<=\{\d+)\}/gu, "$&$&");
}
