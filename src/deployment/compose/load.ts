/** Loads a compose project as `docker compose` would. */
import { baseName, folderOf } from "../../sources/files.ts";
import { substitute } from "../../sources/substitution.ts";
import { type Member, member, type ObjectTree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { type Text, textAt } from "../../text/text.ts";
import { checkConsistency } from "./consistency.ts";
import { checkValues } from "./decode.ts";
import { type Environment, lookupIn, type ReadText, withEnvFiles } from "./environment.ts";
import { loadFiles } from "./load-files.ts";
import type { ComposeProject, ComposeService } from "./model.ts";
import { normalize } from "./normalize.ts";
import { type ComposeProblem, notice, type Report, refusal, withoutConsequences } from "./problems.ts";
import { membersAtKey, textsAtKey } from "./read.ts";
import { readFileObject, readNetwork, readVolume } from "./resources.ts";
import type { Scope } from "./scope.ts";
import { readService } from "./service.ts";
import { readServiceEnvironment } from "./service-environment.ts";
import { holeOf } from "./trees.ts";

/** What a project is loaded from. */
export interface ComposeOptions {
  /** Compose files in the order of `-f`: the later ones over the earlier. */
  readonly files: readonly string[];
  readonly readText: ReadText;
  /** What files come to that are no YAML, by their paths; nothing is replaced in them. */
  readonly documents?: ReadonlyMap<string, ObjectTree>;
  /** `--project-directory`; the folder of the first file when it is not given. */
  readonly projectDirectory?: string;
  /** `--project-name`. */
  readonly projectName?: string;
  /** Variables of the shell, as far as they were told (`--env`). They win over every env file. */
  readonly variables?: ReadonlyMap<string, Text>;
  /** `--env-file`; when not given, `.env` in the project directory if there is one. */
  readonly envFiles?: readonly string[];
  /** Whether a variable that is nowhere is not set. When not said: if any variable or env file was given or found. */
  readonly environmentComplete?: boolean;
  /** `--profile`; when not given, what `COMPOSE_PROFILES` says. */
  readonly profiles?: readonly string[];
  /** What `~` is. */
  readonly home?: string;
  /** The name of the working directory, when the project directory is `.`. */
  readonly workingDirectoryName?: string;
}

/** Loads a project. Never throws: what Compose would refuse is a problem, and everything else is still read. */
export function loadComposeProject(options: ComposeOptions): ComposeProject {
  const { problems, report } = collector();
  const folder = options.projectDirectory ?? folderOf(options.files[0] ?? "compose.yaml");
  const given = projectEnvironment(options, folder, report);
  const name = projectName(options, folder, given, report);
  const environment = named(given, name, options.files[0] ?? "");
  const read = new Set<string>();
  const scope: Scope = {
    folder,
    environment,
    report,
    readText: options.readText,
    home: options.home,
    trail: [],
    bases: new Map(),
    loaded: { files: 0 },
    ...(options.documents === undefined ? {} : { documents: options.documents }),
    seen: (path) => read.add(path),
  };
  const loaded = loadFiles(options.files, scope, { folder, home: options.home });
  if (loaded.members.length === 0 && problems.length === 0)
    report(refusal("syntax", "the compose file is empty"));
  const tree = normalize(loaded, name, environment);
  const services = readServices(tree, options, { environment, readText: options.readText, report });
  const project = {
    name,
    folder,
    files: [...read],
    services,
    profilesStated: options.profiles !== undefined || environment.variables.has("COMPOSE_PROFILES"),
    tree,
    networks: membersAtKey(tree, "networks").map(readNetwork),
    volumes: membersAtKey(tree, "volumes").map(readVolume),
    secrets: membersAtKey(tree, "secrets").map(readFileObject),
    configs: membersAtKey(tree, "configs").map(readFileObject),
  };
  checkValues(tree, report);
  checkConsistency(project, report);
  return {
    ...project,
    problems: withoutConsequences(problems),
    accepted: !problems.some((problem) => problem.refuses),
  };
}

/** Collects problems, each once: a value that is read twice is reported once. */
function collector(): { readonly problems: ComposeProblem[]; readonly report: Report } {
  const problems: ComposeProblem[] = [];
  const known = new Set<string>();
  const report: Report = (problem) => {
    const { file = "", start = 0 } = problem.where?.at ?? {};
    const identity = `${problem.kind}\n${file}\n${start}\n${problem.message}`;
    if (known.has(identity)) return;
    known.add(identity);
    problems.push(problem);
  };
  return { problems, report };
}

function projectEnvironment(options: ComposeOptions, folder: string, report: Report): Environment {
  const variables = options.variables ?? new Map<string, Text>();
  const shell: Environment = { variables, complete: options.environmentComplete ?? variables.size > 0 };
  const dotenv = folder === "." ? ".env" : `${folder}/.env`.replace("//", "/");
  const found = options.envFiles ?? ("missing" in options.readText(dotenv) ? [] : [dotenv]);
  return withEnvFiles(shell, found, options.readText, report);
}

/** Compose lets `${COMPOSE_PROJECT_NAME}` stand for the project's name. */
function named(environment: Environment, name: string | undefined, file: string): Environment {
  if (name === undefined) return environment;
  const where = { at: { file, start: 0, end: 0 } };
  return {
    ...environment,
    variables: new Map([...environment.variables, ["COMPOSE_PROJECT_NAME", textAt(name, where)]]),
  };
}

/** `-p`, `COMPOSE_PROJECT_NAME`, the last `name:` of the files, the folder. */
function projectName(
  options: ComposeOptions,
  folder: string,
  environment: Environment,
  report: Report,
): string | undefined {
  const imposed = options.projectName ?? environment.variables.get("COMPOSE_PROJECT_NAME")?.value;
  if (imposed !== undefined && imposed !== "") {
    if (normalizeName(imposed) !== imposed)
      report(refusal("syntax", `"${imposed}" is no name that a project can have`));
    return imposed;
  }
  const written = options.files.flatMap((path) => writtenName(path, options.readText) ?? []).at(-1);
  if (written !== undefined) {
    const { text } = substitute(written, lookupIn(environment));
    if (holeOf(text) !== undefined) return undefined;
    const name = normalizeName(text.value);
    if (name !== "") return name;
  }
  const last = baseName(folder);
  const directory = last === "." || last === ".." ? options.workingDirectoryName : last;
  const name = directory === undefined ? "" : normalizeName(directory);
  return name === "" || last === ".." ? undefined : name;
}

function writtenName(path: string, readText: ReadText): Text | undefined {
  const text = readText(path);
  if ("missing" in text || !/^(["']?name["']?\s*:|\s*\{)/m.test(text.value)) return undefined;
  const names = readYaml(text).documents.flatMap((document) => {
    const value = document.kind === "object" ? member(document, "name")?.value : undefined;
    return value?.kind === "string" ? [value.text] : [];
  });
  return names.at(-1);
}

/** The form that a project's name has: lower case, digits, `-` and `_`, a letter or digit first. */
function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

/** What Compose takes for the name of a service; it refuses a project with any other. */
const serviceName = /^[a-zA-Z0-9._-]+$/;

function readServices(
  tree: ObjectTree,
  options: ComposeOptions,
  context: Parameters<typeof readServiceEnvironment>[1],
): ComposeService[] {
  const chosen =
    options.profiles ??
    (context.environment.variables.get("COMPOSE_PROFILES")?.value ?? "").split(",").map((one) => one.trim());
  const profiles = new Set(chosen);
  const named = membersAtKey(tree, "services").filter((one) => serviceName.test(one.key));
  return named.map((one: Member) => {
    const own = textsAtKey(one.value, "profiles");
    const active =
      own.length === 0 || profiles.has("*") || own.some((profile) => profiles.has(profile.value));
    const report: Report = active
      ? context.report
      : (problem) =>
          context.report(problem.refuses ? notice(problem.kind, problem.message, problem.where) : problem);
    return readService(one, active, readServiceEnvironment(one.value, { ...context, report }));
  });
}
