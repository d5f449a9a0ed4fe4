/**
 * What Java does with a list of cipher suites and protocols. The names that a configuration lists are only a wish: the
 * security properties of the Java installation take some away (jdk.tls.disabledAlgorithms).
 */
import cipherData from "../../../data/tls-ciphers.json" with { type: "json" };

/** How good a suite is, best first. */
const verdicts = ["strong", "acceptable", "weak", "broken"] as const;
/** What can be said of a cipher suite, the best first. */
export type SuiteVerdict = (typeof verdicts)[number];

/** What is known of a suite that a list names. */
export interface Suite {
  /** As the list has it. */
  readonly name: string;
  /** Undefined for a name that Java does not know. */
  readonly verdict: SuiteVerdict | undefined;
  /** The data itself is not encrypted. */
  readonly isNull: boolean;
  /** Neither side shows a certificate. */
  readonly isAnonymous: boolean;
  /** Belongs to TLS 1.3. */
  readonly isTls13: boolean;
  readonly java: JavaSupport;
}

/**
 * Whether Java offers a suite that is listed.
 *
 * - `offered`: by every release;
 * - `depends`: by older updates only: TLS_RSA_* left with JDK 24 and the updates of 2026 (OpenJDK 17.0.21);
 * - `disabled`: by no release since 2019 (NULL and anon: 11.0.3, 8u211; 3DES: 8u171; DES, RC4 and MD5 before).
 *
 * Source: conf/security/java.security of OpenJDK 17.0.15 and 17.0.21, jdk.tls.disabledAlgorithms.
 */
export type JavaSupport = "offered" | "depends" | "disabled";

interface CipherRow {
  readonly iana: string;
  readonly jsse: string | null;
  readonly protocol: string;
  readonly verdict: string;
}

const rows: readonly CipherRow[] = cipherData.ciphers;
const byName = new Map<string, CipherRow>();
for (const row of rows) {
  byName.set(row.iana, row);
  if (row.jsse !== null) byName.set(row.jsse, row);
}

/** Looks a suite up by its JSSE name; SSL_ and TLS_ prefixes name the same suites. */
export function suiteOf(name: string): Suite {
  const row =
    byName.get(name) ??
    byName.get(name.replace(/^SSL_/, "TLS_")) ??
    byName.get(name.replace(/^TLS_/, "SSL_"));
  return {
    name,
    verdict: verdicts.find((verdict) => verdict === row?.verdict),
    isNull: /_WITH_NULL(_|$)/.test(name),
    isAnonymous: /_anon_/i.test(name),
    isTls13: row?.protocol === "TLSv1.3",
    java: supportOf(name),
  };
}

function supportOf(name: string): JavaSupport {
  if (/_WITH_NULL(_|$)|_anon_|_WITH_(?:3DES|DES|DES40|RC4|RC2|IDEA)_|_EXPORT|_MD5$|_SCSV$/i.test(name))
    return "disabled";
  if (/^(?:TLS|SSL)_ECDH_/.test(name)) return "disabled";
  return /^(?:TLS|SSL)_RSA_/.test(name) ? "depends" : "offered";
}

/** The worst verdict of some suites; a name that nobody knows says nothing. */
export function worstVerdict(suites: readonly Suite[]): SuiteVerdict | undefined {
  return suites.reduce<SuiteVerdict | undefined>((worst, suite) => {
    if (suite.verdict === undefined) return worst;
    return worst === undefined || verdicts.indexOf(suite.verdict) > verdicts.indexOf(worst)
      ? suite.verdict
      : worst;
  }, undefined);
}

const protocolOrder = ["SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** The oldest of some protocol names; undefined when none is known. */
export function oldestProtocol(names: readonly string[]): string | undefined {
  return protocolOrder.find((name) => names.includes(name));
}
