import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { directivesIn } from "../../src/policy/directives.ts";
import { commentsOf } from "../../src/sources/comments.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources, type SourceFile } from "../../src/sources/source.ts";
import { positionAt } from "../../src/text/lines.ts";

function sourceOf(path: string, text: string): SourceFile {
  const opened = createSources(memoryFiles({ [path]: text }), nodeCrypto).open(path);
  if (!opened.ok) throw new Error(opened.message);
  return opened.source;
}

/** Each comment as "line:column text". */
function comments(kind: string, text: string): readonly string[] {
  const source = sourceOf("file", text);
  return commentsOf(source.text, kind, () => source).map(({ text: comment, at }) => {
    const { line, column } = positionAt(source.lines, at.start);
    expect(source.text.value.slice(at.start, at.end)).toBe(comment);
    return `${line}:${column} ${comment}`;
  });
}

describe("comments are those that the format's own reader passes over", () => {
  test("JSON of Orthanc: line and block comments, not what stands in a text", () => {
    const text = `// top
{ "Name": "a // b /* c */", /* one
two */ "Port": 1, // end
  "Url": "http://x" }
// behind`;
    expect(comments("orthanc-json", text)).toEqual([
      "1:1 // top",
      "2:29 /* one\ntwo */",
      "3:19 // end",
      "5:1 // behind",
    ]);
  });

  test("YAML: not in quotes, not in a block of text, not inside a plain word", () => {
    const text = `# top
services: # here
  orthanc:
    image: "a # b"
    command: a#b
    environment:
      JSON: |
        # not a comment
        // neither
      OTHER: x   # yes
    # alone
    ports: [1, # within
      2]
`;
    expect(comments("compose", text)).toEqual([
      "1:1 # top",
      "2:11 # here",
      "10:18 # yes",
      "11:5 # alone",
      "12:16 # within",
    ]);
  });

  test("env files as Compose reads them: behind a value only after a space", () => {
    const text = `# top
A=1 # one
B=a#b
C="x # y" # three
  # four
D='x
# inside
' 
`;
    expect(comments("dotenv", text)).toEqual(["1:1 # top", "2:5 # one", "4:11 # three", "5:3 # four"]);
  });

  test("nginx: not within a word, not in quotes", () => {
    const text = `# top
server { # here
  listen 80; # and here
  set $a "x # y";
  location /a#b { }
}
`;
    expect(comments("nginx", text)).toEqual(["1:1 # top", "2:10 # here", "3:14 # and here"]);
  });

  test("XML: inside and outside of elements, not in CDATA or attributes", () => {
    const text = `<?xml version="1.0"?>
<!-- top -->
<server xmlns="urn:jboss:domain:1.0">
  <a b="&lt;!-- no -->"/> <!-- here
  two -->
  <c><![CDATA[ <!-- no --> ]]></c>
</server>`;
    expect(comments("wildfly-xml", text)).toEqual(["2:1 <!-- top -->", "4:27 <!-- here\n  two -->"]);
  });

  test("LDIF: a comment may be folded, and a sign within a value is none", () => {
    const text = `# top
 folded
dn: dc=example
description: a # b
#end
`;
    expect(comments("dcm4chee-ldif", text)).toEqual(["1:1 # top\n folded", "5:1 #end"]);
  });

  test("properties: both signs, at the start of a line only", () => {
    const text = "# top\n  ! second\na=1 # value\nb=x\\\n# value too\n";
    expect(comments("ldap-properties", text)).toEqual(["1:1 # top", "2:3 ! second"]);
  });

  test("units of systemd: both signs, not behind a value", () => {
    const text = "[Service]\n# a\n ; b\nExecStart=/bin/x # value\n";
    expect(comments("systemd", text)).toEqual(["2:1 # a", "3:2 ; b"]);
  });

  test("Dockerfiles: whole lines, also between lines that go on, not in a heredoc", () => {
    const text = `# top
FROM orthancteam/orthanc
RUN a \\
  # between
  b # argument
COPY <<EOF /etc/orthanc/x.json
# text
EOF
`;
    expect(comments("dockerfile", text)).toEqual(["1:1 # top", "4:3 # between"]);
  });

  test("Caddyfiles: at the start of a word only", () => {
    const text = `# top
pacs.example { # here
  respond "a # b" a#b
  respond \`# c\`
}
`;
    expect(comments("caddyfile", text)).toEqual(["1:1 # top", "2:16 # here"]);
  });

  test("Traefik: TOML and YAML", () => {
    expect(comments("traefik", '# top\n[entryPoints.web]\n  address = ":80 # no" # yes\n')).toEqual([
      "1:1 # top",
      "3:24 # yes",
    ]);
    expect(comments("traefik", "# top\nentryPoints:\n  web:\n    address: ':80 # no' # yes\n")).toEqual([
      "1:1 # top",
      "4:25 # yes",
    ]);
  });

  test("JSON of dcm4chee and Keycloak has none", () => {
    expect(comments("dcm4chee-device-json", '{ "a": 1 } // no')).toEqual([]);
  });
});

describe("what a comment says, and which lines it is about", () => {
  /** Each as "rules at line:column covers from-to: reason". */
  const told = (text: string, kind = "orthanc-json") => {
    const source = sourceOf("file", text);
    return directivesIn(source.text, kind, ["http-no-tls", "http-no-authentication"], () => source).map(
      (one) => {
        const at = positionAt(source.lines, one.at.start);
        const from = positionAt(source.lines, one.covers?.start ?? 0).line;
        const to = positionAt(source.lines, (one.covers?.end ?? 1) - 1).line;
        const what = one.fault ?? `${one.reason}${one.until === undefined ? "" : ` until ${one.until}`}`;
        return `${one.rule} ${at.line}:${at.column} ${from}-${to} ${what}`;
      },
    );
  };

  test("behind a value it is about its own line", () => {
    expect(told('{\n"A": 1, // pacslint-ignore http-no-tls: why\n"B": 2 }')).toEqual([
      "http-no-tls 2:9 2-2 why",
    ]);
  });

  test("before a value on the same line too", () => {
    expect(told('{\n/* pacslint-ignore http-no-tls: why */ "A": 1,\n"B": 2 }')).toEqual([
      "http-no-tls 2:1 2-2 why",
    ]);
  });

  test("alone on its line it is about the next line that is neither blank nor a comment", () => {
    expect(told('{\n// pacslint-ignore http-no-tls: why\n\n// other\n/* and */ // more\n"A": 1\n}')).toEqual([
      "http-no-tls 2:1 6-6 why",
    ]);
  });

  test("several rules, several comments, a day", () => {
    expect(
      told(
        '{ "A": 1, // pacslint-ignore http-no-tls, http-no-authentication until 2027-01-31: a, b: c\n"B": 2 }',
      ),
    ).toEqual([
      "http-no-tls 1:11 1-1 a, b: c until 2027-01-31",
      "http-no-authentication 1:11 1-1 a, b: c until 2027-01-31",
    ]);
    expect(
      told(
        '{\n/*\n * pacslint-ignore http-no-tls: one\n * pacslint-ignore http-no-authentication: two\n */\n"A": 1 }',
      ),
    ).toEqual(["http-no-tls 3:2 6-6 one", "http-no-authentication 4:2 6-6 two"]);
  });

  test("a whole file", () => {
    expect(told('// pacslint-ignore-file http-no-tls: why\n{\n"A": 1\n}')).toEqual([
      "http-no-tls 1:1 1-4 why",
    ]);
  });

  test("what is wrong with it is told", () => {
    expect(told('{ "A": 1 // pacslint-ignore http-no-tls\n}')).toEqual(["http-no-tls 1:10 1-1 no-reason"]);
    expect(told('{ "A": 1 // pacslint-ignore http-no-tlss: why\n}')).toEqual([
      "http-no-tlss 1:10 1-1 unknown-rule",
    ]);
    expect(told('{ "A": 1 // pacslint-ignore http-no-tls until 31.1.2027: why\n}')).toEqual([
      " 1:10 1-1 not-understood",
    ]);
    expect(told('{ "A": 1 // pacslint: disable http-no-tls\n}')).toEqual([" 1:10 1-1 not-understood"]);
  });

  test("nothing, where only the name stands", () => {
    expect(told('{ "A": 1 // pacslint says that this is fine\n}')).toEqual([]);
    expect(told('{ "A": "pacslint-ignore http-no-tls: why" }')).toEqual([]);
  });

  test.each([
    ["dcm4chee-ldif", "# pacslint-ignore http-no-tls: why\ndn: dc=a\n ,dc=b\n ,dc=c\nx: y\n", "2-4"],
    ["ldap-properties", "# pacslint-ignore http-no-tls: why\na=b\\\n  c\nd=e\n", "2-3"],
    ["systemd", "# pacslint-ignore http-no-tls: why\nExecStart=a \\\n  b\nUser=x\n", "2-3"],
    ["wildfly-xml", "<a>\n<!-- pacslint-ignore http-no-tls: why -->\n<b/>\n</a>", "3-3"],
    ["nginx", "server {\n  # pacslint-ignore http-no-tls: why\n  listen 80;\n}", "3-3"],
    ["compose", "services:\n  a:\n    # pacslint-ignore http-no-tls: why\n    ports:\n      - 80\n", "4-4"],
    ["dotenv", "# pacslint-ignore http-no-tls: why\nA=1\n", "2-2"],
    ["dockerfile", "# pacslint-ignore http-no-tls: why\nRUN a \\\n  b\nUSER x\n", "2-3"],
  ])("%s: with the lines that go on", (kind, text, lines) => {
    const line = text.split("\n").findIndex((one) => one.includes("pacslint")) + 1;
    const column = (text.split("\n")[line - 1] ?? "").search(/\S/) + 1;
    expect(told(text, kind)).toEqual([`http-no-tls ${line}:${column} ${lines} why`]);
  });
});
