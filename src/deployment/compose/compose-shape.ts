/** What Compose accepts in a compose file, by 2.26 and what came after it: the Specification's schema in our own words. */
import {
  any,
  closedMap,
  either,
  integerWithin,
  list,
  type MapShape,
  map,
  mapOf,
  oneOf,
  type Shape,
  scalar,
} from "./shape.ts";

const userName = /^[a-zA-Z0-9._-]+$/;
const text = scalar("string");
const texts = list(text);
const uniqueTexts = list(text, true);
const flag = scalar("boolean", "string");
const size = scalar("number", "string");
const count = scalar("integer", "string");
const textOrTexts = either(text, uniqueTexts);
const command = either(scalar("null", "string"), texts);
const pairs = either(mapOf(scalar("string", "number", "boolean", "null"), /[^\n]/), uniqueTexts);
const options = mapOf(scalar("string", "number"), /[^\n]/, false);
const hosts = either(mapOf(either(text, list(any)), /[^\n]/), uniqueTexts);
const fileMounts = list(either(text, map({ source: text, target: text, uid: text, gid: text, mode: size })));
const ulimits = mapOf(either(count, map({ hard: count, soft: count }, ["soft", "hard"])), /^[a-z]+$/, false);
const envFile = either(
  text,
  list(either(text, closedMap({ path: text, format: text, required: flag }, ["path"]))),
);

/*
 * What later releases of Compose know besides those of the release that this shape is held against (2.26).
 * Source: compose-spec/compose-spec schema/compose-spec.json.
 */
const newerBuild = { provenance: scalar("string", "boolean"), sbom: scalar("string", "boolean") };
const newerNetwork = { gw_priority: scalar("number"), interface_name: text };
const newerService = {
  models: either(uniqueTexts, mapOf(any, userName)),
  provider: map({ type: text, options: mapOf(any, /^/, false) }, ["type"]),
  use_api_socket: flag,
};

const build = either(
  text,
  map({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: texts,
    args: pairs,
    ssh: pairs,
    labels: pairs,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    additional_contexts: pairs,
    network: text,
    pull: flag,
    target: text,
    shm_size: count,
    extra_hosts: hosts,
    isolation: text,
    privileged: flag,
    secrets: fileMounts,
    tags: texts,
    ulimits,
    platforms: texts,
    ...newerBuild,
  }),
);

const blkioLimits = list(closedMap({ path: text, rate: count }));
const blkio = closedMap({
  device_read_bps: blkioLimits,
  device_read_iops: blkioLimits,
  device_write_bps: blkioLimits,
  device_write_iops: blkioLimits,
  weight: count,
  weight_device: list(closedMap({ path: text, weight: count })),
});

const deviceRequest = {
  capabilities: uniqueTexts,
  count,
  device_ids: uniqueTexts,
  driver: text,
  options: pairs,
};
const rollout = map({
  parallelism: count,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: size,
  order: oneOf("start-first", "stop-first"),
});
const genericResources = list(map({ discrete_resource_spec: map({ kind: text, value: size }) }));

const deploy = either(
  scalar("null"),
  map({
    mode: text,
    endpoint_mode: text,
    replicas: count,
    labels: pairs,
    rollback_config: rollout,
    update_config: rollout,
    resources: map({
      limits: map({ cpus: size, memory: text, pids: count }),
      reservations: map({
        cpus: size,
        memory: text,
        generic_resources: genericResources,
        devices: list(map(deviceRequest, ["capabilities"])),
      }),
    }),
    restart_policy: map({ condition: text, delay: text, max_attempts: count, window: text }),
    placement: map({
      constraints: texts,
      preferences: list(map({ spread: text })),
      max_replicas_per_node: count,
    }),
  }),
);

const develop = either(
  scalar("null"),
  map({
    watch: list(
      map(
        {
          ignore: texts,
          include: texts,
          path: text,
          action: oneOf("rebuild", "sync", "sync+restart", "sync+exec", "restart"),
          target: text,
          exec: any,
          initial_sync: flag,
        },
        ["path", "action"],
      ),
    ),
  }),
);

const dependency = map(
  {
    restart: flag,
    required: scalar("boolean"),
    condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
  },
  ["condition"],
);

const serviceNetwork = either(
  map({
    aliases: uniqueTexts,
    ipv4_address: text,
    ipv6_address: text,
    link_local_ips: uniqueTexts,
    mac_address: text,
    driver_opts: options,
    priority: scalar("number"),
    ...newerNetwork,
  }),
  scalar("null"),
);

const port = either(
  scalar("number", "string"),
  map({
    name: text,
    mode: text,
    host_ip: text,
    target: count,
    published: count,
    protocol: text,
    app_protocol: text,
  }),
);

const volume = either(
  text,
  map(
    {
      type: text,
      source: text,
      target: text,
      read_only: flag,
      consistency: text,
      bind: map({
        propagation: text,
        create_host_path: flag,
        recursive: oneOf("enabled", "disabled", "writable", "readonly"),
        selinux: oneOf("z", "Z"),
      }),
      volume: map({ nocopy: flag, subpath: text, labels: pairs }),
      image: map({ subpath: text }),
      tmpfs: map({ size: integerWithin(0, Number.POSITIVE_INFINITY), mode: size }),
    },
    ["type"],
  ),
);

const healthcheck = map({
  disable: flag,
  interval: text,
  retries: size,
  test: either(text, texts),
  timeout: text,
  start_period: text,
  start_interval: text,
});
const hooks = list(map({ command, user: text, privileged: flag, working_dir: text, environment: pairs }));
const device = either(text, map({ source: text, target: text, permissions: text }, ["source"]));

const service: MapShape = map({
  develop,
  deploy,
  annotations: pairs,
  attach: flag,
  build,
  blkio_config: blkio,
  cap_add: uniqueTexts,
  cap_drop: uniqueTexts,
  cgroup: oneOf("host", "private"),
  cgroup_parent: text,
  command,
  configs: fileMounts,
  container_name: text,
  cpu_count: integerWithin(0, Number.POSITIVE_INFINITY),
  cpu_percent: integerWithin(0, 100),
  cpu_shares: size,
  cpu_quota: size,
  cpu_period: size,
  cpu_rt_period: size,
  cpu_rt_runtime: size,
  cpus: size,
  cpuset: text,
  credential_spec: map({ config: text, file: text, registry: text }),
  depends_on: either(uniqueTexts, mapOf(dependency, userName)),
  device_cgroup_rules: uniqueTexts,
  devices: list(device),
  dns: textOrTexts,
  dns_opt: uniqueTexts,
  dns_search: textOrTexts,
  domainname: text,
  entrypoint: command,
  env_file: envFile,
  environment: pairs,
  expose: list(scalar("string", "number"), true),
  extends: either(text, closedMap({ service: text, file: text }, ["service"])),
  external_links: uniqueTexts,
  extra_hosts: hosts,
  gpus: either(oneOf("all"), list(map(deviceRequest))),
  group_add: list(scalar("string", "number"), true),
  healthcheck,
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  label_file: textOrTexts,
  labels: pairs,
  links: uniqueTexts,
  logging: map({ driver: text, options: mapOf(scalar("string", "number", "null"), /[^\n]/, false) }),
  mac_address: text,
  mem_limit: size,
  mem_reservation: count,
  mem_swappiness: count,
  memswap_limit: size,
  network_mode: text,
  networks: either(uniqueTexts, mapOf(serviceNetwork, userName)),
  oom_kill_disable: flag,
  oom_score_adj: integerWithin(-1000, 1000),
  pid: scalar("string", "null"),
  pids_limit: size,
  platform: text,
  ports: list(port, true),
  post_start: hooks,
  pre_stop: hooks,
  privileged: flag,
  profiles: uniqueTexts,
  pull_policy: oneOf("always", "never", "if_not_present", "build", "missing", "refresh", "daily", "weekly"),
  read_only: flag,
  restart: text,
  runtime: text,
  scale: count,
  security_opt: uniqueTexts,
  shm_size: size,
  secrets: fileMounts,
  sysctls: pairs,
  stdin_open: flag,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: mapOf(any, /^/, false),
  tmpfs: textOrTexts,
  tty: flag,
  ulimits,
  user: text,
  uts: text,
  userns_mode: text,
  volumes: list(volume, true),
  volumes_from: uniqueTexts,
  working_dir: text,
  ...newerService,
});

const external = (closed: boolean): Shape =>
  either(
    flag,
    closed
      ? map({ name: text })
      : {
          kind: "map",
          keys: { name: text },
          others: { pattern: /^/, shape: any, closed: false },
          extensible: true,
          required: [],
        },
  );

const network = either(
  map({
    name: text,
    driver: text,
    driver_opts: options,
    ipam: map({
      driver: text,
      config: list(map({ subnet: text, ip_range: text, gateway: text, aux_addresses: mapOf(text, /[^\n]/) })),
      options: mapOf(text, /[^\n]/),
    }),
    external: external(true),
    internal: flag,
    enable_ipv4: flag,
    enable_ipv6: flag,
    attachable: flag,
    labels: pairs,
  }),
  scalar("null"),
);

const namedVolume = either(
  map({ name: text, driver: text, driver_opts: options, external: external(true), labels: pairs }),
  scalar("null"),
);
const secret = map({
  name: text,
  environment: text,
  file: text,
  external: external(false),
  labels: pairs,
  driver: text,
  driver_opts: options,
  template_driver: text,
});
const config = map({
  name: text,
  content: text,
  environment: text,
  file: text,
  external: external(false),
  labels: pairs,
  template_driver: text,
});

const include = list(
  either(text, closedMap({ path: textOrTexts, env_file: textOrTexts, project_directory: text })),
);

/** A whole compose file. */
export const composeShape: MapShape = map({
  version: text,
  name: text,
  include,
  services: mapOf(service, userName),
  networks: mapOf(network, userName, false),
  volumes: mapOf(namedVolume, userName),
  secrets: mapOf(secret, userName),
  configs: mapOf(config, userName),
  models: mapOf(any, userName),
});
