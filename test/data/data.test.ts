import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fact = { [key: string]: Json };

function read(path: string): Fact {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as Fact;
}

function list(file: string, key: string): Fact[] {
  return read(`data/${file}.json`)[key] as Fact[];
}

function names(facts: Fact[], key: string): string[] {
  return facts.map((fact) => fact[key] as string);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
    .sort();
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const dataFiles = filesBelow("data").filter((file) => file.endsWith(".json"));

describe("every data file", () => {
  it("has a schema, and every schema a data file", () => {
    const schemas = filesBelow("schemas/data").map((file) => file.replace(".schema.json", ".json"));
    expect(dataFiles).toEqual(schemas);
  });

  it.each(dataFiles)("%s fits its schema", (file) => {
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      read(`schemas/data/${file.replace(".json", ".schema.json")}`),
    );
    validate(read(`data/${file}`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(dataFiles)("%s names the source of every fact", (file) => {
    const data = read(`data/${file}`);
    if (typeof data.source === "string") return;
    for (const facts of Object.values(data)) {
      for (const fact of facts as Fact[]) expect(fact.source, JSON.stringify(fact)).toMatch(/\S/);
    }
  });

  it.each(dataFiles)("%s has one fact a line", (file) => {
    const text = readFileSync(join(root, "data", file), "utf8");
    expect(text.endsWith("}\n")).toBe(true);
    expect(text.split("\n").filter((line) => /^ {4}\{/.test(line) && !/\},?$/.test(line))).toEqual([]);
  });

  it.each(dataFiles)("%s keeps clear of the place where it was made", (file) => {
    const text = readFileSync(join(root, "data", file), "utf8");
    expect(text).not.toMatch(/\/work\/|\.\.\/shared/);
  });
});

describe("orthanc options", () => {
  const options = list("orthanc/options", "options");
  const paths = names(options, "path");
  const known = new Set(paths);

  it("are sorted and listed once", () => {
    expect(paths).toEqual([...known].sort(byCodeUnits));
  });

  it("refer to options that exist", () => {
    for (const key of ["renamedTo", "renamedFrom", "replacedBy", "aliasOf", "defaultFrom"]) {
      const targets = options.map((option) => option[key]).filter((target) => target !== undefined);
      expect(targets.filter((target) => !known.has(target as string))).toEqual([]);
    }
  });

  it("are renamed in both directions", () => {
    const renamed = (from: string, to: string) =>
      options.flatMap((option) =>
        option[to] ? [`${option[from] as string} > ${option[to] as string}`] : [],
      );
    expect(renamed("path", "renamedTo").sort()).toEqual(
      renamed("path", "renamedFrom")
        .map((pair) => pair.split(" > ").reverse().join(" > "))
        .sort(),
    );
  });

  it("say what they do where it matters", () => {
    expect(options.filter((option) => option.security && !option.effect)).toEqual([]);
  });

  it("have defaults of their type and within their range", () => {
    const kind = (value: Json) =>
      Array.isArray(value) ? "array" : typeof value === "number" ? "integer" : typeof value;
    for (const { path, type, default: value, minimum, maximum, values } of options) {
      if (value === null || value === undefined) continue;
      expect((type as string).split("|"), path as string).toContain(kind(value));
      if (typeof minimum === "number") expect(value, path as string).toBeGreaterThanOrEqual(minimum);
      if (typeof maximum === "number") expect(value, path as string).toBeLessThanOrEqual(maximum);
      if (Array.isArray(values) && typeof value === "string") expect(values, path as string).toContain(value);
    }
  });

  it("end their history with their default", () => {
    for (const { path, default: value, history } of options) {
      const last = (history as Fact[] | undefined)?.at(-1);
      if (last && !last.absent) expect(last.default, path as string).toEqual(value);
    }
  });

  it("know at least the keys that guard the door", () => {
    for (const path of [
      "AuthenticationEnabled",
      "RejectSopClasses",
      "RegisteredUsers.*",
      "HttpBindAddresses",
    ]) {
      expect(known).toContain(path);
    }
    expect(options.find((option) => option.path === "AuthenticationEnabled")).toMatchObject({
      default: null,
      defaultFrom: "RemoteAccessAllowed",
      history: [
        { version: "0.2.1", default: false },
        { version: "1.5.8", absent: true },
      ],
    });
  });

  it("of the core came with a known release", () => {
    const releases = new Set(names(list("orthanc/releases", "releases"), "version"));
    const strange = options.filter(
      ({ section, since, history }) =>
        section === "core" &&
        [since, ...((history as Fact[] | undefined) ?? []).map(({ version }) => version)].some(
          (version) => typeof version !== "string" || !releases.has(version),
        ),
    );
    expect(names(strange, "path")).toEqual([]);
  });
});

describe("orthanc releases", () => {
  const releases = names(list("orthanc/releases", "releases"), "version");
  const breakpoints = list("orthanc/releases", "breakpoints");

  it("are sorted and listed once", () => {
    expect(releases).toEqual([...new Set(releases)].sort(compareVersions));
  });

  it("have breakpoints from 1.5.8 on, sorted, at known releases", () => {
    const versions = names(breakpoints, "version");
    expect(versions).toEqual([...versions].sort(compareVersions));
    expect(versions.filter((version) => !releases.includes(version))).toEqual([]);
    expect(versions.filter((version) => compareVersions(version, "1.5.8") < 0)).toEqual([]);
    expect(new Set(names(breakpoints, "change")).size).toBe(breakpoints.length);
  });

  it("have breakpoints over known options", () => {
    const known = new Set(names(list("orthanc/options", "options"), "path"));
    expect(breakpoints.flatMap(({ keys }) => keys as string[]).filter((key) => !known.has(key))).toEqual([]);
  });
});

describe("orthanc plugins", () => {
  const plugins = list("orthanc/plugins", "plugins");
  const known = new Set(names(list("orthanc/options", "options"), "path"));

  it("are sorted and listed once", () => {
    expect(names(plugins, "id")).toEqual([...new Set(names(plugins, "id"))].sort(byCodeUnits));
  });

  it("are switched on by known options, with the same default", () => {
    const options = new Map(list("orthanc/options", "options").map((option) => [option.path, option]));
    for (const { id, enabledBy } of plugins) {
      if (enabledBy === null) continue;
      const { keys, default: value } = enabledBy as { keys: string[]; default: Json };
      for (const key of keys) expect(options.get(key)?.default, `${id as string}: ${key}`).toEqual(value);
    }
  });

  it("cover every section of the options", () => {
    const sections = new Set(plugins.flatMap(({ sections }) => sections as string[]));
    const tops = new Set(
      list("orthanc/options", "options")
        .filter(({ section, path }) => section !== "core" && !(path as string).startsWith("OrthancPeers"))
        .map(({ path }) => (path as string).split(".")[0] as string),
    );
    expect([...tops].filter((top) => !sections.has(top))).toEqual([]);
  });

  it("have no section that is an option of the core", () => {
    const core = new Set(
      list("orthanc/options", "options").flatMap(({ section, path }) => (section === "core" ? [path] : [])),
    );
    expect(plugins.flatMap(({ sections }) => sections as string[]).filter((name) => core.has(name))).toEqual(
      [],
    );
    expect(known.size).toBeGreaterThan(core.size);
  });
});

describe("orthanc images", () => {
  const tags = list("orthanc/images", "tags");

  it("have sorted tags of known releases that never go back", () => {
    expect(names(tags, "tag")).toEqual([...new Set(names(tags, "tag"))].sort(compareVersions));
    const versions = names(tags, "orthanc");
    expect(versions).toEqual([...versions].sort(compareVersions));
    const releases = new Set(names(list("orthanc/releases", "releases"), "version"));
    expect(versions.filter((version) => !releases.has(version))).toEqual([]);
  });

  it.each([
    ["19.10.2", "1.5.8"],
    ["24.6.2", "1.12.4"],
    ["24.1.2", "1.12.2"],
    ["26.7.0", "1.12.11"],
    ["26.8.1", "1.13.0"],
  ])("%s is Orthanc %s", (tag, orthanc) => {
    expect(tags.find((entry) => entry.tag === tag)?.orthanc).toBe(orthanc);
  });

  it("set known options", () => {
    const known = new Set(names(list("orthanc/options", "options"), "path"));
    const set = list("orthanc/images", "images").flatMap(({ configuration }) => {
      const { set, steps } = configuration as { set: Fact; steps: { set: Fact }[] };
      return [set, ...steps.map((step) => step.set)].flatMap((values) => Object.keys(values));
    });
    expect(set.filter((key) => !known.has(key))).toEqual([]);
  });

  it("and packages set known options", () => {
    const known = new Set(names(list("orthanc/options", "options"), "path"));
    const set = list("orthanc/packages", "packages").flatMap((entry) => Object.keys(entry.set as Fact));
    expect(set.filter((key) => !known.has(key))).toEqual([]);
  });

  it("have variables that are listed once", () => {
    const variables = list("orthanc/image-variables", "variables");
    expect(new Set(names(variables, "name")).size).toBe(variables.length);
    expect(variables.filter(({ kind, path }) => (kind === "runtime") !== (path === null))).toEqual([]);
  });

  it("load libraries that the plugin list knows", () => {
    const known = new Set(
      list("orthanc/plugins", "plugins").flatMap(({ libraries }) => libraries as string[]),
    );
    const loaded = list("orthanc/image-variables", "plugins").flatMap(
      ({ libraries }) => libraries as string[],
    );
    expect(loaded.filter((library) => !known.has(library))).toEqual([]);
  });
});

describe("advisories", () => {
  const advisories = list("advisories", "advisories");

  it("are sorted and listed once", () => {
    const keys = advisories.map(({ product, id }) => `${product as string} ${id as string}`);
    expect(keys).toEqual([...keys].sort(byCodeUnits));
    expect(new Set(names(advisories, "id")).size).toBe(advisories.length);
  });

  it("refer to topics of the controls, and to known options and plugins", () => {
    const topics = new Set(names(list("controls", "controls"), "topic"));
    const plugins = new Set(names(list("orthanc/plugins", "plugins"), "id"));
    const options = new Set(names(list("orthanc/options", "options"), "path"));
    for (const { id, product, topics: wanted, when } of advisories) {
      for (const topic of wanted as string[]) expect(topics, id as string).toContain(topic);
      const { plugin, option, optionSet } = (when ?? {}) as {
        plugin?: string;
        option?: Fact;
        optionSet?: string[];
      };
      if (plugin) expect(plugins, id as string).toContain(plugin);
      if (!(product as string).startsWith("orthanc")) continue;
      for (const key of [...Object.keys(option ?? {}), ...(optionSet ?? [])])
        expect(options, id as string).toContain(key);
    }
  });

  it("have ranges in the right order, and one wherever a version can decide", () => {
    for (const { id, affected, matchable } of advisories) {
      if (matchable) expect(affected, id as string).not.toEqual([]);
      for (const { from, below, upTo } of affected as { from?: string; below?: string; upTo?: string }[]) {
        const end = below ?? upTo;
        if (from && end && /^[\d.]+$/.test(from + end)) {
          expect(compareVersions(from, end), id as string).toBeLessThanOrEqual(upTo ? 0 : -1);
        }
      }
    }
  });
});

describe("controls", () => {
  it("are sorted and listed once", () => {
    const topics = names(list("controls", "controls"), "topic");
    expect(topics).toEqual([...new Set(topics)].sort(byCodeUnits));
  });
});

describe("default credentials", () => {
  it("are listed once", () => {
    const keys = list("default-credentials", "credentials").map((row) =>
      JSON.stringify([row.product, row.component, row.username, row.password, row.where]),
    );
    expect(keys).toEqual([...new Set(keys)]);
  });
});

describe("tls ciphers", () => {
  it("use the tags that are explained", () => {
    const explained = Object.keys(read("data/tls-ciphers.json").tags as Fact).sort();
    const used = new Set(list("tls-ciphers", "ciphers").flatMap(({ tags }) => tags as string[]));
    expect([...used].sort()).toEqual(explained);
  });

  it("are listed once, and so are the keywords", () => {
    const suites = list("tls-ciphers", "ciphers").map(
      ({ iana, hex }) => `${iana as string} ${hex as string}`,
    );
    expect(new Set(suites).size).toBe(suites.length);
    const keywords = names(list("tls-cipher-keywords", "keywords"), "keyword");
    expect(new Set(keywords).size).toBe(keywords.length);
  });
});

describe("dcm4chee options", () => {
  const options = list("dcm4chee/options", "options");

  it("are listed once", () => {
    const keys = options.map(({ kind, image, section, name }) =>
      JSON.stringify([kind, image ?? null, section, name]),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("say what they do where it matters", () => {
    expect(
      names(
        options.filter((option) => option.security && !option.effect),
        "name",
      ),
    ).toEqual([]);
  });

  it("have defaults among their values", () => {
    for (const { name, default: value, values } of options) {
      if (Array.isArray(values) && typeof value === "string") expect(values, name as string).toContain(value);
    }
  });
});
