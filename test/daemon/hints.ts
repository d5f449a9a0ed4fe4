import type { Case, Credential } from "./case.ts";

/** What a measurement should try on a configuration that nobody has described. */
export type Hints = Pick<Case, "titles" | "credentials" | "dicomWebRoots" | "called">;

/**
 * Looks into configuration files for titles, logins and roots to try. Roughly: what it misses is only not tried, and the
 * linter's own reader must not decide what the linter is tested with.
 */
export function hints(files: Record<string, string>, env: Record<string, string> = {}): Hints {
  const result: Hints = { titles: {}, credentials: [], dicomWebRoots: [], called: "ORTHANC" };
  for (const [path, text] of Object.entries(files)) {
    if (!/\.json$/i.test(path)) continue;
    const root = parseRoughly(text, env);
    result.credentials.push(...logins(record(root.RegisteredUsers)));
    for (const [title, host] of titles(record(root.DicomModalities))) {
      result.titles[title] = [...(result.titles[title] ?? []), host];
    }
    const dicomWebRoot = record(root.DicomWeb).Root;
    if (typeof dicomWebRoot === "string") result.dicomWebRoots.push(`/${dicomWebRoot.replace(/^\/+/, "")}`);
    if (typeof root.DicomAet === "string") result.called = root.DicomAet;
  }
  return result;
}

/** The object that a file holds; empty where it holds none. */
export function parseRoughly(text: string, env: Readonly<Record<string, string>>): Record<string, unknown> {
  return record(parse(text, env));
}

function logins(users: Record<string, unknown>): Credential[] {
  return Object.entries(users).map(([user, password]) => [user, password === null ? "" : String(password)]);
}

function titles(modalities: Record<string, unknown>): [title: string, host: string][] {
  return Object.values(modalities).flatMap((modality): [string, string][] => {
    const { AET, Host } = record(modality);
    const [title, host] = Array.isArray(modality) ? modality : [AET, Host];
    return typeof title === "string" ? [[title, String(host)]] : [];
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** JSON after variables, comments and trailing commas are gone; undefined if it still is none. */
function parse(text: string, env: Readonly<Record<string, string>>): unknown {
  const plain = text
    .replace(/^\uFEFF/, "")
    .replace(/\$\{([^}:]+)(?::-([^}]*))?\}/g, (_, name: string, fallback = "") => env[name] ?? fallback)
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted = "") => quoted)
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted = "") => quoted);
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}
