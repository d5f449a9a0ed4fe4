import { type Draft, json } from "./draft.ts";

/** Keys whose name is easily written wrong, and how. */
const MISSPELT: Readonly<Record<string, string>> = {
  RemoteAccessAllowed: "RemoteAcessAllowed",
  AuthenticationEnabled: "AuthentificationEnabled",
  RegisteredUsers: "RegistredUsers",
  SslEnabled: "SSLEnabled",
  SslVerifyPeers: "SslVerifyPeer",
  DicomTlsEnabled: "DicomTLSEnabled",
  DicomAlwaysAllowStore: "DicomAllowAlwaysStore",
  DicomAlwaysAllowEcho: "DicomAlwaysAllowECHO",
  DicomCheckModalityHost: "DicomCheckModalitiesHost",
  DicomCheckCalledAet: "DicomCheckCalledAET",
  DicomModalities: "DicomModality",
  ExecuteLuaEnabled: "ExecuteLUAEnabled",
};

/** Keys that have nothing to do with security, so that files look like files. */
const FILLERS: readonly (readonly [string, unknown])[] = [
  ["Name", `Test \${not closed`],
  ["StorageDirectory", "Storage"],
  ["ConcurrentJobs", 3],
  ["HttpTimeout", 60],
  ["StableAge", 30],
  ["UserMetadata", { sample: 1024 }],
  ["OverwriteInstances", false],
  ["JobsHistorySize", 5],
  ["SomethingElse", { RemoteAccessAllowed: true }],
  ["HttpThreadsCount", 20],
  ["SaveJobs", false],
];

/** Adds keys that do not matter. */
export function fillers(draft: Draft): void {
  const { random } = draft;
  for (const [key, value] of FILLERS) if (random.chance(0.08)) draft.keys.push([key, json(value)]);
}

/** Writes things as they should not be: wrong types, names and cases, keys twice. */
export function mistakes(draft: Draft): void {
  const { random, keys } = draft;
  if (keys.length === 0) return;
  if (random.chance(0.07)) {
    const target = random.pick(keys);
    target[1] = random.weighted([
      [3, json(target[1].replaceAll('"', ""))],
      [1, "1"],
      [1, "0"],
      [1, "null"],
      [1, "1.5"],
      [1, "[]"],
      [1, "{}"],
      [2, '"false"'],
    ]);
  }
  if (random.chance(0.08)) {
    const target = random.pick(keys);
    target[0] = MISSPELT[target[0]] ?? target[0];
  }
  if (random.chance(0.05)) {
    const target = random.pick(keys);
    target[0] = random.chance(0.5)
      ? target[0].toLowerCase()
      : target[0][0]?.toLowerCase() + target[0].slice(1);
  }
  if (random.chance(0.1)) {
    const [key, text] = random.pick(keys);
    const other = text === "true" ? "false" : text === "false" ? "true" : text;
    keys.splice(random.between(0, keys.length), 0, [key, other]);
  }
}

/** Lets environment variables stand for values, in every form. */
export function variables(draft: Draft): void {
  const { random, keys } = draft;
  if (!random.chance(0.3)) return;
  for (const entry of random.shuffle(keys).slice(0, random.between(1, 2))) {
    const [key, text] = entry;
    const name = `PL_${key.toUpperCase().slice(0, 12)}`;
    if (text === "true" || text === "false" || /^\d+$/.test(text)) entry[1] = bare(draft, name, text);
    else if (/^"[^"\\$]*"$/.test(text)) entry[1] = quoted(draft, name, text);
    else if (key === "RegisteredUsers") entry[1] = inUsers(draft, text);
    else if (random.chance(0.1)) {
      draft.env[name] = text;
      entry[1] = `\${${name}}`;
    }
  }
  if (random.chance(0.1))
    draft.keys.push(["Comment", `"\${PL_UNDEFINED} $HOME \${PL_A-b} \${PL_UNDEFINED:-$x}"`]);
  if (random.chance(0.03)) {
    draft.env.PL_INJECT = 'x", "RemoteAccessAllowed": true, "AuthenticationEnabled": false, "Other": "y';
    draft.keys.push(["Comment2", `"\${PL_INJECT}"`]);
  }
}

/** Outside quotes: undefined or empty is a syntax error; the default counts only where the name is undefined. */
function bare(draft: Draft, name: string, text: string): string {
  const form = draft.random.weighted([
    [5, "set"],
    [4, "default"],
    [1, "default-overridden"],
    [1, "default-quoted"],
    [0.4, "undefined"],
    [0.4, "empty"],
    [0.6, "in-quotes"],
  ] as const);
  if (form === "set" || form === "in-quotes") draft.env[name] = text;
  if (form === "empty") draft.env[name] = "";
  if (form === "default") return `\${${name}:-${text}}`;
  if (form === "default-quoted") return `\${${name}:-'${text}'}`;
  if (form === "default-overridden") {
    draft.env[name] = text;
    return `\${${name}:-${text === "true" ? "false" : "true"}}`;
  }
  return form === "in-quotes" ? `"\${${name}}"` : `\${${name}}`;
}

function quoted(draft: Draft, name: string, text: string): string {
  const content = text.slice(1, -1);
  if (draft.random.chance(0.5)) return `"\${${name}:-${content}}"`;
  draft.env[name] = content;
  return `"\${${name}}"`;
}

/** One password from a variable: defined, defaulted, empty or undefined. */
function inUsers(draft: Draft, text: string): string {
  const match = /"(\w+)": "([^"$]*)"/.exec(text);
  if (match === null) return text;
  const [whole, user = "", password = ""] = match;
  const form = draft.random.pick(["set", "default", "undefined", "empty-with-default", "doubled"] as const);
  if (form === "set") draft.env.PL_PASSWORD = password;
  if (form === "empty-with-default") draft.env.PL_PASSWORD = "";
  if (form === "doubled") draft.env.PL_PASSWORD = `secret-\${HOME}`;
  draft.credentials.push([user, `secret-\${HOME}`]);
  const reference = form === "default" || form === "empty-with-default" ? `:-${password}` : "";
  return text.replace(whole, () => `"${user}": "\${PL_PASSWORD${reference}}"`);
}
