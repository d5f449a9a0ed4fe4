/** Published weaknesses of the archive's releases, told together; what a rule of its own tells is left out. */
import data from "../../../data/advisories.json" with { type: "json" };
import type { Service } from "../../deployment/model.ts";
import type { AdvisoryFact } from "../../facts/facts.ts";
import { type Maybe, map, unknown } from "../../facts/unknown.ts";
import { before, compareVersions } from "../version.ts";
import { factBase, type Surroundings, unset } from "./archive.ts";
import type { Variant } from "./images.ts";
import { runsImage } from "./lookup.ts";
import type { ArchiveFiles } from "./sources.ts";

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

/**
 * The weaknesses of an archive of 5.x: of its image, or of files whose release is known. `usersLogIn`: whether its
 * applications ask for a login, which on a host the files of WildFly tell.
 */
export function weaknesses(
  service: Service,
  { devices, xml }: ArchiveFiles,
  variant: Maybe<Variant>,
  usersLogIn: Maybe<boolean> | undefined,
  around: Surroundings,
): readonly AdvisoryFact[] {
  if (runsImage(service)) return advisoryFacts(service, variant, around);
  const { value } = service.version;
  const isThere = devices.length > 0 || xml.some(({ file }) => file.kind === "wildfly-xml");
  if (!isThere || value === null || before(value, "5")) return [];
  return advisoryFacts(service, usersLogIn === true ? "secure" : variant, around);
}

/** One fact for all that the release has; none where the release has none. */
function advisoryFacts(
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
