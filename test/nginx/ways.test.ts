/**
 * Ways in that do not end at a plain `location`, as the whole linter tells them. What nginx does with each is asked of the
 * real one in probe.test.ts, or stands in its documentation (geo, map, listen, ngx_stream_ssl_preread_module).
 */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { throughProxy } from "../proxies/entries.ts";

const archive = '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false }';
const pass = "proxy_pass http://127.0.0.1:8042;";

/** "network 80 / none by address": reach, port, paths, login, and whether not everybody is let in. */
function ways(conf: string): readonly string[] {
  const run = lintFiles({ "orthanc.json": archive, "nginx.conf": `events {}\n${conf}` }, { paths: ["."] });
  expect(run.report.problems).toEqual([]);
  return throughProxy(run).map(({ reach, port, paths, auth, via }) => {
    const known = (value: unknown) => (typeof value === "object" ? "unknown" : String(value));
    const listed = via.filter(({ label }) => label === "who is let in by address").length > 0;
    return [known(reach), known(port), ...paths, known(auth.mode), ...(listed ? ["by address"] : [])].join(
      " ",
    );
  });
}

const site = (before: string, lines: string) =>
  ways(`http { ${before}\nserver { listen 80; root /var/www; ${lines} } }`);

describe("addresses that variables tell apart", () => {
  const geo = "geo $lan { default 0; 10.0.0.0/8 1; 192.168.0.0/16 1; }";

  test("turned away outside of them", () => {
    expect(site(geo, `location / { if ($lan = 0) { return 403; } ${pass} }`)).toEqual([
      "network 80 / none by address",
    ]);
  });

  test("not asked for a login inside of them", () => {
    const realm = 'geo $realm { default "PACS"; 10.0.0.0/8 off; }';
    expect(site(realm, `location / { auth_basic $realm; auth_basic_user_file users; ${pass} }`)).toEqual([
      "network 80 / basic",
      "network 80 / none by address",
    ]);
  });

  test("by a map over the address", () => {
    const map = "map $remote_addr $known { default 0; 10.1.2.3 1; }";
    expect(site(map, `location / { if ($known = 0) { return 403; } ${pass} }`)).toEqual([
      "network 80 / none by address",
    ]);
  });

  test("only the proxy's own host", () => {
    const own = "geo $own { default 0; 127.0.0.0/8 1; }";
    expect(site(own, `location / { if ($own = 0) { return 403; } ${pass} }`)).toEqual([
      "host 80 / none by address",
    ]);
  });

  test("and whoever may come without a login is told with his networks", () => {
    const conf = `events {}\nhttp { ${geo}\nserver { listen 80; location / { if ($lan = 0) { return 403; } ${pass} } } }`;
    const { report } = lintFiles({ "orthanc.json": archive, "nginx.conf": conf }, { paths: ["."] });
    const found = report.findings.find(({ rule }) => rule === "proxy-admits-by-address");
    expect(found?.message).toBe(
      "Every computer and person at 10.0.0.0/8 and 192.168.0.0/16 can read, change and delete all studies through port 80 without a login.",
    );
    expect(found?.location).toMatchObject({ file: "nginx.conf", line: 2 });
  });

  test("a variable that decides nothing changes nothing", () => {
    expect(site(geo, `location / { proxy_set_header X-Lan $lan; ${pass} }`)).toEqual(["network 80 / none"]);
  });
});

describe("files of the server that are not there", () => {
  test.each([
    ["try_files", `location / { try_files $uri $uri/ @pacs; } location @pacs { ${pass} }`],
    ["an error page", `location / { error_page 404 = @pacs; } location @pacs { ${pass} }`],
    ["a condition", `location / { if (!-f $request_filename) { ${pass} } }`],
  ])("lead on to the archive: %s", (_name, lines) => {
    expect(site("", lines)).toEqual(["network 80 / none"]);
  });
});

describe("sockets", () => {
  test("a server at a socket file is reached through a port of stream", () => {
    expect(
      ways(`http { server { listen unix:/run/pacs.sock; location / { ${pass} } } }
stream { server { listen 8443; proxy_pass unix:/run/pacs.sock; } }`),
    ).toEqual(["network 8443 / none"]);
  });

  test("a server at a socket file that nothing leads to is no way in", () => {
    expect(ways(`http { server { listen unix:/run/pacs.sock; location / { ${pass} } } }`)).toEqual([]);
  });

  test("HTTP/3 stands beside TLS at one port", () => {
    const certificate = "ssl_certificate a; ssl_certificate_key b;";
    expect(
      ways(
        `http { server { listen 443 quic reuseport; listen 443 ssl; http2 on; ${certificate} location / { ${pass} } } }`,
      ),
    ).toEqual(["network 443 / none"]);
  });

  test("the name that TLS tells chooses among servers, the archive among them", () => {
    expect(
      ways(`stream {
map $ssl_preread_server_name $to { hostnames; pacs.example.org 127.0.0.1:8042; *.example.org 127.0.0.1:8443; default web; }
upstream web { server 127.0.0.1:8444; }
server { listen 443; ssl_preread on; proxy_pass $to; } }`),
    ).toEqual(["network 443 / none"]);
  });
});

describe("programs of the site", () => {
  test.each([["js_content main.handle;"], ['content_by_lua_block { ngx.exec("@pacs") }']])(
    "may pass a request on to what nobody else gets to: %s",
    (program) => {
      expect(site("", `location / { ${program} } location @pacs { ${pass} }`)).toEqual([
        "network 80 / unknown",
      ]);
      expect(
        site(
          "",
          `location / { ${program} } location /pacs/ { internal; proxy_pass http://127.0.0.1:8042/; }`,
        ),
      ).toEqual(["network 80 / unknown"]);
      expect(
        site("", `location / { ${program} } location /open/ { proxy_pass http://127.0.0.1:8042/; }`),
      ).toEqual(["network 80 /open/ none"]);
    },
  );

  test.each([
    "js_access main.check;",
    "access_by_lua_block { ngx.exit(401) }",
    "auth_pam PACS;",
    "auth_oidc kc;",
  ])("decide who gets in: %s", (line) => {
    expect(site("", `location / { ${line} ${pass} }`)).toEqual(["network 80 / unknown"]);
  });
});
