/**
 * How Orthanc gathers its configuration: which files, in which form, merged how.
 * Source: OrthancServer/Sources/OrthancConfiguration.cpp, ReadConfiguration and MergeConfigurations.
 */
import type { ConfigurationSource, Environment } from "../../deployment/model.ts";
import type { FaultFact } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { readJson } from "../../sources/json.ts";
import type { SourceFile } from "../../sources/source.ts";
import { contentOf } from "../../sources/templates.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import type { Hole } from "../../text/text.ts";
import { before } from "../version.ts";
import { substituteVariables, type VariableUse } from "./environment.ts";

/** A reason against the start, before it becomes a fact. */
export interface Fault {
  readonly message: string;
  readonly expected: string;
  readonly effect: FaultFact["effect"];
  readonly origins: readonly Origin[];
}

/** One configuration file as the server reads it. */
export interface LoadedFile {
  readonly source: SourceFile;
  /** The object at its root; undefined when there is none. */
  readonly root: ObjectTree | undefined;
  readonly uses: readonly VariableUse[];
  readonly faults: readonly Fault[];
}

/** The whole configuration: one object, whose members may come from several files. */
export interface LoadedConfiguration {
  readonly files: readonly LoadedFile[];
  /** Effective members; of a key that stands twice in one file the last one, as JsonCpp has it. */
  readonly members: ReadonlyMap<string, Member>;
  /** Members that another one of the same file overrides. */
  readonly overridden: readonly { readonly member: Member; readonly by: Member }[];
  /** Set when variables may add members that are not seen. */
  readonly open: Hole | undefined;
  readonly faults: readonly Fault[];
}

/** Reads one file as the server does. */
export function loadFile(source: SourceFile, environment: Environment): LoadedFile {
  const { text, uses } = substituteVariables(contentOf(source), environment);
  const whole = fromPlace({
    at: { file: source.path, start: 0, end: Math.min(1, source.text.value.length) },
  });
  if (source.encoding === "utf-16le" || source.encoding === "utf-16be") {
    const faults = [
      fault("The file is saved as UTF-16, which Orthanc cannot read", "a file saved as UTF-8", "syntax", [
        whole,
      ]),
    ];
    return { source, root: rootObject(readJson(text, "jsoncpp").root), uses, faults };
  }
  const { root, errors } = readJson(text, "jsoncpp");
  const faults = errors
    .slice(0, 1)
    .map((error) =>
      fault(`The file is not valid JSON: ${error.message}`, "valid JSON", "syntax", [fromPlace(error)]),
    );
  if (faults.length === 0 && root !== undefined && root.kind !== "object" && root.kind !== "unknown") {
    faults.push(
      fault("The configuration must be one object in braces", "an object in braces", "syntax", [
        fromPlace(root),
      ]),
    );
  }
  return { source, root: rootObject(root), uses, faults };
}

function rootObject(root: Tree | undefined): ObjectTree | undefined {
  if (root?.kind === "unknown") return { kind: "object", members: [], open: root.hole, at: root.at };
  return root?.kind === "object" ? root : undefined;
}

function fault(
  message: string,
  expected: string,
  effect: Fault["effect"],
  origins: readonly Origin[],
): Fault {
  return { message, expected, effect, origins };
}

/** Reads all configuration files of a service at a release. */
export function loadConfiguration(
  sources: readonly ConfigurationSource[],
  version: string,
  loadOne: (source: SourceFile) => LoadedFile,
): LoadedConfiguration {
  const files = sources.flatMap((source) => source.files.map(loadOne));
  const members = new Map<string, Member>();
  const overridden: { member: Member; by: Member }[] = [];
  const faults: Fault[] = files.flatMap((file) => [...file.faults]);
  let open: Hole | undefined;
  for (const file of files) {
    const own = new Map<string, Member>();
    for (const member of file.root?.members ?? []) {
      const earlier = own.get(member.key);
      if (earlier !== undefined) overridden.push({ member: earlier, by: member });
      own.set(member.key, member);
    }
    for (const [key, member] of own) {
      const other = members.get(key);
      if (other === undefined) members.set(key, member);
      else faults.push(definedTwice(key, other, member));
    }
    open ??= file.root?.open;
  }
  if (sources.length > 1 && before(version, "1.13.0")) {
    faults.push(
      fault(
        "More than one configuration path is given; Orthanc takes several since 1.13.0",
        "one file or one folder",
        "start",
        [],
      ),
    );
  }
  return { files, members, overridden, open, faults };
}

function definedTwice(key: string, first: Member, second: Member): Fault {
  const origins = [fromPlace(second.keyAt, "defined again here"), fromPlace(first.keyAt, "defined here")];
  return fault(
    `"${key}" stands in two configuration files, and Orthanc does not merge them`,
    `"${key}" in one file only`,
    "start",
    origins,
  );
}
