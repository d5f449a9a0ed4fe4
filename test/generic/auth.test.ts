/**
 * What the images ask of a caller, by the variables and command lines of their documentation; the sources stand in
 * data/images.json.
 */
import { describe, expect, test } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { listener, run } from "./deployment.ts";

/** Image, lines of the service, port, kind of login, whether everybody can look the password up. */
type Row = readonly [
  image: string,
  lines: readonly string[],
  port: number,
  mode: string,
  known: boolean | "unknown",
];

const env = (...variables: readonly string[]): readonly string[] => [
  "environment:",
  ...variables.map((variable) => `  - ${variable}`),
];
/** Unknown as reports write it. */
function told(value: unknown): unknown {
  return isUnknown(value) ? "unknown" : value;
}

const long = "seven-red-horses-in-rain";

const databases: readonly Row[] = [
  ["postgres:16.4", env(`POSTGRES_PASSWORD=${long}`), 5432, "password", false],
  ["postgres:16.4", env("POSTGRES_PASSWORD=postgres"), 5432, "password", true],
  ["postgres:16.4", env("POSTGRES_USER=pacs2", "POSTGRES_PASSWORD=pacs2"), 5432, "password", true],
  ["postgres:16.4", env("POSTGRES_HOST_AUTH_METHOD=trust"), 5432, "none", false],
  ["postgres:16.4", env("POSTGRES_HOST_AUTH_METHOD=trust", `POSTGRES_PASSWORD=${long}`), 5432, "none", false],
  [
    "postgres:16.4",
    env("POSTGRES_HOST_AUTH_METHOD=scram-sha-256", `POSTGRES_PASSWORD=${long}`),
    5432,
    "password",
    false,
  ],
  ["postgres:16.4", env("POSTGRES_PASSWORD_FILE=/run/secrets/none"), 5432, "password", "unknown"],
  ["postgres:16.4", [...env(`POSTGRES_PASSWORD=${long}`), "command: -p 6000"], 6000, "password", false],
  ["bitnami/postgresql:16.4.0", env("ALLOW_EMPTY_PASSWORD=yes"), 5432, "none", false],
  ["bitnami/postgresql:16.4.0", env(`POSTGRES_PASSWORD=${long}`), 5432, "password", false],
  ["bitnami/postgresql:16.4.0", env("POSTGRESQL_PASSWORD=postgres"), 5432, "password", true],
  ["mysql:8.4.2", env(`MYSQL_ROOT_PASSWORD=${long}`), 3306, "password", false],
  ["mysql:8.4.2", env("MYSQL_ROOT_PASSWORD=root"), 3306, "password", true],
  ["mysql:8.4.2", env("MYSQL_ALLOW_EMPTY_PASSWORD=1"), 3306, "password", true],
  [
    "mysql:8.4.2",
    env("MYSQL_ALLOW_EMPTY_PASSWORD=1", `MYSQL_ROOT_PASSWORD=${long}`),
    3306,
    "password",
    false,
  ],
  ["mysql:8.4.2", env("MYSQL_RANDOM_ROOT_PASSWORD=yes"), 3306, "password", false],
  [
    "mysql:8.4.2",
    env("MYSQL_RANDOM_ROOT_PASSWORD=yes", "MYSQL_USER=app2", "MYSQL_PASSWORD=app2"),
    3306,
    "password",
    true,
  ],
  ["mariadb:11.4.3", env("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1"), 3306, "password", true],
  [
    "mariadb:11.4.3",
    env(`MYSQL_ROOT_PASSWORD=${long}`, "MYSQL_USER=app2", "MYSQL_PASSWORD=app2"),
    3306,
    "password",
    true,
  ],
  ["mongo:7.0.14", [], 27017, "none", false],
  ["mongo:7.0.14", ["command: --auth"], 27017, "password", false],
  [
    "mongo:7.0.14",
    env("MONGO_INITDB_ROOT_USERNAME=root", `MONGO_INITDB_ROOT_PASSWORD=${long}`),
    27017,
    "password",
    false,
  ],
  [
    "mongo:7.0.14",
    env("MONGO_INITDB_ROOT_USERNAME=root", "MONGO_INITDB_ROOT_PASSWORD=root"),
    27017,
    "password",
    true,
  ],
  ["redis:7.4.1", [], 6379, "none", false],
  ["redis:7.4.1", env(`REDIS_PASSWORD=${long}`), 6379, "none", false],
  ["redis:7.4.1", [`command: redis-server --requirepass ${long}`], 6379, "password", false],
  ["redis:7.4.1", [`command: ["redis-server", "--requirepass", "${long}"]`], 6379, "password", false],
  [
    "redis:7.4.1",
    [`command: sh -c 'redis-server --requirepass "$$PW"'`, ...env(`PW=${long}`)],
    6379,
    "password",
    false,
  ],
  ["redis:7.4.1", ["command: redis-server --requirepass secret"], 6379, "password", true],
  ["redis:7.4.1", ["command: redis-server --requirepass $$NOT_SET"], 6379, "unknown", "unknown"],
  ["bitnami/redis:7.4.1", env(`REDIS_PASSWORD=${long}`), 6379, "password", false],
  ["bitnami/redis:7.4.1", env("ALLOW_EMPTY_PASSWORD=yes"), 6379, "none", false],
  ["memcached:1.6.31", [], 11211, "none", false],
  ["mcr.microsoft.com/mssql/server:2022-latest", env(`MSSQL_SA_PASSWORD=${long}`), 1433, "password", false],
  ["mcr.microsoft.com/mssql/server:2022-latest", env("SA_PASSWORD=sa"), 1433, "password", true],
];

const search: readonly Row[] = [
  ["elasticsearch:8.15.0", [], 9200, "basic", false],
  ["elasticsearch:8.15.0", env("ELASTIC_PASSWORD=changeit"), 9200, "basic", true],
  ["elasticsearch:8.15.0", env("xpack.security.enabled=false"), 9200, "none", false],
  ["elasticsearch:8.15.0", ["command: elasticsearch -Expack.security.enabled=false"], 9200, "none", false],
  ["elasticsearch:7.17.9", [], 9200, "none", false],
  [
    "elasticsearch:7.17.9",
    env("xpack.security.enabled=true", `ELASTIC_PASSWORD=${long}`),
    9200,
    "basic",
    false,
  ],
  ["elasticsearch:7.17.9", env(`ELASTIC_PASSWORD=${long}`), 9200, "none", false],
  ["elasticsearch:2.4.6", [], 9200, "none", false],
  ["kibana:7.17.9", [], 5601, "none", false],
  ["kibana:7.17.9", env(`ELASTICSEARCH_PASSWORD=${long}`), 5601, "form", false],
  ["kibana:8.15.0", [], 5601, "unknown", false],
  ["prom/prometheus:v2.54.1", [], 9090, "none", false],
  ["prom/prometheus:v2.54.1", ["command: --web.config.file=/etc/web.yml"], 9090, "unknown", false],
  ["grafana/grafana:11.2.0", [], 3000, "form", true],
  ["grafana/grafana:11.2.0", env(`GF_SECURITY_ADMIN_PASSWORD=${long}`), 3000, "form", false],
  [
    "grafana/grafana:11.2.0",
    env(`GF_SECURITY_ADMIN_PASSWORD=${long}`, "GF_AUTH_ANONYMOUS_ENABLED=true"),
    3000,
    "none",
    false,
  ],
  [
    "grafana/grafana:11.2.0",
    env(`GF_SECURITY_ADMIN_PASSWORD=${long}`, "GF_SERVER_HTTP_PORT=3333"),
    3333,
    "form",
    false,
  ],
];

const consoles: readonly Row[] = [
  ["adminer:4.8.1", [], 8080, "form", false],
  [
    "dpage/pgadmin4:8.12",
    env("PGADMIN_DEFAULT_EMAIL=it@clinic.example", `PGADMIN_DEFAULT_PASSWORD=${long}`),
    80,
    "form",
    false,
  ],
  [
    "dpage/pgadmin4:8.12",
    env("PGADMIN_DEFAULT_EMAIL=it@clinic.example", "PGADMIN_DEFAULT_PASSWORD=admin"),
    80,
    "form",
    true,
  ],
  [
    "dpage/pgadmin4:8.12",
    env(
      "PGADMIN_DEFAULT_EMAIL=a@b.c",
      `PGADMIN_DEFAULT_PASSWORD=${long}`,
      "PGADMIN_CONFIG_SERVER_MODE=False",
    ),
    80,
    "none",
    false,
  ],
  ["phpmyadmin:5.2.1", env("PMA_HOST=db"), 80, "form", false],
  ["phpmyadmin:5.2.1", env("PMA_USER=root", `PMA_PASSWORD=${long}`), 80, "none", false],
  ["portainer/portainer-ce:2.21.0", [], 9443, "form", false],
  ["minio/minio:RELEASE.2024-08-17T01-24-54Z", ["command: server /data"], 9000, "password", true],
  [
    "minio/minio:RELEASE.2024-08-17T01-24-54Z",
    env("MINIO_ROOT_USER=pacs", `MINIO_ROOT_PASSWORD=${long}`),
    9000,
    "password",
    false,
  ],
  [
    "minio/minio:RELEASE.2024-08-17T01-24-54Z",
    ['command: server /data --console-address ":9090"'],
    9090,
    "form",
    true,
  ],
  ["rabbitmq:3.13.7-management", [], 15672, "form", true],
  [
    "rabbitmq:3.13.7-management",
    env("RABBITMQ_DEFAULT_USER=pacs", `RABBITMQ_DEFAULT_PASS=${long}`),
    15672,
    "form",
    false,
  ],
  ["nextgenhealthcare/connect:4.5.0", [], 8443, "form", true],
  ["maildev/maildev:2.1.0", [], 1080, "none", false],
  ["maildev/maildev:2.1.0", env("MAILDEV_WEB_USER=it", `MAILDEV_WEB_PASS=${long}`), 1080, "basic", false],
  ["traefik:v3.1.2", ["command: --api.insecure=true"], 8080, "none", false],
  ["mongo-express:1.0.2", [], 8081, "form", true],
  ["mongo-express:1.0.2", env("ME_CONFIG_BASICAUTH=false"), 8081, "none", false],
  ["ohif/app:v3.9.2", [], 80, "none", false],
];

const identity: readonly Row[] = [
  [
    "quay.io/keycloak/keycloak:26.0.1",
    ["command: start-dev", ...env("KC_BOOTSTRAP_ADMIN_USERNAME=admin", "KC_BOOTSTRAP_ADMIN_PASSWORD=admin")],
    8080,
    "form",
    true,
  ],
  [
    "quay.io/keycloak/keycloak:26.0.1",
    ["command: start-dev", ...env("KEYCLOAK_ADMIN=admin", "KEYCLOAK_ADMIN_PASSWORD=admin")],
    8080,
    "form",
    true,
  ],
  [
    "quay.io/keycloak/keycloak:26.0.1",
    [
      "command: start-dev",
      ...env("KC_BOOTSTRAP_ADMIN_USERNAME=admin", `KC_BOOTSTRAP_ADMIN_PASSWORD=${long}`),
    ],
    8080,
    "form",
    false,
  ],
  ["bitnami/keycloak:24.0.5", [], 8080, "form", true],
  ["bitnami/keycloak:24.0.5", env(`KEYCLOAK_ADMIN_PASSWORD=${long}`), 8080, "form", false],
  ["jboss/keycloak:16.1.1", env("KEYCLOAK_USER=admin", "KEYCLOAK_PASSWORD=admin"), 8080, "form", true],
  ["osixia/openldap:1.5.0", [], 389, "password", true],
  [
    "osixia/openldap:1.5.0",
    env(`LDAP_ADMIN_PASSWORD=${long}`, "LDAP_CONFIG_PASSWORD=eight-blue-horses-in-snow"),
    389,
    "password",
    false,
  ],
  ["authelia/authelia:4.38.10", [], 9091, "form", false],
  ["quay.io/oauth2-proxy/oauth2-proxy:v7.6.0", [], 4180, "oidc", false],
  [
    "orthancteam/orthanc-auth-service:24.7.2",
    [`environment: { USERS: '{"share-user": "change-me"}' }`],
    8000,
    "basic",
    true,
  ],
  [
    "orthancteam/orthanc-auth-service:24.7.2",
    [`environment: { USERS: '{"share-user": "${long}"}' }`],
    8000,
    "basic",
    false,
  ],
];

describe.each([
  ["databases", databases],
  ["search and measurements", search],
  ["consoles", consoles],
  ["identity", identity],
])("%s", (_name, rows) => {
  test.each(rows)("%s with %j on %i", (image, lines, port, mode, known) => {
    const { auth } = listener({ image, lines }, port);
    expect([told(auth.mode), told(auth.defaultCredentials)]).toEqual([mode, known]);
  });
});

describe("files beside the manifest", () => {
  test("the password of a secret is judged where it can be seen", () => {
    const lines = [...env("POSTGRES_PASSWORD_FILE=/run/secrets/db"), "secrets: [db]"];
    const project = (password: string) => ({
      "compose.yml": `services:\n  one:\n    image: postgres:16.4\n${lines.map((line) => `    ${line}\n`).join("")}secrets:\n  db: { file: ./db.txt }\n`,
      "db.txt": `${password}\n`,
    });
    const known = (password: string) =>
      run({ image: "postgres", files: project(password) }).report.deployments[0]?.services[0]?.listeners[0]
        ?.auth.defaultCredentials;
    expect([known("postgres"), known(long)]).toEqual([true, false]);
  });

  test.each([
    [`requirepass ${long}\n`, "password", false],
    ["requirepass 1234\n", "password", true],
    ["# requirepass 1234\nbind 0.0.0.0\n", "none", false],
  ])("the file of Redis %j", (text, mode, known) => {
    const lines = ["command: redis-server /etc/redis.conf", "volumes: [./redis.conf:/etc/redis.conf]"];
    const { auth } = listener({ image: "redis:7.4.1", lines, files: { "redis.conf": text } }, 6379);
    expect([auth.mode, auth.defaultCredentials]).toEqual([mode, known]);
  });

  test("of a file that is not there nothing is known", () => {
    const lines = ["command: redis-server /etc/redis.conf", "volumes: [./redis.conf:/etc/redis.conf]"];
    expect(told(listener({ image: "redis:7.4.1", lines }, 6379).auth.mode)).toBe("unknown");
  });

  test.each([
    ["host all all 0.0.0.0/0 trust\n", "none"],
    ["local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all all scram-sha-256\n", "password"],
  ])("pg_hba.conf %j", (text, mode) => {
    const lines = [
      ...env(`POSTGRES_PASSWORD=${long}`),
      "command: -c hba_file=/etc/hba.conf",
      "volumes: [./hba.conf:/etc/hba.conf]",
    ];
    expect(listener({ image: "postgres:16.4", lines, files: { "hba.conf": text } }, 5432).auth.mode).toBe(
      mode,
    );
  });

  test.each([
    ["traefik.toml", "[log]\nlevel = 'INFO'\n[api]\n  dashboard = true\n  insecure = true\n", "network"],
    ["traefik.yml", "api:\n  dashboard: true\n  insecure: true\n", "network"],
    ["traefik.yml", "api:\n  dashboard: true\nproviders:\n  insecure: true\n", "none"],
  ])("the dashboard by %s %j", (name, text, reach) => {
    const lines = [`volumes: [./${name}:/etc/traefik/${name}]`, 'ports: ["8080:8080"]'];
    expect(listener({ image: "traefik:v3.1.2", lines, files: { [name]: text } }, 8080).reach).toBe(reach);
  });
});

describe("which ports are open", () => {
  test.each([
    ["quay.io/keycloak/keycloak:26.0.1", ["command: start"], 8080, "none"],
    ["quay.io/keycloak/keycloak:26.0.1", ["command: start --http-enabled=true"], 8080, "network"],
    [
      "quay.io/keycloak/keycloak:26.0.1",
      ["command: start", ...env("KC_HTTPS_CERTIFICATE_FILE=/tls.crt")],
      8443,
      "network",
    ],
    ["quay.io/keycloak/keycloak:26.0.1", ["command: start-dev"], 8443, "none"],
    ["quay.io/keycloak/keycloak:26.0.1", ["command: start-dev"], 9000, "none"],
    [
      "quay.io/keycloak/keycloak:26.0.1",
      ["command: start-dev", ...env("KC_HEALTH_ENABLED=true")],
      9000,
      "network",
    ],
    ["dpage/pgadmin4:8.12", env("PGADMIN_ENABLE_TLS=True"), 443, "network"],
    ["dpage/pgadmin4:8.12", env("PGADMIN_ENABLE_TLS=True"), 80, "none"],
    ["rabbitmq:3.13.7", [], 15672, "none"],
    ["caddy:2.8.4", [], 2019, "container"],
    ["caddy:2.8.4", env("CADDY_ADMIN=0.0.0.0:2019"), 2019, "network"],
    ["traefik:v3.1.2", [], 8080, "none"],
    ["osixia/openldap:1.5.0", env("LDAP_TLS=false"), 636, "none"],
    ["redis:7.4.1", ["command: redis-server --bind 127.0.0.1"], 6379, "container"],
  ])("%s with %j: %i is %s", (image, lines, port, reach) => {
    const ports = `ports: ["${port}:${port}"]`;
    expect(listener({ image, lines: [...lines, ports] }, port).reach).toBe(reach);
  });

  test("a program that nobody knows has the ports that are published, and nothing is said of its login", () => {
    const { protocol, reach, auth, tls } = listener(
      { image: "example.org/x:1.0.0", lines: ['ports: ["9010:9010"]'] },
      9010,
    );
    expect([protocol, reach, told(auth.mode), told(auth.defaultCredentials), told(tls.mode)]).toEqual([
      "other",
      "network",
      "unknown",
      "unknown",
      "unknown",
    ]);
  });

  test("a program that nobody knows and that publishes nothing has none", () => {
    expect(run({ image: "example.org/x:1.0.0" }).report.deployments[0]?.services[0]?.listeners).toEqual([]);
  });

  test("what is published for UDP leads to a socket of its own", () => {
    const lines = ['ports: ["12201:12201/udp"]'];
    const all =
      run({ image: "dcm4che/logstash-dcm4chee:8.13.4-15", lines }).report.deployments[0]?.services[0]
        ?.listeners ?? [];
    const found = all.filter(({ port }) => port === 12201).map(({ id, reach }) => [id, reach]);
    expect(found).toEqual([
      ["one/syslog-12201", "internal"],
      ["one/syslog-12201-udp", "network"],
    ]);
  });
});

describe("whether it starts", () => {
  test.each([
    ["postgres:16.4", [], "refuses"],
    ["postgres:16.4", env("POSTGRES_HOST_AUTH_METHOD=trust"), "starts"],
    ["postgres:16.4", env("POSTGRES_PASSWORD=x"), "starts"],
    ["mysql:8.4.2", [], "refuses"],
    ["mysql:8.4.2", env("MYSQL_ALLOW_EMPTY_PASSWORD=1"), "starts"],
    ["dpage/pgadmin4:8.12", [], "refuses"],
    ["ohif/app:v3.9.2", [], "unknown"],
    ["example.org/x:1.0.0", [], "unknown"],
  ])("%s with %j: %s", (image, lines, verdict) => {
    expect(run({ image, lines }).report.deployments[0]?.services[0]?.startup.verdict).toSatisfy(
      (found) => told(found) === verdict,
    );
  });

  test("variables that cannot be seen leave it open", () => {
    const lines = ["env_file: [missing.env]"];
    expect(
      run({ image: "postgres:16.4", lines }).report.deployments[0]?.services[0]?.startup.verdict,
    ).toSatisfy(isUnknown);
  });
});

describe("a container that uses the image of a database for something else", () => {
  const rules = (image: string, lines: readonly string[]) =>
    run({ image, lines }).report.findings.map(({ rule }) => rule);

  test.each([
    ["postgres:16", ['entrypoint: ["sleep", "infinity"]']],
    [
      "postgres:16",
      ["command: sh -c 'while true; do pg_dump -h db -U x y > /backups/z.sql; sleep 86400; done'"],
    ],
    ["postgres:16", ["command: pg_dump -h postgres -f /backups/all.sql"]],
    ["mongo:7", ["command: mongosh --host db --eval 'rs.initiate()'"]],
    ["bitnami/postgresql:16.4.0", ['command: ["/bin/sh", "-c", "until pg_isready -h db; do sleep 1; done"]']],
    ["mysql:8", ["entrypoint: /usr/bin/mysqldump --all-databases"]],
  ])("%s with %j is no server", (image, lines) => {
    expect(rules(image, lines)).not.toContain("server-does-not-start");
    expect(run({ image, lines }).report.deployments[0]?.services[0]?.listeners).toEqual([]);
  });

  test.each([
    ["postgres:16", []],
    ["postgres:16", ["command: postgres -c max_connections=200"]],
    ["postgres:16", ["command: -c max_connections=200"]],
    ["postgres:16", ['entrypoint: ["/wait.sh"]']],
    ["mysql:8", ["command: sh -c 'sleep 5 && exec docker-entrypoint.sh mysqld'"]],
  ])("%s with %j is the server", (image, lines) => {
    expect(rules(image, lines)).toContain("server-does-not-start");
  });
});
