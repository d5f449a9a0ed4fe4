import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recogniseImage } from "../../src/deployment/images/recognise.ts";
import { parseImageReference } from "../../src/deployment/images/reference.ts";
import { isUnknown } from "../../src/facts/unknown.ts";
import { concat, holeText, type Text, textOfFile } from "../../src/text/text.ts";

/** A name in which "?" is a variable that is not known. */
function text(name: string): Text {
  const parts = name.split(/(\?)/u).filter((part) => part !== "");
  return concat(
    parts.map((part) =>
      part === "?"
        ? holeText("TAG is not set", { at: { file: "c.yml", start: 7, end: 9 } })
        : textOfFile("c.yml", part),
    ),
  );
}

const recognised = (name: string) => recogniseImage(text(name));

describe("the parts of a name", () => {
  it.each([
    ["postgres", ["docker.io", "postgres", null, null]],
    ["library/postgres:16", ["docker.io", "postgres", "16", null]],
    ["docker.io/library/postgres:16", ["docker.io", "postgres", "16", null]],
    ["orthancteam/orthanc:24.6.2-full", ["docker.io", "orthancteam/orthanc", "24.6.2-full", null]],
    ["quay.io/keycloak/keycloak@sha256:ab", ["quay.io", "keycloak/keycloak", null, "sha256:ab"]],
    ["localhost:5000/a/b/c:1@sha256:ab", ["localhost:5000", "a/b/c", "1", "sha256:ab"]],
    ["localhost/a", ["localhost", "a", null, null]],
    ["?/orthancteam/orthanc:1", ["unknown", "orthancteam/orthanc", "1", null]],
    ["orthancteam/orthanc:?", ["docker.io", "orthancteam/orthanc", "unknown", null]],
    ["orthancteam/?:1", ["docker.io", "unknown", "1", null]],
  ])("of %s", (name, expected) => {
    const { registry, repository, tag, digest } = parseImageReference(text(name));
    expect([registry, repository, tag, digest].map((part) => (isUnknown(part) ? "unknown" : part))).toEqual(
      expected,
    );
  });
  it("have a place when they are not known", () => {
    expect(parseImageReference(text("orthancteam/orthanc:?")).tag).toMatchObject({
      reason: "TAG is not set",
      where: { at: { file: "c.yml", start: 7 } },
    });
  });
});

describe("the product", () => {
  it.each([
    ["orthancteam/orthanc:24.6.2", "orthanc", "1.12.4"],
    ["orthancteam/orthanc:26.8.1-full", "orthanc", "1.13.0"],
    ["osimis/orthanc", "orthanc", "1.12.2"],
    ["jodogne/orthanc-plugins:1.12.4", "orthanc", "1.12.4"],
    ["dcm4che/dcm4chee-arc-psql:5.31.2-secure", "dcm4chee", "5.31.2"],
    ["dcm4che/slapd-dcm4chee:2.6.5-31.2", "slapd", "5.31.2"],
    ["dcm4che/slapd-dcm4chee:5.7.0", "slapd", "5.7.0"],
    ["dcm4che/postgres-dcm4chee:15.4-31", "postgres", "15.4"],
    ["postgres:16.4-alpine", "postgres", "16.4"],
    ["mariadb:10.11", "mysql", "10.11"],
    ["quay.io/keycloak/keycloak:26.0.6", "keycloak", "26.0.6"],
    ["nginxinc/nginx-unprivileged:1.27.2", "nginx", "1.27.2"],
    ["traefik:v3.1.4", "traefik", "3.1.4"],
    ["docker.elastic.co/kibana/kibana:8.14.0", "kibana", "8.14.0"],
    ["ghcr.io/authelia/authelia:4.38.0", "authelia", "4.38.0"],
    ["haproxytech/haproxy-alpine:2.9.1", "haproxy", "2.9.1"],
    ["ohif/app:v3.8.3", "viewer", "3.8.3"],
    ["minio/minio:RELEASE.2024-01-01T00-00-00Z", "minio", null],
    ["orthancteam/orthanc-auth-service:24.5.1", "orthanc-auth-service", "24.5.1"],
    ["my/own:1", "other", null],
  ])("of %s is %s %s", (name, product, version) => {
    const image = recognised(name);
    expect([image.product, image.version.value]).toEqual([product, version]);
    expect(image.version.candidates.length).toBeGreaterThan(0);
  });
  it("of a name that is not known is unknown", () => expect(isUnknown(recognised("?").product)).toBe(true));
  it("is found in other registries too", () => {
    expect(recognised("registry.clinic.example/orthancteam/orthanc:24.6.2")).toMatchObject({
      id: "orthancteam-orthanc",
      mirror: true,
    });
    expect(recognised("registry.clinic.example:5000/hub/library/postgres:16.1")).toMatchObject({
      id: "postgres",
      mirror: true,
    });
    expect(recognised("registry.clinic.example/postgres:16.1")).toMatchObject({
      id: "postgres",
      mirror: true,
    });
    expect(recognised("someone/postgres:16.1")).toMatchObject({ id: null, mirror: false });
  });
});

describe("a release that is not told", () => {
  it("is every one of the present name at which something changes", () => {
    const { version, builds } = recognised("orthancteam/orthanc");
    expect(version.value).toBeNull();
    expect(builds[0]).toEqual({ release: "24.2.0", orthanc: "1.12.3" });
    expect(builds.map(({ release }) => release)).toEqual(
      expect.arrayContaining(["25.6.3", "26.7.0", "26.8.0", "26.8.1"]),
    );
    expect(recognised("orthancteam/orthanc:?").builds).toEqual(builds);
  });
  it("is near the listed ones", () => {
    expect(recognised("orthancteam/orthanc:24.6").builds.map(({ release }) => release)).toEqual([
      "24.6.1",
      "24.6.3",
    ]);
    expect(recognised("orthancteam/orthanc:99.1.0").builds).toEqual([
      { release: "26.8.1", orthanc: "1.13.0" },
    ]);
  });
  it("of jodogne/orthanc is any from 1.5.8 on", () =>
    expect(recognised("jodogne/orthanc:latest").version.candidates[0]).toBe("1.5.8"));
  it("does not matter where nothing depends on it", () =>
    expect(recognised("adminer").version.candidates).toEqual(["0"]));
});

describe("a floating name", () => {
  it.each([
    ["postgres", true],
    ["postgres:latest", true],
    ["postgres:16", true],
    ["postgres:16.4", false],
    ["nginx:1.27", true],
    ["nginx:1.27.2-alpine", false],
    ["nginx:alpine", true],
    ["nginx:alpine@sha256:ab", false],
    ["orthancteam/orthanc:24.6.2", false],
    ["minio/minio:RELEASE.2024-01-01T00-00-00Z", false],
    ["my/own:1", true],
    ["my/own:1.2", false],
    ["my/own:3f9d2ab", false],
    ["my/own:main", true],
  ])("%s: %j", (name, floating) => expect(recognised(name).floating).toBe(floating));
  it("is not known while its tag is not", () =>
    expect(isUnknown(recognised("postgres:?").floating)).toBe(true));
});

describe("what an image does by itself", () => {
  const outcomes = (name: string) => recognised(name).logins.map(({ without }) => without);
  it("depends on its release", () => {
    expect(outcomes("elasticsearch:7.17.0")).toEqual(["open"]);
    expect(outcomes("elasticsearch:8.14.0")).toEqual(["random"]);
    expect(recognised("elasticsearch:8.14.0").openByDefault).toEqual([]);
    expect(outcomes("orthancteam/orthanc:26.6.1")).toEqual(["default"]);
    expect(outcomes("orthancteam/orthanc:26.7.0")).toEqual(["refuses"]);
    expect(outcomes("orthancteam/orthanc").sort()).toEqual(["default", "refuses"]);
  });
  it("is told with ports, users and age", () => {
    expect(recognised("grafana/grafana:11.2.0")).toMatchObject({
      user: "472",
      ports: [{ port: 3000, protocol: "http" }],
      logins: [{ user: "admin", password: "admin" }],
    });
    expect(recognised("osimis/orthanc:24.1.2").unmaintained).toBe(true);
    expect(recognised("orthancteam/orthanc:24.6.2-full")).toMatchObject({
      unmaintained: false,
      variant: "full",
    });
  });
});

describe("the list of images", () => {
  const { images } = JSON.parse(readFileSync(new URL("../../data/images.json", import.meta.url), "utf8")) as {
    images: { id: string; names: string[]; product: string }[];
  };
  it("has each name once, under a product that is known", () => {
    const names = images.flatMap((image) => image.names);
    expect(names).toEqual([...new Set(names)]);
    for (const { id, names: own, product } of images) {
      for (const name of own) expect(recognised(name.replace("*", "x")), name).toMatchObject({ id, product });
    }
  });
  it("is sorted", () => expect(images.map(({ id }) => id)).toEqual(images.map(({ id }) => id).sort()));
});
