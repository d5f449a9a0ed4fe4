/** Includes: their order against `nginx -T`, and what happens when they are missing, loop or are too many. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nginxModel } from "../../src/products/nginx/model.ts";
import { probe } from "../../src/products/nginx/probe.ts";
import { routes } from "../../src/products/nginx/routes.ts";
import { type Text, textOfFile } from "../../src/text/text.ts";
import type { Judge } from "../proxies/judge.ts";
import { filesAround, mainFile, modelOf } from "./configuration.ts";
import { absent, startJudge } from "./judge.ts";

const files = {
  "nginx.conf": mainFile(
    "include maps/*.conf; include conf.d/*.conf; include sites/[ab]?.conf; include sites/plain;",
  ),
  "maps/one.conf": 'map $uri $one { default ""; include maps/values; }',
  "maps/values": "/a b;",
  "conf.d/10-b.conf": "server { listen 9102; include snippets/login.inc; }",
  "conf.d/2-a.conf": "server { listen 9101; location / { include snippets/login.inc; } }",
  "conf.d/Z.conf": "server { listen 9103; }",
  "conf.d/_.conf": "server { listen 9104; }",
  "conf.d/.hidden.conf": "nonsense",
  "sites/a1.conf": "server { listen 9105; }",
  "sites/b2.conf": "server { listen 9106; }",
  "sites/c3.conf": "nonsense",
  "sites/plain": "server { listen 9107; }",
  "snippets/login.inc": "auth_basic pacs; auth_basic_user_file users;",
};

describe.skipIf(absent !== undefined)("nginx -T as the judge of includes", () => {
  let judge: Judge;
  beforeAll(() => {
    judge = startJudge();
  });
  afterAll(() => judge.close());

  test("the servers come in the order in which nginx reads them", async () => {
    const all: Readonly<Record<string, string>> = { ...filesAround(judge), ...files };
    const judgement = await judge.ask({ files: all, dump: true });
    expect(judgement.stderr).toContain("successful");
    const read = [...judgement.stdout.matchAll(/^# configuration file (\S+):$/gm)].map((match) =>
      match[1]?.slice(judge.folder.length + 1),
    );
    const ports = read.flatMap((name) =>
      [...(all[name ?? ""]?.matchAll(/listen (91\d\d)/g) ?? [])].map((match) => Number(match[1])),
    );
    const model = modelOf(all, judge.folder);
    expect(model.problems).toEqual([]);
    expect(model.servers.map((server) => server.listens[0]?.port).filter((port) => port !== 9099)).toEqual(
      ports,
    );
  });
});

const snippet = (text: string): Text => textOfFile("snippet.conf", text);

describe("includes that are not there", () => {
  test("a login may be inside: unknown, with the line to blame", () => {
    const source = "server { listen 80; location / { include auth.inc; proxy_pass http://orthanc:8042; } }";
    const model = nginxModel({ texts: [textOfFile("a.conf", source)], resolveInclude: () => undefined });
    const result = probe(model, { port: 80, path: "/studies" });
    expect(result).toMatchObject({ reachesBackend: "unknown", login: "unknown" });
    expect(result.unknown).toMatchObject({
      at: { file: "a.conf", start: source.indexOf("include"), end: source.indexOf("; proxy") },
    });
    expect(model.problems).toMatchObject([
      { kind: "missing-include", message: "auth.inc is included and not there to read" },
    ]);
  });

  test("a login that is there stays one", () => {
    const source =
      "server { listen 80; include more.inc; auth_basic x; auth_basic_user_file u; location / { proxy_pass http://orthanc:8042; } }";
    const model = nginxModel({ texts: [snippet(source)], resolveInclude: () => undefined });
    expect(probe(model, { port: 80, path: "/" })).toMatchObject({ reachesBackend: "no", login: "basic" });
    expect(routes(model).map((route) => [route.paths[0]?.kind, route.login])).toEqual([
      ["prefix", "basic"],
      ["unknown", "unknown"],
    ]);
  });

  test("nginx's own lists of types hide nothing", () => {
    const model = nginxModel({
      texts: [
        snippet("server { include mime.types; include fastcgi_params; location / { proxy_pass http://a; } }"),
      ],
      resolveInclude: () => undefined,
    });
    expect(model.problems).toEqual([]);
    expect(probe(model, { port: 80, path: "/" }).reachesBackend).toBe("yes");
  });

  test("files that include each other end", () => {
    const loop = (): readonly Text[] => [snippet("include again.conf; include again.conf;")];
    const model = nginxModel({ texts: [snippet("server { include again.conf; }")], resolveInclude: loop });
    expect(model.problems.some((problem) => problem.message.includes("without end"))).toBe(true);
  });

  test("an included line is located in its file, through the include", () => {
    const source = "server { include login.inc; location / { proxy_pass http://a; } }";
    const login = 'auth_basic "x"; auth_basic_user_file u;';
    const model = nginxModel({
      texts: [textOfFile("a.conf", source)],
      resolveInclude: () => [textOfFile("login.inc", login)],
    });
    const [at] = probe(model, { port: 80, path: "/" }).loginAt;
    expect(at).toEqual({
      at: { file: "login.inc", start: 0, end: 14 },
      via: [{ file: "a.conf", start: 9, end: 26 }],
    });
  });
});
