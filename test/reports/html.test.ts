/** The HTML report as a document: what it says, that nothing in it is obeyed, and that no secret is in it. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { hostile, htmlOf, htmlOfExamples, manyFindings, poisoned } from "./html-sample.ts";
import { clinic, contextOf, empty, sample } from "./sample.ts";

const context = contextOf(clinic, ["Winter2019"]);

/** The text of an element that is there once. */
function between(document: string, start: string, end: string): string {
  const parts = document.split(start);
  expect(parts).toHaveLength(2);
  return parts[1]?.split(end)[0] ?? "";
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

describe("the document", () => {
  const document = htmlOf(sample, context);

  test("allows its own style and script by their hashes, and nothing else", () => {
    const style = between(document, "<style>", "</style>");
    const script = between(document, "<script>", "</script>");
    const policy = between(document, '<meta http-equiv="Content-Security-Policy" content="', '">');
    expect(policy.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test("refers to nothing outside itself, and styles nothing in attributes", () => {
    expect(document).not.toMatch(/\ssrc=/);
    expect(document).not.toMatch(/<[^>]+\sstyle=/);
    expect(document).not.toMatch(/<[^>]+\son\w+=/);
    const links = [...document.matchAll(/<link [^>]*>/g)].map(([link]) => link);
    expect(links).toEqual(['<link rel="icon" href="data:,">']);
    const ids = new Set([...document.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...document.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBe([...document.matchAll(/ id="/g)].length);
  });

  test("tells the verdict first, and its sections in order", () => {
    const sections = [...document.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(sections).toEqual([
      "verdict",
      "picture",
      "paths",
      "findings",
      "undetermined",
      "passed",
      "assumptions",
      "rules",
      "inventory",
      "about",
    ]);
    expect(document).toContain('<p class="word">Not passed</p>');
    expect(document).toContain("1 finding at or above the severity high, the threshold of this run.");
  });

  test("shows the line, what it does, and what to write instead", () => {
    expect(document).toContain(
      '<span class="number">5</span><code class="text">  &quot;AuthenticationEnabled&quot;: <mark class="primary">false</mark>,</code></div><div class="label">no login is asked</div>',
    );
    expect(document).toContain("<pre>&quot;AuthenticationEnabled&quot;: true,</pre>");
    expect(document).toContain("published on every address of the host");
  });

  test("shows no line that nothing is said of: it may hold a secret that nobody knows as one", () => {
    expect(document).toContain("&quot;8042:8042&quot;");
    expect(document).not.toContain("ports:");
    expect(document).not.toContain("Front desk");
  });

  test("masks what is secret, also within a mark", () => {
    expect(document).not.toContain("Winter2019");
    expect(document).toContain("••••");
  });

  test("gives the date of the run, the version, and the hash of every file", () => {
    expect(document).toContain("2026-11-22 10:12 UTC");
    expect(document).toContain("pacslint 0.1.0");
    expect([...document.matchAll(/looked hash">0{64}</g)]).toHaveLength(2);
  });

  test("names what was looked at where a check passed, and what had nothing to look at", () => {
    expect(document).toContain('<span class="looked">default of Orthanc 1.12.4</span>');
    expect(document).toContain("1 check had nothing to look at");
  });
});

test("a run that found nothing says so; one that read nothing does not say that all is well", () => {
  expect(htmlOf(empty, context)).toContain('<p class="word">Passed</p>');
  const nothing = htmlOf({ ...empty, deployments: [], exitCode: 3 }, context);
  expect(nothing).toContain("Nothing was judged");
  expect(nothing).not.toContain('class="verdict good"');
});

test("a suppression is shown with its reason and its line", () => {
  const location = { file: "pacslint.yaml", line: 3, column: 1, endLine: 3, endColumn: 2 };
  const suppression = { rule: "http-no-tls", reason: "VPN only", until: "2027-01-31", location };
  const document = htmlOf(
    {
      ...sample,
      suppressions: [{ ...suppression, from: "configuration", state: "used", findings: 2, undetermined: 0 }],
    },
    context,
  );
  expect(document).toContain("VPN only, until 2027-01-31");
  expect(document).toContain("pacslint.yaml:3");
});

describe("hostile names", () => {
  const files = Object.fromEntries(Object.entries(clinic).map(([name, text]) => [name + hostile, text]));
  const document = htmlOf(poisoned(sample), contextOf(files));

  test("never become markup", () => {
    expect(document).toContain("&lt;script&gt;window.hit=1&lt;/script&gt;");
    const [, body = ""] = document.split("<body>");
    expect([...body.matchAll(/<script/g)]).toHaveLength(1);
    expect(document).not.toContain("<img");
    expect([...document.matchAll(/<\/style>/g)]).toHaveLength(1);
  });

  test("turn no text around and hold no control character", () => {
    expect(document).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
    expect(document).toContain("\\u{202e}");
  });
});

test("five hundred findings are written in no time, most of them folded", () => {
  const report = manyFindings(500);
  const start = performance.now();
  const document = htmlOf(report, context);
  expect(performance.now() - start).toBeLessThan(3000);
  expect([...document.matchAll(/<details class="finding/g)]).toHaveLength(500);
  expect([...document.matchAll(/<details class="finding [^>]* open>/g)].length).toBeLessThan(40);
});

test("no secret of a real configuration is in it", () => {
  const secret = "Zx7-unique-secret";
  const run = lintFiles({
    "orthanc.json": `{ "RemoteAccessAllowed": true, "AuthenticationEnabled": true,\n "RegisteredUsers": { "a": "${secret}" },\n "OrthancPeers": { "p": ["http://192.0.2.1/", "u", "${secret}2"] } }`,
  });
  expect(run.report.findings.length).toBeGreaterThan(0);
  expect(htmlOf(run.report, run)).not.toContain(secret);
});

test("a fleet has a table of its deployments, linked with their pictures", () => {
  const document = htmlOfExamples("exposed-clinic", "hardened-clinic");
  expect(document).toContain('<section id="deployments"');
  expect(document).toContain('<th scope="row"><a href="#d-examples-exposed-clinic">');
});
