/**
 * Options as facts: what is set, what applies by default where it matters for security, and what is wrong with it.
 * Source: data/orthanc/options.json, made from the default files of every release and the sources of the plugins.
 */
import type { Fact, OptionFact } from "../../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { isUnknown, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Setting } from "../product.ts";
import { type CatalogueOption, catalogue, defaultAt, isKnownAt, optionAt } from "./catalogue.ts";
import { issueOf } from "./issues.ts";
import type { OrthancModel } from "./model.ts";
import { isActedUpon, isRemoved } from "./relevance.ts";
import { maskedText, secretsIn } from "./secret-values.ts";
import { unknownOptionFacts } from "./unknown-options.ts";
import { deriveLogin } from "./users.ts";
import { type Visited, walk } from "./walk.ts";

/** One fact for each option that is set, for each absent one that matters for security, and for each unknown key. */
export function optionFacts(model: OrthancModel): readonly Fact[] {
  const visited = visitAll(model);
  return [...optionsOf(model, visited, (option) => option.security), ...unknownOptionFacts(model, visited)];
}

/** Every option of the core and of the sections that are there, with the value that applies; secrets are masked. */
export function settingsOf(model: OrthancModel): readonly Setting[] {
  const facts = optionsOf(model, visitAll(model), () => true);
  return facts.map((fact) => ({
    path: fact.path,
    shown: shownValue(fact),
    security: fact.security,
    isDefault: fact.isDefault,
    origins: fact.origins["/value"] ?? [],
  }));
}

/** The effective values, with the duplicates of the top level that the loader has told apart. */
function visitAll(model: OrthancModel): readonly Visited[] {
  const { members, overridden } = model.loaded;
  return walk(members.values()).map((visited) => {
    if (visited.holder !== undefined) return visited;
    const overrides = overridden
      .filter(({ member }) => member.key === visited.key)
      .map(({ member }) => member);
    return overrides.length === 0 ? visited : { ...visited, overrides };
  });
}

function optionsOf(
  model: OrthancModel,
  visited: readonly Visited[],
  wanted: (option: CatalogueOption) => boolean,
): readonly OptionFact[] {
  const present = visited.flatMap((value) =>
    value.node?.option === undefined ? [] : [presentFact(model, value, value.node.option)],
  );
  const absent = absentOptions(model).filter((option) => wanted(option));
  return [...present, ...absent.map((option) => absentFact(model, option))];
}

/** Options of which an absence can be told: not those of an entry that the site names, nor deprecated ones. */
const absentable = catalogue
  .filter((option) => !/[*[<]/u.test(option.path) && option.deprecated !== true)
  .map((option) => ({ option, steps: option.path.split("."), holder: option.path.split(".").slice(0, -1) }));

/** The options whose defaults apply, in the sections that are there. */
function absentOptions(model: OrthancModel): readonly CatalogueOption[] {
  const { settings, version } = model;
  return absentable
    .filter(({ option, steps, holder }) => {
      if (holder.length === 0 ? option.section !== "core" : settings.find(holder)?.kind !== "object")
        return false;
      return settings.find(steps) === undefined && isKnownAt(option, version) && !isRemoved(option, version);
    })
    .map(({ option }) => option);
}

function base(
  model: OrthancModel,
  path: string,
  option: CatalogueOption,
): Pick<
  OptionFact,
  "kind" | "id" | "service" | "product" | "path" | "catalogue" | "security" | "read" | "idle"
> {
  const read = isActedUpon(model, option);
  return {
    kind: "option",
    id: `${model.service.name}/option/${path}`,
    service: model.service.name,
    product: "orthanc",
    path,
    catalogue: option.path,
    security: option.security,
    read,
    idle: read === false,
  };
}

function presentFact(model: OrthancModel, visited: Visited, option: CatalogueOption): OptionFact {
  const place = fromPlace(visited.tree);
  const key = fromPlace(visited.keyAt);
  const issue = issueOf(model, visited, option);
  const earlier = visited.overrides.map((member) => fromPlace(member.keyAt, "overridden by a later line"));
  const aboutKey =
    issue?.type === "too-new" ||
    issue?.type === "removed" ||
    issue?.type === "deprecated" ||
    issue?.type === "duplicate";
  return {
    ...base(model, visited.path, option),
    value: plainValue(visited),
    isDefault: false,
    issue,
    origins: {
      "": [place],
      "/value": [place],
      "/path": [key],
      "/read": [place],
      "/issue": aboutKey
        ? [labelled(key, issue.type === "duplicate" ? "this one counts" : "this key"), ...earlier]
        : [place],
    },
  };
}

function absentFact(model: OrthancModel, option: CatalogueOption): OptionFact {
  const origins = [model.settings.originOf(option.path.split("."))];
  const value = absentValue(model, option);
  return {
    ...base(model, option.path, option),
    value: value.value,
    isDefault: true,
    issue: null,
    origins: {
      "": origins,
      "/value": [...origins, ...value.origins],
      "/path": origins,
      "/read": origins,
      "/issue": origins,
    },
  };
}

/** The default, which may be the value of another option. */
function absentValue(
  model: OrthancModel,
  option: CatalogueOption,
): { readonly value: unknown; readonly origins: readonly Origin[] } {
  const { settings } = model;
  if (settings.open !== undefined && !option.path.includes("."))
    return { value: unknown("input", settings.open), origins: [] };
  if (option.path === "AuthenticationEnabled") {
    const { value, origins } = deriveLogin(settings).authentication;
    return { value, origins: origins.slice(1) };
  }
  const value = defaultAt(option, model.version);
  const source =
    value === null && option.defaultFrom !== undefined ? optionAt(option.defaultFrom) : undefined;
  if (source === undefined) return { value, origins: [] };
  const tree = settings.find(source.path.split("."));
  const origins = [settings.originOf(source.path.split("."))];
  return tree === undefined
    ? { value: defaultAt(source, model.version), origins }
    : { value: plainTree(tree), origins };
}

function plainTree(tree: Tree): unknown {
  const [visited] = walk([{ key: "", keyAt: tree, value: tree }]);
  return visited === undefined ? null : plainValue(visited);
}

/** The value as plain JSON; a secret is its verdict, an unknown part says so. */
function plainValue(visited: Visited): unknown {
  const { tree } = visited;
  if (tree.kind === "object" || tree.kind === "array") return plainContainer(visited);
  const secrets = secretsIn(visited);
  const [secret] = secrets;
  if (secret !== undefined && secret.range === undefined) return secret.verdict;
  if (secret !== undefined) return maskedText(visited);
  switch (tree.kind) {
    case "unknown":
      return unknown("input", tree.hole.reason, tree);
    case "string":
      return tree.text.value;
    case "null":
      return null;
    default:
      return tree.value;
  }
}

function plainContainer(visited: Visited): unknown {
  const { tree } = visited;
  const children = childrenOf(visited);
  if (tree.kind === "array") return children.map((item) => plainValue(item));
  return Object.fromEntries(children.map((value) => [value.key, plainValue(value)]));
}

/** The values directly inside, with their place in the catalogue. */
function childrenOf(visited: Visited): readonly Visited[] {
  const { tree, node, path } = visited;
  const common = { holder: visited, overrides: [] };
  if (tree.kind === "array") {
    return tree.items.map((item, index) => ({
      ...common,
      path: `${path}[${index}]`,
      key: visited.key,
      index,
      keyAt: item,
      tree: item,
      node: node?.item,
    }));
  }
  if (tree.kind !== "object") return [];
  return tree.members.map((member) => ({
    ...common,
    path: `${path}.${member.key}`,
    key: member.key,
    index: undefined,
    keyAt: member.keyAt,
    tree: member.value,
    node: node?.names.get(member.key) ?? node?.any,
  }));
}

function shownValue(fact: OptionFact): string {
  const { value } = fact;
  if (isUnknown(value)) return `not known: ${value.reason}`;
  if (isSecretOption(fact.catalogue)) return masked(value);
  if (value === null && fact.isDefault) return "not set";
  return JSON.stringify(value, (_key, part: unknown) => (isUnknown(part) ? "(not known)" : part));
}

function isSecretOption(path: string): boolean {
  return optionAt(path)?.secret === true;
}

function masked(value: unknown): string {
  if (value === null) return "not set";
  if (typeof value !== "object") return "***";
  return `{ ${Object.keys(value)
    .map((name) => `${JSON.stringify(name)}: ***`)
    .join(", ")} }`.replace("{  }", "{}");
}
