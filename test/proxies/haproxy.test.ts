/** What we say of HAProxy's configuration against a running HAProxy, and what a lint makes of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handlerOf } from "../../src/products/haproxy/handle.ts";
import { bindsOf, haproxyModel } from "../../src/products/haproxy/model.ts";
import type { Handler } from "../../src/products/proxy/ways.ts";
import { readHaproxy } from "../../src/sources/haproxy.ts";
import { textOfFile } from "../../src/text/text.ts";
import { compare, requestsFor } from "./compare.ts";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";
import { type Judge, startJudgeOf } from "./judge.ts";
import { haproxy } from "./servers.ts";

const defaults = "defaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\n";

/** Port 9099 tells that it is up. */
const around = (sections: string) =>
  `${defaults}frontend up\n  bind 127.0.0.1:9099\n  http-request return status 204\nuserlist staff\n  user u insecure-password p\n${sections}`;
const front = (lines: string) =>
  around(
    `frontend pacs\n  bind *:9100\n${lines}\nbackend one\n  server a 127.0.0.1:9001\nbackend two\n  server b 127.0.0.1:9002\n`,
  );
const pass = "  default_backend one";
const login = "  http-request auth realm PACS unless { http_auth(staff) }";

function handlerFor(text: string, files: Readonly<Record<string, string>> = {}): Handler {
  const read = (path: string) => (files[path] === undefined ? undefined : textOfFile(path, files[path]));
  const model = haproxyModel([textOfFile("haproxy.cfg", text)], () => "", read);
  const proxy = model.proxies.find((one) => bindsOf(one).some(({ port }) => port === 9100));
  const bind = proxy === undefined ? undefined : bindsOf(proxy).find(({ port }) => port === 9100);
  if (proxy === undefined || bind === undefined) throw new Error("nothing listens at this port");
  return handlerOf(model, proxy, bind);
}

const cases: readonly (readonly [string, string])[] = [
  ["everything is passed on", front(pass)],
  ["a login before everything", front(`${login}\n${pass}`)],
  ["a login by a name", front(`  acl in http_auth(staff)\n  http-request auth if !in\n${pass}`)],
  ["a login that nobody can give", front(`  http-request auth\n${pass}`)],
  [
    "a login for some paths",
    front(`  acl p path_beg /orthanc\n  http-request auth if p !{ http_auth(staff) }\n${pass}`),
  ],
  [
    "all paths but one",
    front(`  acl dw path_beg /dicom-web\n  http-request auth if !dw !{ http_auth(staff) }\n${pass}`),
  ],
  ["two conditions by or", front(`  http-request deny if { path_beg /secret } or { path_end /c }\n${pass}`)],
  [
    "two lines of one name",
    front(`  acl x path_beg /secret\n  acl x path_beg /a/\n  http-request deny if x\n${pass}`),
  ],
  ["unless", front(`  http-request deny unless { path_beg /orthanc }\n${pass}`)],
  ["case matters without -i", front(`  http-request deny if { path_beg /Orthanc }\n${pass}`)],
  ["-i", front(`  http-request deny if { path_beg -i /Orthanc }\n${pass}`)],
  ["path_dir", front(`  http-request deny if { path_dir studies }\n${pass}`)],
  ["path_reg", front(`  http-request deny if { path_reg ^/orthanc/(studies|series) }\n${pass}`)],
  ["path -m sub", front(`  http-request deny if { path -m sub web }\n${pass}`)],
  ["url", front(`  http-request deny if { url_sub x=1 }\n${pass}`)],
  ["path alone is exact", front(`  http-request deny if { path /orthanc/studies /a/b/c }\n${pass}`)],
  ["addresses", front(`  http-request deny if !{ src 127.0.0.8/29 }\n${pass}`)],
  [
    "addresses before anything is read",
    front(`  tcp-request connection reject if { src 127.0.0.9 }\n${pass}`),
  ],
  [
    "an address or a login",
    front(`  http-request auth unless { src 127.0.0.9 } or { http_auth(staff) }\n${pass}`),
  ],
  ["methods", front(`  http-request deny if METH_POST\n  http-request deny if { method DELETE }\n${pass}`)],
  [
    "allow ends the rules",
    front(`  http-request allow if { path_beg /orthanc }\n  http-request deny\n${pass}`),
  ],
  ["the backend by path", front(`  use_backend two if { path_beg /dicom-web }\n${pass}`)],
  [
    "the first that fits",
    front(`  use_backend two if { path_beg /orthanc/studies }\n  use_backend one if { path_beg /orthanc }`),
  ],
  ["the backend by name", front(`  use_backend two if { hdr(host) -i other.example }\n${pass}`)],
  ["the end of a name", front(`  use_backend two if { hdr_end(host) .example }\n${pass}`)],
  ["a redirection", front(`  redirect scheme https if !{ ssl_fc }\n${pass}`)],
  ["a redirection as a rule", front(`  http-request redirect scheme https unless { ssl_fc }\n${pass}`)],
  [
    "a redirection comes after the rules",
    front(`  redirect location /x if { path_beg /secret }\n${login}\n${pass}`),
  ],
  ["the path is changed", front(`  http-request replace-path /orthanc(/)?(.*) /\\2\n${pass}`)],
  ["the path is set", front(`  http-request set-path /pacs%[path]\n${pass}`)],
  ["the path by regsub", front(`  http-request set-path "%[path,regsub(^/orthanc/,/)]"\n${pass}`)],
  [
    "a changed path counts for what follows",
    front(`  http-request set-path /x%[path]\n  http-request deny if { path_beg /orthanc }\n${pass}`),
  ],
  [
    "a backend's own rules",
    around(
      `frontend pacs\n  bind *:9100\n  default_backend one\nbackend one\n${login}\n  server a 127.0.0.1:9001\n`,
    ),
  ],
  ["listen", around(`listen pacs\n  bind *:9100\n${login}\n  server a 127.0.0.1:9001\n`)],
  [
    "a server that is off",
    around("listen pacs\n  bind *:9100\n  server a 127.0.0.1:9001 disabled\n  server b 127.0.0.1:9002\n"),
  ],
  ["the page of statistics", front(`  stats enable\n  stats uri /secret\n${pass}`)],
  [
    "deny in the backend",
    around(
      `frontend pacs\n  bind *:9100\n  default_backend one\nbackend one\n  http-request deny if { path_beg /secret }\n  server a 127.0.0.1:9001\n`,
    ),
  ],
  ["quotes", front(`  http-request deny if { path_beg "/secret" '/a/' }\n${pass}`)],
  ["a comment", front(`${pass} # not here\n  # http-request deny\n`)],
  [
    "true and false",
    front(`  http-request deny if FALSE\n  http-request auth if TRUE !{ http_auth(staff) }\n${pass}`),
  ],
  ["no backend at all", front("  http-request set-header X y")],
];

/** Lines with files that they name. */
const withFiles: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    "a map of prefixes chooses the backend, the longest of them",
    front("  use_backend %[path,map_beg(paths.map,one)]"),
    { "paths.map": "# comment\n/orthanc two\n/orthanc/studies one\n/secret nobody\n" },
  ],
  ["a map of whole paths", front("  use_backend %[path,map(paths.map)]"), { "paths.map": "/a/b/c one\n" }],
  [
    "what a map does not name goes to the default",
    front(`  use_backend %[path,map_end(paths.map)]\n${pass}`),
    { "paths.map": "/c two\n" },
  ],
  [
    "a list of paths in a file",
    front(`  http-request deny if { path_beg -f shut.lst }\n${pass}`),
    { "shut.lst": "/secret\n# comment\n/dicom-web\n" },
  ],
  [
    "a list of addresses in a file",
    front(`  http-request deny if !{ src -f lan.lst }\n${pass}`),
    { "lan.lst": "127.0.0.8/29\n" },
  ],
];

describe.skipIf(haproxy.absent !== undefined)(
  `HAProxy as the judge${haproxy.absent === undefined ? "" : `: skipped, ${haproxy.absent}`}`,
  () => {
    let judge: Judge;
    beforeAll(() => {
      judge = startJudgeOf(haproxy.server);
    });
    afterAll(() => judge.close());

    test.each(cases.map(([name, text]) => ({ name, text })))("$name", async ({ text }) => {
      // Escapes of another kind are refused before any rule.
      const requests = requestsFor(9100).filter(({ path }) => !path.includes("#"));
      const result = await compare(judge, { "haproxy.cfg": text }, handlerFor(text), requests);
      expect(result.wrong).toEqual([]);
      expect(result.unknown).toBeLessThan(5);
    });

    test.each(withFiles.map(([name, text, files]) => ({ name, text, files })))(
      "$name",
      async ({ text, files }) => {
        const folder = mkdtempSync(join(tmpdir(), "pacslint-haproxy-"));
        const placed = Object.entries(files).map(([name, content]) => [join(folder, name), content] as const);
        for (const [path, content] of placed) writeFileSync(path, content);
        const cfg = Object.keys(files).reduce((all, name) => all.replaceAll(name, join(folder, name)), text);
        const requests = requestsFor(9100).filter(({ path }) => !path.includes("#"));
        const handler = handlerFor(cfg, Object.fromEntries(placed));
        const result = await compare(judge, { "haproxy.cfg": cfg }, handler, requests);
        rmSync(folder, { recursive: true });
        expect(result.wrong).toEqual([]);
        expect(result.unknown).toBeLessThan(5);
      },
    );

    test.each([
      ["a quote that is never closed", front(`  http-request deny if { path "/x }\n${pass}`)],
      ["a line before any section", `mode http\n${front(pass)}`],
      ["fine", front(pass)],
    ])("refused or not: %s", async (_, text) => {
      const judgement = await judge.ask({ files: { "haproxy.cfg": text } });
      expect(readHaproxy(textOfFile("f", text), () => "").errors.length > 0).toBe(!judgement.accepted);
    });
  },
);

const all = "read write delete dicomweb webdav";

/** Orthanc behind the image of HAProxy. */
const behind = (cfg: string, image = "haproxy:3.0.5") =>
  lintSite({
    "compose.yml": `${orthanc}  proxy:\n    image: ${image}\n    ports: ["80:80", "443:443", "104:104"]\n    volumes: ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]\n`,
    "haproxy.cfg": cfg,
  });

const web = (lines: string, bind = "*:80") =>
  `defaults\n  mode http\nuserlist staff\n  user admin insecure-password admin\nfrontend web\n  bind ${bind}\n${lines}  default_backend pacs\nbackend pacs\n  server o orthanc:8042\n`;

describe("a lint", () => {
  test.each<[string, string, readonly string[]]>([
    ["no login", web(""), [`80 / off none: ${all}`]],
    ["a login", web("  http-request auth unless { http_auth(staff) }\n"), ["80 / off basic:"]],
    ["TLS", web("", "*:443 ssl crt /etc/ssl/pacs.pem"), [`443 / on none: ${all}`]],
    ["plain requests are sent to TLS", web("  http-request redirect scheme https unless { ssl_fc }\n"), []],
    [
      "DICOMweb is left out",
      web("  http-request auth unless { path_beg /dicom-web } or { http_auth(staff) }\n"),
      ["80 / off basic:", "80 /dicom-web off none: read write dicomweb"],
    ],
    [
      "by address",
      web("  http-request deny unless { src 10.0.0.0/8 }\n"),
      [`80 / off none by address: ${all}`],
    ],
    ["Lua decides", web("  http-request lua.check\n"), ["80 / off unknown:"]],
    [
      "a prefix",
      web("  http-request replace-path /pacs(/)?(.*) /\\2\n  http-request deny if !{ path_beg / }\n"),
      [`80 / off none: ${all}`],
    ],
  ])("%s", (_, cfg, expected) => {
    expect(told(behind(cfg))).toEqual(expected);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "a map of names, which visitors write as they like",
      { "hosts.map": "pacs.example pacs\n" },
      [`80 / off none: ${all}`],
    ],
    ["a map that names other backends", { "hosts.map": "pacs.example elsewhere\n" }, []],
    ["a map that is not there", {}, ["80 / off unknown:"]],
  ])("%s", (_, files, expected) => {
    const cfg =
      "frontend web\n  mode http\n  bind *:80\n  use_backend %[req.hdr(host),lower,map(/etc/haproxy/maps/hosts.map)]\nbackend pacs\n  mode http\n  server o orthanc:8042\n";
    const run = lintSite({
      "compose.yml": `${orthanc}  proxy:\n    image: haproxy:3.0.5\n    ports: ["80:80"]\n    volumes: ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro", "./maps:/etc/haproxy/maps:ro"]\n`,
      "haproxy.cfg": cfg,
      "maps/readme": "",
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`maps/${name}`, text])),
    });
    expect(told(run)).toEqual(expected);
  });

  test("paths of a map", () => {
    const cfg =
      "frontend web\n  mode http\n  bind *:80\n  use_backend %[path,map_beg(/etc/haproxy/paths.map)]\nbackend pacs\n  mode http\n  http-request replace-path /pacs(/.*) \\1\n  server o orthanc:8042\n";
    const run = lintSite({
      "compose.yml": `${orthanc}  proxy:\n    image: haproxy:3.0.5\n    ports: ["80:80"]\n    volumes: ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro", "./paths.map:/etc/haproxy/paths.map:ro"]\n`,
      "haproxy.cfg": cfg,
      "paths.map": "/pacs pacs\n",
    });
    expect(told(run)).toEqual([`80 /pacs off none: ${all}`]);
  });

  test("DICOM as connections", () => {
    const run = behind(
      "defaults\n  mode tcp\nlisten dicom\n  bind *:104\n  tcp-request connection reject unless { src 10.1.2.3 }\n  server o orthanc:4242\n",
    );
    const [entry] = throughProxy(run);
    expect([entry?.through, entry?.port, entry?.tls.mode, entry?.unknownPeer?.store]).toEqual([
      "proxy: listen dicom",
      104,
      "off",
      true,
    ]);
    expect(chainOf(entry)).toContain("haproxy.cfg:5 who is let in by address");
  });

  test("the chain of lines", () => {
    expect(chainOf(throughProxy(behind(web("")))[0])).toEqual([
      "compose.yml:7 published on every address of the host",
      "haproxy.cfg:6 proxy listens here",
      "haproxy.cfg:7 no login is asked here",
      "haproxy.cfg:9 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });

  test("passwords that everybody tries, and none in the report", () => {
    const run = behind(
      web("  http-request auth unless { http_auth(staff) }\n  stats auth me:verysecretword\n"),
    );
    expect(throughProxy(run)[0]?.auth.defaultCredentials).toBe(true);
    expect(JSON.stringify(run.report)).not.toContain("verysecretword");
  });

  test.each([
    ["haproxy:3.0.5", "", "TLSv1.2"],
    ["haproxy:2.0.31", "", "TLSv1"],
    ["haproxy:3.0.5", " ssl-min-ver TLSv1.0", "TLSv1"],
    ["haproxy:3.0.5", " no-sslv3 no-tlsv10 no-tlsv11", "TLSv1.2"],
  ])("%s%s allows %s", (image, words, version) => {
    const run = behind(web("", `*:443 ssl crt /x.pem${words}`), image);
    expect(throughProxy(run)[0]?.tls.minVersion).toBe(version);
  });

  test("on a host", () => {
    const run = lintSite({
      "etc/haproxy/haproxy.cfg": web("").replace("orthanc:8042", "127.0.0.1:8042"),
      "etc/orthanc/orthanc.json":
        '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "HttpPort": 8042 }',
    });
    expect(throughProxy(run).map(({ through, port, sourceSeen }) => [through, port, sourceSeen])).toEqual([
      ["haproxy: frontend web: path /", 80, "loopback"],
    ]);
  });

  test("whatever it is given, it comes to an end", () => {
    for (const source of ['"', "'", "\\", "frontend", "bind :1", `frontend a\n${"  acl x {\n".repeat(5000)}`])
      expect(() => readHaproxy(textOfFile("f", source), () => undefined)).not.toThrow();
  });
});
