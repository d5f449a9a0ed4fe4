/** The ladder of profiles: which one a run meets, and what is left to do for the next. */
import data from "../../data/profiles.json" with { type: "json" };
import families from "../../generated/families.js";
import { type Audience, audiences, type Severity, severities } from "../rules/rule.ts";
import type { Finding, ProfileVerdict, Report, Undetermined } from "./report.ts";
import { leavesUnjudged } from "./summary.ts";

/** What has to be closed: findings of this audience or a wider one, at least this severe, of these families or of any. */
interface Need {
  readonly audience: Audience;
  readonly severity: Severity;
  readonly families?: readonly string[];
}

/** A profile with what it adds to the ones before it. */
export interface Profile {
  readonly name: string;
  /** A sentence for a person. */
  readonly title: string;
  readonly needs: readonly Need[];
}

/** The least demanding first; each needs what the ones before it need. */
export const profiles = data.profiles as readonly Profile[];

/** What decides whether something counts in a profile. */
export type Counted = Pick<Finding, "rule" | "severity" | "audience">;

/** Whether a profile, or one before it, needs this to be closed. */
export function needs(profile: Profile, counted: Counted): boolean {
  return profiles
    .slice(0, profiles.indexOf(profile) + 1)
    .some((rung) => rung.needs.some((need) => fits(need, counted)));
}

/** The widest audience whose findings count in a profile. */
export function audienceOf(profile: Profile): Audience {
  const widest = Math.max(
    ...profiles
      .slice(0, profiles.indexOf(profile) + 1)
      .flatMap((rung) => rung.needs.map((need) => audiences.indexOf(need.audience))),
  );
  return audiences[widest] ?? "audit";
}

/** Rules of the site belong to no family: they count wherever no family is asked for. */
function fits(need: Need, { rule, severity, audience }: Counted): boolean {
  return (
    audiences.indexOf(audience) <= audiences.indexOf(need.audience) &&
    severities.indexOf(severity) >= severities.indexOf(need.severity) &&
    (need.families === undefined || need.families.includes(families[rule] ?? ""))
  );
}

/** The parts of a report that profiles are judged by. */
type Judged = Pick<Report, "deployments" | "findings" | "undetermined" | "problems">;

/**
 * Climbs the ladder as far as nothing is left to close and everything could be judged. A suppressed finding is decided;
 * one of the baseline is not.
 */
export function verdictOf(report: Judged): Omit<ProfileVerdict, "asked"> {
  const unread =
    report.problems.filter(({ kind }) => leavesUnjudged(kind)).length +
    (report.deployments.length === 0 ? 1 : 0);
  let met: string | null = null;
  for (const profile of profiles) {
    const steps = new Set(
      report.findings
        .filter((finding) => finding.state !== "suppressed" && needs(profile, finding))
        .map(({ fingerprint }) => fingerprint),
    ).size;
    const doubts = report.undetermined.filter((check) => isNeeded(profile, check)).length;
    if (steps > 0 || doubts + unread > 0)
      return { met, next: { name: profile.name, steps, undecided: doubts + unread } };
    met = profile.name;
  }
  return { met, next: null };
}

function isNeeded(profile: Profile, check: Undetermined): boolean {
  return check.suppression === undefined && needs(profile, check);
}
