/** A proxy on the host, found beside a compose file that publishes its ports to this host alone. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const compose = `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    ports: ["127.0.0.1:8042:8042"]
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
`;

const site = (target: string) => `server {
  listen 80;
  server_name pacs.example;
  location / {
    proxy_pass ${target};
  }
}
`;

/** "reach address:port through" of every way to Orthanc. */
function waysTo(files: Readonly<Record<string, string>>): readonly string[] {
  return lintFiles(files, { paths: ["."] })
    .report.deployments.flatMap(({ services }) => services)
    .filter(({ product }) => product === "orthanc")
    .flatMap(({ listeners }) => listeners.flatMap(({ entries }) => entries))
    .filter(({ reach, port }) => reach !== "none" && port !== 4242)
    .map(({ reach, port, through }) => `${reach} ${port} ${through}`);
}

test("its site leads to the published port: strangers get in by it", () => {
  const files = { "docker-compose.yml": compose, "nginx/pacs.conf": site("http://127.0.0.1:8042") };
  expect(waysTo(files)).toEqual(["host 8042 direct", "network 80 nginx: location / (server pacs.example)"]);
  const { report } = lintFiles(files, { paths: ["."] });
  expect(report.findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`)).toContain(
    "http-no-authentication docker-compose.yml:6",
  );
  expect(report.deployments).toHaveLength(1);
  expect(report.assumptions.map(({ message }) => message).join(" ")).toContain(
    "nginx (nginx/pacs.conf) is taken to run on the host of orthanc",
  );
});

test.each([
  ["another port", "http://127.0.0.1:8043"],
  ["a name that only containers know", "http://orthanc:8042"],
  ["another host", "http://192.168.4.27.0.0.1:8042"],
])("a site that leads to %s stays apart", (_, target) => {
  const files = { "docker-compose.yml": compose, "nginx/pacs.conf": site(target) };
  expect(waysTo(files)).toEqual(["host 8042 direct"]);
});

test("a line that is commented out leads nowhere", () => {
  const off = `${site("http://192.0.2.7:8042")}# proxy_pass http://localhost:8042;\n`;
  expect(waysTo({ "docker-compose.yml": compose, "nginx/pacs.conf": off })).toEqual(["host 8042 direct"]);
});
