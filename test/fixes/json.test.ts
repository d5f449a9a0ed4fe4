import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Deployment, Service } from "../../src/deployment/model.ts";
import type { FaultFact } from "../../src/facts/facts.ts";
import type { Json } from "../../src/facts/json.ts";
import { applyEdits, type TextEdit } from "../../src/fixes/apply.ts";
import { render } from "../../src/fixes/render.ts";
import type { Splice } from "../../src/fixes/writers/change.ts";
import type { Editable } from "../../src/products/product.ts";
import type { LogicalEdit } from "../../src/rules/rule.ts";
import { readJson } from "../../src/sources/json.ts";
import type { SourceFile } from "../../src/sources/source.ts";
import { member, type ObjectTree, type Tree } from "../../src/sources/tree.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import { textOfFile } from "../../src/text/text.ts";

function parse(source: string): ObjectTree {
  const { root, errors } = readJson(textOfFile("o.json", source), "jsoncpp");
  expect(errors).toEqual([]);
  if (root?.kind !== "object") throw new Error("not an object");
  return root;
}

function find(root: ObjectTree, path: readonly string[]): Tree | undefined {
  let current: Tree | undefined = root;
  for (const key of path) current = current?.kind === "object" ? member(current, key)?.value : undefined;
  return current;
}

/** Where a key of a single file is changed. */
function layoutOf(root: ObjectTree): Editable {
  const objectAt = (path: readonly string[]): ObjectTree | undefined => {
    const tree = find(root, path);
    return tree?.kind === "object" ? tree : undefined;
  };
  return {
    spot(path) {
      const object = objectAt(path.slice(0, -1));
      const found = object && member(object, path.at(-1) ?? "");
      if (found !== undefined) return { kind: "json", member: found, object, path: path.slice(-1) };
      for (let depth = path.length - 1; depth >= 0; depth--) {
        const around = objectAt(path.slice(0, depth));
        if (around !== undefined) return { kind: "json", object: around, path: path.slice(depth) };
        if (find(root, path.slice(0, depth)) !== undefined) return undefined;
      }
      return undefined;
    },
  };
}

const service: Service = {
  name: "orthanc",
  product: "orthanc",
  version: { value: "1.12.7", from: "assumed", candidates: ["1.12.7"], build: "other" },
  environment: { complete: true, variables: new Map() },
  configuration: [],
  workingDirectory: null,
  network: { kind: "host" },
  lookup: (path) => ({ state: "unknown", path }),
};

const deployment: Deployment = {
  id: "o.json",
  root: ".",
  form: "host",
  services: [service],
  files: [],
  problems: [],
  assumptions: [],
};

function splice(source: string, edit: LogicalEdit, layout = layoutOf(parse(source))): Splice | undefined {
  const file: SourceFile = {
    path: "o.json",
    text: textOfFile("o.json", source),
    encoding: "utf-8",
    sha256: "",
    lines: lineStarts(source),
  };
  const fact: FaultFact = {
    kind: "fault",
    id: "f",
    service: "orthanc",
    product: "orthanc",
    message: "",
    effect: "start",
    expected: "",
    origins: {},
  };
  const get = (path: string) => (path === "o.json" ? file : undefined);
  return render(edit, fact, { deployment, service, editable: layout, all: [], get })?.splices[0];
}

function apply(source: string, edit: LogicalEdit): string {
  const { place, text } = splice(source, edit) ?? { place: { start: 0, end: 0 }, text: "" };
  return source.slice(0, place.start) + text + source.slice(place.end);
}

function plain(tree: Tree): Json {
  switch (tree.kind) {
    case "object":
      return Object.fromEntries(tree.members.map((entry) => [entry.key, plain(entry.value)]));
    case "array":
      return tree.items.map(plain);
    case "string":
      return tree.text.value;
    case "number":
    case "boolean":
      return tree.value;
    default:
      return null;
  }
}

describe("edits that would do nothing", () => {
  test.each<[string, LogicalEdit]>([
    ['{"A": true}', { set: "A", to: true }],
    ['{"A": "Never"}', { set: "A", to: "Never" }],
  ])("%j already has %j", (source, edit) => {
    expect(splice(source, edit)).toBeUndefined();
  });

  test("a name that stands there already, or belongs into another section", () => {
    expect(splice('{"A": 1, "B": 2}', { rename: "A", to: "B" })).toBeUndefined();
    expect(splice('{"SectionKey": 1}', { rename: "SectionKey", to: "Section.Key" })).toBeUndefined();
    expect(splice('{"S": {"x": {"Kye": 1}}}', { rename: "S.x.Kye", to: "S.*.Key" })?.text).toBe('"Key"');
  });

  test("a list is no secret: what is one in it, nobody can tell", () => {
    expect(splice('{"L": ["http://x", "user", "secret"]}', { "to-variable": "L" })).toBeUndefined();
  });

  test("keys that the release does not read", () => {
    const layout = { ...layoutOf(parse("{}")), reads: (path: string) => path !== "New" };
    expect(splice("{}", { set: "New", to: true }, layout)).toBeUndefined();
    expect(splice("{}", { set: "Old", to: true }, layout)).toBeDefined();
  });
});

describe("single edits", () => {
  test.each<[string, LogicalEdit, string]>([
    ['{\n  "A": 1 // one\n}', { set: "A", to: true }, '{\n  "A": true // one\n}'],
    ['{\n  "A": 1\n}', { set: "B", to: "x" }, '{\n  "A": 1,\n  "B": "x"\n}'],
    ['{\n  "A": 1, // last\n}', { set: "B", to: 2 }, '{\n  "A": 1, // last\n  "B": 2,\n}'],
    ['{\n  "A" : 1 // last\n}', { set: "B", to: 2 }, '{\n  "A" : 1, // last\n  "B" : 2\n}'],
    ['{\r\n\t"A": 1\r\n}', { set: "B", to: 2 }, '{\r\n\t"A": 1,\r\n\t"B": 2\r\n}'],
    ['{\n  "A"   : 1\n}', { set: "B", to: 2 }, '{\n  "A"   : 1,\n  "B" : 2\n}'],
    ['{ "A": 1 }', { set: "B", to: 2 }, '{ "A": 1, "B": 2 }'],
    ['{ "A": 1, }', { set: "S.B", to: 2 }, '{ "A": 1, "S": { "B": 2 }, }'],
    [
      '{\n  // all\n  "DicomAet": "A", /* ours */\n  "Name": "B"\n}',
      { set: "DicomPort", to: 104 },
      '{\n  // all\n  "DicomAet": "A", /* ours */\n  "DicomPort": 104,\n  "Name": "B"\n}',
    ],
    [
      '{\n  "AuthenticationEnabled": true,\n  "Name": "B"\n}',
      { set: "RegisteredUsers", to: {} },
      '{\n  "AuthenticationEnabled": true,\n  "RegisteredUsers": {},\n  "Name": "B"\n}',
    ],
    ['{\n  "A1": 1, "X": 2\n}', { set: "A1.B", to: 2 }, '{\n  "A1": 1, "X": 2\n}'],
    ['{\n  "A B": 1, "X": 2\n}', { set: "A C", to: 2 }, '{\n  "A B": 1, "A C": 2, "X": 2\n}'],
    ["{}", { set: "B", to: 2 }, '{\n  "B": 2\n}'],
    ['{\n  "S": {}\n}', { set: "S.B", to: 2 }, '{\n  "S": {\n    "B": 2\n  }\n}'],
    ['{\n  "A": 1\n}', { set: "S.B", to: false }, '{\n  "A": 1,\n  "S": {\n    "B": false\n  }\n}'],
    ['{\n  "A": 1,\n  "B": 2\n}', { remove: "A" }, '{\n  "B": 2\n}'],
    ['{\n  "A": 1, // x\n  "B": 2\n}', { remove: "B" }, '{\n  "A": 1 // x\n  \n}'],
    ['{"A": 1 /* of A */, "B": 2}', { remove: "A" }, '{/* of A */ "B": 2}'],
    ['{"Allowfind": false}', { rename: "Allowfind", to: "AllowFind" }, '{"AllowFind": false}'],
    [
      '{"U": {"bob": "secret"}}',
      { "to-variable": "U.bob", name: "BOB_PASSWORD" },
      '{"U": {"bob": ${BOB_PASSWORD}}}',
    ],
    ['{"L": []}', { "add-item": "L", value: "127.0.0.1" }, '{"L": ["127.0.0.1"]}'],
    ['{"L": ["a"]}', { "add-item": "L", value: "b" }, '{"L": ["b", "a"]}'],
    ['{"L": ["a", "b"]}', { "remove-item": "L", value: "b" }, '{"L": ["a"]}'],
    ['{"L": ["a", "b"]}', { "remove-item": "L", value: "a" }, '{"L": [ "b"]}'],
    ['{"a.b": {"c": 1}}', { set: "a\\.b.c", to: 2 }, '{"a.b": {"c": 2}}'],
  ])("%j with %j", (source, edit, expected) => {
    expect(apply(source, edit)).toBe(expected);
  });

  test("a comment between the last two members survives the removal of the last one when a comma follows", () => {
    expect(apply('{"A": 1, /* keep */ "B": 2,}', { remove: "B" })).toBe('{"A": 1, /* keep */ }');
  });
});

const key = fc.constantFrom("A", "B", "Section", "x-y", "with.dot", "ü");
const spaces = fc.constantFrom("", " ", "\n", "\r\n  ", ' // note, with: "quotes"\n', " /* } ] , */ ");

/** JSON text of a value with comments, odd white space and trailing commas where the server takes them. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ object: string; value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("1", "true", "null", '"a \\" b"', "[]", "[1, 2]"),
    tie("object"),
  ),
  object: fc
    .tuple(
      fc.uniqueArray(key, { maxLength: 4 }),
      fc.array(fc.tuple(spaces, tie("value"), spaces, spaces), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([keys, parts, trailing]) => {
      const members = keys.map((name, index) => {
        const [before, value, , after] = parts[index] ?? ["", "1", "", ""];
        return `${before}${JSON.stringify(name)}: ${value}${after}`;
      });
      return `{${members.join(",")}${trailing && members.length > 0 ? "," : ""}}`;
    }),
})).object;

const anyEdit = fc.oneof<fc.Arbitrary<LogicalEdit>[]>(
  fc.record({
    set: fc.constantFrom("A", "B", "Section.A", "New", "with\\.dot"),
    to: fc.constantFrom<Json>(true, "x", 5, { a: 1 }),
  }),
  fc.record({ remove: fc.constantFrom("A", "Section.B", "x-y") }),
  fc.record({ rename: fc.constantFrom("A", "B"), to: fc.constant("Renamed") }),
);

describe("any edit on any configuration", () => {
  test("leaves valid text, does what it says, changes nothing else, and does it once", () => {
    fc.assert(
      fc.property(jsonText, anyEdit, (source, edit) => {
        const change = splice(source, edit);
        if (change === undefined) return;
        const after = apply(source, edit);
        const before = plain(parse(source)) as Record<string, Json>;
        const result = plain(parse(after)) as Record<string, Json>;
        expect(after.startsWith(source.slice(0, change.place.start))).toBe(true);
        expect(after.endsWith(source.slice(change.place.end))).toBe(true);
        if ("set" in edit) {
          const path = edit.set.split(/(?<!\\)\./u).map((step) => step.replaceAll("\\.", "."));
          expect(find(parse(after), path)).toBeDefined();
          expect(apply(after, edit)).toBe(after);
        }
        if ("remove" in edit && !edit.remove.includes(".")) {
          const { [edit.remove]: _removed, ...others } = before;
          expect(result).toEqual(others);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("edits that are made together", () => {
  /** All of them at once, worked out from the same text. */
  function together(source: string, edits: readonly LogicalEdit[]): string | undefined {
    const lines = lineStarts(source);
    return applyEdits(
      source,
      edits.flatMap((one): readonly TextEdit[] => {
        const found = splice(source, one);
        if (found === undefined) return [];
        const [from, to] = [found.place.start, found.place.end].map((offset) => positionAt(lines, offset));
        if (from === undefined || to === undefined) return [];
        const location = { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
        return [{ location, text: found.text, ...(found.shared && { shared: found.shared }) }];
      }),
    );
  }

  test.each<[string, readonly LogicalEdit[], string]>([
    [
      '{\n  "A": 1 // one\n}',
      [
        { set: "S.B", to: 2 },
        { set: "C", to: 3 },
        { set: "S.D", to: 4 },
      ],
      '{\n  "A": 1, // one\n  "S": {\n    "B": 2,\n    "D": 4\n  },\n  "C": 3\n}',
    ],
    [
      '{"A": 1}',
      [
        { set: "S.B", to: 2 },
        { set: "S.D", to: 4 },
        { set: "A", to: 0 },
      ],
      '{"A": 0, "S": { "B": 2, "D": 4 }}',
    ],
    [
      '{ "A": 1, }',
      [
        { set: "B", to: 2 },
        { set: "C", to: 3 },
      ],
      '{ "A": 1, "B": 2, "C": 3, }',
    ],
    [
      "{}",
      [
        { set: "B", to: 2 },
        { set: "C", to: 3 },
      ],
      '{\n  "B": 2,\n  "C": 3\n}',
    ],
  ])("%j with %j", (source, edits, expected) => {
    expect(together(source, edits)).toBe(expected);
  });

  test("any that add something: each is there afterwards, and every key once", () => {
    const added = fc.uniqueArray(
      fc.constantFrom("New", "Other", "Fresh.A", "Fresh.B", "Section.C", "Section.D"),
      {
        minLength: 2,
      },
    );
    fc.assert(
      fc.property(jsonText, added, (source, paths) => {
        const edits = paths.map((path): LogicalEdit => ({ set: path, to: path }));
        const possible = edits.filter((one) => splice(source, one) !== undefined);
        const root = parse(together(source, possible) ?? "{}");
        for (const one of possible) {
          const path = "set" in one ? one.set.split(".") : [];
          const value = find(root, path);
          expect(value?.kind === "string" ? value.text.value : undefined).toBe(path.join("."));
        }
        const keys = root.members.map(({ key: name }) => name);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 2000 },
    );
  });
});
