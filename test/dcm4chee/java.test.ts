import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import cipherData from "../../data/tls-ciphers.json" with { type: "json" };
import { suiteOf, worstVerdict } from "../../src/products/dcm4chee/java.ts";

/** What test/dcm4chee/setup-java.sh unpacked, and the installations of this machine that can run a source file. */
const unpacked = join(process.env.PACSLINT_TOOLS ?? "/var/cache/pacslint-tools", "java");
const folder = "/usr/lib/jvm";
const installed = (existsSync(folder) ? readdirSync(folder) : [])
  .map((name) => realpathSync(join(folder, name)))
  .filter((home, index, all) => existsSync(join(home, "bin/javac")) && all.indexOf(home) === index);
const homes = [...(existsSync(join(unpacked, "bin/java")) ? [unpacked] : []), ...installed];
if (process.env.PACSLINT_REQUIRE_JAVA === "1" && !homes.includes(unpacked))
  throw new Error("Java is not there: run test/dcm4chee/setup-java.sh");
if (homes.length === 0)
  process.stderr.write("skipped: no Java here (test/dcm4chee/setup-java.sh unpacks one)\n");

const names = cipherData.ciphers.flatMap((row) => (typeof row.jsse === "string" ? [row.jsse] : []));

/** What a Java makes of all suites: "offered", "refused", or "unknown" for a name that it has never heard. */
function askJava(home: string): ReadonlyMap<string, string> {
  const known = answers.get(home);
  if (known !== undefined) return known;
  const output = execFileSync(join(home, "bin/java"), [join(import.meta.dirname, "Suites.java"), ...names], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pairs = output.trim().split("\n");
  const said = new Map(pairs.map((line) => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""] as const));
  answers.set(home, said);
  return said;
}
const answers = new Map<string, ReadonlyMap<string, string>>();

/** Whether this Java came after TLS_RSA_* was given up: JDK 24, and the updates of 2026. Undefined: not known. */
function gaveUpRsa(home: string): boolean | undefined {
  const file = join(home, "release");
  const version = existsSync(file)
    ? /JAVA_VERSION="([\d.]+)/.exec(readFileSync(file, "utf8"))?.[1]
    : undefined;
  const [feature = 0, , update = 0] = (version ?? "").split(".").map(Number);
  if (feature >= 24) return true;
  return feature === 17 ? update >= 21 : undefined;
}

describe.runIf(homes.length > 0)("Java agrees", () => {
  it.each(homes)("on the suites that it offers: %s", { timeout: 60_000 }, (home) => {
    const said = askJava(home);
    expect(said.size).toBe(new Set(names).size);
    const against = [...said].filter(([name, answer]) => {
      const expected = suiteOf(name).java;
      return (
        answer !== "unknown" && expected !== "depends" && (answer === "offered") !== (expected === "offered")
      );
    });
    expect(against).toEqual([]);
  });

  // dcm4che-dockerfiles/slapd-dcm4chee ldap/data/dcm4chee-arc.ldif:244-280
  const stock = ["TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA"];
  it.each(homes)("on what is left of the stock list: %s", { timeout: 60_000 }, (home) => {
    const said = askJava(home);
    expect(said.get("SSL_RSA_WITH_3DES_EDE_CBC_SHA")).toBe("refused");
    const gone = gaveUpRsa(home);
    if (gone !== undefined)
      expect(said.get("TLS_RSA_WITH_AES_128_CBC_SHA")).toBe(gone ? "refused" : "offered");
    expect(stock.map((name) => suiteOf(name).java)).toEqual(["depends", "disabled"]);
  });

  it.each(homes)("on what the fixes write: %s", { timeout: 60_000 }, (home) => {
    const written = ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"];
    expect(written.map((name) => askJava(home).get(name))).toEqual(["offered", "offered"]);
  });
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
