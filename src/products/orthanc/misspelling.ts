/** What a misspelt key comes to: what its setting would have done, compared with what applies without it. */
import type { UnknownOptionFact } from "../../facts/facts.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { type CatalogueOption, defaultAt, optionAt } from "./catalogue.ts";
import { admissions, limits, protections, switches } from "./meanings.ts";
import type { OrthancModel } from "./model.ts";
import { isActedUpon } from "./relevance.ts";
import { deriveLogin } from "./users.ts";
import { sibling, type Visited } from "./walk.ts";

/** The effect of a key, and what the server does instead. */
type Misspelling = Pick<UnknownOptionFact, "effect" | "consequence">;

/** Compares what the key `closest` would have done with what applies. */
export function misspellingEffect(model: OrthancModel, value: Visited, closest: string): Misspelling {
  const found = compared(model, value, closest);
  const option = optionAt(closest);
  // A setting of a feature that is off changes nothing, however it is spelt; one that is too new was meant all the same.
  const idle = option !== undefined && model.settings.knows(closest) && isActedUpon(model, option) === false;
  return idle && found.effect !== "none" && !/Username|Password|CertificateKeyPassword/u.test(closest)
    ? { ...found, effect: "none" }
    : found;
}

function compared(model: OrthancModel, value: Visited, closest: string): Misspelling {
  if (closest === "RegisteredUsers") return missingUsers(model);
  if (closest === "AuthenticationEnabled")
    return switched(closest, meantBoolean(value.tree), deriveLogin(model.settings).authentication.value);
  if (switches[closest] !== undefined) return comparedSwitch(model, value, closest);
  if (limits[closest] !== undefined) return comparedLimit(model, value.tree, closest);
  const current = currentTree(model, value, closest);
  const protection = protections[closest];
  if (protection !== undefined && current === undefined) {
    return { effect: isEmpty(value.tree) ? "none" : "opens", consequence: protection };
  }
  const admission = admissions[closest];
  if (admission !== undefined && !isEmpty(value.tree)) return { effect: "closes", consequence: admission };
  return { effect: "none", consequence: `Orthanc ignores it${insteadOf(closest, current)}` };
}

/** What applies where neither the key nor its absence opens or closes anything. */
function insteadOf(closest: string, current: Tree | undefined): string {
  if (current !== undefined) return `, and ${lastName(closest)} applies`;
  if (optionAt(closest)?.type === "object") return `, as if there were no ${lastName(closest)}`;
  return optionAt(closest) === undefined ? "" : `, and the default of ${lastName(closest)} applies`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function isEmpty(tree: Tree): boolean {
  return (
    (tree.kind === "object" && tree.members.length === 0) ||
    (tree.kind === "array" && tree.items.length === 0) ||
    (tree.kind === "string" && tree.text.value === "") ||
    tree.kind === "null"
  );
}

/** The value beside it with the right name: in the same object for an entry that the site names. */
function currentTree(model: OrthancModel, value: Visited, closest: string): Tree | undefined {
  return closest.includes("*") ? sibling(value, lastName(closest)) : model.settings.find(closest.split("."));
}

/** What a value was meant to say; undefined when it is neither yes nor no. */
function meantBoolean(tree: Tree): Maybe<boolean> | undefined {
  if (tree.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  if (tree.kind === "boolean") return tree.value;
  if (tree.kind !== "string" && tree.kind !== "number") return undefined;
  const word = tree.kind === "string" ? tree.text.value.trim().toLowerCase() : String(tree.value);
  if (["true", "1", "yes", "always"].includes(word)) return true;
  return ["false", "0", "no", "never"].includes(word) ? false : undefined;
}

function switched(path: string, meant: Maybe<boolean> | undefined, current: Maybe<boolean>): Misspelling {
  const meaning = switches[path];
  if (meaning === undefined || isUnknown(current))
    return { effect: isUnknown(current) ? current : "none", consequence: "Orthanc ignores it" };
  const consequence = current ? meaning.on : meaning.off;
  if (meant === undefined || isUnknown(meant)) return { effect: meant ?? "none", consequence };
  if (meant === current) return { effect: "none", consequence };
  return { effect: meant === meaning.safer ? "opens" : "closes", consequence };
}

function comparedSwitch(model: OrthancModel, value: Visited, closest: string): Misspelling {
  const option = optionAt(closest);
  const meant = meantBoolean(value.tree);
  const current = currentBoolean(model, value, closest, option);
  const result = switched(closest, meant, current);
  const allowed = /^DicomModalities\.\*\.Allow(\w+)$/u.exec(closest)?.[1];
  if (allowed === undefined || model.settings.boolean(`DicomAlwaysAllow${allowed}`).value !== true)
    return result;
  // What everybody may do, a modality cannot be kept from.
  return { ...result, effect: "none" };
}

function currentBoolean(
  model: OrthancModel,
  value: Visited,
  closest: string,
  option: CatalogueOption | undefined,
): Maybe<boolean> {
  const tree = currentTree(model, value, closest);
  const set = tree === undefined ? undefined : meantBoolean(tree);
  if (set !== undefined) return set;
  if (tree === undefined && model.settings.open !== undefined && !closest.includes("."))
    return unknown("input", model.settings.open);
  return option !== undefined && defaultAt(option, model.version) === true;
}

/** Numbers of which 0 is "without limit". */
function comparedLimit(model: OrthancModel, tree: Tree, closest: string): Misspelling {
  const current = model.settings.integer(closest).value;
  const subject = limits[closest] ?? closest;
  if (isUnknown(current)) return { effect: current, consequence: "Orthanc ignores it" };
  const consequence =
    current === 0 || !model.settings.knows(closest)
      ? `there is no limit to ${subject}`
      : `the limit to ${subject} is ${current}`;
  if (tree.kind === "unknown") return { effect: unknown("input", tree.hole.reason, tree), consequence };
  if (tree.kind !== "number") return { effect: "none", consequence };
  const size = (limit: number): number => (limit === 0 ? Number.POSITIVE_INFINITY : limit);
  return {
    effect: size(tree.value) < size(current) ? "opens" : size(tree.value) > size(current) ? "closes" : "none",
    consequence,
  };
}

/** Without users a server that asks for a login makes its own account, lets nobody in, or does not start. */
function missingUsers(model: OrthancModel): Misspelling {
  const login = deriveLogin(model.settings);
  if (login.authentication.value === false)
    return { effect: "none", consequence: "no login is asked for anyway" };
  if (isUnknown(login.createsDefaultUser))
    return { effect: login.createsDefaultUser, consequence: "its users cannot log in" };
  if (login.createsDefaultUser)
    return { effect: "opens", consequence: "Orthanc creates the account orthanc with password orthanc" };
  if (login.refusesWithoutUsers === true)
    return { effect: "closes", consequence: "Orthanc refuses to start, since it knows no user" };
  return {
    effect: "closes",
    consequence: login.nobody === true ? "nobody can log in" : "its users cannot log in",
  };
}
