/** Orthanc in a container: what the image's start script hands to it. */

import type { RecognisedImage } from "../../deployment/images/recognise.ts";
import type { ConfigurationSource, Container, Environment } from "../../deployment/model.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import { textAt } from "../../text/text.ts";
import type { DeriveContext } from "../product.ts";
import { compareVersions } from "../version.ts";
import { configureImage } from "./image/index.ts";
import { imageInput, processEnvironment } from "./image/input.ts";
import type { ImageConfiguration, ImageInput, ImageKind } from "./image/types.ts";

/** The configuration of a container at a release of Orthanc. */
export interface ContainerConfiguration {
  readonly image: ImageConfiguration;
  /** What the start script was given. */
  readonly input: ImageInput;
  readonly configuration: readonly ConfigurationSource[];
  readonly environment: Environment;
}

/** Runs the image's start script over what the manifest puts into the container. `version`: the release of Orthanc. */
export function containerConfiguration(
  container: Container,
  version: string,
  context: DeriveContext,
): ContainerConfiguration {
  const kind = kindOf(container.recognised);
  const identity = {
    kind,
    release: releaseOf(container.recognised, kind, version),
    full: isFull(container.recognised),
  };
  // Compose keeps variables in a map: in which order they arrive is not defined.
  const input = imageInput(withUsualCommand(container), identity, false, context.files, context.sources);
  const image = configureImage(input);
  return { image, input, configuration: image.configuration, environment: processEnvironment(input) };
}

/** An image that nobody listed is taken to start Orthanc on /etc/orthanc, as every published one does. */
function withUsualCommand(container: Container): Container {
  const listed = container.recognised !== undefined && container.recognised.id !== null;
  if (listed || container.command !== undefined || container.entrypoint !== undefined) return container;
  return {
    ...container,
    entrypoint: ["Orthanc", "/etc/orthanc"].map((word) => textAt(word, container.imageAt)),
  };
}

function kindOf(recognised: RecognisedImage | undefined): ImageKind {
  if (recognised !== undefined && recognised.builds.length > 0) return "builder";
  const id = recognised?.id ?? null;
  if (id === null) return "unlisted";
  return id.startsWith("jodogne") ? "jodogne" : "debian";
}

/** The newest release of the image that has this Orthanc. */
function releaseOf(recognised: RecognisedImage | undefined, kind: ImageKind, version: string): string {
  if (kind !== "builder" || recognised === undefined) return version;
  const builds = [...recognised.builds].sort((left, right) => compareVersions(left.release, right.release));
  const same = builds.findLast((build) => build.orthanc === version);
  const older = builds.findLast((build) => compareVersions(build.orthanc, version) <= 0);
  return (same ?? older ?? builds.at(-1))?.release ?? version;
}

function isFull(recognised: RecognisedImage | undefined): Maybe<boolean> {
  const variant = recognised?.variant ?? null;
  if (isUnknown(variant)) return variant;
  return variant?.includes("full") === true;
}
