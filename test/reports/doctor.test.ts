/** The pictures of a deployment: as a tree and as a flowchart, over a report that is written by hand. */
import { expect, test } from "vitest";
import { renderDoctor } from "../../src/reports/doctor.ts";
import { renderMermaid } from "../../src/reports/mermaid.ts";
import type {
  AttackPath,
  Report,
  ReportedEntry,
  ReportedListener,
  ReportedService,
} from "../../src/triage/report.ts";
import { empty } from "./sample.ts";

const plain = {
  mode: "off",
  encrypts: false,
  minVersion: null,
  ciphers: null,
  clientCertificate: "none",
} as const;
const encrypted = { ...plain, mode: "on", encrypts: true, minVersion: "TLSv1.2" } as const;
const noLogin = { mode: "none", defaultCredentials: false, lockout: false } as const;
const login = { ...noLogin, mode: "basic" } as const;
const nobody = { echo: false, store: false, find: false, findWorklist: false, get: false, move: false };

function listener(
  id: string,
  port: number,
  more: Partial<ReportedListener> = {},
  entries: readonly ReportedEntry[] = [],
): ReportedListener {
  return {
    id,
    protocol: "http",
    port,
    bind: "0.0.0.0",
    reach: "network",
    tls: plain,
    auth: noLogin,
    ...more,
    entries,
  };
}

function entry(id: string, port: number, more: Partial<ReportedEntry> = {}): ReportedEntry {
  return {
    id,
    through: "direct",
    address: "*",
    port,
    paths: ["/"],
    reach: "network",
    sourceSeen: "other",
    tls: plain,
    auth: noLogin,
    via: [],
    ...more,
  };
}

function service(
  name: string,
  product: ReportedService["product"],
  networks: readonly string[],
  more: Partial<ReportedService>,
): ReportedService {
  return {
    name,
    product,
    version: { value: null, from: "image", candidates: ["0"] },
    startup: { verdict: "starts", reasons: [] },
    network: { kind: "container", networks },
    listeners: [],
    ...more,
  };
}

const pacs = service("pacs", "orthanc", ["front", "back"], {
  version: { value: "1.12.4", from: "image", candidates: ["1.12.4"] },
  image: `orthancteam/orthanc:24.6.2@sha256:${"0123456789abcdef".repeat(4)}`,
  listeners: [
    listener("pacs/http", 8042, { auth: login }, [
      entry("pacs/http/direct", 8042, { auth: { ...login, defaultCredentials: true } }),
      entry("pacs/http/proxy", 443, {
        through: 'proxy: location "/pacs"\u001b[2J',
        paths: ["/pacs/", "/dicom-web/", "/ohif/", "/wado"],
        tls: encrypted,
        auth: login,
      }),
    ]),
    listener(
      "pacs/dicom",
      4242,
      { protocol: "dicom", unknownPeer: nobody, spoofedPeer: { CT: { ...nobody, find: true } } },
      [
        entry("pacs/dicom/direct", 4242, {
          address: "fd00::5",
          tls: { ...encrypted, clientCertificate: "required" },
          unknownPeer: nobody,
          spoofedPeer: { CT: nobody },
        }),
      ],
    ),
    listener("pacs/debug", 9999, { protocol: "debug", reach: "none" }),
  ],
});

const proxy = service("proxy", "nginx", ["front"], {
  listeners: [
    listener("proxy/443", 443, { tls: encrypted }, [entry("proxy/443/direct", 443, { tls: encrypted })]),
  ],
  routes: [{ through: "proxy: location /pacs/", to: "pacs", paths: ["/pacs/"], login: "basic" }],
});

const db = service("db", "postgres", ["back"], {
  listeners: [
    listener("db/5432", 5432, {
      protocol: "database",
      reach: "internal",
      auth: { ...login, mode: "password" },
      purpose: "PostgreSQL (database)",
    }),
  ],
});

const path: AttackPath = {
  deployment: "clinic",
  service: "pacs",
  listener: "pacs/http",
  entry: "pacs/http/direct",
  from: "network",
  steps: [{ text: "network" }],
  outcome: "anyone can read, change and delete every study",
  text: "network → 0.0.0.0:8042 (compose.yml:9) → a published or guessable password (orthanc.json:4): anyone can read, change and delete every study",
  versions: [],
};

const report: Report = {
  ...empty,
  attackPaths: [path],
  deployments: empty.deployments.map((deployment) => ({ ...deployment, services: [pacs, proxy, db] })),
};

test("a tree of services, ways in, networks and attack paths", () => {
  expect(renderDoctor(report, { width: 80, color: false, unicode: true })).toMatchInlineSnapshot(`
    "clinic   Docker Compose in clinic
      Orthanc (pacs)
      ├─ release: 1.12.4, from the image's tag
      ├─ image: orthancteam/orthanc:24.6.2@sha256:01234567…
      ├─ start: it would start
      ├─ http 8042: reached from the network around the host, not encrypted,
      │     login
      ├─ dicom 4242: reached from the network around the host, not encrypted, any
      │     caller with a listed AE title
      ├─ debug 9999: off
      └─ networks: front, back
      nginx (proxy)
      ├─ release: not known
      ├─ start: it would start
      ├─ http 443: reached from the network around the host, TLS, no login
      ├─ passes on /pacs/ to pacs: location /pacs/
      └─ networks: front
      PostgreSQL (db)
      ├─ release: not known
      ├─ start: it would start
      ├─ database 5432: reached from its networks, not encrypted, password;
      │     PostgreSQL (database)
      └─ networks: back
      Who gets in from where
      ├─ network around the host
      │  ├─ OPEN 0.0.0.0:8042 → pacs: http, not encrypted, a guessable login
      │  ├─ 0.0.0.0:443 /pacs/ /dicom-web/ /ohif/ and 1 more → proxy → pacs:
      │  │     http, TLS, login; location "/pacs"\\u{1b}[2J
      │  ├─ [fd00::5]:4242 → pacs: dicom, TLS with client certificates, listed
      │  │     modalities
      │  └─ 0.0.0.0:443 → proxy: http, TLS, no login
      ├─ network front: pacs, proxy reach each other
      └─ network back: pacs, db reach each other
      Attack paths
        1. network → 0.0.0.0:8042 (compose.yml:9) → a published or guessable
           password (orthanc.json:4): anyone can read, change and delete every
           study.
      Files
        clinic/compose.yml   compose
        clinic/orthanc.json  orthanc-json, used by orthanc

    1 deployment, 2 files read, 0 problems.
    "
  `);
});

test("the same in ASCII", () => {
  const text = renderDoctor(report, { width: 80, color: false, unicode: false });
  expect(text).toContain(
    "  |- http 8042: reached from the network around the host, not encrypted,\n  |     login\n",
  );
  expect(text).toContain("|  |- OPEN 0.0.0.0:8042 -> pacs: http, not encrypted, a guessable login\n");
  expect(text).toMatch(/^[\x00-\x7f]*$/u);
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("a flowchart in which no name of the configuration is taken for Mermaid's own words", () => {
  expect(renderMermaid(report)).toMatchInlineSnapshot(`
    "flowchart LR
      d1z_network(("Network around the host"))
      d1z_internal(("Containers of the same networks"))
      subgraph d1 ["clinic"]
        subgraph d1s1 ["Orthanc (pacs) 1.12.4"]
          d1s1l1["http 8042"]
          d1s1l2["dicom 4242"]
        end
        subgraph d1s2 ["nginx (proxy)"]
          d1s2l1["http 443"]
        end
        subgraph d1s3 ["PostgreSQL (db)"]
          d1s3l1["database 5432"]
        end
      end
      d1n1[/"network front"/]
      d1n2[/"network back"/]
      d1z_network ==>|"OPEN 0.0.0.0:8042, not encrypted, a guessable login"| d1s1l1
      d1s2l1 -->|"0.0.0.0:443 /pacs/ /dicom-web/ /ohif/ and 1 more, TLS, login, location #34;/pacs#34;#92;u{1b}[2J"| d1s1l1
      d1z_network -->|"[fd00::5]:4242, TLS with client certificates, listed modalities"| d1s1l2
      d1z_network -->|"0.0.0.0:443, TLS, no login"| d1s2l1
      d1z_internal -.->|"db:5432, not encrypted, password"| d1s3l1
      d1n1 -.- d1s1
      d1n1 -.- d1s2
      d1n2 -.- d1s1
      d1n2 -.- d1s3
      linkStyle 0 stroke:#c00,stroke-width:3px
    "
  `);
});

test("a proxy's own port tells of encryption alone, routes that read alike are told once, long lists by their ends", () => {
  const releases = ["1.9.0", "1.10.0", "1.11.0", "1.12.0", "1.12.1", "1.12.2", "1.12.3"];
  const route = { through: "proxy: location /", to: "pacs", paths: ["/"], login: "none" } as const;
  const front: ReportedEntry = {
    id: "proxy/http/direct",
    through: "direct",
    address: "*",
    port: 443,
    paths: ["/"],
    reach: "network",
    sourceSeen: "other",
    tls: encrypted,
    auth: noLogin,
    via: [],
  };
  const proxy: ReportedService = {
    name: "proxy",
    product: "nginx",
    version: { value: null, from: "image", candidates: releases },
    startup: { verdict: "starts", reasons: [] },
    listeners: [listener("proxy/http", 443, { role: "proxy", tls: encrypted }, [front])],
    routes: [route, route],
  };
  const report: Report = {
    ...empty,
    deployments: [{ id: "compose.yml", root: ".", form: "compose", files: [], services: [proxy] }],
  };
  const told = renderDoctor(report, { width: 200, color: false, unicode: true });
  expect(told).toContain("release: not known, as the image's tag is moved; judged for each of 7 releases");
  expect(told).toContain("http 443: reached from the network around the host, TLS\n");
  expect(told.split("passes on / to pacs: location /")).toHaveLength(2);
  expect(told).toContain("0.0.0.0:443 → proxy: http, TLS\n");
});
