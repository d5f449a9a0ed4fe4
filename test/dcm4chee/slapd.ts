/** A real slapd for the tests: own folder, a socket file instead of ports, thrown away afterwards. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemaLdif } from "./schema.ts";

const tree = join(process.env.PACSLINT_TOOLS ?? "/var/cache/pacslint-tools", "slapd");

/** Whether there is a slapd to ask; PACSLINT_REQUIRE_SLAPD=1 makes its absence a failure. */
export function slapdIsThere(): boolean {
  const there = existsSync(join(tree, "usr/sbin/slapd"));
  if (!there && process.env.PACSLINT_REQUIRE_SLAPD === "1")
    throw new Error("slapd is not there: run test/dcm4chee/setup.sh");
  return there;
}

export const suffix = "dc=dcm4che,dc=org";
export const administrator = { dn: `cn=admin,${suffix}`, password: "kV9-admin" };

/** May change the server's own configuration. */
export const configurationAdministrator = { dn: "cn=admin,cn=config", password: "kV9-config" };

/** The access rules of the image slapd-dcm4chee. */
export const imageRules = [
  "{0}to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage by * break",
  "{1}to attrs=userPassword by self write by anonymous auth by * none",
  "{2}to * by * read",
];

export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

export interface Slapd {
  /** Adds or changes entries as the administrator, one refusal does not stop the rest. */
  load(ldif: string): Outcome;
  /** Entries as a caller sees them: nobody, or a user with a password. */
  search(
    who: { readonly dn: string; readonly password: string } | null,
    attributes: readonly string[],
  ): Outcome;
  modify(who: { readonly dn: string; readonly password: string } | null, ldif: string): Outcome;
  /** The whole directory as slapcat writes it. */
  dump(): string;
  stop(): Promise<void>;
}

/** cn=config of the test server: what is also given to pacslint to read. */
export function configLdif(folder: string, rules: readonly string[]): string {
  const access = rules.map((rule) => `olcAccess: ${rule}\n`).join("");
  return `dn: olcDatabase={1}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {1}mdb
olcDbDirectory: ${folder}
olcSuffix: ${suffix}
olcRootDN: ${administrator.dn}
olcRootPW: ${administrator.password}
${access}`;
}

/** Starts a server with these access rules. */
export async function startSlapd(rules: readonly string[]): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), "pacslint-slapd-"));
  const [config, database, socket] = [join(folder, "config"), join(folder, "data"), join(folder, "s")];
  mkdirSync(config);
  mkdirSync(database);
  const schemas = ["core", "cosine", "inetorgperson"].map((name) =>
    readFileSync(join(tree, "etc/ldap/schema", `${name}.ldif`), "utf8"),
  );
  const head = `dn: cn=config\nobjectClass: olcGlobal\ncn: config\n\ndn: cn=module{0},cn=config\nobjectClass: olcModuleList\ncn: module{0}\nolcModulePath: ${join(tree, "usr/lib/ldap")}\nolcModuleLoad: back_mdb\n\ndn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n`;
  const own = `dn: olcDatabase={0}config,cn=config\nobjectClass: olcDatabaseConfig\nolcDatabase: {0}config\nolcRootDN: ${configurationAdministrator.dn}\nolcRootPW: ${configurationAdministrator.password}\n`;
  const file = join(folder, "config.ldif");
  writeFileSync(file, [head, ...schemas, schemaLdif(), own, configLdif(database, rules)].join("\n"));
  execFileSync(join(tree, "usr/sbin/slapd"), ["-T", "add", "-n", "0", "-F", config, "-l", file], {
    env: environment(),
    stdio: "pipe",
  });
  const url = `ldapi://${encodeURIComponent(socket)}`;
  const server = spawn(join(tree, "usr/sbin/slapd"), ["-d", "0", "-F", config, "-h", url], {
    env: environment(),
    stdio: "ignore",
  });
  await listening(url, server);
  const bind = (who: { readonly dn: string; readonly password: string } | null): readonly string[] =>
    who === null ? [] : ["-D", who.dn, "-w", who.password];
  return {
    load: (ldif) => run("ldapmodify", ["-a", "-c", "-x", "-H", url, ...bind(administrator)], ldif),
    modify: (who, ldif) => run("ldapmodify", ["-c", "-x", "-H", url, ...bind(who)], ldif),
    search: (who, attributes) =>
      run("ldapsearch", [
        "-x",
        "-LLL",
        "-H",
        url,
        "-b",
        suffix,
        ...bind(who),
        "(objectClass=*)",
        ...attributes,
      ]),
    dump: () =>
      execFileSync(join(tree, "usr/sbin/slapd"), ["-T", "cat", "-n", "1", "-F", config], {
        env: environment(),
        encoding: "utf8",
        maxBuffer: 1 << 26,
      }),
    stop: () =>
      new Promise((resolve) => {
        server.once("exit", () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        server.kill();
      }),
  };
}

function environment(): NodeJS.ProcessEnv {
  const libraries = [join(tree, "usr/lib"), join(tree, "lib")].flatMap((base) =>
    existsSync(base)
      ? readdirSync(base)
          .filter((name) => name.endsWith("-linux-gnu"))
          .map((name) => join(base, name))
      : [],
  );
  return { PATH: process.env.PATH, LD_LIBRARY_PATH: libraries.join(":"), LDAPNOINIT: "1" };
}

function run(tool: string, args: readonly string[], input?: string): Outcome {
  const result = spawnSync(join(tree, "usr/bin", tool), args, {
    env: environment(),
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...(input === undefined ? {} : { input }),
  });
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

async function listening(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (run("ldapsearch", ["-x", "-H", url, "-s", "base", "-b", "", "1.1"]).ok) return;
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("slapd did not start");
}
