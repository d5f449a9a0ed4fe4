/**
 * Where a directive may stand and how many arguments it takes: nginx refuses to start otherwise. Only directives that
 * matter here are listed, from the command tables of nginx 1.22's modules; of others nothing is claimed.
 */
import type { NginxDirective } from "../../sources/nginx.ts";

/** The block that a directive stands in; `server-if` and `location-if` are the two kinds of `if`. */
export type BlockKind =
  | "main"
  | "events"
  | "http"
  | "server"
  | "location"
  | "server-if"
  | "location-if"
  | "limit_except"
  | "upstream"
  | "stream"
  | "stream-server"
  | "stream-upstream"
  | "other";

const letters: Readonly<Record<BlockKind, string>> = {
  main: "m",
  events: "e",
  http: "h",
  server: "s",
  location: "l",
  "server-if": "i",
  "location-if": "j",
  limit_except: "x",
  upstream: "u",
  stream: "t",
  "stream-server": "v",
  "stream-upstream": "w",
  other: "",
};

/** `name contexts arguments`, then `{` for a block, `!` when a second one on the same level is refused. */
const table = `
http m 0 { !
stream m 0 { !
events m 0 { !
daemon m 1 !
master_process m 1 !
pid m 1 !
user m 1-2 !
worker_processes m 1 !
load_module m 1
worker_connections e 1 !
server h 0 {
server t 0 {
server u 1+
server w 1+
upstream h 1 {
upstream t 1 {
location sl 1-2 {
if sl 1+ {
limit_except l 1+ {
map ht 2 {
geo ht 1-2 {
split_clients ht 2 {
types hsl 0 {
listen sv 1+
server_name s 1+
root hslj 1 !
alias l 1 !
internal l 0
satisfy hsl 1 !
allow hslxtv 1
deny hslxtv 1
auth_basic hslx 1 !
auth_basic_user_file hslx 1 !
auth_request hsl 1 !
auth_request_set hsl 2
error_page hslj 2+
recursive_error_pages hsl 1 !
try_files sl 2+ !
index hsl 1+
autoindex hsl 1 !
client_max_body_size hsl 1 !
merge_slashes hs 1 !
return slij 1-2
rewrite slij 2-3
set slijv 2
break slij 0
proxy_pass ljxv 1 !
proxy_set_header hsl 2
proxy_method hsl 1 !
proxy_ssl_verify hsltv 1 !
proxy_ssl tv 1 !
proxy_http_version hsl 1 !
proxy_intercept_errors hsl 1 !
proxy_pass_request_headers hsl 1 !
grpc_pass lj 1 !
fastcgi_pass lj 1 !
uwsgi_pass lj 1 !
scgi_pass lj 1 !
add_header hslj 2-3
ssl hs 1 !
ssl_certificate hstv 1
ssl_certificate_key hstv 1
ssl_client_certificate hstv 1 !
ssl_verify_client hstv 1 !
ssl_protocols hstv 1+
ssl_ciphers hstv 1 !
ssl_prefer_server_ciphers hstv 1 !
ssl_reject_handshake hs 1 !
set_real_ip_from hsltv 1
real_ip_header hsl 1 !
real_ip_recursive hsl 1 !
client_body_timeout hsl 1 !
proxy_read_timeout hsl 1 !
proxy_connect_timeout hsltv 1 !
proxy_buffering hsl 1 !
proxy_request_buffering hsl 1 !
stub_status sl 0-1
`;

interface Rule {
  readonly contexts: string;
  readonly min: number;
  readonly max: number;
  readonly block: boolean;
  readonly once: boolean;
}

const rules = readTable();

function readTable(): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const line of table.trim().split("\n")) {
    const [name = "", contexts = "", counts = "", ...marks] = line.split(" ");
    const min = Number.parseInt(counts, 10);
    const max = counts.endsWith("+") ? 7 : Number.parseInt(counts.split("-")[1] ?? counts, 10);
    const rule = {
      contexts,
      min,
      max: counts === "1+" || counts === "2+" ? Number.POSITIVE_INFINITY : max,
      block: marks.includes("{"),
      once: marks.includes("!"),
    };
    found.set(name, [...(found.get(name) ?? []), rule]);
  }
  return found;
}

/** What nginx says against this directive in this kind of block, or undefined. */
export function objection(directive: NginxDirective, kind: BlockKind): string | undefined {
  const { name } = directive;
  const known = rules.get(name);
  if (known === undefined || kind === "other") return undefined;
  const rule = known.find((candidate) => candidate.contexts.includes(letters[kind]));
  if (rule === undefined) return `"${name}" directive is not allowed here`;
  if (rule.block && directive.block === undefined) return `directive "${name}" has no opening "{"`;
  if (!rule.block && directive.block !== undefined) return `directive "${name}" is not terminated by ";"`;
  const count = directive.args.length;
  return count < rule.min || count > rule.max
    ? `invalid number of arguments in "${name}" directive`
    : undefined;
}

/** Whether nginx refuses this directive a second time on one level. */
export function onlyOnce(name: string): boolean {
  return rules.get(name)?.every((rule) => rule.once) ?? false;
}

const harmless =
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi)(?:_params|\.conf)|proxy_params|koi-win|koi-utf|win-utf)$|\/modules(?:-enabled)?\/[^/]*\.conf$/;

/** Files of nginx's own packages that hold no login, no location and no listener. */
export function isHarmlessInclude(path: string): boolean {
  return harmless.test(path);
}
