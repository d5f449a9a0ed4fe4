import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import cipherData from "../../data/tls-ciphers.json" with { type: "json" };
import { suiteOf, worstVerdict } from "../../src/products/dcm4chee/java.ts";

/** Java installations that can run a source file. */
const folder = "/usr/lib/jvm";
const homes = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => join(folder, name))
  .filter((home) => existsSync(join(home, "bin/javac")));
if (homes.length === 0) process.stderr.write("skipped: no JDK here (Debian's default-jdk-headless is one)\n");

const names = cipherData.ciphers.flatMap((row) => (typeof row.jsse === "string" ? [row.jsse] : []));

describe.runIf(homes.length > 0)("Java agrees", () => {
  it.each(homes)(
    "on the suites that it offers: %s",
    (home) => {
      const output = execFileSync(
        join(home, "bin/java"),
        [join(import.meta.dirname, "Suites.java"), ...names],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      );
      const answers = output
        .trim()
        .split("\n")
        .map((line) => line.split(" "));
      expect(answers.length).toBe(names.length);
      const against = answers.filter(([name = "", answer]) => {
        const expected = suiteOf(name).java;
        return (
          answer !== "unknown" &&
          expected !== "depends" &&
          (answer === "offered") !== (expected === "offered")
        );
      });
      expect(against).toEqual([]);
    },
    60_000,
  );
});

describe("suiteOf", () => {
  it("knows a suite by either prefix", () => {
    expect(suiteOf("SSL_RSA_WITH_NULL_SHA")).toMatchObject({
      verdict: "broken",
      isNull: true,
      java: "disabled",
    });
    expect(suiteOf("TLS_RSA_WITH_AES_128_CBC_SHA")).toMatchObject({
      verdict: "weak",
      isNull: false,
      java: "depends",
    });
    expect(suiteOf("TLS_AES_128_GCM_SHA256")).toMatchObject({
      verdict: "strong",
      isTls13: true,
      java: "offered",
    });
    expect(suiteOf("NONSENSE").verdict).toBeUndefined();
  });

  it("takes the worst of a list", () => {
    expect(
      worstVerdict(["TLS_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA", "NONSENSE"].map(suiteOf)),
    ).toBe("weak");
    expect(worstVerdict([suiteOf("NONSENSE")])).toBeUndefined();
  });
});
