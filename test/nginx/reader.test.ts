/** The reader of the configuration language: positions, recovery, templates, Lua. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { substituteEnvironment } from "../../src/deployment/start-script.ts";
import { maskTemplates } from "../../src/products/nginx/template.ts";
import { type NginxDirective, readNginx } from "../../src/sources/nginx.ts";
import { type Located, textOfFile } from "../../src/text/text.ts";

const read = (source: string) => readNginx(textOfFile("f", source));
const text = (source: string, { at }: Located): string => source.slice(at.start, at.end);

function outline(directives: readonly NginxDirective[]): unknown[] {
  return directives.map(({ name, args, block }) => {
    const words = [name, ...args.map((word) => word.text.value)];
    return block === undefined ? words : [words, outline(block)];
  });
}

describe("positions", () => {
  const source =
    'http {\n  # listen 1;\n  server {\n    listen 80 "default_server";\n    set $a "x\\"y${b}";\n  }\n}\n';
  test("of directives, arguments and bodies", () => {
    const { directives, errors } = read(source);
    expect(errors).toEqual([]);
    const server = directives[0]?.block?.[0];
    const [listen, set] = server?.block ?? [];
    if (server?.body === undefined || listen === undefined || set?.args[1] === undefined)
      throw new Error("not read");
    expect(text(source, listen)).toBe('listen 80 "default_server"');
    expect(listen.args.map((word) => text(source, word))).toEqual(["80", '"default_server"']);
    expect(set.args[1].text.value).toBe('x"y${b}');
    expect(text(source, server)).toBe("server");
    expect(text(source, server.body)).toBe(
      source.slice(source.indexOf("server {") + 8, source.lastIndexOf("  }\n}") + 2),
    );
  });
});

describe("recovery", () => {
  test.each([
    [
      "a 1;;\nb 2;",
      'unexpected ";"',
      ";",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    [
      "s { a 1 } b 2;",
      'unexpected "}": a ";" is missing after this',
      "a 1",
      [
        [["s"], [["a", "1"]]],
        ["b", "2"],
      ],
    ],
    [
      "a 1; } b 2;",
      'unexpected "}": no block is open here',
      "}",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["s { a 1;", 'unexpected end of file, expecting "}" for this block', "s", [[["s"], [["a", "1"]]]]],
    ["a 1", 'unexpected end of file: a ";" is missing after this', "a 1", [["a", "1"]]],
    ['a "x"y;', 'unexpected "y" after a closing quote', "y", [["a", "x", "y"]]],
    [
      'a "x;\nb 2;',
      'unexpected end of file: this string is never closed with "',
      '"',
      [
        ["a", "x"],
        ["b", "2"],
      ],
    ],
    ["{ a 1; } b 2;", 'unexpected "{"', "{", [["b", "2"]]],
  ])("%j", (source, message, where, expected) => {
    const { directives, errors } = read(source);
    expect(errors.map((error) => error.message)).toContain(message);
    const error = errors.find((one) => one.message === message);
    expect(error === undefined ? "" : text(source, error)).toBe(where);
    if (message.includes("never closed")) expect(outline(directives).flat(2)).toContain("b");
    else expect(outline(directives)).toEqual(expected);
  });
});

describe("Lua", () => {
  test("a block is taken as it stands", () => {
    const source = "a { access_by_lua_block { if x then s = \"}\" -- }\n t = {1, [[}]], '}'} end } b 1; }";
    const { directives, errors } = read(source);
    expect(errors).toEqual([]);
    const [lua, b] = directives[0]?.block ?? [];
    expect(lua?.code?.value).toBe(" if x then s = \"}\" -- }\n t = {1, [[}]], '}'} end ");
    expect(b?.name).toBe("b");
  });
});

describe("templates", () => {
  const masked = (source: string) => readNginx(maskTemplates(textOfFile("f", source)));
  test("marks are unknown, not errors", () => {
    const source =
      "server {\n  listen {{ port }};\n  {% if tls %}\n  ssl_certificate <%= @cert %>;\n  {% endif %}\n  server_name %NAME%;\n}\n";
    const { directives, errors } = masked(source);
    expect(errors).toEqual([]);
    expect(outline(directives)).toEqual([
      [
        ["server"],
        [
          ["listen", "\uFFFC"],
          ["\uFFFC"],
          ["ssl_certificate", "\uFFFC"],
          ["\uFFFC"],
          ["server_name", "\uFFFC"],
        ],
      ],
    ]);
  });
  test("braces in a string of a plain file stay", () => {
    expect(outline(masked("return 200 '{\"a\":{{}}}';").directives)).toEqual([
      ["return", "200", '{"a":{{}}}'],
    ]);
  });
  test("the environment is put in where it is set, nginx's variables stay", () => {
    const text = substituteEnvironment(
      textOfFile("f", "listen ${PORT}; set $a $host$OTHER${UNSET};"),
      (name) => (name === "PORT" ? { value: "81" } : name === "OTHER" ? "unknown" : "unset"),
    );
    expect(text.value).toBe("listen 81; set $a $host\uFFFC${UNSET};");
  });
});

test("never throws, always ends, and every place lies in the text", () => {
  const piece = fc.constantFrom(
    "a",
    " ",
    ";",
    "{",
    "}",
    '"',
    "'",
    "\\",
    "\n",
    "#",
    "$",
    "${",
    "{{",
    "}}",
    "location",
    "_by_lua_block",
    "[[",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const source = pieces.join("");
      const { directives, errors } = readNginx(maskTemplates(textOfFile("f", source)));
      for (const { at } of [...errors, ...directives]) {
        expect(at.start).toBeGreaterThanOrEqual(0);
        expect(at.end).toBeLessThanOrEqual(source.length);
      }
    }),
    { seed: 4, numRuns: 3000 },
  );
});

test("a large file takes linear time", () => {
  const time = (count: number): number => {
    const source = 'location "/a" { proxy_pass http://a; # x\n }\n'.repeat(count);
    const start = performance.now();
    read(source);
    return performance.now() - start;
  };
  time(2000);
  expect(time(40_000)).toBeLessThan(Math.max(time(4000), 5) * 60);
  const deep = performance.now();
  read("a {".repeat(100_000));
  read('a "x;\n'.repeat(20_001));
  expect(performance.now() - deep).toBeLessThan(3000);
});
