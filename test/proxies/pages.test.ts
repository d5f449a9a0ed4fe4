/** Pages that proxies show of themselves: HAProxy's statistics against a running HAProxy, Traefik's dashboard by its documentation. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lintSite, orthanc } from "./entries.ts";
import { type Judge, startJudgeOf } from "./judge.ts";
import { haproxy } from "./servers.ts";

/** The pages of a deployment: port, what is asked there, and whether everybody knows the password. */
function pagesIn(files: Readonly<Record<string, string>>): readonly string[] {
  return lintSite(files).report.deployments.flatMap(({ services }) =>
    services.flatMap(({ listeners }) =>
      listeners
        .filter(({ purpose, reach }) => purpose?.includes("(") === true && reach !== "none")
        .map(({ port, purpose, auth }) => `${String(port)} ${purpose}: ${String(auth.mode)}`),
    ),
  );
}

const around = (lines: string) => `defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
userlist staff
  user u insecure-password p
frontend up
  bind 127.0.0.1:9099
  http-request return status 204
frontend pacs
  bind *:9100
${lines}
  default_backend none
backend none
  server a 127.0.0.1:9001
backend shown
  stats uri /stats
  stats admin if TRUE
`;

/** Its lines, what a stranger gets at /stats and at HAProxy's own path, and what we say. */
const statistics: readonly (readonly [string, string, readonly [number, number], readonly string[]])[] = [
  ["any line switches it on", "  stats refresh 10s", [200, 200], ["9100 HAProxy (statistics): none"]],
  [
    "rules for requests come first",
    "  http-request auth unless { http_auth(staff) }\n  stats uri /stats",
    [401, 401],
    ["9100 HAProxy (statistics): basic"],
  ],
  [
    "redirections come after it",
    "  redirect location /x\n  stats uri /stats",
    [200, 302],
    ["9100 HAProxy (statistics): none"],
  ],
  ["it is refused", "  http-request deny\n  stats uri /stats", [403, 403], []],
  ["an account", "  stats uri /stats\n  stats auth a:b", [401, 200], ["9100 HAProxy (statistics): basic"]],
  ["rules of its own", "  stats uri /stats\n  stats http-request deny", [403, 200], []],
  [
    "in a backend, with switches",
    "  use_backend shown if { path_beg /stats }",
    [200, 200],
    ["9100 HAProxy (statistics, where servers can be switched off): none"],
  ],
  ["none at all", "", [200, 200], []],
];

describe.skipIf(haproxy.absent !== undefined)("statistics, judged by HAProxy", () => {
  let judge: Judge;
  beforeAll(() => {
    judge = startJudgeOf(haproxy.server);
  });
  afterAll(() => judge.close());

  test.each(statistics)("%s", async (_, lines, [written, usual]) => {
    const sent = { port: 9100, address: "127.0.0.1", tls: false, host: "pacs.example", method: "GET" };
    const requests = ["/stats", "/haproxy?stats"].map((path) => ({ ...sent, path, client: "127.0.0.1" }));
    const { answers } = await judge.ask({ files: { "haproxy.cfg": around(lines) }, requests });
    // What is no page is passed on to a stub, which answers 200.
    const status = (answers ?? []).map((answer) => answer.status);
    expect(status).toEqual([written, usual]);
  });
});

test.each(statistics)("statistics: %s", (_, lines, __, pages) => {
  expect(pagesIn({ "haproxy.cfg": around(lines) })).toEqual(pages);
});

describe("Traefik's dashboard (doc.traefik.io, operations/dashboard)", () => {
  const traefik = (labels: readonly string[], args: readonly string[] = []) =>
    pagesIn({
      "compose.yml": `${orthanc}  traefik:
    image: traefik:v3.1.4
    ports: ["80:80", "8080:8080"]
    command:
${["--providers.docker=true", "--entrypoints.web.address=:80", ...args].map((line) => `      - '${line}'\n`).join("")}    labels:
${labels.map((line) => `      - '${line}'\n`).join("")}`,
    });
  const router = [
    "traefik.http.routers.board.rule=Host(`board.example`)",
    "traefik.http.routers.board.service=api@internal",
  ];

  test("a router of its own container without a login", () => {
    expect(traefik(router)).toEqual(["80 Traefik (dashboard and API): none"]);
  });

  test("a login", () => {
    const login = [
      "traefik.http.middlewares.login.basicauth.users=u:$$2y$$05$$abcdefghijklmnopqrstuv",
      "traefik.http.routers.board.middlewares=login",
    ];
    expect(traefik([...router, ...login])).toEqual(["80 Traefik (dashboard and API): basic"]);
  });

  test("addresses of the clinic only, which is no page for strangers", () => {
    const list = [
      "traefik.http.middlewares.lan.ipallowlist.sourcerange=10.0.0.0/8",
      "traefik.http.routers.board.middlewares=lan",
    ];
    expect(traefik([...router, ...list])).toEqual([]);
  });

  test("another service of Traefik is none", () => {
    expect(traefik([router[0] ?? "", "traefik.http.routers.board.service=ping@internal"])).toEqual([]);
  });

  test("api.insecure has a port of its own", () => {
    expect(traefik([...router, "traefik.enable=true"], ["--api.insecure=true"])).toEqual([
      "8080 Traefik (dashboard and API with api.insecure): none",
      "80 Traefik (dashboard and API): none",
    ]);
  });
});

test("Apache's pages of status and of its balancer", () => {
  const conf = (lines: string) => ({
    "etc/apache2/httpd.conf": `Listen 80\n<VirtualHost *:80>\n${lines}ProxyPass /orthanc http://127.0.0.1:8042/\n</VirtualHost>\n`,
  });
  expect(pagesIn(conf('<Location "/balancer">\nSetHandler balancer-manager\n</Location>\n'))).toEqual([
    "80 Apache (balancer, where servers can be switched off): none",
  ]);
  expect(
    pagesIn(conf('<Location "/server-status">\nSetHandler server-status\nRequire all denied\n</Location>\n')),
  ).toEqual([]);
  expect(
    pagesIn(conf('<Location "/server-status">\nSetHandler server-status\nRequire local\n</Location>\n')),
  ).toEqual([]);
});
