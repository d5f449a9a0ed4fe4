/** Rights taken from containers: only of images that are known to run without, and only as they were tried. */
import { describe, expect, test } from "vitest";
import { repaired } from "./repair.ts";

const rules = ["container-not-hardened", "container-root", "docker-socket-mounted"];

function done(services: string): string {
  const { files } = repaired({ files: { "compose.yml": `services:\n${services}` } }, { unsafe: true, rules });
  return (files["compose.yml"] ?? "").replace("services:\n", "");
}

const proxy = `  proxy:
    image: nginx:1.27.3
    volumes: ["./pacs.conf:/etc/nginx/conf.d/default.conf:ro"]
`;

describe("nginx", () => {
  test("gets its few capabilities and folders, each key once", () => {
    expect(done(proxy)).toBe(`${proxy}    security_opt:
      - no-new-privileges:true
    cap_drop:
      - ALL
    cap_add:
      - CHOWN
      - DAC_OVERRIDE
      - NET_BIND_SERVICE
      - SETGID
      - SETUID
    read_only: true
    tmpfs:
      - /var/cache/nginx
      - /var/run
      - /tmp
`);
  });

  test("keeps what is written already", () => {
    const some = `${proxy}    security_opt: [seccomp:pacs.json]\n    cap_drop: [ALL]\n    tmpfs: [/tmp]\n`;
    expect(done(some)).toBe(
      `${some.replace("pacs.json]", "pacs.json, no-new-privileges:true]").replace("[/tmp]", "[/tmp, /var/cache/nginx, /var/run]")}    read_only: true\n`,
    );
  });

  test.each([
    [
      "templates, which it writes out",
      proxy.replace("./pacs.conf:/etc/nginx/conf.d/default.conf:ro", "./t:/etc/nginx/templates"),
    ],
    ["a program of the site's own", `${proxy}    entrypoint: /start.sh\n`],
    ["rights that were given on purpose", `${proxy}    cap_add: [NET_ADMIN]\n`],
    ["a file of variables that is not there", `${proxy}    env_file: [missing.env]\n`],
    ["an image that nobody has tried", proxy.replace("nginx:1.27.3", "example.org/clinic/gateway:2.1.0")],
    ["an image that is built on top", proxy.replace("image: nginx:1.27.3", "build: ./proxy")],
  ])("is left alone with %s", (_, services) => {
    expect(done(services)).toBe(services);
  });
});

const archive = (image: string, volumes = "      - images:/var/lib/orthanc/db\n"): string =>
  `  orthanc:\n    image: ${image}\n    environment: { ORTHANC__NAME: Clinic }\n    volumes:\n${volumes}`;

describe("Orthanc", () => {
  test("runs as its own account where the image has one, and writes no identifier into the image", () => {
    const text = done(archive("orthancteam/orthanc:24.6.2"));
    expect(text).toContain('environment: { ORTHANC__NAME: Clinic, GENERATE_HOST_ID_IF_MISSING: "false" }\n');
    expect(text).toContain("    read_only: true\n    tmpfs:\n      - /tmp\n      - /run/orthanc\n");
    expect(text).toContain('    user: "999:999"\n');
    expect(done(archive("orthancteam/orthanc:22.10.3"))).not.toContain("999");
  });

  test("is not made read-only where its images lie in the container itself", () => {
    const text = done(
      archive("orthancteam/orthanc:24.6.2", "      - ./orthanc.json:/etc/orthanc/orthanc.json\n"),
    );
    expect(text).not.toContain("read_only");
  });
});

describe("the socket of Docker", () => {
  const socket = "      - /var/run/docker.sock:/var/run/docker.sock:ro\n";

  test("leaves a server that has no use for it", () => {
    const volumes = "      - images:/var/lib/orthanc/db # all of them\n";
    const text = done(archive("orthancteam/orthanc:24.6.2", socket + volumes));
    expect(text).toContain(`    volumes:\n${volumes}`);
    expect(text).not.toContain("docker.sock");
    expect(done(archive("orthancteam/orthanc:24.6.2", socket))).not.toContain("volumes");
  });

  test.each(["traefik:v3.1.2", "portainer/portainer-ce:2.21.0", "containrrr/watchtower:1.7.1"])(
    "stays with %s, which is there for it or not known",
    (image) => {
      expect(done(`  tool:\n    image: ${image}\n    volumes:\n${socket}`)).toContain(socket);
    },
  );

  test("an image of the site's own is no published one, whatever its variables", () => {
    expect(done(archive("example.org/clinic/pacs:3.0.0"))).toBe(archive("example.org/clinic/pacs:3.0.0"));
  });
});
