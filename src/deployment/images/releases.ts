/** Which releases the tag of an image stands for. */
import orthancData from "../../../data/orthanc/images.json" with { type: "json" };
import releaseData from "../../../data/orthanc/releases.json" with { type: "json" };
import { isUnknown, type Maybe, map } from "../../facts/unknown.ts";
import type { VersionInfo } from "../model.ts";
import type { ImageEntry, Releases } from "./catalogue.ts";
import type { ImageReference } from "./reference.ts";

/** A release of an image, and the release of Orthanc in it. */
export interface ImageBuild {
  readonly release: string;
  readonly orthanc: string;
}

/** A tag: its leading version, without "v", and what follows it. */
export interface TagParts {
  readonly tag: string | null;
  readonly numbers: string | null;
  readonly variant: string | null;
}

/** Takes a tag apart. */
export function tagParts(tag: Maybe<string | null>): Maybe<TagParts> {
  return map(tag, (text): TagParts => {
    const found = /^v?(\d+(?:\.\d+)*)(?:[-_.](.+))?$/u.exec(text ?? "");
    return { tag: text, numbers: found?.[1] ?? null, variant: found === null ? null : (found[2] ?? null) };
  });
}

interface Candidates {
  readonly version: VersionInfo;
  readonly builds: readonly ImageBuild[];
}

/** The releases that an image may be, by its entry and its tag. */
export function releasesOf(
  entry: ImageEntry | undefined,
  tag: Maybe<TagParts>,
  reference: ImageReference,
): Candidates {
  if (entry?.versions === "orthanc-builder") {
    const builds = builderBuilds(entry, tag, reference);
    return { version: versionOf([...new Set(builds.map(({ orthanc }) => orthanc))]), builds };
  }
  const numbers = isUnknown(tag) ? null : tag.numbers;
  if (entry?.versions === "orthanc")
    return {
      version: versionOf(numbers === null || !isOrthancRelease(numbers) ? orthancBreakpoints() : [numbers]),
      builds: [],
    };
  if (entry?.versions === "slapd-dcm4chee" && !isUnknown(tag)) {
    const archive = archiveRelease(tag);
    if (archive !== undefined) return { version: versionOf([archive]), builds: [] };
  }
  if (entry?.versions === "tag" && numbers !== null) return { version: versionOf([numbers]), builds: [] };
  return {
    version: versionOf(["0", ...stepsOf(entry)], entry !== undefined && stepsOf(entry).length > 0),
    builds: [],
  };
}

/** The release of the archive that a directory was made for: "2.6.5-31.2" and, in older tags, "5.7.0". */
function archiveRelease({ numbers, variant }: TagParts): string | undefined {
  if (variant !== null && /^\d+\.\d+$/u.test(variant)) return `5.${variant}`;
  return numbers?.startsWith("5.") === true ? numbers : undefined;
}

/** One candidate is the release; `open` marks the list of an entry whose release is not known. */
function versionOf(candidates: readonly string[], open = false): VersionInfo {
  const [only] = candidates;
  const known = candidates.length === 1 && only !== undefined && only !== "0" && !open;
  return { value: known ? only : null, from: "image", candidates, build: "image" };
}

function stepsOf(entry: ImageEntry | undefined): readonly string[] {
  const steps = [...(entry?.logins ?? []), ...(entry?.openedBy ?? []), ...(entry?.openByDefault ?? [])];
  return [
    ...new Set(steps.flatMap(({ from, below }) => [from, below].filter((step) => step !== undefined))),
  ].sort(compare);
}

function isOrthancRelease(version: string): boolean {
  return releaseData.releases.some((release) => release.version === version);
}

/** Releases of Orthanc at which configurations begin to be read differently, from 1.5.8 on. */
function orthancBreakpoints(floor = "1.5.8"): readonly string[] {
  const versions = releaseData.breakpoints
    .map(({ version }) => version)
    .filter((version) => compare(version, floor) > 0);
  return [floor, ...[...new Set(versions)].sort(compare)];
}

/** Releases at which the start script of the image itself changed what it does; see products/orthanc/image/history.ts. */
const scriptChanges = [
  "20.4.2",
  "20.10.1",
  "21.9.0",
  "22.5.2",
  "23.6.1",
  "24.2.0",
  "25.6.3",
  "25.11.1",
  "26.7.0",
];

/** The first release under the present name. */
const firstOfTeam = "24.2.0";

/** The builds that a tag stands for: one, or those at which something changes. */
function builderBuilds(
  entry: ImageEntry,
  tag: Maybe<TagParts>,
  reference: ImageReference,
): readonly ImageBuild[] {
  const all = orthancData.tags.map((known): ImageBuild => ({ release: known.tag, orthanc: known.orthanc }));
  const last = entry.unmaintained?.last;
  const own = all.filter(({ release }) =>
    last === undefined ? compare(release, firstOfTeam) >= 0 : compare(release, last) <= 0,
  );
  if (!isUnknown(tag) && tag.numbers !== null) {
    const wanted = tag.numbers;
    const exact = all.find(({ release }) => release === wanted);
    return exact === undefined ? around(all, wanted) : [exact];
  }
  // A name that is no longer published stays at its last release.
  const latest = !isUnknown(tag) && (tag.tag === null || tag.tag === "latest") && reference.digest === null;
  return last !== undefined && latest ? own.slice(-1) : changing(own);
}

/** A tag that is not listed: those that begin with it, or the ones before and after. */
function around(all: readonly ImageBuild[], wanted: string): readonly ImageBuild[] {
  const beginning = all.filter(({ release }) => release.startsWith(`${wanted}.`));
  if (beginning.length > 0) return changing(beginning);
  const before = all.filter(({ release }) => compare(release, wanted) < 0).at(-1);
  const after = all.find(({ release }) => compare(release, wanted) > 0);
  return [before, after].filter((build) => build !== undefined);
}

function changing(builds: readonly ImageBuild[]): readonly ImageBuild[] {
  return builds.filter((build, index) => {
    const before = builds[index - 1];
    if (before === undefined || index === builds.length - 1 || before.orthanc !== build.orthanc) return true;
    return scriptChanges.some(
      (change) => compare(before.release, change) < 0 && compare(build.release, change) >= 0,
    );
  });
}

/** Whether something of an entry holds at a release; for the builder image releases are those of the image. */
export function holdsAt(
  candidate: string,
  { from, below }: Releases,
  entry: ImageEntry | undefined,
  builds: readonly ImageBuild[],
): boolean {
  const releases =
    entry?.versions === "orthanc-builder"
      ? builds.filter(({ orthanc }) => orthanc === candidate).map(({ release }) => release)
      : [candidate];
  return releases.some(
    (release) =>
      (from === undefined || compare(release, from) >= 0) &&
      (below === undefined || compare(release, below) < 0),
  );
}

/** Whether the same name may stand for another build tomorrow. */
export function isFloating(
  reference: ImageReference,
  tag: Maybe<TagParts>,
  entry: ImageEntry | undefined,
): Maybe<boolean> {
  if (isUnknown(reference.digest)) return reference.digest;
  if (reference.digest !== null) return false;
  return map(tag, ({ tag: text, numbers }) => {
    if (text === null) return true;
    if (numbers !== null)
      return (
        numbers.split(".").length < (entry === undefined ? 2 : (entry.parts ?? 3)) &&
        !/^\d{8,}/u.test(numbers)
      );
    return !/\d{4}-\d{2}-\d{2}|^(?:sha-?)?[0-9a-f]{7,}$/iu.test(text);
  });
}

function compare(left: string, right: string): number {
  const a = left.split(".").map(Number);
  const b = right.split(".").map(Number);
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
