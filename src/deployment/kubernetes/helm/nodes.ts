/** Templates of Helm as trees of nodes. */
import type { Located, Text } from "../../../text/text.ts";
import type { Known } from "./values.ts";

/** A part of a template. */
export type Node =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "print"; readonly pipe: Pipe; readonly at: Located }
  | { readonly kind: "break" | "continue" }
  | Branch
  | {
      readonly kind: "template";
      readonly name: string;
      readonly pipe: Pipe | undefined;
      readonly at: Located;
    };

/** A part that is there under a condition, or once for each item. */
export interface Branch {
  readonly kind: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
  readonly at: Located;
}

/** Commands, each of which gets the value of the one before as its last argument. */
export interface Pipe {
  /** Variables that the value is given to. */
  readonly names: readonly string[];
  /** Whether these are there already. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
  readonly at: Located;
}

/** A word of a command. */
export type Operand =
  | { readonly kind: "field"; readonly path: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "literal"; readonly value: Known }
  | { readonly kind: "group"; readonly pipe: Pipe; readonly path: readonly string[] };

/** A template that was read, with what it defines for others. */
export interface Template {
  readonly nodes: readonly Node[];
  readonly defines: ReadonlyMap<string, readonly Node[]>;
  readonly errors: readonly TemplateError[];
}

/** A reason why Helm refuses a template. */
export interface TemplateError extends Located {
  readonly message: string;
}
