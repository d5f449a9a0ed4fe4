/** The order in which Caddy runs the directives of a block, whatever their order there (httpcaddyfile/directives.go). */
import type { CaddyDirective } from "../../sources/caddyfile.ts";
import { type NamedMatchers, splitMatcher } from "./matchers.ts";

/** Later releases have some more names; their places among the others did not change. */
const order = [
  "tracing",
  "map",
  "vars",
  "fs",
  "root",
  "log_append",
  "skip_log",
  "log_skip",
  "log_name",
  "header",
  "copy_response_headers",
  "request_body",
  "redir",
  "method",
  "rewrite",
  "uri",
  "try_files",
  "basicauth",
  "basic_auth",
  "forward_auth",
  "request_header",
  "encode",
  "push",
  "intercept",
  "templates",
  "invoke",
  "handle",
  "route",
  "abort",
  "error",
  "copy_response",
  "respond",
  "metrics",
  "reverse_proxy",
  "php_fastcgi",
  "file_server",
  "acme_server",
];

const positions: ReadonlyMap<string, number> = new Map(order.map((name, index) => [name, index]));

/** What makes no handler: settings of the site. */
const settings = new Set(["tls", "bind", "log", "handle_errors"]);

/** The handlers of a block in the order of their running; what is not known comes first. */
export function ordered(
  directives: readonly CaddyDirective[],
  named: NamedMatchers,
): readonly CaddyDirective[] {
  return directives
    .filter(({ name }) => !name.startsWith("@") && !settings.has(name))
    .toSorted((left, right) => {
      const place = (one: CaddyDirective) => positions.get(nameOf(one)) ?? -1;
      return place(left) - place(right) || bySpecificity(left, right, named);
    });
}

/** `handle_path` is a `handle`. */
export function nameOf({ name }: CaddyDirective): string {
  return name === "handle_path" ? "handle" : name;
}

function bySpecificity(left: CaddyDirective, right: CaddyDirective, named: NamedMatchers): number {
  const [one, other] = [onlyPath(left, named), onlyPath(right, named)];
  const sign = left.name === "vars" ? -1 : 1;
  if (one !== undefined && other !== undefined) return sign * (other.length - one.length);
  const has = (directive: CaddyDirective) =>
    (splitMatcher(directive).matcher?.text.value ?? "*") === "*" ? 1 : 0;
  return sign * (has(left) - has(right));
}

/** The path of a matcher with a single path in it. */
function onlyPath(directive: CaddyDirective, named: NamedMatchers): string | undefined {
  const text = splitMatcher(directive).matcher?.text.value;
  if (text === undefined || text === "*") return undefined;
  if (text.startsWith("/")) return text;
  const paths = named
    .get(text)
    ?.filter(({ name }) => name === "path")
    .flatMap(({ args }) => args);
  return paths?.length === 1 ? paths[0]?.text.value : undefined;
}

/** Of several only the first that is meant for a request is run. */
export const exclusive = new Set(["handle", "rewrite", "root"]);
