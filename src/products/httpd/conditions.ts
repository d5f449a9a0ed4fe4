/** Conditions of `<If>`: one comparison of the path, the name or the address. Source: httpd.apache.org/docs/2.4/expr.html. */
import type { HttpdDirective } from "../../sources/httpd.ts";
import { isKnown, placeOf } from "../../text/text.ts";
import { parseNetwork } from "../proxy/network.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { State } from "./state.ts";

/** Whether the condition of an `<If>` holds; undefined where it is not one of those that are understood. */
export function conditionHolds(directive: HttpdDirective, state: State): boolean | undefined {
  const [word] = directive.args;
  if (directive.name !== "if" || word === undefined || !isKnown(word.text)) return undefined;
  const source = word.text.value.trim();
  const isNegated = source.startsWith("!");
  const result = single(source.replace(/^!\s*/u, ""), directive, state);
  return result === undefined ? undefined : result !== isNegated;
}

function single(source: string, directive: HttpdDirective, state: State): boolean | undefined {
  const address = /^-R\s+["']([^"']+)["']$/u.exec(source)?.[1];
  if (address !== undefined) {
    const network = parseNetwork(address) ?? "unknown";
    return state.decide({
      kind: "addresses",
      networks: [{ text: address, network }],
      at: placeOf(directive),
    });
  }
  const compared = /^%\{(\w+)\}\s*(==|!=|=~|!~)\s*(.+)$/u.exec(source);
  if (compared === null) return undefined;
  const [, name = "", operator = "", right = ""] = compared;
  const left = variables[name]?.(state);
  if (left === undefined) return undefined;
  const result = operator.endsWith("~") ? matches(left, right) : equals(left, right);
  return result === undefined ? undefined : result !== operator.startsWith("!");
}

const variables: Readonly<Record<string, (state: State) => string>> = {
  REQUEST_URI: ({ path }) => path,
  REQUEST_METHOD: ({ request }) => request.method,
  HTTP_HOST: ({ request }) => request.host,
  HTTPS: ({ request }) => (request.tls ? "on" : "off"),
};

function equals(left: string, written: string): boolean | undefined {
  const text = /^(["'])([^"'%$]*)\1$/u.exec(written)?.[2];
  return text === undefined ? undefined : left === text;
}

/** `m#…#`, or between slashes, with `i` behind it for either case. */
function matches(left: string, written: string): boolean | undefined {
  const [, , slashed, , marked, flag = ""] = /^(\/(.*)\/|m([#|!])(.*)\3)(i?)$/u.exec(written) ?? [];
  const pattern = slashed ?? marked;
  const regex = pattern === undefined ? undefined : regexOf(pattern, flag === "i");
  return typeof regex === "object" ? matchRegex(regex, left) !== undefined : undefined;
}
