/** The edits that a finding proposes, rendered for the files at hand. */
import type { Deployment, Service } from "../deployment/model.ts";
import type { Fact } from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";
import type { Editable } from "../products/product.ts";
import { fill, isFillable } from "../rules/message.ts";
import type { LogicalEdit, Remediation } from "../rules/rule.ts";
import type { NeededFile } from "./manifest/secret-file.ts";
import { render } from "./render.ts";
import type { GetSource, Splice } from "./writers/change.ts";

/** An edit ready to be shown or written. */
export interface ProposedEdit extends Splice {
  readonly logical: LogicalEdit;
  readonly safety: "safe" | "unsafe";
  /** Variables that have to be set before the server starts with the edit. */
  readonly needs: readonly NeededVariable[];
  /** Files that have to be made before the server starts with the edit. */
  readonly creates: readonly NeededFile[];
  /** What a person has to write in the place of what the edit writes: clauses. */
  readonly chooses: readonly string[];
}

/** A variable that an edit leaves a secret to. */
export interface NeededVariable {
  readonly variable: string;
  /** Its value brings quotation marks along. */
  readonly withQuotes: boolean;
}

/** What edits are rendered with. */
export interface EditContext {
  readonly deployment: Deployment;
  /** The service that the finding is about. */
  readonly service: Service | undefined;
  readonly editable: Editable | undefined;
  /** All services of the deployment with theirs: a proxy before the service may have to be changed. */
  readonly all: readonly { readonly service: Service; readonly editable: Editable }[];
  readonly get: GetSource;
}

/** Renders a remediation's edits; those that the configuration cannot take are left to the remediation's text. */
export function proposeEdits(
  remediation: Remediation | undefined,
  fact: Fact,
  context: EditContext,
): readonly ProposedEdit[] {
  const safety = remediation?.safety ?? "unsafe";
  return (remediation?.edits ?? []).flatMap((template): readonly ProposedEdit[] => {
    if (!Object.values(template).every((value) => typeof value !== "string" || isFillable(value, fact)))
      return [];
    const logical = fillEdit(template, fact);
    const rendered = render(logical, fact, context);
    if (rendered === undefined) return [];
    const { splices, needs, creates = [], chooses = [] } = rendered;
    return splices.map((splice) => ({ ...splice, logical, safety, needs, creates, chooses }));
  });
}

/** Fills the placeholders of an edit's texts from the fact. */
export function fillEdit(edit: LogicalEdit, fact: Fact): LogicalEdit {
  const entries = Object.entries(edit).map(([key, value]): [string, Json] => [
    key,
    isPath(key) ? fillPath(String(value), fact) : fillJson(value as Json, fact),
  ]);
  return Object.fromEntries(entries) as unknown as LogicalEdit;
}
/** Every field of an edit but the new value is a path of keys. */
function isPath(field: string): boolean {
  return field !== "to" && field !== "value";
}

/** A name that the site chose may hold dots: they are escaped, unlike those of a whole path. */
function fillPath(path: string, fact: Fact): string {
  return path
    .split(".")
    .map((step) => (step === "{name}" ? fill(step, fact).replaceAll(".", "\\.") : fill(step, fact)))
    .join(".");
}

function fillJson(value: Json, fact: Fact): Json {
  if (typeof value === "string") return fill(value, fact);
  if (Array.isArray(value)) return value.map((item: Json) => fillJson(item, fact));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, fillJson(inner as Json, fact)]),
    );
  }
  return value;
}
