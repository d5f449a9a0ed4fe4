/** A container as a service: which product it is, at which release, with which files. */
import { isUnknown } from "../facts/unknown.ts";
import type { Files } from "../sources/files.ts";
import { concat, holeText, type Located, type Text, textAt } from "../text/text.ts";
import { containerLookup } from "./compose-services.ts";
import { recogniseImage } from "./images/recognise.ts";
import type { Container, ContainerFile, Service, ServiceNetwork, VersionInfo } from "./model.ts";
import { proxyBy } from "./proxies.ts";

/** A container that a manifest starts. */
export interface StartedContainer {
  readonly name: string;
  readonly at: Located;
  readonly container: Container;
  readonly network: ServiceNetwork;
}

/** What telling the product needs. */
export interface ServiceInput {
  readonly files: Files;
  readonly orthancVersion: VersionInfo;
  /** Whether what is put into the container holds a configuration of Orthanc. */
  readonly holdsConfiguration: (content: ContainerFile["content"]) => boolean;
}

/** The service that a container is. */
export function serviceOfContainer(started: StartedContainer, input: ServiceInput): Service {
  const { name, at, container, network } = started;
  const recognised = container.recognised?.id == null ? byVariables(container) : container.recognised;
  const named = recognised === undefined || isUnknown(recognised.product) ? "other" : recognised.product;
  const isOrthanc = named === "other" && takesConfiguration(container, input);
  const proxy = named === "other" || named === "viewer" ? proxyBy(container) : undefined;
  const product = isOrthanc ? "orthanc" : (proxy ?? named);
  const unlisted: VersionInfo = { value: null, from: "assumed", candidates: ["0"], build: "image" };
  const known = isOrthanc ? input.orthancVersion : (recognised?.version ?? unlisted);
  return {
    name,
    product,
    version:
      product === "orthanc" && known.value === null && input.orthancVersion.value !== null
        ? { ...input.orthancVersion, build: "image" }
        : known,
    at,
    environment: {
      complete: container.variablesComplete,
      ...(container.variablesUnseen === undefined ? {} : { unseen: container.variablesUnseen }),
      variables: new Map(
        container.variables.map((variable) => [variable.name, { value: variable.value, at: variable.at }]),
      ),
    },
    configuration: [],
    workingDirectory: null,
    network,
    lookup: containerLookup(container, input.files),
    container: { ...container, recognised },
  };
}

/**
 * An image of the site's own that takes its settings as a published one does is built on that one; with how few rights it
 * still runs, nobody has tried.
 */
function byVariables({ variables, recognised, imageAt }: Container): Container["recognised"] {
  const takes = (pattern: RegExp): boolean => variables.some(({ name }) => pattern.test(name));
  if (takes(/^ORTHANC__|^ORTHANC_JSON$|_PLUGIN_ENABLED$/u))
    return { ...recogniseImage(textAt("orthancteam/orthanc", imageAt)), hardened: null };
  if (takes(/^ARCHIVE_DEVICE_NAME$/u) && takes(/^LDAP_/u)) return recogniseImage(archiveImage(imageAt));
  return recognised;
}

/** The release and the variant are not known. */
function archiveImage(at: Located): Text {
  return concat([textAt("dcm4che/dcm4chee-arc-psql:", at), holeText("the image is the site's own", at)]);
}

/** An image of the site's own that is given a configuration of Orthanc where Orthanc looks for one. */
function takesConfiguration(container: Container, { holdsConfiguration }: ServiceInput): boolean {
  return container.files.some(
    ({ target, content }) => /^\/etc\/orthanc(?:\/|$)/u.test(target) && holdsConfiguration(content),
  );
}
