/** Comments of YAML. */
import { Parser } from "yaml";
import { type Located, locate, type Text } from "../text/text.ts";

/** The comments of a YAML text, from the sign to the end of the line. Empty where it is nested too deeply. */
export function yamlComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  const visit = (token: unknown): void => {
    if (Array.isArray(token)) for (const part of token) visit(part);
    else if (isToken(token)) {
      const { type, offset, source } = token;
      if (type === "comment" && typeof offset === "number" && typeof source === "string")
        comments.push(locate(text, offset, offset + source.length));
      for (const part of tokenParts) visit(token[part]);
    }
  };
  try {
    for (const token of new Parser().parse(text.value)) visit(token);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return comments;
}

/** Where the tokens of the library hold other tokens. */
const tokenParts = ["start", "props", "key", "sep", "value", "items", "end"] as const;

function isToken(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
