/** How functions of templates are called. */
import type { Located } from "../../../text/text.ts";
import { holeOf, unknownTree, type Value } from "./values.ts";

/** A function: its arguments, the piped one last, and where it is called. Undefined is what nothing sets. */
export type TemplateFunction = (values: readonly Value[], at: Located) => Value;

/** The first hole among values makes the result one. */
export function ofKnown(apply: TemplateFunction): TemplateFunction {
  return (values, at) => {
    const hole = values.map(holeOf).find((found) => found !== undefined);
    return hole === undefined ? apply(values, at) : unknownTree(hole.reason, at);
  };
}
