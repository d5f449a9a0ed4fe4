/** What we say of Caddyfiles against a running Caddy, and what a lint makes of them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handlerOf } from "../../src/products/caddy/fronts.ts";
import { caddyModel, serversOf } from "../../src/products/caddy/model.ts";
import { readCaddyfile } from "../../src/sources/caddyfile.ts";
import { textOfFile } from "../../src/text/text.ts";
import { compare, requestsFor } from "./compare.ts";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";
import { type Judge, startJudgeOf } from "./judge.ts";
import { caddy } from "./servers.ts";

/** Port 9099 tells that it is up. */
const around = (sites: string, options = "") =>
  `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n${options}}\n${sites}\nhttp://:9099 {\n\trespond 204\n}\n`;

const site = (lines: string) => around(`http://:9100 {\n${lines}\n}`);
const proxy = "reverse_proxy 127.0.0.1:9001";
const login = `basicauth {\n\t\tu HASH\n\t}`;

function handlerFor(text: string, files: Readonly<Record<string, string>>, port = 9100) {
  const model = caddyModel({
    text: textOfFile("Caddyfile", text),
    resolve: (pattern) => {
      const found = files[pattern];
      return found === undefined ? undefined : [textOfFile(pattern, found)];
    },
    variable: () => "unset",
  });
  const server = serversOf(model).find((one) => one.port === port);
  if (server === undefined) throw new Error("no server at this port");
  return { handler: handlerOf(server), model };
}

const cases: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
  ["everything is passed on", site(proxy)],
  ["a login before everything", site(`${login}\n${proxy}`)],
  ["a login stands after reverse_proxy and is asked first", site(`${proxy}\n${login}`)],
  ["a login for some paths", site(`basicauth /orthanc/* {\n\tu HASH\n}\n${proxy}`)],
  ["a path without a star is exact", site(`basicauth /orthanc {\n\tu HASH\n}\n${proxy}`)],
  ["case does not matter to paths", site(`respond /orthanc/studies 403\n${proxy}`)],
  [
    "handle blocks exclude each other, the longer path first",
    site(
      `handle {\n${login}\n${proxy}\n}\nhandle /dicom-web/* {\n${proxy}\n}\nhandle /orthanc/studies* {\nrespond 403\n}`,
    ),
  ],
  [
    "neighbours with the same matcher ask it once",
    site(`@n path /orthanc/studies*\nuri @n strip_prefix /orthanc\nbasicauth @n {\nu HASH\n}\n${proxy}`),
  ],
  [
    "but not behind a rewrite",
    site(`@n path /orthanc/*\nrewrite @n /x{uri}\nbasicauth @n {\nu HASH\n}\n${proxy}`),
  ],
  [
    "an expression",
    site(
      `@n expression (path('/orthanc/*') || {path}.startsWith('/secret')) && !method('POST')\nbasicauth @n {\nu HASH\n}\n${proxy}`,
    ),
  ],
  [
    "a quoted expression",
    site(`@n "{host} == 'pacs.example' && {method} in ['GET', 'HEAD']"\nbasicauth @n {\nu HASH\n}\n${proxy}`),
  ],
  ["handle_path takes the prefix away", site(`handle_path /orthanc/* {\n${proxy}\n}\nrespond 404`)],
  ["handle_path with a star at a name", site(`handle_path /orthanc* {\n${proxy}\n}\nrespond 404`)],
  ["route keeps its order", site(`route {\n${proxy}\nbasicauth {\nu HASH\n}\n}`)],
  [
    "route with the login first",
    site(`route /orthanc/* {\nbasicauth {\nu HASH\n}\n${proxy}\n}\nrespond 404`),
  ],
  ["named matchers", site(`@api path /orthanc/* /dicom-web/*\nbasicauth @api {\nu HASH\n}\n${proxy}`)],
  ["not", site(`@outside not path /dicom-web/*\nbasicauth @outside {\nu HASH\n}\n${proxy}`)],
  ["a block of a matcher", site(`@w {\nmethod POST DELETE\npath /orthanc/*\n}\nrespond @w 403\n${proxy}`)],
  ["addresses", site(`@lan remote_ip 127.0.0.8/29\nrespond @lan 403\n${proxy}`)],
  [
    "addresses instead of a login",
    site(`@far not remote_ip 127.0.0.1\nbasicauth @far {\nu HASH\n}\n${proxy}`),
  ],
  ["an expression of paths", site(`@s path_regexp ^/orthanc/(studies|series)\nrespond @s 403\n${proxy}`)],
  ["rewrite", site(`rewrite /orthanc/* /pacs{uri}\n${proxy}`)],
  ["uri strip_prefix", site(`uri strip_prefix /orthanc\n${proxy}`)],
  ["redir", site(`redir /orthanc /orthanc/\n${proxy}`)],
  ["two reverse_proxy, the longer path first", site(`${proxy}\nreverse_proxy /dicom-web/* 127.0.0.1:9002`)],
  ["a handle without an answer goes on", site(`handle /orthanc/* {\nheader X-A b\n}\n${proxy}`)],
  [
    "nested handles",
    site(`handle /orthanc/* {\nhandle /orthanc/studies* {\nrespond 403\n}\nhandle {\n${proxy}\n}\n}`),
  ],
  [
    "sites by name",
    around(
      `http://pacs.example:9100 {\n${login}\n${proxy}\n}\nhttp://*.example:9100 {\nrespond 403\n}\nhttp://:9100 {\nreverse_proxy 127.0.0.1:9002\n}`,
    ),
  ],
  ["a name that no site has", around(`http://pacs.example:9100 {\n${proxy}\n}`)],
  ["a path in the address", around(`http://:9100/orthanc/* {\n${proxy}\n}`)],
  [
    "a snippet",
    around(`(auth) {\nbasicauth {$none} {\nu HASH\n}\n}\nhttp://:9100 {\nimport auth\n${proxy}\n}`),
  ],
  [
    "a snippet with arguments",
    around(`(to) {\nreverse_proxy {args.0}\n}\nhttp://:9100 {\nimport to 127.0.0.1:9002\n}`),
  ],
  [
    "an imported file",
    around(`import extra.caddy`),
    { "extra.caddy": `http://:9100 {\n${login}\n${proxy}\n}\n` },
  ],
  [
    "an imported file inside of a site",
    site(`import auth.caddy\n${proxy}`),
    { "auth.caddy": "basicauth {\nu HASH\n}\n" },
  ],
  ["a default of a variable", site("reverse_proxy {$BACKEND:127.0.0.1:9002}")],
  ["forward_auth", site(`forward_auth 127.0.0.1:9003 {\nuri /check\n}\n${proxy}`)],
  ["the method", site(`@w method POST\nbasicauth @w {\nu HASH\n}\n${proxy}`)],
  ["a line is continued", site("reverse_proxy \\\n127.0.0.1:9002")],
  ["back quotes", site("respond `/orthanc/studies` 403\nreverse_proxy 127.0.0.1:9001")],
  ["abort and error", site(`abort /secret/*\nerror /a/* 403\n${proxy}`)],
];

describe.skipIf(caddy.absent !== undefined)(
  `Caddy as the judge${caddy.absent === undefined ? "" : `: skipped, ${caddy.absent}`}`,
  () => {
    let judge: Judge;
    let made = "";
    beforeAll(async () => {
      judge = startJudgeOf({ ...caddy.server });
      const { hashSync } = await import("bcryptjs");
      made = hashSync("p", 4);
    });
    afterAll(() => judge.close());

    test.each(cases.map(([name, text, files]) => ({ name, text, files: files ?? {} })))(
      "$name",
      async ({ text, files }) => {
        // 2.6, which is Debian's, takes base64 of the hash.
        const filled = (source: string) => source.replaceAll("HASH", btoa(made));
        const all = Object.fromEntries(
          Object.entries<string>({ Caddyfile: text, ...files }).map(([name, source]) => [
            name,
            filled(source),
          ]),
        );
        const { handler } = handlerFor(all.Caddyfile ?? "", all);
        const result = await compare(judge, all, handler, requestsFor(9100));
        expect(result.wrong).toEqual([]);
        expect(result.unknown).toBeLessThan(5);
      },
    );

    test.each([
      ["a brace that is never closed", "http://:9100 {\nrespond 200\n"],
      ["a closing brace too many", "http://:9100 {\nrespond 200\n}\n}\n"],
      ["a brace on a line of its own", "http://:9100\n{\nrespond 200\n}\n"],
      ["an address with a brace", "http://:9100{\nrespond 200\n}\n"],
      ["fine", "http://:9100 {\nrespond 200\n}\n"],
    ])("refused or not: %s", async (_, text) => {
      const judgement = await judge.ask({ files: { Caddyfile: text } });
      expect(readCaddyfile(textOfFile("Caddyfile", text)).errors.length > 0).toBe(!judgement.accepted);
    });
  },
);

const all = "read write delete dicomweb webdav";

/** Orthanc behind the image of Caddy. */
const behind = (caddyfile: string, ports = '["80:80", "443:443"]') =>
  lintSite({
    "compose.yml": `${orthanc}  proxy:\n    image: caddy:2.8.4\n    ports: ${ports}\n    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]\n`,
    Caddyfile: caddyfile,
  });

describe("a lint", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "a name gets HTTPS by itself",
      "pacs.example {\n\treverse_proxy orthanc:8042\n}\n",
      [`443 / on none: ${all}`],
    ],
    ["a port has none", ":80 {\n\treverse_proxy orthanc:8042\n}\n", [`80 / off none: ${all}`]],
    [
      "http:// has none",
      "http://pacs.example {\n\treverse_proxy orthanc:8042\n}\n",
      [`80 / off none: ${all}`],
    ],
    ["a single site without braces", ":80\nreverse_proxy orthanc:8042\n", [`80 / off none: ${all}`]],
    [
      "a login",
      "pacs.example {\n\tbasic_auth {\n\t\tu $2a$14$abc\n\t}\n\treverse_proxy orthanc:8042\n}\n",
      ["443 / on basic:"],
    ],
    [
      "a login that leaves DICOMweb out",
      "pacs.example {\n\t@ui not path /dicom-web/*\n\tbasic_auth @ui {\n\t\tu $2a$14$abc\n\t}\n\treverse_proxy orthanc:8042\n}\n",
      ["443 / on basic:", "443 /dicom-web/* on none: read write dicomweb"],
    ],
    [
      "a prefix that the server does not see",
      ":80 {\n\thandle_path /pacs/* {\n\t\treverse_proxy orthanc:8042\n\t}\n}\n",
      [`80 /pacs/* off none: ${all}`],
    ],
    [
      "by address only",
      ":80 {\n\t@far not remote_ip 10.0.0.0/8\n\trespond @far 403\n\treverse_proxy orthanc:8042\n}\n",
      [`80 / off none by address: ${all}`],
    ],
    [
      "a plugin decides",
      ":80 {\n\tauthorize with mypolicy\n\treverse_proxy orthanc:8042\n}\n",
      ["80 / off unknown:"],
    ],
    [
      "an import that is not there",
      ":80 {\n\timport snippets/login\n\treverse_proxy orthanc:8042\n}\n",
      ["80 / off unknown:"],
    ],
    [
      "a client certificate",
      "pacs.example {\n\ttls {\n\t\tclient_auth {\n\t\t\tmode require_and_verify\n\t\t\ttrusted_ca_cert_file /ca.pem\n\t\t}\n\t}\n\treverse_proxy orthanc:8042\n}\n",
      [`443 / on none: ${all}`],
    ],
  ])("%s", (_, caddyfile, expected) => {
    expect(told(behind(caddyfile))).toEqual(expected);
  });

  test("the chain of lines", () => {
    const run = behind("{\n\temail a@b.example\n}\npacs.example {\n\treverse_proxy orthanc:8042\n}\n");
    expect(chainOf(throughProxy(run)[0])).toEqual([
      "compose.yml:7 published on every address of the host",
      "Caddyfile:4 proxy listens here",
      "Caddyfile:5 no login is asked here",
      "Caddyfile:5 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });

  test("a fixed Authorization header", () => {
    const run = behind(
      ':80 {\n\treverse_proxy orthanc:8042 {\n\t\theader_up Authorization "Basic dTpw"\n\t}\n}\n',
    );
    expect(told(run)).toEqual([`80 / off none: ${all}`]);
    expect(JSON.stringify(run.report)).not.toContain("dTpw");
  });

  test("mistakes and missing imports have their places", () => {
    const run = behind(":80 {\n\timport gone.conf\n\treverse_proxy orthanc:8042\n");
    expect(run.report.problems.map(({ kind, location }) => [kind, location?.line])).toEqual([
      ["syntax", 1],
      ["missing-file", 2],
    ]);
  });

  test("on a host, beside Orthanc", () => {
    const run = lintSite({
      "etc/caddy/Caddyfile": "pacs.example {\n\timport sites/*.caddy\n}\n",
      "etc/caddy/sites/pacs.caddy": "reverse_proxy localhost:8042\n",
      "etc/orthanc/orthanc.json":
        '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "HttpPort": 8042 }',
    });
    expect(
      throughProxy(run).map(({ through, port, sourceSeen, auth }) => [through, port, sourceSeen, auth.mode]),
    ).toEqual([["caddy: path / (server pacs.example)", 443, "loopback", "none"]]);
  });

  test("the command without a file", () => {
    const run = lintSite({
      "compose.yml": `${orthanc}  proxy:\n    image: caddy:2.8.4\n    ports: ["80:80"]\n    command: caddy reverse-proxy --from :80 --to orthanc:8042\n`,
    });
    expect(told(run)).toEqual([`80 / off none: ${all}`]);
  });
});

describe("the reader", () => {
  test("words keep their places", () => {
    const { blocks } = readCaddyfile(
      textOfFile("f", 'a.example, b.example {\n\theader X "a \\"b\\""  # no\n}\n'),
    );
    const [block] = blocks;
    expect(block?.keys.map(({ text, at }) => [text.value, at.start])).toEqual([
      ["a.example", 0],
      ["b.example", 11],
    ]);
    expect(block?.directives.map(({ name, args }) => [name, args.map(({ text }) => text.value)])).toEqual([
      ["header", ["X", 'a "b"']],
    ]);
  });
  test("whatever it is given, it comes to an end", () => {
    for (const source of ["{", "}", "a {".repeat(5000), "`", '"', "<<END\nx", "import a\nimport b", "\\"])
      expect(() => readCaddyfile(textOfFile("f", source))).not.toThrow();
  });
});
