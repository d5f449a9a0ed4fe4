/** From a logical edit to splices: asks where the setting is changed, and has it written there. */
import type { Deployment, Service } from "../deployment/model.ts";
import type { Fact } from "../facts/facts.ts";
import type { Spot } from "../products/spot.ts";
import type { LogicalEdit } from "../rules/rule.ts";
import type { Tree } from "../sources/tree.ts";
import { placeKey } from "../text/text.ts";
import { writeBinding, writeRight } from "./manifest/compose.ts";
import { writeAccount, writeUsualRights, writeWithoutSocket } from "./manifest/hardening.ts";
import { writeInside, writePodRight } from "./manifest/kubernetes.ts";
import type { EditContext } from "./propose.ts";
import { only, type Rendered, shownPlaces, together } from "./rendered.ts";
import { atVariable, reference, renamed, variableIn, variableSpot } from "./variables.ts";
import { writeAttribute } from "./writers/attribute.ts";
import type { Change, Splice } from "./writers/change.ts";
import { writeDirective } from "./writers/directive.ts";
import { writeLogin, writeRedirect } from "./writers/gate.ts";
import { writeJson } from "./writers/json.ts";
import { writeLines } from "./writers/lines.ts";

/** The splices of an edit; undefined when these files cannot take it, or have it already. */
export function render(edit: LogicalEdit, fact: Fact, context: EditContext): Rendered | undefined {
  const { deployment, service, editable } = context;
  if ("bind" in edit)
    return only(
      deployment.form === "kubernetes"
        ? writeInside(fact, deployment)
        : writeBinding(edit.to, fact, deployment),
    );
  const { setting, change } = taken(edit);
  if (change.type === "rename" && change.to === "") return undefined;
  const [, kind, name = ""] = /^(container|variable|proxy|accept):(.+)$/u.exec(setting) ?? [];
  if (kind === "proxy") return atProxy(name, change, fact, context);
  if (service === undefined) return undefined;
  if (kind === "accept") return closeLists(name, fact, service, context);
  if (kind === "container") return only(ofContainer(name, change, fact, service, deployment));
  if (kind === "variable") {
    const spot = variableSpot(name === "*" ? variableIn(fact, service) : name, service);
    if (spot === undefined || (spot.at === undefined && change.type !== "set" && change.type !== "reference"))
      return undefined;
    return atVariable(spot, renamed(change, spot.name), service, context);
  }
  if ("set" in edit && editable?.reads?.(edit.set) === false) return undefined; // it would do nothing at this release
  const path = steps(setting);
  if (path.at(-1) === "*") return each(path.slice(0, -1), edit, fact, context);
  const spot = editable?.spot(path, fact);
  return spot === undefined ? undefined : atSpot(spot, change, service, context);
}

/** At the proxy whose lines the finding shows. */
function atProxy(name: string, change: Change, fact: Fact, context: EditContext): Rendered | undefined {
  for (const { service, editable } of context.all) {
    const spot = editable.spot([`proxy:${name}`], fact);
    if (spot?.kind === "login" || spot?.kind === "redirect")
      return atSpot(spot, change, service, { ...context, service, editable });
  }
  return undefined;
}

/** A right of the container: one that is named, or what its image is known to run without. */
function ofContainer(
  name: string,
  change: Change,
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  if (deployment.form === "kubernetes") return writePodRight(name, fact, service, deployment);
  if (name === "usual") return writeUsualRights(service, deployment);
  if (name === "account") return writeAccount(service, deployment);
  if (name === "dockerSocket") return writeWithoutSocket(fact, service, deployment);
  return writeRight(name, change, fact, service, deployment);
}

/** Closes lists that accept everybody: with those whom the site accepts, or with a name that nobody has. */
function closeLists(name: string, fact: Fact, service: Service, context: EditContext): Rendered | undefined {
  const lists = context.editable?.lists?.(name, fact) ?? [];
  const written = lists.map(({ spot, owner, names, nobody }) => {
    const file = spot.kind === "line" ? spot.after.file : fileOf(spot);
    const hash = file === undefined ? undefined : context.get(file)?.sha256;
    if (hash === undefined) return undefined;
    const closed = nobody(hash);
    const done = atSpot(spot, { type: "set", to: names.length > 0 ? names : [closed] }, service, context);
    if (done === undefined || names.length > 0) return done;
    return {
      ...done,
      chooses: [`${file}: ${name} of ${owner} lets in ${closed} only, which is nobody's name`],
    };
  });
  return together(written);
}

function fileOf(spot: Spot): string | undefined {
  return spot.kind === "json" ? (spot.object ?? spot.member?.value)?.at.file : undefined;
}

/** For `Section.*`: the same edit for every member whose line the finding shows. */
function each(
  section: readonly string[],
  edit: LogicalEdit,
  fact: Fact,
  context: EditContext,
): Rendered | undefined {
  const spot = context.editable?.spot(section, fact);
  const object = spot === undefined ? undefined : valueAt(spot);
  if (object?.kind !== "object") return undefined;
  const shown = shownPlaces(fact);
  const named = object.members.filter(({ keyAt, value }) =>
    shown.some((place) => placeKey(place) === placeKey(value.at) || placeKey(place) === placeKey(keyAt.at)),
  );
  const rendered = named.map(({ key }) => {
    const path = [...section, key].map((step) => step.replaceAll(".", "\\.")).join(".");
    const single = Object.entries(edit).map(([field, value]) => [
      field,
      typeof value === "string" && value.endsWith(".*") ? path : value,
    ]);
    return render(Object.fromEntries(single) as LogicalEdit, fact, context);
  });
  return together(rendered);
}

/** The keys of a path; a dot that belongs to a key is written with a backslash. */
export function steps(path: string): readonly string[] {
  return path.split(/(?<!\\)\./u).map((step) => step.replaceAll("\\.", "."));
}

interface Taken {
  readonly setting: string;
  readonly change: Change;
}

/** The setting that an edit names, and what is done to it. */
function taken(edit: Exclude<LogicalEdit, { bind: string }>): Taken {
  if ("set" in edit) return { setting: edit.set, change: { type: "set", to: edit.to } };
  if ("rename" in edit)
    return { setting: edit.rename, change: { type: "rename", to: newKey(edit.rename, edit.to) ?? "" } };
  if ("remove" in edit) return { setting: edit.remove, change: { type: "remove" } };
  if ("add-item" in edit)
    return { setting: edit["add-item"], change: { type: "add-item", value: edit.value } };
  if ("remove-item" in edit)
    return { setting: edit["remove-item"], change: { type: "remove-item", value: edit.value } };
  const name = edit.name ?? variableName(edit["to-variable"]);
  return { setting: edit["to-variable"], change: { type: "reference", name, quoted: false } };
}

/** The last key of a new path, where nothing else of it differs: "*" stands for any name. A key cannot move elsewhere. */
function newKey(from: string, to: string): string | undefined {
  const old = steps(from);
  const wanted = steps(to);
  const key = wanted.at(-1);
  if (wanted.length === 1) return old.length === 1 ? key : undefined;
  const same = old.length === wanted.length;
  return same && wanted.slice(0, -1).every((step, index) => step === "*" || step === old[index])
    ? key
    : undefined;
}

/** "PostgreSQL.Password" → "POSTGRE_SQL_PASSWORD"; "" where the setting is not known yet. */
function variableName(path: string): string {
  if (path.endsWith("*")) return "";
  return steps(path.replace(/^\w+:/u, ""))
    .join("_")
    .replace(/([a-z0-9])([A-Z][a-z])/gu, "$1_$2")
    .replace(/\W+/gu, "_")
    .replace(/^_|_$/gu, "")
    .toUpperCase();
}

function atSpot(spot: Spot, change: Change, service: Service, context: EditContext): Rendered | undefined {
  switch (spot.kind) {
    case "json":
      return change.type === "reference"
        ? reference(spot, change, service, context)
        : only(writeJson(change, spot, context.get));
    case "variable":
      return atVariable(spot, change, service, context);
    case "line":
      return only(writeLines(change, spot, context.get));
    case "attribute":
      return only(writeAttribute(change, spot, context.get));
    case "directive":
      return only(writeDirective(change, spot, context.get));
    case "login": {
      const login = writeLogin(spot, service, context.deployment, context.get);
      return login && { ...login, needs: [] };
    }
    case "redirect":
      return only(writeRedirect(spot, service, context.get));
  }
}

function valueAt(spot: Spot): Tree | undefined {
  if (spot.kind === "variable") return spot.value;
  return spot.kind === "json" ? spot.member?.value : undefined;
}
