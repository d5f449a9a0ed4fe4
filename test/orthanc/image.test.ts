/** What the start script of orthancteam/orthanc makes of files, variables and secrets; expected values from the script itself. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/facts/json.ts";
import { configureImage } from "../../src/products/orthanc/image/index.ts";
import type { ImageConfiguration, ImageFile, ImageInput } from "../../src/products/orthanc/image/types.ts";
import { loadFile } from "../../src/products/orthanc/load.ts";
import { at } from "../../src/sources/tree.ts";
import { holeText, type Located, type Text, textOfFile } from "../../src/text/text.ts";
import { plain } from "../plain.ts";

const imageAt: Located = { at: { file: "compose.yml", start: 20, end: 45 } };
const unseen = "\u0000";

interface Given {
  readonly release?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly ordered?: boolean;
  readonly complete?: boolean;
  readonly full?: boolean;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly kind?: ImageInput["kind"];
  readonly more?: readonly ImageFile[];
}

/** A container; each file and each variable's value is a text of its own, a NUL stands for an unknown value. */
function configured(given: Given): ImageConfiguration {
  const text = (file: string, value: string): Text =>
    value === unseen ? holeText("not set", imageAt) : textOfFile(file, value);
  const words = (name: string, list: readonly string[] | undefined): readonly Text[] | undefined =>
    list?.map((word) => text(name, word));
  return configureImage({
    kind: given.kind ?? "builder",
    release: given.release ?? "26.6.1",
    full: given.full ?? false,
    imageAt,
    variables: Object.entries(given.variables ?? {}).map(([name, value], index) => ({
      name,
      value: text(`env/${name}`, value),
      at: { at: { file: "compose.yml", start: 100 + index, end: 101 + index } },
    })),
    variablesOrdered: given.ordered ?? true,
    variablesComplete: given.complete ?? true,
    files: [
      ...Object.entries(given.files ?? {}).map(
        ([path, value]): ImageFile => ({
          path,
          at: imageAt,
          content: { type: "text", text: text(path, value) },
        }),
      ),
      ...(given.more ?? []),
    ],
    command: words("command", given.command),
    entrypoint: words("entrypoint", given.entrypoint),
  });
}

function value(given: Given, path: string): Json {
  const { generated } = configured(given);
  return generated === undefined ? null : (plain(at(generated.tree, path.split("."))) ?? null);
}

function placeOf(given: Given, path: string): string {
  const { generated } = configured(given);
  const found = generated === undefined ? undefined : at(generated.tree, path.split("."));
  return found === undefined ? "nowhere" : `${found.at.file}:${found.at.start}-${found.at.end}`;
}

const messages = (given: Given): readonly string[] => configured(given).faults.map(({ message }) => message);
const kinds = (given: Given): readonly string[] => configured(given).notes.map(({ kind }) => kind);
const startsWith = (given: Given): unknown => configured(given).startup;
const plugins = (given: Given): readonly string[] =>
  configured(given).plugins.flatMap(({ name, enabled }) => (enabled === true ? [name] : []));
const file = "/etc/orthanc/orthanc.json";

describe("the order of what is merged", () => {
  const given: Given = {
    files: {
      [file]: '{"Name": "file", "HttpPort": 1, "DicomWeb": {"Root": "/a/"}}',
      "/run/secrets/s.json": '{"Name": "secret", "DicomPort": 5}',
      "/run/secrets/ORTHANC__LOCALE": "fr\n",
    },
    variables: { ORTHANC__DICOM_PORT: "6", ORTHANC__LOCALE: "en", ORTHANC__DICOM_WEB__ENABLE_WADO: "false" },
  };
  it("is files, secret files, variables, secrets, the image", () => {
    expect(
      ["Name", "HttpPort", "DicomPort", "Locale", "DicomWeb", "RemoteAccessAllowed"].map((key) =>
        value(given, key),
      ),
    ).toEqual(["secret", 1, 6, "fr", { Root: "/a/", EnableWado: false, Enable: true }, true]);
  });
  it("keeps the place of each value", () => {
    expect(
      ["Name", "HttpPort", "DicomPort", "Locale", "DicomWeb.Root", "AuthenticationEnabled"].map((key) =>
        placeOf(given, key),
      ),
    ).toEqual([
      "/run/secrets/s.json:9-17",
      `${file}:29-30`,
      "env/ORTHANC__DICOM_PORT:0-1",
      "/run/secrets/ORTHANC__LOCALE:0-2",
      `${file}:53-58`,
      "compose.yml:20-45",
    ]);
  });
  it("lists what the image sets", () => {
    const paths = configured({ variables: { ORTHANC__AUTHENTICATION_ENABLED: "false" } }).defaults.map(
      ({ path, origin }) => `${path.join(".")} ${origin.by}`,
    );
    expect(paths).toContain("RemoteAccessAllowed set by the image");
    expect(paths).not.toContain("AuthenticationEnabled set by the image");
  });
});

describe("the file that is written", () => {
  const given: Given = { variables: { ORTHANC__NAME: 'a "b" é ${HOSTNAME}', ORTHANC__HTTP_PORT: "80" } };
  it("is read by Orthanc like any other, with the places of its parts", () => {
    const [first] = configured(given).configuration;
    const source = first?.files[0];
    if (source === undefined) throw new Error("nothing is generated");
    const loaded = loadFile(source, { complete: true, variables: new Map() });
    const members = loaded.root?.members.map(({ key, value: tree }) => [key, plain(tree), tree.at.file]);
    expect(members?.slice(0, 2)).toEqual([
      ["Name", 'a "b" é ', "env/ORTHANC__NAME"],
      ["HttpPort", 80, "env/ORTHANC__HTTP_PORT"],
    ]);
    expect(first?.path).toBe("/tmp/orthanc.json");
  });
  it("tells Orthanc of members that are not seen", () => {
    const source = configured({ complete: false }).configuration[0]?.files[0];
    if (source === undefined) throw new Error("nothing is generated");
    expect(loadFile(source, { complete: true, variables: new Map() }).root?.open?.reason).toMatch(
      /variables may be set/,
    );
  });
});

describe("T57: a file with a mistake", () => {
  const broken = '{"AuthenticationEnabled": true,}';
  it("stops the start when it is the only one", () => {
    expect(startsWith({ files: { [file]: broken } })).toBe("refuses");
    expect(messages({ files: { [file]: broken } })[0]).toMatch(/does not start/);
  });
  it("is left out beside others, unless the folder lists it first", () => {
    const given = { files: { [file]: broken, "/etc/orthanc/users.json": '{"Name": "x"}' } };
    expect(value(given, "Name")).toBe("x");
    expect(kinds(given)).toEqual(["left-out"]);
    expect(startsWith(given)).toMatchObject({ reason: expect.stringMatching(/order/) });
  });
  it("is silently left out when it is read later", () => {
    const given = { files: { "/etc/orthanc/a.json": '{"Name": "x"}', "/run/secrets/b.json": broken } };
    expect(startsWith(given)).toBe("starts");
    expect(configured(given).faults).toMatchObject([
      { effect: "syntax", origins: [{ at: { file: "/run/secrets/b.json", start: 31 } }] },
    ]);
  });
  it("may have comments, not a byte order mark, a root in brackets or another encoding", () => {
    const encoded = (encoding: "utf-8-bom" | "windows-1252"): ImageFile => ({
      path: file,
      at: imageAt,
      content: { type: "text", text: textOfFile(file, "{}"), encoding },
    });
    expect(startsWith({ files: { [file]: "{ /* a */ } // b" } })).toBe("starts");
    expect(startsWith({ files: { [file]: "[]" } })).toBe("refuses");
    expect(startsWith({ more: [encoded("utf-8-bom")] })).toBe("refuses");
    expect(startsWith({ more: [encoded("windows-1252")] })).toBe("refuses");
    expect(startsWith({ more: [{ path: file, at: imageAt, content: { type: "folder" } }] })).toBe("refuses");
  });
});

describe("T58: users of a variable", () => {
  const given: Given = {
    files: { [file]: '{"RegisteredUsers": {"demo": "demo"}}' },
    variables: { ORTHANC__REGISTERED_USERS: '{"alice": "secret"}' },
  };
  it("join those of a file", () => {
    expect(value(given, "RegisteredUsers")).toEqual({ demo: "demo", alice: "secret" });
    expect(configured(given).notes).toMatchObject([
      { kind: "merged-users", origins: [{ at: { file, start: 21, end: 27 } }] },
    ]);
  });
});

describe("T59: a variable that ends in _SECRET", () => {
  const name = "ORTHANC__ORTHANC_EXPLORER_2__KEYCLOAK__CLIENT_SECRET";
  it("names a file, and its value is dropped", () => {
    expect(value({ variables: { [name]: "s3cret" } }, "OrthancExplorer2.Keycloak")).toBeNull();
    expect(kinds({ variables: { [name]: "s3cret" } })).toEqual(["dropped-value"]);
  });
  it("takes the text of the file that it names", () => {
    const given = {
      variables: { ORTHANC__POSTGRESQL__PASSWORD_SECRET: "pg" },
      files: { "/run/secrets/pg": "secret\n\n" },
    };
    expect(value(given, "PostgreSQL.Password")).toBe("secret");
    expect(placeOf(given, "PostgreSQL.Password")).toBe("/run/secrets/pg:0-6");
    expect(kinds(given)).toEqual([]);
  });
  it("of another program is no concern", () =>
    expect(kinds({ variables: { OIDC_CLIENT_SECRET: "x" } })).toEqual([]));
  it("leaves its option unknown while the name or the file is", () => {
    expect(value({ variables: { ORTHANC__NAME_SECRET: unseen } }, "Name")).toBe("unknown: not set");
    expect(
      value(
        {
          variables: { ORTHANC__NAME_SECRET: "n" },
          more: [
            { path: "/run/secrets/n", at: imageAt, content: { type: "unknown", reason: "kept outside" } },
          ],
        },
        "Name",
      ),
    ).toBe("unknown: kept outside");
  });
  it("makes any secret that is no text stop the start", () => {
    expect(
      messages({ more: [{ path: "/run/secrets/keystore", at: imageAt, content: { type: "binary" } }] })[0],
    ).toMatch(/not text in UTF-8/);
  });
});

describe("T60: names that do not come out as the option", () => {
  it.each([
    [
      "ORTHANC__MAXIMUM_REQUEST_BODY_SIZE_MB",
      "MaximumRequestBodySizeMb",
      "ORTHANC__MAXIMUM_REQUEST_BODY_SIZE_M_B",
    ],
    [
      "ORTHANC__MAXIMUM_FILE_SIZE_IN_ARCHIVE_MB",
      "MaximumFileSizeInArchiveMb",
      "ORTHANC__MAXIMUM_FILE_SIZE_IN_ARCHIVE_M_B",
    ],
    ["ORTHANC__DICOM_MODALITIES__CT__AET", "DicomModalities.Ct.Aet", "ORTHANC__DICOM_MODALITIES__CT__A_E_T"],
  ])("%s sets %s", (name, path, right) => {
    expect(value({ variables: { [name]: "1" } }, path)).toBe(1);
    const { notes } = configured({ variables: { [name]: "1" } });
    expect(notes).toMatchObject([{ kind: "ignored-name", message: expect.stringMatching(`${right}$`) }]);
  });
  it("the right name is silent", () =>
    expect(kinds({ variables: { ORTHANC__MAXIMUM_REQUEST_BODY_SIZE_M_B: "1" } })).toEqual([]));
  it("a single underscore has no effect", () =>
    expect(kinds({ variables: { ORTHANC_AUTHENTICATION_ENABLED: "true", ORTHANC_URL: "x" } })).toEqual([
      "no-effect",
    ]));
});

describe("T61: what switches a plugin on", () => {
  it.each(["False", "0", "no", ""])("%j does", (text) => {
    expect(plugins({ variables: { DICOM_WEB_PLUGIN_ENABLED: text } })).toContain("DicomWeb");
    expect(kinds({ variables: { DICOM_WEB_PLUGIN_ENABLED: text } })).toEqual(["enabled-by-any-value"]);
  });
  it("its section does too, and only false switches it off", () => {
    const files = { [file]: '{"DicomWeb": {}}' };
    expect(plugins({ files })).toEqual(["DicomWeb", "Gdcm", "OrthancExplorer2"]);
    expect(
      plugins({ files, variables: { DICOM_WEB_PLUGIN_ENABLED: "false", GDCM_PLUGIN_ENABLED: "false" } }),
    ).toEqual(["OrthancExplorer2"]);
  });
  it("an unknown value leaves it unknown", () => {
    const found = configured({ variables: { DICOM_WEB_PLUGIN_ENABLED: unseen } }).plugins.find(
      ({ name }) => name === "DicomWeb",
    );
    expect(found?.enabled).toMatchObject({ reason: "not set" });
  });
  it("a Python script does, the viewers need their variable", () => {
    expect(plugins({ files: { [file]: '{"PythonScript": "x.py", "StoneWebViewer": {}}' } })).toEqual([
      "Gdcm",
      "OrthancExplorer2",
      "Python",
    ]);
  });
  it("libraries of the full image stop the start of the other", () => {
    expect(messages({ variables: { JAVA_PLUGIN_ENABLED: "true" } })).toHaveLength(1);
    expect(messages({ variables: { JAVA_PLUGIN_ENABLED: "true" }, full: true })).toEqual([]);
  });
});

describe("T62: Education and Java", () => {
  it("get Enable, while the plugins read Enabled", () => {
    expect(value({ variables: { EDUCATION_PLUGIN_ENABLED: "true" } }, "Education")).toEqual({ Enable: true });
    expect(value({ variables: { JAVA_PLUGIN_ENABLED: "true" }, full: true }, "Java.Enabled")).toBeNull();
  });
});

describe("T63: jodogne/orthanc", () => {
  const users = (release: string, given: Given = {}): readonly Json[] =>
    configured({ ...given, kind: "jodogne", release }).configuration.flatMap(({ files }) =>
      files.flatMap((source) => {
        const { root } = loadFile(source, { complete: true, variables: new Map() });
        return (
          root?.members.filter(({ key }) => key === "RegisteredUsers").map((member) => plain(member.value)) ??
          []
        );
      }),
    );
  it("has known credentials in its file from 1.13.0 on, and had before 1.5.8", () => {
    expect(users("1.13.0")).toEqual([{ orthanc: "orthanc" }]);
    expect(users("1.5.7")).toEqual([{ orthanc: "orthanc" }]);
    expect(users("1.12.8")).toEqual([{}]);
    expect(users("1.12.10")).toEqual([]);
  });
  it("loses them to a file that is mounted in its place, or to a folder", () => {
    expect(users("1.13.0", { files: { [file]: "{}" } })).toEqual([]);
    expect(
      users("1.13.0", { more: [{ path: "/etc/orthanc", at: imageAt, content: { type: "folder" } }] }),
    ).toEqual([]);
  });
  it("refuses a key of its files in another one", () => {
    const given: Given = {
      kind: "jodogne",
      release: "1.12.4",
      files: { "/etc/orthanc/mine.json": '{"DicomWeb": {}, "HttpPort": 80}' },
    };
    expect(configured(given).faults).toMatchObject([
      {
        effect: "start",
        origins: [{ at: { file: "/etc/orthanc/mine.json", start: 17 } }, { at: imageAt.at }],
      },
    ]);
    expect(configured({ ...given, files: { "/etc/orthanc/mine.json": '{"DicomWeb": {}}' } }).faults).toEqual(
      [],
    );
  });
  it("keeps the second file beside a mounted one since 1.13.0", () => {
    const files = { [file]: '{"ExecuteLuaEnabled": true}' };
    expect(messages({ kind: "jodogne", release: "1.13.0", files })[0]).toMatch(/advanced\.json/);
    expect(messages({ kind: "jodogne", release: "1.12.11", files })).toEqual([]);
  });
  it("does not look at the variables of the other image", () => {
    expect(
      kinds({
        kind: "jodogne",
        release: "1.12.4",
        variables: { ORTHANC__NAME: "x", DICOM_WEB_PLUGIN_ENABLED: "true", FOO: "1" },
      }),
    ).toEqual(["no-effect"]);
  });
});

describe("packages of Debian in an image", () => {
  it("spread their options over several files", () => {
    const given: Given = {
      kind: "debian",
      release: "1.10.1",
      entrypoint: ["Orthanc"],
      command: ["--verbose", "/etc/orthanc"],
    };
    const { configuration, runtime, reads } = configured({
      ...given,
      files: { "/etc/orthanc/credentials.json": '{"RegisteredUsers": {"a": "b"}}' },
    });
    expect(reads).toBe("given");
    expect(configuration[0]?.files.map(({ path }) => path).sort()).toEqual(
      ["orthanc.json", "serve-folders.json", "worklists.json"]
        .map((name) => `/etc/orthanc/${name}`)
        .concat("/etc/orthanc/credentials.json")
        .sort(),
    );
    expect(runtime.verbosity).toBe("verbose");
    expect(configured({ kind: "debian", release: "1.10.1" }).reads).toBe("unknown");
  });
});

describe("values of variables", () => {
  it.each<[string, Json]>([
    ["true", true],
    ["True", "True"],
    ["123456", 123456],
    ["1.50", 1.5],
    ['"quoted"', "quoted"],
    ['{"a": 1} // c', '{"a": 1} // c'],
    ['{"a": "http://x"}', { a: "http://x" }],
    ['{"a": 1,}', '{"a": 1,}'],
    [" true ", true],
    ["", ""],
    ["null", null],
    ["[1, 2]", [1, 2]],
    ["pa$$w${A}rd", "pa$$w${A}rd"],
  ])("%j is %j", (text, expected) =>
    expect(value({ variables: { ORTHANC__NAME: text } }, "Name")).toEqual(expected),
  );
  it("a boolean in capitals is told", () =>
    expect(kinds({ variables: { ORTHANC__AUTHENTICATION_ENABLED: "False" } })).toEqual(["text-for-boolean"]));
  it("unknown values stay unknown", () =>
    expect(value({ variables: { ORTHANC__AUTHENTICATION_ENABLED: unseen } }, "AuthenticationEnabled")).toBe(
      "unknown: not set",
    ));
});

describe("variables in files", () => {
  const text = (inside: string, variables: Record<string, string> = {}, release = "26.6.1"): Json =>
    value({ release, files: { [file]: `{"Name": "${inside}"}` }, variables }, "Name");
  it.each([
    ["${A}", "a"],
    ["$A", "a"],
    ["${X:-d}", "d"],
    ["${E:-d}", "d"],
    ["${E-d}", ""],
    ["${X-d}", "d"],
    ["${X:-d$A}", "da"],
    ["${X:-}", "${X:-}"],
    ["pa$1ss", "pa"],
    ["$N", "a"],
    ["$0", "generateConfiguration.py"],
  ])("%s is %s", (inside, expected) => expect(text(inside, { A: "a", E: "", N: "${A}" })).toBe(expected));
  it("are left to Orthanc before 23.6.1", () => expect(text("${A}", { A: "a" }, "23.6.0")).toBe("${A}"));
  it("that only the container knows are unknown", () =>
    expect(text("${HOSTNAME}")).toBe("unknown: the container itself sets HOSTNAME"));
  it("lead to their place", () =>
    expect(placeOf({ files: { [file]: '{"HttpPort": ${P}}' }, variables: { P: "80" } }, "HttpPort")).toBe(
      "env/P:0-2",
    ));
});

describe("inputs without an order", () => {
  const two = {
    "/etc/orthanc/10-a.json": '{"Name": "a", "HttpPort": 1, "DicomWeb": {"Root": "x"}}',
    "/etc/orthanc/20-b.json": '{"Name": "b", "HttpPort": 1, "DicomWeb": {"Host": "y"}}',
  };
  it("make a value unknown where they differ", () => {
    expect(value({ files: two }, "Name")).toMatch(/^unknown: .*order/);
    expect(value({ files: two }, "HttpPort")).toBe(1);
    expect(value({ files: two }, "DicomWeb")).toEqual({ Root: "x", Host: "y", Enable: true });
    expect(kinds({ files: two })).toEqual(["undefined-order"]);
  });
  it("do not matter where a later stage decides", () =>
    expect(value({ files: two, variables: { ORTHANC__NAME: "c" } }, "Name")).toBe("c"));
  it("are the variables of Compose, not those of Kubernetes", () => {
    const variables = { ORTHANC_JSON: '{"Name": "json"}', ORTHANC__NAME: "variable" };
    expect(value({ variables, ordered: true }, "Name")).toBe("variable");
    expect(value({ variables, ordered: false }, "Name")).toMatch(/^unknown/);
  });
});

describe("what stops the start script", () => {
  it.each<[string, Given]>([
    ["ORTHANC_JSON that is no JSON", { variables: { ORTHANC_JSON: "{,}" } }],
    ["ORTHANC_JSON that is no object", { variables: { ORTHANC_JSON: "[]" } }],
    ["three underscores", { variables: { ORTHANC__A___B: "x" } }],
    ["an underscore at the end", { variables: { ORTHANC__NAME_: "x" } }],
    [
      "an object into a text",
      { files: { [file]: '{"PostgreSQL": "x"}' }, variables: { ORTHANC__POSTGRESQL__HOST: "db" } },
    ],
    ["a plugin's section that is no object", { variables: { ORTHANC__DICOM_WEB: "true" } }],
    ["old names since 26.7.0", { release: "26.7.0", variables: { PG_HOST: "db", ORTHANC_PASSWORD: "x" } }],
    [
      "old switches since 26.7.0",
      { release: "26.7.0", variables: { DW_ENABLED: "false", ORTHANC_PASSWORD: "x" } },
    ],
    ["nobody to log in since 26.7.0", { release: "26.8.1" }],
    ["two arguments", { command: ["/etc/orthanc/orthanc.json", "--verbose"] }],
    ["no argument", { command: [] }],
  ])("%s", (_, given) => expect(startsWith(given)).toBe("refuses"));
  it.each<[string, Given]>([
    ["old names before", { release: "26.6.1", variables: { PG_HOST: "db" } }],
    ["nobody to log in before", { release: "26.6.1" }],
    ["ORTHANC_PASSWORD", { release: "26.8.1", variables: { ORTHANC_PASSWORD: "x" } }],
    ["a login that is off", { release: "26.8.1", variables: { ORTHANC__AUTHENTICATION_ENABLED: "false" } }],
    ["a user", { release: "26.8.1", variables: { ORTHANC__REGISTERED_USERS: '{"a": "b"}' } }],
  ])("%s does not", (_, given) => expect(startsWith(given)).toBe("starts"));
  it("is not known while the users are not", () => {
    expect(startsWith({ release: "26.8.1", variables: { ORTHANC__REGISTERED_USERS: unseen } })).toMatchObject(
      { reason: expect.any(String) },
    );
  });
});

describe("ORTHANC_PASSWORD", () => {
  const variables = { ORTHANC_PASSWORD: "123" };
  it("is the text of the user orthanc since 26.7.0", () => {
    expect(
      value(
        { release: "26.7.0", variables, files: { [file]: '{"RegisteredUsers": {"a": "b"}}' } },
        "RegisteredUsers",
      ),
    ).toEqual({ a: "b", orthanc: "123" });
    expect(placeOf({ release: "26.7.0", variables }, "RegisteredUsers.orthanc")).toBe(
      "env/ORTHANC_PASSWORD:0-3",
    );
  });
  it("has no effect before", () => {
    expect(value({ variables }, "RegisteredUsers")).toBeNull();
    expect(kinds({ variables })).toEqual(["no-effect"]);
  });
});

describe("the command", () => {
  it("may name a folder that Orthanc then reads itself", () => {
    const given: Given = {
      command: ["/run/secrets/"],
      files: { "/run/secrets/orthanc.json": '{"Name": "x"}', "/run/secrets/note.txt": "x", [file]: "{}" },
    };
    const { reads, configuration, startup } = configured(given);
    expect(reads).toBe("given");
    expect(configuration).toMatchObject([
      { path: "/run/secrets", form: "folder", files: [{ path: "/run/secrets/orthanc.json" }] },
    ]);
    expect(startup).toBe("starts");
  });
  it("does not spare the start script", () =>
    expect(startsWith({ command: ["/run/secrets/"], files: { [file]: "{" } })).toBe("refuses"));
  it("may pass the script by", () => {
    const { reads, generated, notes } = configured({
      entrypoint: ["Orthanc", "--trace", "/etc/orthanc/"],
      files: { [file]: "{" },
      variables: { ORTHANC__NAME: "x" },
    });
    expect([reads, generated, notes.map(({ kind }) => kind)]).toEqual(["given", undefined, ["no-effect"]]);
  });
  it("may be a shell that starts Orthanc", () =>
    expect(configured({ entrypoint: ["sh", "-c", "Orthanc /x"] })).toMatchObject({ reads: "given" }));
  it("may be another program", () =>
    expect(configured({ entrypoint: ["sh", "-c", "python3 /start.py"] })).toMatchObject({
      reads: "unknown",
      unseen: expect.stringMatching(/sh/),
    }));
});

describe("earlier releases", () => {
  it("reach PostgreSQL, MySQL and OHIF by listed names only", () => {
    const variables = { ORTHANC__POSTGRESQL__HOST: "db", ORTHANC__POSTGRESQL__ENABLE_VERBOSE_LOGS: "true" };
    expect(value({ variables, release: "24.4.0" }, "PostgreSQL.Host")).toBe("db");
    expect(value({ variables, release: "24.4.0" }, "Postgresql.EnableVerboseLogs")).toBe(true);
    expect(value({ variables, release: "25.11.1" }, "PostgreSQL.EnableVerboseLogs")).toBe(true);
  });
  it("show the older user interface", () => {
    expect(value({ release: "25.6.1" }, "OrthancExplorer2.IsDefaultOrthancUI")).toBe(false);
    expect(value({ release: "25.6.3" }, "OrthancExplorer2.IsDefaultOrthancUI")).toBe(true);
    expect(plugins({ release: "22.5.0" })).toEqual(["Gdcm"]);
  });
});

describe("how Orthanc is started", () => {
  it("follows the exact word true", () => {
    const runtime = (variables: Record<string, string>) => configured({ variables }).runtime;
    expect(runtime({ TRACE_ENABLED: "true", NO_JOBS: "1", LOGDIR: "/logs" })).toEqual({
      verbosity: "trace",
      noJobs: false,
      log: "/logs",
      printsConfiguration: false,
    });
    expect(
      runtime({ TRACE_ENABLED: "True", VERBOSE_ENABLED: "true", VERBOSE_STARTUP: "", NO_JOBS: "true" }),
    ).toEqual({ verbosity: "verbose", noJobs: true, log: null, printsConfiguration: true });
    expect(
      kinds({
        variables: { TRACE_ENABLED: "true", VERBOSE_STARTUP: "true", BEFORE_ORTHANC_STARTUP_SCRIPT: "/x.sh" },
      }),
    ).toEqual(["logs-secrets", "logs-secrets", "own-program"]);
  });
});
