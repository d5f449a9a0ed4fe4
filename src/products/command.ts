/** A change said to a server that runs, beside the edit of a file: what an administrator pastes. */
import type { Json } from "../facts/json.ts";

/** Whose syntax a command has; `json`: a part of a device or realm in its JSON form. */
export type CommandTool = "ldapmodify" | "kcadm.sh" | "json";

/** Lines for one tool. */
export interface Command {
  readonly tool: CommandTool;
  /** What the lines belong into, where they do not say so themselves. */
  readonly into?: string;
  readonly text: string;
  /** The archive reads the change when it reloads its configuration. */
  readonly reload?: true;
}

/** The change of one setting. */
export type SettingChange =
  | { readonly type: "set"; readonly to: Json }
  | { readonly type: "remove" }
  | { readonly type: "add-item"; readonly value: Json };
