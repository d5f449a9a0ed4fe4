/** Variables that an image does not read, and that look like one that it does. Names: data/image-variables.json. */
import { describe, expect, it } from "vitest";
import { inspect } from "./deployment.ts";

interface Told {
  readonly path: string;
  readonly closest: string | null;
  readonly effect: unknown;
}

/** What is told of the variables of a container of this image. */
function told(image: string, variables: readonly string[], further = ""): readonly Told[] {
  const lines = variables.map((name) => `      ${name}: kept-elsewhere`).join("\n");
  const compose = `services:\n  one:\n    image: ${image}\n${further}    environment:\n${lines}\n`;
  return inspect({ "compose.yml": compose })
    .facts("unknownOption")
    .map(({ path, closest, effect }) => ({ path, closest, effect }));
}

describe("a variable with a slip of the pen in its name", () => {
  it.each([
    ["postgres:16", "POSTGRES_PASSWROD", "POSTGRES_PASSWORD", "closes"],
    ["mariadb:11", "MARIADB_ROOT_PASWORD", "MARIADB_ROOT_PASSWORD", "closes"],
    ["quay.io/keycloak/keycloak:24.0", "KEYCLOAK_ADMN_PASSWORD", "KEYCLOAK_ADMIN_PASSWORD", "none"],
    ["jboss/keycloak:16.1.1", "DB_DATABSE", "DB_DATABASE", "none"],
    ["minio/minio", "MINIO_ROOT_PASWORD", "MINIO_ROOT_PASSWORD", "opens"],
    ["mongo:7", "MONGO_INITDB_ROOT_PASWORD", "MONGO_INITDB_ROOT_PASSWORD", "opens"],
    ["bitnami/keycloak:24", "KEYCLOAK_ADMIN_PASWORD", "KEYCLOAK_ADMIN_PASSWORD", "opens"],
    ["grafana/grafana:11.0.0", "GF_SECURITY_ADMIN_PASSWROD", "GF_SECURITY_ADMIN_PASSWORD", "opens"],
    ["oauth2-proxy/oauth2-proxy:v7.6.0", "OAUTH2_PROXY_COOKIE_SECRT", "OAUTH2_PROXY_COOKIE_SECRET", "none"],
  ])("of %s: %s is not %s", (image, written, closest, effect) => {
    expect(told(image, [written])).toEqual([{ path: written, closest, effect }]);
  });

  it("is found where people take another name for it", () => {
    expect(told("quay.io/keycloak/keycloak:24.0", ["KC_DB_USER"])).toEqual([
      { path: "KC_DB_USER", closest: "KC_DB_USERNAME", effect: "none" },
    ]);
  });
});

describe("nothing is told of", () => {
  it.each([
    ["a variable that the image reads", "postgres:16", ["POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"]],
    ["a second one of its kind", "postgres:16", ["POSTGRES_USERS", "POSTGRES_DB2", "POSTGRES_DB_1"]],
    ["a name of the site's own", "postgres:16", ["POSTGRES_MULTIPLE_DATABASES", "TZ", "DB_PASSWORD"]],
    ["another word of the same length", "mysql:8.4", ["MYSQL_HOST", "MYSQL_PORT"]],
    ["one beside the right one", "postgres:16", ["POSTGRES_PASSWORD", "POSTGRES_PASSWROD"]],
    ["an image that nobody knows", "example.org/own/postgres-api:3", ["POSTGRES_PASSWROD"]],
    ["a copy with a start script of its own", "bitnami/mysql:8.4", ["MYSQL_PASSWROD"]],
  ])("%s", (_name, image, variables) => {
    expect(told(image, variables)).toEqual([]);
  });

  it("a variable that the command line uses", () => {
    const command = '    command: ["sh", "-c", "exec postgres -c search_path=$$POSTGRES_PASSWROD"]\n';
    expect(told("postgres:16", ["POSTGRES_PASSWROD"], command)).toEqual([]);
  });
});
