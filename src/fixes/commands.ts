/** What a finding's edits are for servers that run: the product says it in the syntax of their tools. */
import type { Fact } from "../facts/facts.ts";
import type { Command, SettingChange } from "../products/command.ts";
import type { Editable } from "../products/product.ts";
import { isFillable } from "../rules/message.ts";
import type { LogicalEdit, Remediation } from "../rules/rule.ts";
import { fillEdit } from "./propose.ts";
import { steps } from "./render.ts";

/** The commands of a remediation; of changes that only show a pattern, one, with what else it is for. */
export function proposeCommands(
  remediation: Remediation | undefined,
  fact: Fact,
  editable: Editable | undefined,
): readonly Command[] {
  const made = commandsOf(remediation?.edits, fact, editable);
  return made.length > 0 ? merged(made) : patternOf(merged(commandsOf(remediation?.sample, fact, editable)));
}

/** Changes of one entry as one record: its parts are set apart by "-" (RFC 2849). */
function merged(commands: readonly Command[]): readonly Command[] {
  const records = groupByEntry(commands);
  return [...records.values()].map(([first, ...more]) => ({
    ...first,
    text: [first.text, ...more.map(({ text }) => text.split("\n").slice(2).join("\n"))].join("\n-\n"),
  }));
}

/** Records by their entry; every other command by itself. */
function groupByEntry(commands: readonly Command[]): ReadonlyMap<string, [Command, ...Command[]]> {
  const groups = new Map<string, [Command, ...Command[]]>();
  for (const command of commands) {
    const head = command.text.split("\n").slice(0, 2).join("\n");
    const key = command.tool === "ldapmodify" ? head : command.text;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [command]);
    else group.push(command);
  }
  return groups;
}

function commandsOf(
  edits: readonly LogicalEdit[] | undefined,
  fact: Fact,
  editable: Editable | undefined,
): readonly Command[] {
  return (edits ?? []).flatMap((template) => {
    if (!Object.values(template).every((value) => typeof value !== "string" || isFillable(value, fact)))
      return [];
    const taken = takenBy(fillEdit(template, fact));
    return taken === undefined ? [] : (editable?.commands?.(steps(taken.setting), taken.change, fact) ?? []);
  });
}

/** Settings of the product itself: containers and their variables are changed in manifests only. */
function takenBy(
  edit: LogicalEdit,
): { readonly setting: string; readonly change: SettingChange } | undefined {
  if ("set" in edit) return own(edit.set, { type: "set", to: edit.to });
  if ("remove" in edit) return own(edit.remove, { type: "remove" });
  if ("add-item" in edit) return own(edit["add-item"], { type: "add-item", value: edit.value });
  return undefined;
}

function own(setting: string, change: SettingChange): ReturnType<typeof takenBy> {
  return /^(?:container|variable|proxy|accept):/u.test(setting) ? undefined : { setting, change };
}

/** The values are to be replaced by the site's own anyway: the first one shows how. */
function patternOf(commands: readonly Command[]): readonly Command[] {
  const [first, ...others] = commands;
  if (first === undefined) return [];
  const rest = others.flatMap(({ into }) => (into === undefined ? [] : [into]));
  if (rest.length === 0 || first.tool !== "ldapmodify") return [first];
  return [{ ...first, text: `${first.text}\n${commentLines(`likewise for ${rest.join(", ")}`).join("\n")}` }];
}

/** The widest line of a comment. */
const commentWidth = 76;

function commentLines(text: string): readonly string[] {
  return (text.match(new RegExp(`.{1,${commentWidth - 2}}(?:\\s|$)`, "gu")) ?? [text]).map(
    (line) => `# ${line.trim()}`,
  );
}
