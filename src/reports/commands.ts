/** Commands of findings in words: what each is for, and the lines to copy. */
import type { Finding, ReportedCommand } from "../triage/report.ts";
import { groupBy } from "./group.ts";

/** Commands that are given to one tool together. */
export interface CommandBlock {
  readonly lead: string;
  readonly text: string;
  /** A blank at the start of a line would change its meaning. */
  readonly flush: boolean;
}

/** The commands, tool by tool. */
export function commandBlocks(commands: readonly ReportedCommand[]): readonly CommandBlock[] {
  const groups = groupBy(commands, ({ tool, into }) => (tool === "json" ? `json ${into ?? ""}` : tool));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const flush = first.tool === "ldapmodify";
    const text = group.map((command) => command.text).join(flush ? "\n\n" : "\n");
    return [
      {
        lead: leadOf(
          first,
          group.some(({ reload }) => reload === true),
        ),
        text,
        flush,
      },
    ];
  });
}

function leadOf({ tool, into }: ReportedCommand, reload: boolean): string {
  switch (tool) {
    case "ldapmodify":
      return `In a directory that runs, with ldapmodify${reload ? "; then reload the archive" : ""}:`;
    case "kcadm.sh":
      return "In a Keycloak that runs:";
    case "json":
      return `In JSON, in ${into ?? "it"}:`;
  }
}

/** The words of a remediation without lines to copy, where commands take their place. */
export function proseOf({ text, commands = [] }: Finding["remediation"]): string {
  if (commands.length === 0) return text;
  const paragraphs = text.trim().split(/\n\s*\n/u);
  return paragraphs
    .filter((part) => !/^\s/u.test(part))
    .map((part) => part.replace(/:$/u, "."))
    .join("\n\n");
}

/** The whole advice as one text, for formats that have no place for more. */
export function adviceText(remediation: Finding["remediation"]): string {
  const blocks = commandBlocks(remediation.commands ?? []).flatMap(({ lead, text }) => [
    lead,
    text
      .split("\n")
      .map((line) => (line === "" ? "" : `    ${line}`))
      .join("\n"),
  ]);
  return [proseOf(remediation).trim(), ...blocks].join("\n\n");
}
