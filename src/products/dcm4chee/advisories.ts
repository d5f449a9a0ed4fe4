/** Published weaknesses of the archive's releases, told together; what a rule of its own tells is left out. */
import data from "../../../data/advisories.json" with { type: "json" };
import type { Service } from "../../deployment/model.ts";
import type { AdvisoryFact } from "../../facts/facts.ts";
import { type Maybe, map, unknown } from "../../facts/unknown.ts";
import { before, compareVersions } from "../version.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import type { Variant } from "./images.ts";

interface Advisory {
  readonly id: string;
  readonly product: string;
  readonly affected: readonly { readonly from?: string; readonly below?: string; readonly upTo?: string }[];
  readonly fixed: string | null;
  readonly severity: string;
  readonly allows: string;
}

const advisories: readonly Advisory[] = data.advisories;
const severities = ["low", "medium", "high", "critical"] as const;
const ranks = new Map<string, number>(severities.map((severity, index) => [severity, index]));

/** One fact for all that the release has; none where the release has none. */
export function advisoryFacts(
  service: Service,
  variant: Maybe<Variant>,
  around: Surroundings,
): readonly AdvisoryFact[] {
  const found = advisories.filter(
    ({ product, affected }) =>
      product === "dcm4chee-arc" &&
      affected.some(({ below }) => below !== undefined && before(around.version, below)),
  );
  const worst = [...found].sort((left, right) => rank(right) - rank(left))[0];
  if (worst === undefined) return [];
  const fixes = found.flatMap(({ fixed }) => fixed ?? []).sort(compareVersions);
  const origins = [unset(around.startedAt ?? service.at, "this release")];
  return [
    {
      kind: "advisory",
      ...factBase(around, "advisory", "all"),
      advisory: worst.id,
      advisories: found.map(({ id }) => id),
      // Where a login is asked only users reach what is weak.
      severity: severities[variant === "secure" ? Math.min(rank(worst), 2) : rank(worst)] ?? "high",
      fixed: fixes.at(-1) ?? null,
      allows: clause(worst.allows),
      applies:
        service.version.value === null
          ? unknown("version", "the release that runs is not known")
          : map(variant, () => true),
      origins: { "": origins, "/advisory": origins, "/applies": [] },
    },
  ];
}

function rank({ severity }: Advisory): number {
  return ranks.get(severity) ?? 0;
}

function clause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, "")}`;
}
