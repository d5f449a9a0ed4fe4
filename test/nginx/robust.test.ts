/** Whatever is written, an answer comes: nothing throws, nothing takes for ever. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { nginxModel } from "../../src/products/nginx/model.ts";
import { probe } from "../../src/products/nginx/probe.ts";
import { routes } from "../../src/products/nginx/routes.ts";
import { type Text, textOfFile } from "../../src/text/text.ts";

const words = [
  "server",
  "location",
  "if",
  "listen",
  "server_name",
  "proxy_pass",
  "rewrite",
  "return",
  "set",
  "map",
  "geo",
  "upstream",
  "include",
  "limit_except",
  "try_files",
  "error_page",
  "auth_basic",
  "auth_request",
  "allow",
  "deny",
  "satisfy",
  "stream",
  "http",
  "events",
  "default",
  "internal",
];
const values = [
  "/",
  "/a",
  "=",
  "~",
  "~*",
  "^~",
  "@a",
  "80",
  "[::]:80",
  "unix:/x",
  "ssl",
  "http://a",
  "https://a:1/x$uri",
  "$a",
  "${b}",
  "$1",
  "($a)",
  "($a",
  "=",
  "!=",
  "(x|",
  "^/(.*)$",
  "last",
  "break",
  "301",
  "404",
  "=200",
  "all",
  "10.0.0.0/8",
  "off",
  "any",
  "'",
  '"',
  "\\",
  "{{x}}",
  "%y%",
  "#",
  "1-2",
  "~^(?<n>.)",
];
const token = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...values),
  fc.constantFrom(";", ";\n", "{", "}", " "),
);

test("random configurations", () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 80 }), fc.webPath(), (tokens, path) => {
      const source = tokens.join(" ");
      const include = (name: string): readonly Text[] | undefined =>
        name.length % 2 === 0 ? [textOfFile("b", source)] : undefined;
      const model = nginxModel({
        texts: [textOfFile("a", source), textOfFile("c", `server { ${source} }`)],
        resolveInclude: include,
      });
      routes(model);
      probe(model, { port: 80, path: `/${path}` });
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test("many servers, locations and includes", () => {
  const locations = Array.from(
    { length: 300 },
    (_, index) =>
      `location /p${index}/ { if ($cookie_a${index}) { return 403; } proxy_pass http://h${index}; }`,
  ).join("\n");
  const servers = Array.from(
    { length: 500 },
    (_, index) => `server { listen 80; server_name h${index}.example; location / { proxy_pass http://a; } }`,
  ).join("\n");
  const start = performance.now();
  const model = nginxModel({
    texts: [textOfFile("a", `${servers}\nserver { listen 81; ${locations} }`)],
    resolveInclude: () => undefined,
  });
  expect(routes(model)).toHaveLength(801);
  expect(performance.now() - start).toBeLessThan(10_000);
});
