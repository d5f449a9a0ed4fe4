import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import { type Located, locate, type Text, textAt } from "../text/text.ts";
import { type BuiltImage, builtImage } from "./built-image.ts";
import { serviceOfContainer } from "./container-service.ts";
import { recogniseImage } from "./images/recognise.ts";
import {
  type Container,
  type Deployment,
  nothingHardened,
  type PublishedPort,
  type VersionInfo,
} from "./model.ts";

/** What reading an image needs. */
export interface ImageInput {
  readonly files: Files;
  readonly sources: Sources;
  readonly orthancVersion: VersionInfo;
}

/** A deployment for each Dockerfile that is built on an image of Orthanc or of dcm4chee's archive. */
export function imageDeployments(candidates: readonly Candidate[], input: ImageInput): readonly Deployment[] {
  return candidates
    .filter(({ kind }) => kind === "dockerfile")
    .flatMap((candidate) => imageDeployment(candidate, candidates, input) ?? []);
}

function imageDeployment(
  candidate: Candidate,
  candidates: readonly Candidate[],
  input: ImageInput,
): Deployment | undefined {
  const { source } = candidate;
  const root = folderOf(source.path);
  const whole: Located = { at: { file: source.path, start: 0, end: 0 } };
  const build = {
    ...whole,
    context: textAt(root, whole),
    remote: false,
    dockerfile: textAt(baseName(source.path), whole),
    dockerfileInline: undefined,
    target: undefined,
    args: [],
  };
  const built = builtImage(build, input.files, () => source.text);
  if (built === undefined) return undefined;
  const container = containerOf(built);
  const { product = "other" } = container.recognised ?? {};
  if (product !== "orthanc" && product !== "dcm4chee") return undefined;
  const name = baseName(root) === "." ? product : baseName(root);
  const network = {
    kind: "container",
    hostNetwork: false,
    networks: [],
    names: [name],
    published: publishedPorts(container),
  } as const;
  const service = serviceOfContainer(
    { name, at: container.imageAt, container, network },
    { ...input, holdsConfiguration: () => false },
  );
  const copied = candidates.filter(({ source: { path } }) =>
    container.files.some(({ content }) => content.type === "file" && content.path === path),
  );
  return {
    id: source.path,
    root,
    form: "image",
    services: [service],
    files: [
      { source, kind: "dockerfile", linkedTo: name },
      ...copied.map((file) => ({ source: file.source, kind: file.kind, linkedTo: name })),
    ],
    problems: [],
    assumptions: [
      `No manifest of the input starts the image of ${source.path}: every port that it exposes is taken to be published, and no variable to be set besides those in it.`,
    ],
  };
}

function containerOf({ base, variables, files, exposes, user, command, entrypoint }: BuiltImage): Container {
  const imageAt = locate(base, 0, base.value.length);
  return {
    image: base,
    imageAt,
    built: true,
    recognised: recogniseImage(base),
    command,
    entrypoint,
    variables,
    variablesComplete: true,
    files,
    mounts: [],
    healthCheck: [],
    labels: [],
    deployLabels: [],
    exposes,
    hardening: {
      ...nothingHardened,
      user: user?.value,
      places: { "": imageAt, ...(user === undefined ? {} : { "/root": locate(user, 0, user.value.length) }) },
    },
  };
}

/** What the Dockerfile exposes, and what the image that it starts from does. */
function publishedPorts({ exposes = [], recognised, imageAt }: Container): readonly PublishedPort[] {
  const own = exposes.flatMap((text): readonly PublishedPort[] => {
    const [, port, protocol = "tcp"] = /^(\d+)(?:\/(tcp|udp))?$/iu.exec(text.value) ?? [];
    return port === undefined
      ? []
      : [published(Number(port), placeIn(text), protocol.toLowerCase() === "udp" ? "udp" : "tcp")];
  });
  const listed = (recognised?.ports ?? []).filter(
    ({ port }) => !own.some(({ containerPort }) => containerPort === port),
  );
  return [...own, ...listed.map(({ port }) => published(port, imageAt, "tcp"))];
}

function placeIn(text: Text): Located {
  return locate(text, 0, text.value.length);
}

function published(port: number, at: Located, protocol: "tcp" | "udp"): PublishedPort {
  return {
    hostAddress: "0.0.0.0",
    hostPort: port,
    containerPort: port,
    protocol,
    at,
    label: "exposed by the image, taken to be published",
  };
}
