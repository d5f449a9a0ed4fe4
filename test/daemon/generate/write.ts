import type { Draft } from "./draft.ts";

/** Where the configuration's files are, and what is named on the command line. */
export interface Written {
  files: Record<string, string>;
  configuration: string;
}

/** Lays the keys out in a file or a folder of files, with comments and the other liberties that Orthanc allows. */
export function write(draft: Draft): Written {
  const { random } = draft;
  if (random.chance(0.37)) return { files: folderOf(draft), configuration: "conf" };
  return { files: { "orthanc.json": text(draft, draft.keys) }, configuration: "orthanc.json" };
}

function folderOf(draft: Draft): Record<string, string> {
  const { random, keys } = draft;
  const names = ["main.json", "dicom.json", random.pick(["users.JSON", ".hidden.json", "z.json"])];
  const parts = new Map<string, [string, string][]>(
    names.slice(0, random.between(1, 3)).map((name) => [name, []]),
  );
  const places = [...parts.keys()];
  const seen = new Map<string, string>();
  for (const entry of keys) {
    // A key that comes twice stays in its file, or Orthanc would hardly ever start.
    const place = random.chance(0.97) ? (seen.get(entry[0]) ?? random.pick(places)) : random.pick(places);
    seen.set(entry[0], place);
    parts.get(place)?.push(entry);
  }
  const files: Record<string, string> = {};
  for (const [name, part] of parts) files[`conf/${name}`] = text(draft, part);
  const ignored = '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false }';
  if (random.chance(0.1)) files["conf/deeper/more.json"] = ignored;
  if (random.chance(0.1)) files["conf/main.json.bak"] = ignored;
  if (random.chance(0.05)) files["conf/other.jsonc"] = ignored;
  return files;
}

function text(draft: Draft, keys: readonly [string, string][]): string {
  const { random } = draft;
  const lines = keys.map(([key, value], index) => {
    const comma = index < keys.length - 1 || random.chance(0.15) ? "," : "";
    return `${comment(draft)}  ${JSON.stringify(key)}: ${value}${comma}${random.chance(0.05) ? " // so" : ""}\n`;
  });
  const body = `${random.chance(0.03) ? "\uFEFF" : ""}{\n${lines.join("")}}\n`;
  return random.weighted([
    [60, body],
    [2, `${body}\n{ "RemoteAccessAllowed": false } and more`],
    [1, `// configuration\n${body}`],
    [0.5, body.replace(",\n", "\n")],
    [0.4, `# configuration\n${body}`],
    [0.3, `[${body}]`],
    [0.2, ""],
    [0.3, body.replace(/"/, "'").replace(/"/, "'")],
  ]);
}

function comment({ random }: Draft): string {
  return random.weighted([
    [30, ""],
    [1, '  // "AuthenticationEnabled": false,\n'],
    [1, '  /* "RemoteAccessAllowed": true,\n  "DicomAlwaysAllowFind": true */\n'],
    [0.5, `  // \${PL_UNDEFINED}\n`],
  ]);
}
