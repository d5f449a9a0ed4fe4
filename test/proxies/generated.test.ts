/** Random configurations against the running proxies. PACSLINT_PROXY_SEEDS=200-260 asks for others. */
import { hashSync } from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handlerOf as caddyHandler } from "../../src/products/caddy/fronts.ts";
import { caddyModel, serversOf } from "../../src/products/caddy/model.ts";
import { handlerOf as haproxyHandler } from "../../src/products/haproxy/handle.ts";
import { bindsOf, haproxyModel } from "../../src/products/haproxy/model.ts";
import { servingsOf } from "../../src/products/httpd/fronts.ts";
import { handlerOf as httpdHandler } from "../../src/products/httpd/handle.ts";
import { httpdModel } from "../../src/products/httpd/model.ts";
import type { Handler } from "../../src/products/proxy/ways.ts";
import { textOfFile } from "../../src/text/text.ts";
import { compare, requestsFor } from "./compare.ts";
import { caddyLines, caddySnippet, haproxyLines, httpdLines } from "./generate.ts";
import { type Judge, startJudgeOf } from "./judge.ts";
import { type Candidate, caddy, haproxy, httpd } from "./servers.ts";

type Files = Readonly<Record<string, string>>;

const range = /^(\d+)-(\d+)$/u.exec(process.env.PACSLINT_PROXY_SEEDS ?? "1-25");
const first = Number(range?.[1] ?? 1);
const seeds = Array.from({ length: Number(range?.[2] ?? 25) - first + 1 }, (_, index) => first + index);

interface Kind {
  readonly name: string;
  readonly candidate: Candidate;
  readonly files: (seed: number) => Files;
  readonly handler: (files: Files) => Handler;
}

const kinds: readonly Kind[] = [
  {
    name: "HAProxy",
    candidate: haproxy,
    files: (seed) => ({
      "haproxy.cfg": `defaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\nfrontend up\n  bind 127.0.0.1:9099\n  http-request return status 204\nuserlist staff\n  user u insecure-password p\nfrontend pacs\n  bind *:9100\n${haproxyLines(seed)}\nbackend one\n  server a 127.0.0.1:9001\nbackend two\n  server b 127.0.0.1:9002\n`,
    }),
    handler: (files) => {
      const model = haproxyModel([textOfFile("haproxy.cfg", files["haproxy.cfg"] ?? "")], () => "");
      const proxy = model.proxies.find(({ name }) => name === "pacs");
      const [bind] = proxy === undefined ? [] : bindsOf(proxy);
      if (proxy === undefined || bind === undefined) throw new Error("nothing listens");
      return haproxyHandler(model, proxy, bind);
    },
  },
  {
    name: "Apache",
    candidate: httpd,
    files: (seed) => ({
      "httpd.conf": `Listen 9100\nListen 9099\n<VirtualHost *:9100>\nServerName pacs.example\n${httpdLines(seed)}\n</VirtualHost>\n<VirtualHost *:9099>\nRedirect 404 /\n</VirtualHost>\n`,
      users: "u:{SHA}UWuXg/ylF+7L0dBk2i0WUxCxl1k=\n",
    }),
    handler: (files) => {
      const texts = [textOfFile("httpd.conf", files["httpd.conf"] ?? "")];
      const model = httpdModel({ texts, resolve: () => [], variable: () => undefined });
      const serving = servingsOf(model, () => undefined).find(({ listen }) => listen.port === 9100);
      if (serving === undefined) throw new Error("nothing listens");
      return httpdHandler(serving.server);
    },
  },
  {
    name: "Caddy",
    candidate: caddy,
    files: (seed) => ({
      Caddyfile:
        `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n${caddySnippet}http://:9100 {\n${caddyLines(seed)}\n}\nhttp://:9099 {\n\trespond 204\n}\n`.replaceAll(
          "HASH",
          // 2.6, which is Debian's, takes base64 of the hash.
          btoa(hashSync("p", 4)),
        ),
    }),
    handler: (files) => {
      const text = textOfFile("Caddyfile", files.Caddyfile ?? "");
      const model = caddyModel({ text, resolve: () => undefined, variable: () => "unset" });
      const server = serversOf(model).find(({ port }) => port === 9100);
      if (server === undefined) throw new Error("nothing listens");
      return caddyHandler(server);
    },
  },
];

describe.each(kinds)("$name", ({ candidate, files, handler }) => {
  describe.skipIf(candidate.absent !== undefined)("as the judge", () => {
    let judge: Judge;
    beforeAll(() => {
      judge = startJudgeOf(candidate.server);
    });
    afterAll(() => judge.close());

    test.each(seeds)("generated configuration %i", async (seed) => {
      const given = files(seed);
      const requests = requestsFor(9100).filter(({ path }) => !path.includes("#"));
      const { wrong } = await compare(judge, given, handler(given), requests);
      // What the real one refuses is no configuration.
      expect(wrong.filter((line) => !line.startsWith("refused: "))).toEqual([]);
    });
  });
});
