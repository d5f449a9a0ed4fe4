/**
 * Renders a loaded project in the form of `docker compose config --format json`: what the model types from the model,
 * everything else from its tree, with the conversions of compose-go's own types (durations, sizes, counts).
 */
import type { ComposeProject, ComposeService, FileMount } from "../../src/deployment/compose/model.ts";
import { everyNamedText, pairsAtKey } from "../../src/deployment/compose/read.ts";
import { shellWords } from "../../src/deployment/compose/shell-words.ts";
import { goNumber, printed, valueAt } from "../../src/deployment/compose/trees.ts";
import type { Tree } from "../../src/sources/tree.ts";
import type { Text } from "../../src/text/text.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** How a value is printed; a table by key for mappings. */
type Form =
  | "hosts"
  | "count"
  | "command"
  | "plain"
  | "text"
  | "duration"
  | "bytes"
  | "float32"
  | "pairs"
  | "labels"
  | "texts"
  | "omit"
  | { [key: string]: Form };

const devices: Form = { count: "count" };
const resources: Form = { cpus: "float32", memory: "bytes", devices };
const hooks: Form = { command: "command" };
const rollout: Form = { delay: "duration", monitor: "duration", max_failure_ratio: "float32" };
const serviceForms: { [key: string]: Form } = {
  annotations: "labels",
  blkio_config: { "*": "plain" },
  cpu_percent: "float32",
  cpus: "float32",
  deploy: {
    labels: "labels",
    resources: { limits: resources, reservations: resources },
    restart_policy: { delay: "duration", window: "duration" },
    update_config: rollout,
    rollback_config: rollout,
  },
  dns_search: "texts",
  expose: "texts",
  logging: { options: { "*": "text" } },
  mem_limit: "bytes",
  mem_reservation: "bytes",
  mem_swappiness: "bytes",
  memswap_limit: "bytes",
  shm_size: "bytes",
  stop_grace_period: "duration",
  storage_opt: { "*": "text" },
  sysctls: "labels",
  group_add: "texts",
  gpus: devices,
  label_file: "omit",
  post_start: hooks,
  pre_stop: hooks,
};

/** The whole project as Compose prints it, dollars not doubled. */
export function renderProject(project: ComposeProject): Json {
  const services = project.services.filter((service) => service.active);
  const used = {
    networks: new Set(services.flatMap((one) => one.networks.map((network) => network.name))),
    volumes: new Set(
      services.flatMap((one) =>
        one.mounts
          .filter((mount) => mount.type.known && mount.type.value === "volume")
          .map((mount) => mount.source?.value ?? ""),
      ),
    ),
    secrets: new Set(
      services.flatMap((one) => [...one.secrets.map((mount) => mount.source.value), ...buildSecrets(one)]),
    ),
    configs: new Set(services.flatMap((one) => one.configs.map((mount) => mount.source.value))),
  };
  const result: { [key: string]: Json } = { name: project.name ?? "" };
  result.services = Object.fromEntries(services.map((one) => [one.name, renderService(one)]));
  for (const section of ["networks", "volumes", "secrets", "configs"] as const) {
    const members = project[section].filter((one) => used[section].has(one.key));
    if (members.length > 0)
      result[section] = Object.fromEntries(
        members.map((one) => [one.key, renderResource(section, one.tree)]),
      );
  }
  for (const member of project.tree.members)
    if (member.key.startsWith("x-")) result[member.key] = plain(member.value);
  return result;
}

function buildSecrets(service: ComposeService): string[] {
  const secrets = valueAt(valueAt(service.tree, "build"), "secrets");
  return secrets?.kind === "array" ? secrets.items.map((item) => text(valueAt(item, "source"))) : [];
}

function renderService(service: ComposeService): Json {
  const result: { [key: string]: Json } = {};
  const typed = typedFields(service);
  for (const { key, value } of service.tree.members) {
    if (key in typed || key === "env_file" || key.startsWith("x-")) continue;
    const rendered = render(value, serviceForms[key] ?? "plain");
    if (!isEmpty(rendered) || keptWhenEmpty.has(key)) result[key] = rendered;
  }
  // Structs, not pointers: Go prints them always.
  const deploy = result.deploy;
  if (deploy !== undefined)
    result.deploy = { resources: {}, placement: {}, ...(deploy as { [key: string]: Json }) };
  for (const [key, value] of Object.entries(typed)) {
    if (key === "command" || key === "entrypoint" || !isEmpty(value)) result[key] = value;
  }
  return result;
}

/** Pointers in Go: an explicit false or zero is printed. */
const keptWhenEmpty = new Set([
  "init",
  "attach",
  "scale",
  "replicas",
  "max_attempts",
  "parallelism",
  "retries",
]);

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return Array.isArray(value) ? value.length === 0 : false;
}

function typedFields(service: ComposeService): { [key: string]: Json } {
  const string = (value: Text | undefined): Json => value?.value ?? null;
  const strings = (values: readonly Text[]): Json => values.map((one) => one.value);
  const flag = (value: ComposeService["privileged"]): Json => (value?.known === true ? value.value : null);
  return {
    image: string(service.image),
    build: renderBuild(service),
    container_name: string(service.containerName),
    hostname: string(service.hostname),
    command: service.command === undefined ? null : strings(service.command.words),
    entrypoint: service.entrypoint === undefined ? null : strings(service.entrypoint.words),
    working_dir: string(service.workingDir),
    environment: emptyIsNull(
      Object.fromEntries(service.environment.map((one) => [one.name, one.value?.value ?? null])),
    ),
    ports: service.ports.map((port, index) => renderPort(port, itemAt(service.tree, "ports", index))),
    network_mode: string(service.networkMode),
    networks: renderNetworks(service),
    volumes: service.mounts.map((_, index) => renderMount(service, index)),
    secrets: service.secrets.map((mount, index) =>
      renderFileMount(mount, itemAt(service.tree, "secrets", index)),
    ),
    configs: service.configs.map((mount, index) =>
      renderFileMount(mount, itemAt(service.tree, "configs", index)),
    ),
    privileged: flag(service.privileged),
    read_only: flag(service.readOnly),
    user: string(service.user),
    cap_add: strings(service.capAdd),
    cap_drop: strings(service.capDrop),
    security_opt: strings(service.securityOpt),
    pid: string(service.pid),
    ipc: string(service.ipc),
    userns_mode: string(service.userns),
    tmpfs: strings(service.tmpfs),
    devices: service.devices.map((one) =>
      withoutEmpty({
        source: string(one.source),
        target: string(one.target),
        permissions: string(one.permissions),
      }),
    ),
    healthcheck: renderHealthcheck(service),
    depends_on: renderDependencies(service),
    restart: string(service.restart),
    labels: emptyIsNull(Object.fromEntries(service.labels.map((one) => [one.name, one.value.value]))),
    extra_hosts: service.extraHosts.flatMap((one) => hostOf(one.name, one.value.value)).sort(),
    links: strings(service.links),
    volumes_from: strings(service.volumesFrom),
    profiles: strings(service.profiles),
  };
}

function hostOf(name: string, addresses: string): string[] {
  return addresses
    .split(",")
    .map((address) => `${name}=${/^\[.+\]$/.test(address) ? address.slice(1, -1) : address}`);
}

function emptyIsNull(value: { [key: string]: Json }): Json {
  return Object.keys(value).length === 0 ? null : value;
}

function withoutEmpty(value: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one)));
}

function itemAt(tree: Tree, key: string, index: number): Tree | undefined {
  const items = valueAt(tree, key);
  return items?.kind === "array" ? items.items[index] : undefined;
}

function text(tree: Tree | undefined): string {
  return tree === undefined ? "" : (printed(tree)?.value ?? "");
}

function renderPort(port: ComposeService["ports"][number], tree: Tree | undefined): Json {
  const range = port.published?.known === true ? port.published.value : undefined;
  const written = text(valueAt(tree, "published"));
  const published =
    range === undefined
      ? written
      : range.from === range.to
        ? String(range.from)
        : `${range.from}-${range.to}`;
  return withoutEmpty({
    name: text(valueAt(tree, "name")),
    mode: port.mode.value,
    host_ip: port.hostIp?.value ?? "",
    target: port.target.known ? port.target.value : "unknown",
    published,
    protocol: port.protocol.value,
    app_protocol: text(valueAt(tree, "app_protocol")),
  });
}

function renderNetworks(service: ComposeService): Json {
  const networks = valueAt(service.tree, "networks");
  if (networks?.kind !== "object") return null;
  return emptyIsNull(
    Object.fromEntries(
      networks.members.map((one) => [
        one.key,
        one.value.kind === "null" ? null : asObject(render(one.value, { driver_opts: { "*": "text" } })),
      ]),
    ),
  );
}

function asObject(value: Json): Json {
  return value ?? {};
}

function renderMount(service: ComposeService, index: number): Json {
  const mount = service.mounts[index];
  const tree = itemAt(service.tree, "volumes", index);
  const rest = (key: string, form: Form = "plain"): Json => {
    const value = valueAt(tree, key);
    return value === undefined || value.kind === "null" ? null : (render(value, form) ?? {});
  };
  return withoutEmpty({
    type: mount?.type.known === true ? mount.type.value : "unknown",
    source: mount?.source?.value ?? "",
    target: mount?.target?.value ?? "",
    read_only: mount?.readOnly.known === true && mount.readOnly.value,
    consistency: rest("consistency"),
    bind: rest("bind", {}),
    volume: rest("volume"),
    tmpfs: rest("tmpfs", { size: "bytes" }),
  });
}

function renderFileMount(mount: FileMount, tree: Tree | undefined): Json {
  // Compose prints the target as it is written; where the file ends up is what the model says.
  const mode = mount.mode?.known === true ? { mode: mount.mode.value } : {};
  return {
    ...withoutEmpty({
      source: mount.source.value,
      target: text(valueAt(tree, "target")),
      uid: mount.uid?.value ?? "",
      gid: mount.gid?.value ?? "",
    }),
    ...mode,
  };
}

function renderHealthcheck(service: ComposeService): Json {
  const tree = valueAt(service.tree, "healthcheck");
  if (tree?.kind !== "object") return null;
  const forms: Form = {
    timeout: "duration",
    interval: "duration",
    start_period: "duration",
    start_interval: "duration",
    test: "omit",
  };
  const rest = asObject(render(tree, forms));
  const test = service.healthcheck?.test.map((one) => one.value) ?? [];
  return { ...(rest as { [key: string]: Json }), ...(test.length === 0 ? {} : { test }) };
}

function renderDependencies(service: ComposeService): Json {
  const tree = valueAt(service.tree, "depends_on");
  return emptyIsNull(
    Object.fromEntries(
      service.dependsOn.map((one) => {
        const restart = text(valueAt(valueAt(tree, one.service), "restart")) === "true";
        const required = one.required.known && one.required.value;
        return [
          one.service,
          { condition: one.condition?.value ?? "", ...(restart ? { restart } : {}), required },
        ];
      }),
    ),
  );
}

function renderBuild(service: ComposeService): Json {
  const tree = valueAt(service.tree, "build");
  if (tree?.kind !== "object") return null;
  const forms: Form = {
    args: "pairs",
    labels: "labels",
    additional_contexts: "labels",
    shm_size: "bytes",
    extra_hosts: "hosts",
    ssh: "omit",
    tags: "texts",
  };
  return render(tree, forms);
}

function renderResource(section: string, tree: Tree): Json {
  const forms: Form = { labels: "labels", driver_opts: { "*": "text" }, ipam: {}, "x-#value": "omit" };
  if (section === "configs" && valueAt(tree, "environment") !== undefined) forms.content = "omit";
  const rendered = asObject(render(tree, forms)) as { [key: string]: Json };
  // The address management is a struct, not a pointer: it is always there.
  return section === "networks" && !("ipam" in rendered) ? { ...rendered, ipam: {} } : rendered;
}

function render(tree: Tree, form: Form): Json {
  if (form === "omit" || tree.kind === "null") return null;
  if (typeof form === "object" && tree.kind === "array") return tree.items.map((item) => render(item, form));
  if (typeof form === "object") return renderMembers(tree, form);
  switch (form) {
    case "plain":
      return plain(tree);
    case "text":
      return text(tree);
    case "duration":
      return goDuration(text(tree));
    case "bytes":
      return bytes(tree);
    case "float32":
      return Number(Math.fround(Number(text(tree))).toPrecision(7));
    case "count":
      return text(tree) === "all" ? -1 : Number(text(tree));
    case "command":
      return tree.kind === "string" ? (shellWords(tree.text) ?? []).map((word) => word.value) : plain(tree);
    case "hosts":
      return everyNamedText(
        pairsAtKey(
          { kind: "object", members: [{ key: "it", keyAt: tree, value: tree }], at: tree.at },
          "it",
          ["=", ":"],
        ),
      )
        .flatMap((one) => hostOf(one.name, one.value.value))
        .sort();
    case "texts":
      return (tree.kind === "array" ? tree.items : [tree]).map(text);
    default:
      return renderPairs(tree, form === "labels");
  }
}

function renderMembers(tree: Tree, form: { [key: string]: Form }): Json {
  if (tree.kind !== "object") return plain(tree);
  const result: { [key: string]: Json } = {};
  for (const { key, value } of tree.members) {
    if (key.startsWith("x-") && key !== "x-#value") continue;
    const rendered = render(value, form[key] ?? form["*"] ?? (value.kind === "object" ? {} : "plain"));
    if (!isEmpty(rendered) || (keptWhenEmpty.has(key) && rendered !== null) || form["*"] !== undefined)
      result[key] = rendered;
  }
  return result;
}

function renderPairs(tree: Tree, emptyValues: boolean): Json {
  const result: { [key: string]: Json } = {};
  const none = emptyValues ? "" : null;
  if (tree.kind === "object")
    for (const one of tree.members) result[one.key] = one.value.kind === "null" ? none : text(one.value);
  for (const item of tree.kind === "array" ? tree.items : []) {
    const [key = "", ...rest] = text(item).split("=");
    result[key] = text(item).includes("=") ? rest.join("=") : none;
  }
  return emptyIsNull(result);
}

function plain(tree: Tree): Json {
  switch (tree.kind) {
    case "object":
      return Object.fromEntries(tree.members.map((one) => [one.key, plain(one.value)]));
    case "array":
      return tree.items.map(plain);
    case "string":
      return tree.text.value;
    case "number":
      return tree.value;
    case "boolean":
      return tree.value;
    case "null":
      return null;
    default:
      return "unknown";
  }
}

const durationUnits: { [unit: string]: number } = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** Go's time.ParseDuration and String, for whole nanoseconds. */
function goDuration(value: string): string {
  let total = 0;
  for (const [, number = "", unit = ""] of value.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g))
    total += Number(number) * (durationUnits[unit] ?? 0);
  if (total === 0) return "0s";
  const sign = value.startsWith("-") ? "-" : "";
  if (total < 1e9) {
    const [unit, size] = total < 1e3 ? ["ns", 1] : total < 1e6 ? ["µs", 1e3] : ["ms", 1e6];
    return `${sign}${total / (size as number)}${unit}`;
  }
  const hours = Math.floor(total / 3.6e12);
  const minutes = Math.floor((total % 3.6e12) / 6e10);
  const seconds = (total % 6e10) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}

/** docker's units.RAMInBytes. */
function bytes(tree: Tree): string {
  if (tree.kind === "number") return goNumber(tree);
  const [, number = "0", unit = ""] = /^([0-9.]+)\s*([kmgtp]?)i?b?$/i.exec(text(tree)) ?? [];
  return String(Math.floor(Number(number) * 1024 ** " kmgtp".indexOf(unit.toLowerCase() || " ")));
}
