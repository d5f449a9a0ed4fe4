/** What we say of Apache's configuration against a running Apache, and what a lint makes of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servingsOf } from "../../src/products/httpd/fronts.ts";
import { handlerOf } from "../../src/products/httpd/handle.ts";
import { httpdModel } from "../../src/products/httpd/model.ts";
import type { Handler } from "../../src/products/proxy/ways.ts";
import { readHttpd } from "../../src/sources/httpd.ts";
import { textOfFile } from "../../src/text/text.ts";
import { compare, requestsFor } from "./compare.ts";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";
import { type Judge, startJudgeOf } from "./judge.ts";
import { httpd } from "./servers.ts";

/** Port 9099 tells that it is up. */
const around = (lines: string) =>
  `Listen 9100\nListen 9099\n${lines}\n<VirtualHost *:9099>\nRedirect 404 /\n</VirtualHost>\n`;
const host = (lines: string, name = "pacs.example") =>
  around(`<VirtualHost *:9100>\nServerName ${name}\n${lines}\n</VirtualHost>`);
const pass = "ProxyPass / http://127.0.0.1:9001/";
const login = "AuthType Basic\nAuthName PACS\nAuthUserFile users\nRequire valid-user";

/** The host for a name, as httpd chooses it. */
function handlerFor(files: Readonly<Record<string, string>>): Handler {
  const model = httpdModel({
    texts: [textOfFile("httpd.conf", files["httpd.conf"] ?? "")],
    resolve: (pattern) => {
      const names = pattern.includes("*")
        ? Object.keys(files).filter((name) => name.startsWith(pattern.split("*")[0] ?? ""))
        : [pattern].filter((name) => files[name] !== undefined);
      return names.map((name) => textOfFile(name, files[name] ?? ""));
    },
    variable: () => undefined,
  });
  const servings = servingsOf(model, () => undefined).filter(({ listen }) => listen.port === 9100);
  return (request, decide) => {
    const wanted = servings.find(({ server }) => server.host?.names.includes(request.host)) ?? servings[0];
    if (wanted === undefined) throw new Error("no server at this port");
    return handlerOf(wanted.server)(request, decide);
  };
}

const cases: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
  ["everything is passed on", host(pass)],
  ["a login before everything", host(`<Location "/">\n${login}\n</Location>\n${pass}`)],
  ["a login before one path", host(`<Location "/orthanc">\n${login}\n</Location>\n${pass}`)],
  ["a location with a slash at its end", host(`<Location "/orthanc/">\n${login}\n</Location>\n${pass}`)],
  [
    "one path is left out",
    host(
      `<Location "/">\n${login}\n</Location>\n<Location "/dicom-web">\nRequire all granted\n</Location>\n${pass}`,
    ),
  ],
  [
    "the later section wins",
    host(
      `<Location "/dicom-web">\nRequire all granted\n</Location>\n<Location "/">\n${login}\n</Location>\n${pass}`,
    ),
  ],
  [
    "a later section for some methods takes the place for all",
    host(
      `<Location "/">\n${login}\n</Location>\n<Location "/orthanc">\n<Limit POST>\nRequire ip 127.0.0.9\n</Limit>\n</Location>\n${pass}`,
    ),
  ],
  [
    "Satisfy Any without a list of addresses",
    host(`<Location "/">\n${login}\nSatisfy Any\n</Location>\n${pass}`),
  ],
  [
    "a macro",
    around(
      `<Macro Pacs $name $port>\n<VirtualHost *:9100>\nServerName $name\n<Location "/orthanc">\n${login}\n</Location>\nProxyPass / http://127.0.0.1:$port/\n</VirtualHost>\n</Macro>\nUse Pacs pacs.example 9002`,
    ),
  ],
  [
    "a condition on the path",
    host(`<If "%{REQUEST_URI} =~ m#^/secret#">\nRequire all denied\n</If>\n${pass}`),
  ],
  ["a condition on the name", host(`<If "%{HTTP_HOST} == 'pacs.example'">\n${login}\n</If>\n${pass}`)],
  [
    "a condition on the address, in a section",
    host(`<Location "/orthanc">\n<If "! -R '127.0.0.9'">\n${login}\n</If>\n</Location>\n${pass}`),
  ],
  ["the page of its status", host(`<Location "/secret">\nSetHandler server-status\n</Location>\n${pass}`)],
  [
    "Satisfy Any for some methods",
    host(`<Location "/">\n${login}\n<Limit GET>\nSatisfy Any\n</Limit>\n</Location>\n${pass}`),
  ],
  ...["And", "Or", "Off"].map((merging): readonly [string, string] => [
    `AuthMerging ${merging}`,
    host(
      `<Location "/">\n${login}\n</Location>\n<Location "/orthanc">\nAuthMerging ${merging}\nRequire ip 127.0.0.9\n</Location>\n${pass}`,
    ),
  ]),
  [
    "a login without a requirement is an error",
    host(`<Location "/">\nAuthType Basic\nAuthName x\nAuthUserFile users\n</Location>\n${pass}`),
  ],
  [
    "an expression",
    host(`<LocationMatch "^/orthanc/(studies|series)">\n${login}\n</LocationMatch>\n${pass}`),
  ],
  ["an expression by a tilde", host(`<Location ~ "studies$">\n${login}\n</Location>\n${pass}`)],
  ["a star", host(`<Location "/*/studies">\n${login}\n</Location>\n${pass}`)],
  ["the Proxy section", host(`<Proxy "*">\n${login}\n</Proxy>\n${pass}`)],
  [
    "Proxy and Location",
    host(
      `<Proxy "*">\nRequire all denied\n</Proxy>\n<Location "/orthanc">\nRequire all granted\n</Location>\n${pass}`,
    ),
  ],
  ["addresses", host(`<Location "/">\nRequire ip 127.0.0.1\n</Location>\n${pass}`)],
  ["a part of an address", host(`<Location "/">\nRequire ip 127\n</Location>\n${pass}`)],
  ["an address or a login", host(`<Location "/">\n${login}\nRequire ip 127.0.0.9\n</Location>\n${pass}`)],
  [
    "an address and a login",
    host(
      `<Location "/">\nAuthType Basic\nAuthName x\nAuthUserFile users\n<RequireAll>\nRequire valid-user\nRequire ip 127.0.0.9\n</RequireAll>\n</Location>\n${pass}`,
    ),
  ],
  [
    "not from there",
    host(
      `<Location "/">\n<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.9\n</RequireAll>\n</Location>\n${pass}`,
    ),
  ],
  [
    "Order, Deny, Allow",
    host(`<Location "/">\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.9\n</Location>\n${pass}`),
  ],
  [
    "Order allow,deny",
    host(`<Location "/">\nOrder allow,deny\nAllow from all\nDeny from 127.0.0.9\n</Location>\n${pass}`),
  ],
  [
    "Satisfy any",
    host(
      `<Location "/">\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.9\n${login}\nSatisfy any\n</Location>\n${pass}`,
    ),
  ],
  ["Limit", host(`<Location "/">\n<Limit POST DELETE>\n${login}\n</Limit>\n</Location>\n${pass}`)],
  ["LimitExcept", host(`<Location "/">\n<LimitExcept GET>\n${login}\n</LimitExcept>\n</Location>\n${pass}`)],
  ["Require method", host(`<Location "/">\nRequire method GET\n</Location>\n${pass}`)],
  ["a prefix is taken away", host("ProxyPass /orthanc/ http://127.0.0.1:9001/")],
  ["a prefix without slashes", host("ProxyPass /orthanc http://127.0.0.1:9001")],
  ["a prefix and another path", host("ProxyPass /orthanc http://127.0.0.1:9001/pacs")],
  ["the first ProxyPass wins", host(`ProxyPass /dicom-web/ http://127.0.0.1:9002/dicom-web/\n${pass}`)],
  ["and hides the longer one", host(`${pass}\nProxyPass /dicom-web/ http://127.0.0.1:9002/`)],
  ["an exception", host(`ProxyPass /orthanc !\n${pass}`)],
  ["ProxyPassMatch", host("ProxyPassMatch ^/orthanc/(.*)$ http://127.0.0.1:9001/$1")],
  [
    "ProxyPass in a Location",
    host(`<Location "/orthanc/">\nProxyPass http://127.0.0.1:9001/\n${login}\n</Location>`),
  ],
  [
    "a rewrite that passes on",
    host("RewriteEngine On\nRewriteRule ^/orthanc/(.*)$ http://127.0.0.1:9001/$1 [P,L]"),
  ],
  ["a rewrite that forbids", host(`RewriteEngine On\nRewriteRule ^/secret - [F]\n${pass}`)],
  [
    "a rewrite for some methods",
    host(`RewriteEngine On\nRewriteCond %{REQUEST_METHOD} ^(POST|DELETE)$\nRewriteRule ^/ - [F]\n${pass}`),
  ],
  ["a rewrite without its engine", host(`RewriteRule ^/secret - [F]\n${pass}`)],
  ["a redirection to TLS", host("Redirect permanent / https://pacs.example/")],
  ["a redirection beside ProxyPass", host(`Redirect /secret https://pacs.example/\n${pass}`)],
  [
    "hosts by name",
    around(
      `<VirtualHost *:9100>\nServerName first.example\n<Location "/">\n${login}\n</Location>\n${pass}\n</VirtualHost>\n<VirtualHost *:9100>\nServerName pacs.example\nProxyPass / http://127.0.0.1:9002/\n</VirtualHost>`,
    ),
  ],
  [
    "an include",
    around("Include sites/*.conf"),
    { "sites/a.conf": `<VirtualHost *:9100>\nServerName pacs.example\n${pass}\n</VirtualHost>\n` },
  ],
  [
    "a definition",
    around(
      `Define backend 127.0.0.1:9002\n<VirtualHost *:9100>\nServerName pacs.example\nProxyPass / http://\${backend}/\n</VirtualHost>`,
    ),
  ],
  ["a condition on a module", host(`<IfModule mod_proxy.c>\n${pass}\n</IfModule>`)],
  [
    "a condition on a definition",
    host(`${pass}\n<IfDefine NOT_SET>\n<Location "/">\n${login}\n</Location>\n</IfDefine>`),
  ],
  ["a line is continued", host("ProxyPass / \\\n  http://127.0.0.1:9001/")],
  [
    "a login of the main server",
    around(
      `<Location "/orthanc">\n${login}\n</Location>\n<VirtualHost *:9100>\nServerName pacs.example\n${pass}\n</VirtualHost>`,
    ),
  ],
  [
    "Directory does not count for what is passed on",
    host(`<Directory "/">\nRequire all denied\n</Directory>\n${pass}`),
  ],
];

describe.skipIf(httpd.absent !== undefined)(
  `Apache as the judge${httpd.absent === undefined ? "" : `: skipped, ${httpd.absent}`}`,
  () => {
    let judge: Judge;
    beforeAll(() => {
      judge = startJudgeOf(httpd.server);
    });
    afterAll(() => judge.close());

    test.each(cases.map(([name, text, files]) => ({ name, text, files: files ?? {} })))(
      "$name",
      async ({ text, files }) => {
        const all: Record<string, string> = {
          "httpd.conf": text,
          users: "u:{SHA}UWuXg/ylF+7L0dBk2i0WUxCxl1k=\n",
          ...files,
        };
        const result = await compare(judge, all, handlerFor(all), requestsFor(9100));
        expect(result.wrong).toEqual([]);
        expect(result.unknown).toBeLessThan(5);
      },
    );

    test.each([
      ["a section that is never closed", '<Location "/">\nRequire all granted\n'],
      ["a section that is never opened", "</Location>\n"],
      ["sections that cross", '<Location "/a">\n<Limit GET>\n</Location>\n</Limit>\n'],
      ["a bracket is missing", '<Location "/"\n</Location>\n'],
      ["fine", '# x\n<Location "/">\n</Location>\n'],
    ])("refused or not: %s", async (_, text) => {
      const files = { "httpd.conf": `Listen 9100\n${text}` };
      const judgement = await judge.ask({ files });
      expect(readHttpd(textOfFile("f", text)).errors.length > 0).toBe(!judgement.accepted);
    });
  },
);

const all = "read write delete dicomweb webdav";

/** Orthanc behind the image of httpd. */
const behind = (conf: string) =>
  lintSite({
    "compose.yml": `${orthanc}  proxy:\n    image: httpd:2.4.62\n    ports: ["80:80", "443:443"]\n    volumes: ["./httpd.conf:/usr/local/apache2/conf/httpd.conf:ro"]\n`,
    "httpd.conf": conf,
  });

const lintLogin = "AuthType Basic\n    AuthName PACS\n    AuthUserFile /users\n    Require valid-user";

describe("a lint", () => {
  test.each<[string, string, readonly string[]]>([
    ["no login", "Listen 80\nProxyPass / http://orthanc:8042/\n", [`80 / off none: ${all}`]],
    [
      "a login, and TLS",
      `Listen 443\n<VirtualHost *:443>\n  SSLEngine on\n  ProxyPass / http://orthanc:8042/\n  <Location "/">\n    ${lintLogin}\n  </Location>\n</VirtualHost>\n`,
      ["443 / on basic:"],
    ],
    [
      "DICOMweb is left out",
      `Listen 80\n<VirtualHost *:80>\n  ProxyPass / http://orthanc:8042/\n  <Location "/">\n    ${lintLogin}\n  </Location>\n  <Location "/dicom-web">\n    Require all granted\n  </Location>\n</VirtualHost>\n`,
      ["80 / off basic:", "80 /dicom-web off none: read write dicomweb"],
    ],
    ["a prefix", "Listen 80\nProxyPass /orthanc/ http://orthanc:8042/\n", [`80 /orthanc/ off none: ${all}`]],
    ...[
      "RewriteEngine On\nRewriteRule ^/orthanc/(.*)$ http://orthanc:8042/$1 [P]\n",
      'ProxyPassMatch "^/orthanc(/.*)?$" http://orthanc:8042$1\n',
    ].map((lines): [string, string, readonly string[]] => {
      const shown = /\^\S*\$(?="| )/u.exec(lines)?.[0] ?? "";
      return [
        `a prefix by an expression: ${shown}`,
        `Listen 80\n<VirtualHost *:80>\n${lines}</VirtualHost>\n`,
        [`80 ~ ${shown} off none: ${all}`],
      ];
    }),
    [
      "by address",
      'Listen 80\nProxyPass / http://orthanc:8042/\n<Location "/">\nRequire ip 10.0.0.0/8\n</Location>\n',
      [`80 / off none by address: ${all}`],
    ],
    [
      "OpenID Connect",
      'Listen 80\nProxyPass / http://orthanc:8042/\n<Location "/">\nAuthType openid-connect\nRequire valid-user\n</Location>\n',
      ["80 / off oidc:"],
    ],
    [
      "OpenID Connect that lets requests without a login pass",
      'Listen 80\nProxyPass / http://orthanc:8042/\n<Location "/">\nAuthType openid-connect\nOIDCUnAuthAction pass\nRequire valid-user\n</Location>\n',
      ["80 / off unknown:"],
    ],
    [
      "a certificate that is asked for below one path, by TLS alone",
      `Listen 443\nListen 80\n<VirtualHost *:443>\n  SSLEngine on\n  ProxyPass / http://orthanc:8042/\n  <Location "/">\n    ${lintLogin}\n  </Location>\n  <Location "/dicom-web">\n    SSLVerifyClient require\n    Require all granted\n  </Location>\n</VirtualHost>\n`,
      ["443 / on basic:", "443 /dicom-web on none: read write dicomweb"],
    ],
    [
      "an include that is not there",
      "Listen 80\nInclude /etc/auth.conf\nProxyPass / http://orthanc:8042/\n",
      ["80 / off unknown:"],
    ],
  ])("%s", (_, conf, expected) => {
    expect(told(behind(conf))).toEqual(expected);
  });

  test("the chain of lines", () => {
    const run = behind("Listen 80\n<VirtualHost *:80>\nProxyPass / http://orthanc:8042/\n</VirtualHost>\n");
    expect(chainOf(throughProxy(run)[0])).toEqual([
      "compose.yml:7 published on every address of the host",
      "httpd.conf:2 proxy listens here",
      "httpd.conf:3 no login is asked here",
      "httpd.conf:3 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });

  test.each([
    ["SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1", "TLSv1.2"],
    ["SSLProtocol -all +TLSv1.2 +TLSv1.3", "TLSv1.2"],
    ["SSLProtocol TLSv1 TLSv1.2", "TLSv1.2"],
    ["SSLProtocol +TLSv1 +TLSv1.2", "TLSv1"],
    ["", "unknown"],
  ])("%j allows %s", (line, version) => {
    const run = behind(
      `Listen 443\n<VirtualHost *:443>\nSSLEngine on\n${line}\nProxyPass / http://orthanc:8042/\n</VirtualHost>\n`,
    );
    const found = throughProxy(run)[0]?.tls.minVersion;
    expect(typeof found === "string" ? found : "unknown").toBe(version);
  });

  test("on a host with Debian's folders", () => {
    const run = lintSite({
      "etc/apache2/sites-enabled/pacs.conf":
        "<VirtualHost *:80>\nProxyPass /orthanc/ http://localhost:8042/\n</VirtualHost>\n",
      "etc/apache2/sites-available/other.conf":
        "<VirtualHost *:81>\nProxyPass / http://localhost:8042/\n</VirtualHost>\n",
      "etc/orthanc/orthanc.json":
        '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "HttpPort": 8042 }',
    });
    expect(throughProxy(run).map(({ through, port, sourceSeen }) => [through, port, sourceSeen])).toEqual([
      ["httpd: path /orthanc/", 80, "loopback"],
    ]);
  });

  test("whatever it is given, it comes to an end", () => {
    for (const source of ["<", "</", "<a>".repeat(5000), "\\", '"', "a \\\n", "Include x\n".repeat(2000)])
      expect(() => readHttpd(textOfFile("f", source))).not.toThrow();
  });
});
