/** What Compose refuses in a whole project; after compose-go's validate.go (2.4). */
import type { Text } from "../../text/text.ts";
import { readBytes } from "./decode.ts";
import type { ComposeProject, ComposeService, Value } from "./model.ts";
import { notice, type Report, refusal } from "./problems.ts";
import { textAtKey, textsAtKey } from "./read.ts";
import { holeOf, printed, valueAt } from "./trees.ts";

type Project = Omit<ComposeProject, "problems" | "accepted">;

/** Reports what contradicts itself, and what lies outside the project. */
export function checkConsistency(project: Project, report: Report): void {
  const keys = {
    networks: new Set(project.networks.map((one) => one.key)),
    volumes: new Set(project.volumes.map((one) => one.key)),
    secrets: new Set(project.secrets.map((one) => one.key)),
    configs: new Set(project.configs.map((one) => one.key)),
    services: new Map(project.services.map((one) => [one.name, one])),
  };
  for (const service of project.services) if (service.active) checkService(service, keys, report);
  checkSecrets(project, report);
  checkCircles(project, report);
  reportExternal(project, report);
}

interface Keys {
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly configs: ReadonlySet<string>;
  readonly services: ReadonlyMap<string, ComposeService>;
}

function checkService(service: ComposeService, keys: Keys, report: Report): void {
  const refuse = (message: string, where: Parameters<typeof refusal>[2] = service): void =>
    report(refusal("syntax", `service "${service.name}" ${message}`, where));
  const isProvided = valueAt(service.tree, "provider") !== undefined;
  if (
    !isProvided &&
    service.build === undefined &&
    (service.image === undefined || service.image.value === "")
  )
    refuse("has neither an image nor a build");
  if (service.build?.dockerfileInline !== undefined && service.build.dockerfile !== undefined) {
    refuse("has both dockerfile and dockerfile_inline", service.build);
  }
  checkReferences(service, keys, refuse);
  checkHealthcheck(service, refuse);
  checkNamespaces(service, keys, refuse);
  checkLimits(service, refuse);
  const replicas = numberAt(service, "scale") ?? numberIn(valueAt(service.tree, "deploy"), "replicas");
  if (replicas !== undefined && replicas > 1 && service.containerName !== undefined)
    refuse("has a container_name and several replicas");
}

type Refuse = (message: string, where?: Parameters<typeof refusal>[2]) => void;

function checkReferences(service: ComposeService, keys: Keys, refuse: Refuse): void {
  for (const network of service.networks) {
    if (!keys.networks.has(network.name)) refuse(`refers to undefined network ${network.name}`, network);
  }
  for (const mount of service.mounts) {
    const named = mount.type.known && mount.type.value === "volume" ? knownText(mount.source) : undefined;
    if (named !== undefined && named !== "" && !keys.volumes.has(named))
      refuse(`refers to undefined volume ${named}`, mount);
  }
  for (const [kind, mounts] of [
    ["secret", service.secrets],
    ["config", service.configs],
  ] as const) {
    const known = kind === "secret" ? keys.secrets : keys.configs;
    for (const mount of mounts) {
      const source = knownText(mount.source);
      if (source !== undefined && !known.has(source)) refuse(`refers to undefined ${kind} ${source}`, mount);
    }
  }
  for (const dependency of service.dependsOn) {
    const other = keys.services.get(dependency.service);
    const optional = dependency.required.known && !dependency.required.value;
    if (other?.active === true || (other !== undefined && optional)) continue;
    refuse(`depends on undefined service ${dependency.service}`, dependency);
  }
}

function checkHealthcheck(service: ComposeService, refuse: Refuse): void {
  const first = knownText(service.healthcheck?.test[0]);
  if (first !== undefined && !["CMD", "CMD-SHELL", "NONE"].includes(first)) {
    refuse("has a healthcheck test that does not begin with CMD, CMD-SHELL or NONE", service.healthcheck);
  }
}

function checkNamespaces(service: ComposeService, keys: Keys, refuse: Refuse): void {
  const mode = knownText(service.networkMode);
  if (mode !== undefined && mode !== "" && service.networks.length > 0)
    refuse("has both network_mode and networks");
  if (
    mode?.startsWith("service:") === true &&
    keys.services.get(mode.slice("service:".length))?.active !== true
  ) {
    refuse(`shares the network of the undefined service ${mode.slice("service:".length)}`);
  }
}

/** Settings that can be written in two places must say the same in both. */
function checkLimits(service: ComposeService, refuse: Refuse): void {
  const deploy = valueAt(service.tree, "deploy");
  const limits = valueAt(valueAt(deploy, "resources"), "limits");
  const reservations = valueAt(valueAt(deploy, "resources"), "reservations");
  const differ = (
    key: string,
    other: Parameters<typeof valueAt>[0],
    otherKey: string,
    size: typeof amount,
  ): void => {
    const here = size(valueAt(service.tree, key));
    if (here === undefined || here === 0 || other === undefined || other.kind === "null") return;
    const there = size(valueAt(other, otherKey)) ?? (valueAt(other, otherKey) === undefined ? 0 : undefined);
    if (there !== undefined && there !== here)
      refuse(`has different values for ${key} and deploy`, valueAt(service.tree, key));
  };
  differ("cpus", limits, "cpus", amount);
  differ("mem_limit", limits, "memory", byteSize);
  differ("mem_reservation", reservations, "memory", byteSize);
  differ("pids_limit", limits, "pids", amount);
  const replicas = numberIn(deploy, "replicas");
  const scale = numberAt(service, "scale");
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    refuse("has different values for scale and deploy.replicas");
  const platform = knownText(textAtKey(service.tree, "platform"));
  const platforms = textsAtKey(valueAt(service.tree, "build"), "platforms").map((one) => one.value);
  if (platform !== undefined && platforms.length > 0 && !platforms.includes(platform))
    refuse("is built for other platforms than its own");
}

function amount(tree: Parameters<typeof valueAt>[0]): number | undefined {
  const text = tree === undefined ? undefined : knownText(printed(tree));
  return text === undefined ? undefined : Number(text);
}

function byteSize(tree: Parameters<typeof valueAt>[0]): number | undefined {
  const text = tree === undefined ? undefined : knownText(printed(tree));
  return text === undefined ? undefined : readBytes(text);
}

function knownText(text: Text | undefined): string | undefined {
  return text === undefined || holeOf(text) !== undefined ? undefined : text.value;
}

function numberAt(service: ComposeService, key: string): number | undefined {
  return numberIn(service.tree, key);
}

function numberIn(tree: Parameters<typeof valueAt>[0], key: string): number | undefined {
  const value = valueAt(tree, key);
  const number = value === undefined ? Number.NaN : Number(printed(value)?.value);
  return Number.isNaN(number) ? undefined : number;
}

function isTrue(value: Value<boolean>): boolean {
  return value.known && value.value;
}

function checkSecrets(project: Project, report: Report): void {
  for (const secret of project.secrets) {
    if (isTrue(secret.external) || !secret.external.known) continue;
    const given = [secret.file, secret.environment].some((text) => text !== undefined && text.value !== "");
    if (!given)
      report(refusal("syntax", `secret "${secret.key}" must have a file or an environment`, secret));
  }
}

function checkCircles(project: Project, report: Report): void {
  const services = new Map(project.services.filter((one) => one.active).map((one) => [one.name, one]));
  const state = new Map<string, "open" | "done">();
  for (const start of services.keys()) {
    // Depth first with a stack of our own: chains of services may be long.
    const stack: { readonly name: string; readonly left: string[] }[] = [];
    const enter = (name: string): void => {
      state.set(name, "open");
      stack.push({ name, left: (services.get(name)?.dependsOn ?? []).map((one) => one.service) });
    };
    if (!state.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        state.set(top.name, "done");
        stack.pop();
      } else if (state.get(next) === "open") {
        report(
          refusal(
            "syntax",
            `services depend on each other in a circle: ${[...stack.map((one) => one.name), next].join(" → ")}`,
            services.get(next),
          ),
        );
      } else if (services.has(next) && !state.has(next)) enter(next);
    }
  }
}

function reportExternal(project: Project, report: Report): void {
  for (const [kind, resources] of [
    ["network", project.networks],
    ["volume", project.volumes],
    ["secret", project.secrets],
    ["config", project.configs],
  ] as const) {
    for (const one of resources) {
      if (isTrue(one.external))
        report(
          notice("external", `the ${kind} "${one.key}" is made elsewhere: what is in it is not known`, one),
        );
    }
  }
}
