/** Images by their names: which product, which release, and what it does when nobody configures it. */
import type { Product } from "../../facts/facts.ts";
import { isUnknown, type Maybe, map } from "../../facts/unknown.ts";
import type { Text } from "../../text/text.ts";
import type { VersionInfo } from "../model.ts";
import {
  findImage,
  type HardenedImage,
  type ImageEntry,
  type ImageLogin,
  type ImageOpening,
  type ImagePort,
  type Releases,
  type SecretFiles,
} from "./catalogue.ts";
import { type ImageReference, parseImageReference } from "./reference.ts";
import { holdsAt, type ImageBuild, isFloating, releasesOf, tagParts } from "./releases.ts";

/** What is known of an image. */
export interface RecognisedImage {
  readonly reference: ImageReference;
  /** "other" for an image that nobody listed. */
  readonly product: Maybe<Product>;
  /** Name of the product for people; null for an image that nobody listed. */
  readonly name: string | null;
  /** Id in data/images.json. */
  readonly id: string | null;
  /** Its name is that of a known image, but another registry has it. */
  readonly mirror: boolean;
  /** `candidates` is ["0"] where nothing depends on the release. */
  readonly version: VersionInfo;
  /** For orthancteam/orthanc and osimis/orthanc: the releases of the image that it may be. */
  readonly builds: readonly ImageBuild[];
  /** What follows the version in the tag: "full", "secure", "alpine"; null when there is nothing. */
  readonly variant: Maybe<string | null>;
  readonly floating: Maybe<boolean>;
  readonly unmaintained: Maybe<boolean>;
  /** Since when nobody maintains it, and what took its place; null where it is maintained. */
  readonly retired: { readonly since: string; readonly instead: string | null } | null;
  readonly ports: readonly ImagePort[];
  /** Those of the releases that it may be. */
  readonly logins: readonly ImageLogin[];
  /** Null: it takes none, or nobody has looked. */
  readonly secretFiles: SecretFiles | null;
  /** Null: nobody has tried. */
  readonly hardened: HardenedImage | null;
  readonly openedBy: readonly ImageOpening[];
  /** Sentences: what is open when nobody configures it. */
  readonly openByDefault: readonly string[];
  /** User of the first process; null: not known. */
  readonly user: string | null;
}

/** What an image is, by its name. */
export function recogniseImage(text: Text): RecognisedImage {
  const reference = parseImageReference(text);
  const found = isUnknown(reference.repository)
    ? undefined
    : findImage(reference.registry, reference.repository);
  const entry = found?.entry;
  const tag = tagParts(reference.tag);
  const { version, builds } = releasesOf(entry, tag, reference);
  const applies = (releases: Releases): boolean =>
    version.candidates.some((candidate) => holdsAt(candidate, releases, entry, builds));
  return {
    reference,
    product: isUnknown(reference.repository) ? reference.repository : (entry?.product ?? "other"),
    name: entry?.name ?? null,
    id: entry?.id ?? null,
    mirror: found?.mirror ?? false,
    version,
    builds,
    variant: map(tag, ({ variant }) => variant),
    floating: isFloating(reference, tag, entry),
    unmaintained: isUnknown(reference.repository) ? reference.repository : entry?.unmaintained !== undefined,
    retired: entry?.unmaintained ?? null,
    ports: entry?.ports ?? [],
    logins: entry?.logins.filter(applies) ?? [],
    secretFiles: secretFilesOf(entry, reference.repository),
    hardened: hardenedOf(entry, reference.repository, (from) => applies({ from })),
    openedBy: entry?.openedBy.filter(applies) ?? [],
    openByDefault: entry?.openByDefault.filter(applies).map(({ effect }) => effect) ?? [],
    user: entry?.user ?? null,
  };
}

/** A copy that reads its variables otherwise is named in `except`. */
function secretFilesOf(entry: ImageEntry | undefined, repository: Maybe<string>): SecretFiles | null {
  const found = entry?.secretFiles;
  if (found === undefined || isUnknown(repository) || found.except?.includes(repository) === true)
    return null;
  const { of, suffix, holds } = found;
  return { of, suffix, holds };
}

function hardenedOf(
  entry: ImageEntry | undefined,
  repository: Maybe<string>,
  since: (release: string) => boolean,
): HardenedImage | null {
  const found = entry?.hardened;
  if (found === undefined || isUnknown(repository) || found.except?.includes(repository) === true)
    return null;
  if (found.from !== undefined && !since(found.from)) return null;
  const {
    capabilities = [],
    writes = [],
    variables = {},
    volumes = [],
    notWith = [],
    account = null,
  } = found;
  const hasAccount = found.accountFrom === undefined || since(found.accountFrom);
  return { capabilities, writes, variables, volumes, notWith, account: hasAccount ? account : null };
}
