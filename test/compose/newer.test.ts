/** Keys that Compose knows since releases after the one of the judge: no mistakes. Source: the Compose Specification. */
import { expect, test } from "vitest";
import { loadComposeProject } from "../../src/deployment/compose/load.ts";
import { textOfFile } from "../../src/text/text.ts";

test.each([
  ["models", "services: { a: { image: x, models: [m] } }\nmodels: { m: { model: ai/x } }\n"],
  ["provider", "services: { a: { provider: { type: cloud, options: { size: small } } } }\n"],
  [
    "develop",
    "services: { a: { image: x, develop: { watch: [{ path: ., action: sync+exec, exec: { command: ls } }] } } }\n",
  ],
  [
    "networks",
    "services: { a: { image: x, networks: { n: { gw_priority: 1, interface_name: eth1 } } } }\nnetworks: { n: { enable_ipv4: true } }\n",
  ],
  [
    "volumes",
    "services: { a: { image: x, volumes: [{ type: image, source: y, target: /y, image: { subpath: z } }] } }\n",
  ],
  ["build", "services: { a: { build: { context: ., provenance: true, sbom: true } } }\n"],
  ["pull_policy", "services: { a: { image: x, pull_policy: daily, use_api_socket: true } }\n"],
])("%s", (_name, source) => {
  const { problems, accepted } = loadComposeProject({
    files: ["compose.yaml"],
    readText: (path) => (path === "compose.yaml" ? textOfFile(path, source) : { missing: "is not there" }),
    environmentComplete: true,
  });
  expect(problems).toEqual([]);
  expect(accepted).toBe(true);
});
