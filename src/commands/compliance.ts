/** `--compliance NAME`: the standards that a report is held against. */
import { closestWord } from "../products/spelling.ts";
import type { CompliancePolicy } from "../triage/compliance-policy.ts";
import { UsageError } from "./io.ts";

/** The policies of the names, each once. Throws a UsageError for a name that there is not. */
export async function policiesOf(names: readonly string[]): Promise<readonly CompliancePolicy[]> {
  if (names.length === 0) return [];
  const { default: policies } = await import("../../generated/policies.js");
  const asked = new Set(names.flatMap((name) => name.split(",")).map((name) => name.trim()));
  const known = policies.map(({ name }) => name);
  const wrong = [...asked].find((name) => !known.includes(name));
  if (wrong === undefined) return policies.filter(({ name }) => asked.has(name));
  const meant = closestWord(wrong, known);
  throw new UsageError(
    `--compliance does not know "${wrong}"; ${meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`,
  );
}
