/** Deployments of the compose files among the candidates. */
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { ObjectTree } from "../sources/tree.ts";
import type { Text } from "../text/text.ts";
import { type ComposeGroup, groupComposeFiles } from "./compose/discover.ts";
import { loadComposeProject } from "./compose/load.ts";
import type { ComposeProject } from "./compose/model.ts";
import type { ComposeProblem } from "./compose/problems.ts";
import { type ComposeContainer, composeContainers } from "./compose-services.ts";
import { serviceOfContainer } from "./container-service.ts";
import { linkDcm4chee, linkedFiles } from "./dcm4chee/containers.ts";
import type {
  Container,
  ContainerFile,
  Deployment,
  Environment,
  FileUse,
  Problem,
  Service,
  VersionInfo,
} from "./model.ts";
import { labelledForOthers, linkPartners } from "./proxies.ts";

/** What the user says about compose projects. */
export interface ComposeInput {
  readonly files: Files;
  readonly sources: Sources;
  /** What --env and --env-file give. */
  readonly environment: Environment;
  readonly envFiles: readonly string[];
  /** Files of values for charts, the last one winning. */
  readonly valueFiles?: readonly string[];
  readonly orthancVersion: VersionInfo;
  readonly dcm4cheeVersion?: string;
}

/** One deployment for each project that the files make. */
export function composeDeployments(
  candidates: readonly Candidate[],
  input: ComposeInput,
): readonly Deployment[] {
  const composes = candidates.filter((candidate) => candidate.kind === "compose");
  const readText = textReader(input.sources);
  return groupsOf(composes, readText).map(({ files }) =>
    projectDeployment({ files, form: "compose" }, candidates, { ...input, readText }),
  );
}

/** Containers that are started together: by Docker Compose, or by the commands of a script. */
export interface ProjectStart {
  readonly files: readonly string[];
  readonly form: "compose" | "commands";
  /** What the files come to that are no YAML. */
  readonly documents?: ReadonlyMap<string, ObjectTree>;
  /** From where its paths start, if that is not the folder of the first file. */
  readonly folder?: string;
}

/** Files named on the command line are one project, in that order; found ones are grouped as Compose would. */
function groupsOf(composes: readonly Candidate[], readText: ReadText): readonly ComposeGroup[] {
  const named = composes.filter((candidate) => candidate.named).map((candidate) => candidate.source.path);
  const found = composes.filter((candidate) => !candidate.named).map((candidate) => candidate.source.path);
  const together: readonly ComposeGroup[] = named.length === 0 ? [] : [{ kind: "alternative", files: named }];
  return [...together, ...groupComposeFiles(found, readText)];
}

type ReadText = (path: string) => Text | { readonly missing: string };

/** Reads files by their paths. */
export function textReader(sources: Sources): ReadText {
  return (path) => {
    const opened = sources.open(path);
    return opened.ok ? opened.source.text : { missing: opened.message };
  };
}

/** The deployment that a project is. */
export function projectDeployment(
  group: ProjectStart,
  candidates: readonly Candidate[],
  input: ComposeInput & { readonly readText: ReadText },
): Deployment {
  const { readText } = input;
  const variables = new Map([...input.environment.variables].map(([name, { value }]) => [name, value]));
  const options = {
    files: group.files,
    readText,
    variables,
    ...(group.documents === undefined ? {} : { documents: group.documents }),
    ...(group.folder === undefined ? {} : { projectDirectory: group.folder }),
    // Commands know nothing of the file .env beside them.
    ...(input.envFiles.length === 0 && group.form === "compose" ? {} : { envFiles: input.envFiles }),
    environmentComplete: input.environment.complete,
  };
  const opened = new Set<string>();
  const stated = loadComposeProject({ ...options, readText: noting(readText, opened) });
  const optional = optionalServices(stated);
  // A profile is there to be started some day: what it opens then is told, as possible.
  const project = optional.size === 0 ? stated : loadComposeProject({ ...options, profiles: ["*"] });
  const configurations = candidates
    .filter((candidate) => candidate.kind === "orthanc-json")
    .map((candidate) => candidate.source.path);
  const holdsConfiguration = (content: ContainerFile["content"]): boolean =>
    configurations.some((path) => covers(content, path));
  const containers = composeContainers(project, input.files, readText).map((container) =>
    withUnseenCopies(container, candidates),
  );
  const services = linkPartners(
    linkDcm4chee(
      containers.map((container) =>
        withProfiles(serviceOfContainer(container, { ...input, holdsConfiguration }), optional),
      ),
      input,
    ),
  );
  const [first = "compose.yaml"] = group.files;
  return {
    id: group.files.length === 1 ? first : `${first}+${group.files.slice(1).map(baseName).join("+")}`,
    root: project.folder,
    form: group.form,
    services,
    files: withLinked(
      [
        ...usedFiles(project, containers, candidates, { sources: input.sources, form: group.form }),
        ...envFiles(project, opened, input.sources),
      ],
      services,
    ),
    problems: [...stated.problems.flatMap(problemOf), ...containers.flatMap(missingDockerfile)],
    assumptions: [
      ...profilesAssumed(stated, optional),
      ...defaultsAssumed(stated),
      ...labelledForOthers(services),
      ...containers.flatMap(unseenCopiesAssumed),
    ],
  };
}

/** Where the images of a product look for a file of its configuration, and how services with such images are called. */
const usualPlaces: readonly {
  readonly kind: Candidate["kind"];
  readonly called: RegExp;
  readonly target: (name: string) => string;
}[] = [
  { kind: "orthanc-json", called: /orthanc/iu, target: (name) => `/etc/orthanc/${name}` },
  {
    kind: "nginx",
    called: /nginx|proxy/iu,
    target: (name) => (name === "nginx.conf" ? "/etc/nginx/nginx.conf" : `/etc/nginx/conf.d/${name}`),
  },
  { kind: "caddyfile", called: /caddy|proxy/iu, target: (name) => `/etc/caddy/${name}` },
  {
    kind: "httpd",
    called: /httpd|apache|proxy/iu,
    target: (name) =>
      name === "httpd.conf" ? "/usr/local/apache2/conf/httpd.conf" : `/etc/apache2/sites-enabled/${name}`,
  },
  { kind: "haproxy", called: /haproxy|proxy|balancer/iu, target: (name) => `/usr/local/etc/haproxy/${name}` },
  { kind: "traefik", called: /traefik|proxy/iu, target: (name) => `/etc/traefik/${name}` },
];

/**
 * The configuration in the folder of a build whose Dockerfile is not seen is taken to be copied to its usual place, when
 * the service is called after the server.
 */
function withUnseenCopies(composed: ComposeContainer, candidates: readonly Candidate[]): ComposeContainer {
  const { name, container, unseenBuild } = composed;
  if (unseenBuild === undefined) return composed;
  const called = `${name} ${container.image?.value ?? ""} ${unseenBuild.context}`;
  const folder = unseenBuild.context === "." ? "" : `${unseenBuild.context}/`;
  const beside = candidates
    .filter(({ source: { path } }) => path.startsWith(folder) && !path.slice(folder.length).includes("/"))
    .filter(({ source }) => !container.files.some(({ content }) => covers(content, source.path)));
  const copies = beside.flatMap(({ kind, source: { path } }) =>
    usualPlaces
      .filter((place) => place.kind === kind && place.called.test(called))
      .map(
        ({ target }): ContainerFile => ({
          target: target(baseName(path)),
          at: container.imageAt,
          content: { type: "file", path },
        }),
      ),
  );
  return { ...composed, container: { ...container, files: [...copies, ...container.files] } };
}

function unseenCopiesAssumed({ name, unseenBuild, container }: ComposeContainer): readonly string[] {
  const copied = container.files.find(({ at }) => at === container.imageAt);
  if (unseenBuild === undefined || copied === undefined) return [];
  return [
    `The Dockerfile of ${name} is not part of the input: the configuration beside it is taken to be copied to ${folderOf(copied.target)}.`,
  ];
}

function missingDockerfile({ name, unseenBuild }: ComposeContainer): readonly Problem[] {
  if (unseenBuild === undefined) return [];
  const { path, at } = unseenBuild;
  const message = `the Dockerfile of service ${name} is not part of the input: there is no ${path}`;
  return [{ kind: "missing-file", message, where: at }];
}

/** The compose files, and every file among the candidates that goes into a container. */
function usedFiles(
  project: ComposeProject,
  containers: readonly ComposeContainer[],
  candidates: readonly Candidate[],
  { sources, form }: { readonly sources: Sources; readonly form: ProjectStart["form"] },
): readonly FileUse[] {
  const own = project.files.flatMap((path): readonly FileUse[] => {
    const source = sources.get(path);
    return source === undefined ? [] : [{ source, kind: form, linkedTo: null }];
  });
  const mounted = candidates.flatMap((candidate): readonly FileUse[] => {
    const user = containers.find(({ container }) => isUsedBy(candidate, container));
    return user === undefined
      ? []
      : [{ source: candidate.source, kind: candidate.kind, linkedTo: user.name }];
  });
  return [...own, ...mounted.filter(({ source }) => !own.some((file) => file.source === source))];
}

/** Remembers what could be read. */
function noting(readText: ReadText, opened: Set<string>): ReadText {
  return (path) => {
    const text = readText(path);
    if (!("missing" in text)) opened.add(path);
    return text;
  };
}

/** What was read besides the compose files: the project's own variables, and those of its services. */
function envFiles(
  { files, services }: ComposeProject,
  opened: ReadonlySet<string>,
  sources: Sources,
): readonly FileUse[] {
  const paths = [...opened].filter((path) => !files.includes(path));
  return paths.flatMap((path): readonly FileUse[] => {
    const source = sources.get(path);
    const user = services.find(({ environment }) =>
      environment.some(({ from, nameAt }) => from === "env_file" && nameAt.at.file === path),
    );
    return source === undefined ? [] : [{ source, kind: "dotenv", linkedTo: user?.name ?? null }];
  });
}

/** A file that goes into a container, or the Dockerfile that its image is built from. */
function isUsedBy({ kind, source: { path } }: Candidate, { files, built, image }: Container): boolean {
  const isBuilt = built && kind === "dockerfile" && image?.pieces.some(({ at }) => at.file === path) === true;
  return isBuilt || files.some(({ content }) => covers(content, path));
}

/** Files that a server reads and that nobody named. */
function withLinked(used: readonly FileUse[], services: readonly Service[]): readonly FileUse[] {
  const further = linkedFiles(services).filter(({ source }) => !used.some((file) => file.source === source));
  return [...used, ...further];
}

function covers(content: ComposeContainer["container"]["files"][number]["content"], path: string): boolean {
  if (content.type === "file") return content.path === path;
  return content.type === "folder" && path.startsWith(`${content.path}/`);
}

/** What Compose only warns about is no problem of the run. */
function problemOf(problem: ComposeProblem): readonly Problem[] {
  const kinds = {
    syntax: "syntax",
    unresolved: "unresolved",
    "missing-file": "missing-file",
    external: "unresolved",
    skipped: "skipped",
    warning: undefined,
    assumed: undefined,
  } as const;
  const kind = kinds[problem.kind];
  if (kind === undefined) return [];
  return [
    { kind, message: problem.message, ...(problem.where === undefined ? {} : { where: problem.where }) },
  ];
}

/** The services that start with a profile only, with its names, where nobody says which profiles are started. */
function optionalServices(project: ComposeProject): ReadonlyMap<string, readonly string[]> {
  if (project.profilesStated) return new Map();
  return new Map(
    project.services
      .filter(({ active }) => !active)
      .map(({ name, profiles }) => [name, profiles.map(({ value }) => value)]),
  );
}

function withProfiles(service: Service, optional: ReadonlyMap<string, readonly string[]>): Service {
  const profiles = optional.get(service.name);
  return profiles === undefined ? service : { ...service, profiles };
}

/** Whatever looks like an address of a network card decides who reaches a port, and is told by itself. */
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|\[?[0-9a-f]*:[0-9a-f:]+\]?)$/iu;

/** The defaults that were taken for variables of which nobody said whether they are set; none of their values but addresses. */
function defaultsAssumed({ problems }: ComposeProject): readonly string[] {
  const taken = new Map(
    problems.flatMap(({ default: one }) => (one === undefined ? [] : [[one.variable, one.value] as const])),
  );
  const addresses = [...taken].filter(([, value]) => address.test(value));
  const others = [...taken].filter(([, value]) => !address.test(value)).map(([variable]) => variable);
  return [
    ...addresses.map(
      ([variable, value]) =>
        `Nobody sets ${variable} here, so that its default ${value} counts: with another address others may get in. State it with --env ${variable}=… or --env-file.`,
    ),
    ...(others.length === 0
      ? []
      : [`Variables that nobody sets here have the defaults behind them: ${others.join(", ")}.`]),
  ];
}

function profilesAssumed(
  { services, profilesStated }: ComposeProject,
  optional: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (optional.size > 0)
    return [
      `Which profiles are started is not known; judged as if started: ${[...optional.keys()].join(", ")}. State it with --env COMPOSE_PROFILES=NAME, or with nothing behind the sign for none.`,
    ];
  const inactive = services.filter(({ active }) => !active).map(({ name }) => name);
  if (!profilesStated || inactive.length === 0) return [];
  return [`Services of profiles that are not started are left out: ${inactive.join(", ")}.`];
}
