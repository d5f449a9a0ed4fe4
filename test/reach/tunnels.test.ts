/**
 * Ways in through tunnels, which publish no port. Expected values by hand from each program's documentation: cloudflared
 * ingress/ingress.go, ngrok.com/docs/agent, frp conf/frpc_full_example.toml, tailscale ipn/serve.go, ssh(1).
 */
import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { loadConfig } from "../../src/policy/config.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { lintFiles } from "../inspect.ts";
import { chainOf, lintSite, throughProxy } from "../proxies/entries.ts";

const archive = `services:
  orthanc:
    image: orthancteam/orthanc:26.7.0
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false", DICOM_WEB_PLUGIN_ENABLED: "true" }
`;

type Files = Readonly<Record<string, string>>;

/** "internet pacs.example.org:443 / on none": reach, address, paths, TLS and login of each way in. */
function ways(tunnel: string, files: Files = {}): readonly string[] {
  return waysOf({ "compose.yml": `${archive}  tunnel:\n${tunnel}`, ...files });
}

function waysOf(files: Files): readonly string[] {
  const known = (value: unknown) =>
    typeof value === "object" || value === undefined ? "unknown" : String(value);
  return throughProxy(lintSite(files)).map(
    ({ reach, address, port, paths, tls, auth }) =>
      `${known(reach)} ${known(address)}:${known(port)} ${paths.join(" ")} ${known(tls.mode)} ${known(auth.mode)}`,
  );
}

describe("cloudflared", () => {
  const image = "    image: cloudflare/cloudflared:2026.5.0\n";
  const mounted = `${image}    command: tunnel run\n    volumes: ["./config.yml:/etc/cloudflared/config.yml:ro"]\n`;

  test("a quick tunnel has a name that it makes, and nobody can put a login before it", () => {
    expect(ways(`${image}    command: tunnel --no-autoupdate --url http://orthanc:8042\n`)).toEqual([
      "internet unknown:443 / on none",
    ]);
  });

  test("the same from a variable, and from a script in an image that says nothing", () => {
    expect(
      ways(`${image}    command: tunnel\n    environment: { TUNNEL_URL: "http://orthanc:8042" }\n`),
    ).toEqual(["internet unknown:443 / on none"]);
    const script =
      '    image: alpine:3.20\n    command: ["sh", "-c", "sleep 5 && cloudflared tunnel --url orthanc:8042"]\n';
    expect(ways(script)).toEqual(["internet unknown:443 / on none"]);
  });

  test("with a token its names are kept elsewhere: a way in that cannot be decided", () => {
    expect(ways(`${image}    command: tunnel run --token eyJhIjoiNjY2In0=\n`)).toEqual([
      "unknown unknown:443 / unknown unknown",
    ]);
    expect(
      ways(`${image}    command: tunnel run\n    environment: { TUNNEL_TOKEN: eyJhIjoiNjY2In0= }\n`),
    ).toEqual(["unknown unknown:443 / unknown unknown"]);
  });

  test("the first rule of a name that takes a path has it; what Access asks is kept elsewhere", () => {
    const config = `tunnel: pacs
ingress:
  - hostname: pacs.example.org
    path: ^/dicom-web
    service: http://orthanc:8042
  - hostname: pacs.example.org
    service: http_status:403
  - hostname: "*.example.org"
    service: http://other:80
  - service: http_status:404
`;
    expect(ways(mounted, { "config.yml": config })).toEqual([
      "internet pacs.example.org:443 ^/dicom-web on unknown",
    ]);
  });

  test("cloudflared itself asks where Access is required, of one rule or of all", () => {
    const asked = "access: { required: true, teamName: clinic, audTag: [a1] }";
    const one = `ingress:\n  - { hostname: a.example.org, service: "http://orthanc:8042", originRequest: { ${asked} } }\n  - service: http_status:404\n`;
    const all = `originRequest: { ${asked} }\ningress:\n  - service: http://orthanc:8042\n`;
    expect(ways(mounted, { "config.yml": one })).toEqual(["internet a.example.org:443 / on oidc"]);
    expect(ways(mounted, { "config.yml": all })).toEqual(["internet every name:443 / on oidc"]);
  });

  test("as a client it opens nothing", () => {
    expect(ways(`${image}    command: access tcp --hostname x.example.org --url 0.0.0.0:8042\n`)).toEqual([]);
  });

  test("beside an archive on a host", () => {
    const files = {
      "orthanc.json": '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false }',
      "config.yml":
        "tunnel: pacs\ncredentials-file: /etc/cloudflared/pacs.json\ningress:\n  - hostname: pacs.example.org\n    service: http://localhost:8042\n  - service: http_status:404\n",
    };
    expect(waysOf(files)).toEqual(["internet pacs.example.org:443 / on unknown"]);
  });

  test("the lines that make it so", () => {
    const files = {
      "compose.yml": `${archive}  tunnel:\n${image}    command: tunnel --url http://orthanc:8042\n`,
    };
    const [entry] = throughProxy(lintSite(files));
    expect(chainOf(entry)).toEqual([
      "compose.yml:7 a tunnel (Cloudflare Tunnel) opens it elsewhere",
      "compose.yml:7 tunnel listens here",
      "compose.yml:7 no login is asked here",
      "compose.yml:7 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });
});

describe("ngrok", () => {
  const image = "    image: ngrok/ngrok:3-alpine\n";

  test.each([
    ["http orthanc:8042", "internet unknown:443 / on none"],
    ["http http://orthanc:8042 --url=https://pacs.ngrok.app", "internet pacs.ngrok.app:443 / on none"],
    ["http orthanc:8042 --basic-auth=user:longpassword", "internet unknown:443 / on basic"],
    ["http --oauth google orthanc:8042", "internet unknown:443 / on oidc"],
    ["http orthanc:8042 --traffic-policy-file /policy.yml", "internet unknown:443 / on unknown"],
    ["http orthanc:8042 --cidr-allow 192.0.2.0/24", "network unknown:443 / on none"],
    ["tcp orthanc:8042", "internet unknown:unknown / off none"],
  ])("%s", (command, expected) => {
    expect(ways(`${image}    command: ${command}\n`)).toEqual([expected]);
  });

  test("its file, in both of its versions", () => {
    const mounted = `${image}    command: start --all --config /etc/ngrok.yml\n    volumes: ["./ngrok.yml:/etc/ngrok.yml:ro"]\n`;
    const second =
      "version: 2\nauthtoken: abcdef\ntunnels:\n  pacs: { proto: http, addr: orthanc:8042, domain: pacs.example.org }\n  dicom: { proto: tcp, addr: orthanc:4242, remote_addr: 1.tcp.ngrok.io:20001 }\n";
    const third =
      "version: 3\nagent: { authtoken: abcdef }\nendpoints:\n  - { name: pacs, url: https://pacs.example.org, upstream: { url: orthanc:8042 } }\n";
    expect(ways(mounted, { "ngrok.yml": second })).toEqual([
      "internet pacs.example.org:443 / on none",
      "internet 1.tcp.ngrok.io:20001 / off none",
    ]);
    expect(ways(mounted, { "ngrok.yml": third })).toEqual(["internet pacs.example.org:443 / on none"]);
  });

  test("the image wernight/ngrok by its variables", () => {
    expect(ways("    image: wernight/ngrok\n    environment: { NGROK_PORT: orthanc:8042 }\n")).toEqual([
      "internet unknown:443 / on none",
    ]);
  });
});

describe("frp", () => {
  const mounted = (file: string) =>
    `    image: snowdreamtech/frpc:0.58.0\n    volumes: ["./${file}:/etc/frp/${file}:ro"]\n`;
  const toml = (server: string, proxy: string) =>
    `serverAddr = "${server}"\n[[proxies]]\nname = "pacs"\nlocalIP = "orthanc"\nlocalPort = 8042\n${proxy}`;

  test("a port of the server, for everybody who can call that", () => {
    const open = toml("frp.example.org", 'type = "tcp"\nremotePort = 6000\n');
    expect(ways(mounted("frpc.toml"), { "frpc.toml": open })).toEqual([
      "internet frp.example.org:6000 / off none",
    ]);
    const inside = toml("192.168.1.5", 'type = "tcp"\nremotePort = 6000\n');
    expect(ways(mounted("frpc.toml"), { "frpc.toml": inside })).toEqual([
      "network 192.168.1.5:6000 / off none",
    ]);
  });

  test("a name, with a login and some paths; a secret proxy opens nothing", () => {
    const named = toml(
      "frp.example.org",
      'type = "http"\ncustomDomains = ["pacs.example.org"]\nhttpUser = "clinic"\nhttpPassword = "long"\nlocations = ["/dicom-web"]\n',
    );
    expect(ways(mounted("frpc.toml"), { "frpc.toml": named })).toEqual([
      "internet pacs.example.org:unknown /dicom-web off basic",
    ]);
    expect(
      ways(mounted("frpc.toml"), {
        "frpc.toml": toml("frp.example.org", 'type = "stcp"\nsecretKey = "k"\n'),
      }),
    ).toEqual([]);
  });

  test("the old way of writing it", () => {
    const ini =
      "[common]\nserver_addr = frp.example.org\n\n[pacs]\ntype = tcp\nlocal_ip = orthanc\nlocal_port = 8042\nremote_port = 6000\n";
    expect(ways(mounted("frpc.ini"), { "frpc.ini": ini })).toEqual([
      "internet frp.example.org:6000 / off none",
    ]);
  });
});

describe("Tailscale", () => {
  const site = (serve: string): Files => ({
    "compose.yml": `services:
  tunnel:
    image: tailscale/tailscale:v1.90.1
    environment: { TS_AUTHKEY: tskey-auth-k, TS_SERVE_CONFIG: /config/serve.json }
    volumes: ["./serve.json:/config/serve.json:ro"]
  orthanc:
    image: orthancteam/orthanc:26.7.0
    network_mode: service:tunnel
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
`,
    "serve.json": serve,
  });
  const web =
    '"TCP": { "443": { "HTTPS": true } }, "Web": { "pacs.tail1.ts.net:443": { "Handlers": { "/": { "Proxy": "http://127.0.0.1:8042" } } } }';

  test("serves to the tailnet, and by Funnel to everybody", () => {
    expect(waysOf(site(`{ ${web} }`))).toEqual(["internal pacs.tail1.ts.net:443 / on none"]);
    expect(waysOf(site(`{ ${web}, "AllowFunnel": { "pacs.tail1.ts.net:443": true } }`))).toEqual([
      "internet pacs.tail1.ts.net:443 / on none",
    ]);
  });
});

describe("other programs", () => {
  test("ssh -R opens a port at a server whose settings are not here; some services open it to all", () => {
    const image = "    image: alpine:3.20\n";
    expect(ways(`${image}    command: ssh -N -R 8080:orthanc:8042 tunnel@vps.example.org\n`)).toEqual([
      "unknown vps.example.org:8080 / off none",
    ]);
    expect(
      ways(`${image}    command: ssh -o StrictHostKeyChecking=no -R 80:orthanc:8042 nokey@localhost.run\n`),
    ).toEqual(["internet unknown:443 / on none"]);
  });

  test("localtunnel, bore and zrok", () => {
    expect(
      ways("    image: node:22\n    command: npx lt --port 8042 --local-host orthanc --subdomain pacs\n"),
    ).toEqual(["internet pacs.loca.lt:443 / on none"]);
    expect(
      ways("    image: ekzhang/bore:0.5.1\n    command: local 8042 --local-host orthanc --to bore.pub\n"),
    ).toEqual(["internet bore.pub:unknown / off none"]);
    expect(
      ways("    image: openziti/zrok:1.0.0\n    command: share public --headless http://orthanc:8042\n"),
    ).toEqual(["internet unknown:443 / on none"]);
    expect(
      ways("    image: openziti/zrok:1.0.0\n    command: share private --headless http://orthanc:8042\n"),
    ).toEqual([]);
  });

  test("what newt leads to is kept elsewhere", () => {
    expect(
      ways("    image: fosrl/newt:1.5.0\n    environment: { NEWT_ID: abc, NEWT_SECRET: def }\n"),
    ).toEqual(["unknown unknown:443 / unknown unknown"]);
  });
});

test("a login at the tunnel with a password that everybody tries", () => {
  const run = (login: string) =>
    throughProxy(
      lintSite({
        "compose.yml": `${archive}  tunnel:\n    image: ngrok/ngrok:3\n    command: http orthanc:8042 --basic-auth ${login}\n`,
      }),
    )[0]?.auth;
  expect(run("admin:admin")).toMatchObject({ mode: "basic", defaultCredentials: true });
  expect(run("clinic:seven-red-horses")).toMatchObject({ mode: "basic", defaultCredentials: false });
});

test("a firewall of the site keeps nobody from a tunnel", () => {
  const compose = `${archive}  tunnel:\n    image: ngrok/ngrok:3\n    command: http orthanc:8042\n`;
  const config = "firewall:\n  - { port: 443, from: [] }\n";
  const opened = createSources(memoryFiles({ "pacslint.yaml": config }), nodeCrypto).open("pacslint.yaml");
  if (!opened.ok) throw new Error(opened.message);
  const loaded = loadConfig(opened.source);
  if (!loaded.ok) throw new Error("the configuration is refused");
  const run = lintFiles({ "compose.yml": compose }, { paths: ["."], config: loaded.config });
  expect(throughProxy(run).map(({ reach }) => reach)).toEqual(["internet"]);
});
