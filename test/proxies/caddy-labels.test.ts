/** caddy-docker-proxy, by its README: labels become a Caddyfile, numbers keep directives of one name apart. */
import { describe, expect, test } from "vitest";
import { chainOf, lintSite, throughProxy, told } from "./entries.ts";

const all = "read write delete dicomweb webdav";

function site(labels: readonly string[]) {
  const own = labels.map((label) => `      - '${label}'\n`).join("");
  return lintSite({
    "compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:26.7.0
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false", DICOM_WEB_PLUGIN_ENABLED: "true" }
    labels:
${own}  proxy:
    image: lucaslorentz/caddy-docker-proxy:2.9-alpine
    ports: ["80:80", "443:443"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
`,
  });
}

const hash = "$$2a$$14$$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG";

describe("labels of caddy-docker-proxy", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "a name and its upstream",
      ["caddy=pacs.example.org", "caddy.reverse_proxy={{upstreams 8042}}"],
      [`443 / on none: ${all}`],
    ],
    [
      "without TLS",
      ["caddy=http://pacs.example.org", "caddy.reverse_proxy={{upstreams http 8042}}"],
      [`80 / off none: ${all}`],
    ],
    [
      "a login",
      [
        "caddy=pacs.example.org",
        `caddy.basic_auth.radiology=${hash}`,
        "caddy.reverse_proxy={{upstreams 8042}}",
      ],
      ["443 / on basic:"],
    ],
    [
      "parts inside of each other, by numbers",
      [
        "caddy_1=pacs.example.org",
        "caddy_1.0_handle_path=/orthanc/*",
        "caddy_1.0_handle_path.reverse_proxy={{upstreams 8042}}",
        "caddy_1.1_respond=404",
      ],
      [`443 /orthanc/* on none: ${all}`],
    ],
    ["no label at all", ["other=1"], []],
  ])("%s", (_, labels, expected) => {
    expect(told(site(labels))).toEqual(expected);
  });

  test("the chain of lines", () => {
    expect(
      chainOf(throughProxy(site(["caddy=pacs.example.org", "caddy.reverse_proxy={{upstreams 8042}}"]))[0]),
    ).toEqual([
      "compose.yml:10 published on every address of the host",
      "compose.yml:6 proxy listens here",
      "compose.yml:7 no login is asked here",
      "compose.yml:7 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });
});
