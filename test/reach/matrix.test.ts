/**
 * From where an Orthanc in a container can be reached: address, published port, network, proxy and gate in every
 * combination. What is expected was worked out by hand from the rules of Docker and of Orthanc, one table for each way in.
 */
import { describe, expect, test } from "vitest";
import type { ReportedListener } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

const binds = ["everywhere", "loopback"] as const;
const publications = ["nothing", "everywhere", "this host", "an outer address", "host network"] as const;
const networks = ["bridge", "internal"] as const;
const proxies = ["none", "open", "with login", "not published", "beside"] as const;
const gates = ["no login", "login", "this host only"] as const;

interface Layout {
  readonly bind: (typeof binds)[number];
  readonly publication: (typeof publications)[number];
  readonly network: (typeof networks)[number];
  readonly proxy: (typeof proxies)[number];
  readonly gate: (typeof gates)[number];
}

/** An internal network has no published ports; a network of one's own is not used with the host's. */
const possible = ({ publication, network }: Layout) => network === "bridge" || publication !== "host network";

const layouts: readonly Layout[] = binds
  .flatMap((bind) =>
    publications.flatMap((publication) =>
      networks.flatMap((network) =>
        proxies.flatMap((proxy) =>
          gates.map((gate): Layout => ({ bind, publication, network, proxy, gate })),
        ),
      ),
    ),
  )
  .filter(possible);

/** Who gets an answer from Orthanc's own socket that is more than a refusal, by bind, publication and network. */
const listener: Readonly<Record<string, string>> = {
  "everywhere, nothing, bridge": "internal",
  "everywhere, nothing, internal": "internal",
  "everywhere, everywhere, bridge": "network",
  "everywhere, everywhere, internal": "internal",
  "everywhere, this host, bridge": "internal",
  "everywhere, this host, internal": "internal",
  "everywhere, an outer address, bridge": "internet",
  "everywhere, an outer address, internal": "internal",
  "everywhere, host network, bridge": "network",
  "loopback, nothing, bridge": "container",
  "loopback, nothing, internal": "container",
  "loopback, everywhere, bridge": "container",
  "loopback, everywhere, internal": "container",
  "loopback, this host, bridge": "container",
  "loopback, this host, internal": "container",
  "loopback, an outer address, bridge": "container",
  "loopback, an outer address, internal": "container",
  "loopback, host network, bridge": "host",
};

/** The direct entry of an address that is open: where published ports lead. */
const direct: Readonly<Record<Layout["publication"], string | undefined>> = {
  nothing: undefined,
  everywhere: "network",
  "this host": "host",
  "an outer address": "internet",
  "host network": "network",
};

const modes: Readonly<Record<Layout["gate"], string>> = {
  "no login": "none",
  login: "basic",
  "this host only": "none",
};

function expectedReach({ bind, publication, network, gate }: Layout): string | undefined {
  if (gate !== "this host only") return listener[`${bind}, ${publication}, ${network}`];
  // Orthanc refuses every address but 127.0.0.1, which of a container is the container itself.
  return publication === "host network" ? "host" : "container";
}

function expectedDirect({ bind, publication, network, gate }: Layout): readonly string[] {
  const reach = direct[publication];
  const mode = modes[gate];
  if (publication === "host network") {
    return [
      bind === "loopback" || gate === "this host only" ? `host loopback ${mode}` : `network other ${mode}`,
    ];
  }
  if (reach === undefined || network === "internal" || bind === "loopback" || gate === "this host only")
    return [];
  return [`${reach} other ${mode}`];
}

function expectedThrough({ bind, publication, network, proxy, gate }: Layout): readonly string[] {
  if (proxy === "none" || proxy === "not published") return [];
  // It shares Orthanc's loopback, and its port is one of Orthanc's.
  if (proxy === "beside") return network === "internal" ? [] : [`network loopback ${modes[gate]}`];
  // The name of a container on the host's network leads nowhere; another container is another address.
  if (publication === "host network" || bind === "loopback" || gate === "this host only") return [];
  return [`network other ${proxy === "with login" ? "basic" : modes[gate]}`];
}

const said = ({ entries }: ReportedListener, through: boolean) =>
  entries
    .filter((entry) => (entry.through === "direct") !== through)
    // The port of the proxy beside it is published with Orthanc's and leads to another socket.
    .map(({ reach, sourceSeen, auth }) => `${String(reach)} ${String(sourceSeen)} ${String(auth.mode)}`);

describe.each(binds)("bound to %s", (bind) => {
  test.each(publications)("published: %s", (publication) => {
    const wrong = layouts
      .filter((layout) => layout.bind === bind && layout.publication === publication)
      .flatMap((layout) => {
        const http = httpOf(layout);
        const found = { reach: http.reach, direct: said(http, false), through: said(http, true) };
        const expected = {
          reach: expectedReach(layout),
          direct: expectedDirect(layout),
          through: expectedThrough(layout),
        };
        return JSON.stringify(found) === JSON.stringify(expected) ? [] : [{ layout, found, expected }];
      });
    expect(wrong).toEqual([]);
  });
});

function httpOf(layout: Layout): ReportedListener {
  const { report } = lintFiles(filesOf(layout), { rules: [] });
  const service = report.deployments[0]?.services.find(({ name }) => name === "orthanc");
  const http = service?.listeners.find(({ id }) => id === "orthanc/http");
  if (http === undefined) throw new Error("no HTTP listener of Orthanc was found");
  return http;
}

function filesOf(layout: Layout): Readonly<Record<string, string>> {
  const { proxy } = layout;
  const target = proxy === "beside" ? "127.0.0.1" : "orthanc";
  const login = proxy === "with login" ? 'auth_basic "PACS"; auth_basic_user_file /etc/nginx/users;' : "";
  return {
    "compose.yml": ["services:", ...orthanc(layout), ...nginx(layout), ...networksOf(layout)].join("\n"),
    "nginx.conf": `server { listen 80; ${login} location / { proxy_pass http://${target}:8042; } }`,
  };
}

function orthanc({ bind, publication, network, proxy, gate }: Layout): readonly string[] {
  const settings = {
    ORTHANC__AUTHENTICATION_ENABLED: String(gate === "login"),
    ORTHANC__REMOTE_ACCESS_ALLOWED: String(gate !== "this host only"),
    ORTHANC__REGISTERED_USERS: '{"radiology": "seven red horses in rain"}',
    ...(bind === "loopback" ? { ORTHANC__HTTP_BIND_ADDRESSES: '["127.0.0.1"]' } : {}),
  };
  const address = { everywhere: "", "this host": "127.0.0.1:", "an outer address": "9.9.9.9:" };
  const ports = [
    ...(publication === "nothing" || publication === "host network"
      ? []
      : [`${address[publication]}8042:8042`]),
    ...(proxy === "beside" && publication !== "host network" ? ["80:80"] : []),
  ];
  return [
    "  orthanc:",
    "    image: orthancteam/orthanc:26.7.0",
    "    environment:",
    ...Object.entries(settings).map(([name, value]) => `      ${name}: '${value}'`),
    ...(ports.length === 0 ? [] : [`    ports: [${ports.map((port) => `"${port}"`).join(", ")}]`]),
    ...(publication === "host network"
      ? ["    network_mode: host"]
      : [`    networks: [${network === "internal" ? "inner" : "outer"}]`]),
  ];
}

function nginx({ proxy, network }: Layout): readonly string[] {
  if (proxy === "none") return [];
  return [
    "  proxy:",
    "    image: nginx:1.27.3",
    "    volumes: [./nginx.conf:/etc/nginx/conf.d/default.conf]",
    ...(proxy === "beside"
      ? ['    network_mode: "service:orthanc"']
      : [`    networks: [outer${network === "internal" ? ", inner" : ""}]`]),
    ...(proxy === "open" || proxy === "with login" ? ['    ports: ["80:80"]'] : []),
  ];
}

function networksOf({ network }: Layout): readonly string[] {
  return ["networks:", "  outer: {}", ...(network === "internal" ? ["  inner: { internal: true }"] : [])];
}
