/** What COPY puts into an image, seen by what nginx in it then passes on. */
import { expect, test } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { lintFiles } from "../inspect.ts";

const site = "server { listen 80; location / { proxy_pass http://orthanc:8042; } }\n";

/** The ways through the proxy, as "port → service login", of a build with this Dockerfile. */
function ways(dockerfile: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { report } = lintFiles(
    {
      "pacs/compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
  proxy:
    build: ./proxy
    ports: ["80:80"]
`,
      "pacs/proxy/Dockerfile": dockerfile,
      "pacs/proxy/conf/site.conf": site,
      ...files,
    },
    { paths: ["pacs"] },
  );
  return report.deployments
    .flatMap(({ services }) => services)
    .flatMap(({ name, listeners }) =>
      listeners.flatMap(({ entries }) =>
        entries
          .filter(({ through }) => through !== "direct")
          .map(({ port, auth }) => `${port} → ${name} ${isUnknown(auth.mode) ? "unknown" : auth.mode}`),
      ),
    );
}

test.each([
  ["a pattern", "COPY conf/*.conf /etc/nginx/conf.d/"],
  ["a pattern for a folder", "COPY con? /etc/nginx/conf.d/"],
  ["a folder that the image has, without a slash", "COPY conf/site.conf /etc/nginx/conf.d"],
  ["a list", 'COPY ["conf/site.conf", "/etc/nginx/conf.d/default.conf"]'],
  ["a folder", "COPY conf /etc/nginx/conf.d"],
  ["ADD, and WORKDIR", "WORKDIR /etc/nginx\nADD conf/site.conf conf.d/default.conf"],
])("%s", (_, line) => {
  expect(ways(`FROM nginx:1.27.3\n${line}\n`)).toEqual(["80 → orthanc none"]);
});

test("from an earlier stage, by name and by number", () => {
  const stages = (from: string) => `FROM node:22 AS build
WORKDIR /app
COPY . .
RUN npm run build
FROM nginx:1.27.3
COPY --from=${from} /app/conf/site.conf /etc/nginx/conf.d/default.conf
`;
  expect(ways(stages("build"))).toEqual(["80 → orthanc none"]);
  expect(ways(stages("0"))).toEqual(["80 → orthanc none"]);
});

test("what comes from an image that nobody sees is not known, and nothing is made up", () => {
  const dockerfile = "FROM nginx:1.27.3\nCOPY --from=clinic/site /site.conf /etc/nginx/conf.d/default.conf\n";
  expect(ways(dockerfile)).toEqual(["80 → orthanc unknown"]);
});
