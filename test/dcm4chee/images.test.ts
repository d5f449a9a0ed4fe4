/** What the archive's image deploys, and which of its variables count. */
import { describe, expect, it } from "vitest";
import { lintFiles } from "../inspect.ts";
import { archive } from "./support.ts";

const image = (name: string, env: Readonly<Record<string, string>> = {}) =>
  archive({ image: name, version: /:(.*)$/.exec(name)?.[1] ?? "5.35.1", env });
const psql = (tag: string, env: Readonly<Record<string, string>> = {}) =>
  image(`dcm4che/dcm4chee-arc-psql:${tag}`, env);
const web = (found: ReturnType<typeof image>) =>
  found.sockets
    .filter(({ id }) => id === "http" || id.startsWith("http:"))
    .map(({ paths, seen }) => [
      seen.other.auth.mode,
      paths ?? "all",
      seen.other.anonymous?.read,
      seen.other.anonymous?.delete,
    ]);

describe("WILDFLY_DEPLOY_UI", () => {
  it("only: the pages, and no archive behind them", () => {
    const ui = psql("5.35.0", { WILDFLY_DEPLOY_UI: "only" });
    expect(web(ui)).toEqual([["none", ["/dcm4chee-arc/ui2"], false, false]]);
    expect(ui.sockets.map(({ id }) => id)).toEqual(["http", "https", "management", "management-https"]);
    expect(ui.facts1("secret").map(({ path }) => path)).toEqual(["KEYSTORE_PASSWORD"]);
    for (const kind of ["advisory", "database", "directoryLink", "applicationEntity", "audit"] as const)
      expect(ui.facts1(kind)).toEqual([]);
    expect(web(psql("5.35.0-secure", { WILDFLY_DEPLOY_UI: "only" }))).toEqual([
      ["oidc", ["/dcm4chee-arc/ui2"], false, false],
    ]);
  });

  it("false: the archive without its pages", () => {
    const without = { WILDFLY_DEPLOY_UI: "false" };
    expect(web(psql("5.35.0-secure", without))).toEqual([
      ["oidc", ["/dcm4chee-arc"], false, false],
      ["none", ["/dcm4chee-arc/xdsi", "/dcm4chee-arc/xsl"], true, false],
    ]);
    // The login of -secure-ui is that of the pages: nothing asks for one without them.
    expect(web(psql("5.35.0-secure-ui", without))).toEqual([["none", "all", true, true]]);
  });
});

describe("the database", () => {
  it("has a published password in the image for PostgreSQL only", () => {
    const told = (name: string) =>
      image(name)
        .facts1("secret")
        .map(({ path }) => path);
    expect(told("dcm4che/dcm4chee-arc-psql:5.35.0")).toContain("POSTGRES_PASSWORD");
    expect(told("dcm4che/dcm4chee-arc-mariadb:5.35.0")).not.toContain("POSTGRES_PASSWORD");
    expect(told("opendicom/dcm4chee-arc-light:5.5.1")).not.toContain("POSTGRES_PASSWORD");
  });
});

describe("variables that nobody reads", () => {
  const slips = (name: string, env: Readonly<Record<string, string>>) =>
    image(name, env)
      .facts1("unknownOption")
      .map(({ path, closest }) => [path, closest]);

  it("are told where they are a slip of the pen", () => {
    expect(
      slips("registry.example/dcm4che/dcm4chee-arc-psql:5.35.0", {
        KEY_STORE_PASSWORD: "x",
        AUTH_SERVER_ULR: "x",
        ALLOW_ANY_HOSTNAMES: "false",
      }),
    ).toEqual([
      ["KEY_STORE_PASSWORD", "KEYSTORE_PASSWORD"],
      ["AUTH_SERVER_ULR", "AUTH_SERVER_URL"],
      ["ALLOW_ANY_HOSTNAMES", "ALLOW_ANY_HOSTNAME"],
    ]);
  });

  it("are not told where another word makes another variable, or another maker built the image", () => {
    expect(slips("dcm4che/dcm4chee-arc-psql:5.35.0", { KEYSTORE_NAME: "a", HTTP_HOST: "b" })).toEqual([]);
    expect(slips("opendicom/dcm4chee-arc-light:5.5.1", { POSTGRES_PASWORD: "x" })).toEqual([]);
  });
});

describe("what stands around an archive's container", () => {
  const found = (files: Readonly<Record<string, string>>): ReadonlyMap<string, string> => {
    const { report } = lintFiles(files, { paths: ["."], audience: "audit" });
    return new Map(report.findings.map(({ rule, severity }) => [rule, severity]));
  };
  const arc = (tag: string, more: string): string =>
    `services:\n  arc:\n    image: dcm4che/dcm4chee-arc-psql:${tag}\n${more}`;

  it("names in certificates count where there is TLS to the directory", () => {
    expect(found({ "compose.yml": arc("5.35.1", "") }).has("server-names-not-verified")).toBe(false);
    const ldaps = arc("5.35.1", "    environment: { LDAP_URL: 'ldaps://ldap.example:636' }\n");
    expect(found({ "compose.yml": ldaps }).has("server-names-not-verified")).toBe(true);
  });

  it("another name that links give to the directory is still of this host", () => {
    const compose = `${arc("5.35.1", "    links: ['slapd:ldap']\n")}  slapd:\n    image: dcm4che/slapd-dcm4chee:2.6.13-35.1\n`;
    expect(found({ "compose.yml": compose }).has("directory-link-unencrypted")).toBe(false);
    const other = arc("5.35.1", "    environment: { LDAP_URL: 'ldap://ldap.example:389' }\n");
    expect(found({ "compose.yml": other }).has("directory-link-unencrypted")).toBe(true);
  });

  it("an env file that is not there does not hide the port that is published", () => {
    const compose = arc("5.35.1", "    env_file: missing.env\n    ports: ['7101:8080']\n");
    expect(found({ "compose.yml": compose }).get("archive-rest-without-login")).toBe("critical");
  });

  it("names that other images read are told for the ones that this image reads", () => {
    const compose = arc("5.35.1", "    environment: { DB_PASSWORD: kV9-own-long, DB_HOST: db }\n");
    const { report } = lintFiles({ "compose.yml": compose }, { paths: ["."], audience: "audit" });
    expect(
      report.findings.flatMap(({ rule, location }) =>
        rule.startsWith("misspelt") ? [[rule, location.line]] : [],
      ),
    ).toEqual([
      ["misspelt-key-opens", 4],
      ["misspelt-key", 4],
    ]);
  });

  it("the certificate of a proxy is not the archive's", () => {
    const proxied = (ports: string): string =>
      `${arc("5.35.1-secure", ports)}  proxy:\n    image: nginx:1.27.0\n    ports: ["443:443"]\n    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]\n`;
    const nginx =
      "events {}\nhttp { server { listen 443 ssl; ssl_certificate c; ssl_certificate_key k; location / { proxy_pass http://arc:8080; } } }\n";
    const closed = found({ "compose.yml": proxied(""), "nginx.conf": nginx });
    expect(closed.has("sample-key-in-use")).toBe(false);
    const open = found({ "compose.yml": proxied("    ports: ['8443:8443']\n"), "nginx.conf": nginx });
    expect(open.get("sample-key-in-use")).toBe("high");
  });

  it("users with published passwords and nothing beside them are not passed over", () => {
    const users =
      "dn: uid=root,ou=users,dc=dcm4che,dc=org\nobjectClass: inetOrgPerson\nuid: root\ncn: root\nsn: root\nuserPassword:: Y2hhbmdlaXQ=\n";
    const { report } = lintFiles({ "users.ldif": users }, { paths: ["."] });
    expect(report.undetermined).toMatchObject([{ rule: "archive-default-user", severity: "critical" }]);
    expect(report.exitCode).toBe(3);
  });
});
