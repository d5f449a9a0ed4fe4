/** Edits of nginx: logins before open paths, redirections of plain ports; nginx itself takes the results. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absent, startJudge } from "../nginx/judge.ts";
import type { Judge } from "../proxies/judge.ts";
import { repaired } from "./repair.ts";

const compose = (ports: string): string => `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
  proxy:
    image: nginx:1.27.3
    ports: [${ports}]
    volumes:
      - ./pacs.conf:/etc/nginx/conf.d/default.conf:ro
`;

const tls = `  ssl_certificate /etc/ssl/pacs.crt;
  ssl_certificate_key /etc/ssl/pacs.key;
`;

const users = `  auth_basic "Clinic";
  auth_basic_user_file /etc/nginx/users;
`;

function done(conf: string, rules: readonly string[], ports = '"443:443", "80:80"') {
  const given = { files: { "compose.yml": compose(ports), "pacs.conf": conf } };
  const { files, repair } = repaired(given, { unsafe: true, rules });
  const creates = repair.made.flatMap((one) => one.creates);
  return { conf: files["pacs.conf"] ?? "", compose: files["compose.yml"] ?? "", creates };
}

const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
  .map((name) => `${name}_temp_path tmp/${name};`)
  .join("\n");

const results: string[] = [];

describe("a login", () => {
  const rules = ["proxy-path-without-login", "proxy-supplies-login"];

  test("that is switched off for a path is no longer", () => {
    const conf = `server {
  listen 443 ssl;
${tls}${users}  location / { proxy_pass http://orthanc:8042; }
  location /wado {
    auth_basic off; # for the viewer
    proxy_pass http://orthanc:8042;
  }
}
`;
    const after = done(conf, rules);
    // The comment on the line stays, and so does its line.
    expect(after.conf).toBe(conf.replace("auth_basic off; #", " #"));
    expect(after.creates).toEqual([]);
    results.push(after.conf);
  });

  test("that other paths ask for is asked for on the open one too", () => {
    const conf = `server {
  listen 443 ssl;
${tls}  location = / {
    auth_basic 'Clinic';
    auth_basic_user_file /etc/nginx/users;
    proxy_pass http://orthanc:8042;
  }
  location /app/ {
    auth_basic 'Clinic';
    auth_basic_user_file /etc/nginx/users;
    proxy_pass http://orthanc:8042;
  }
  location /patients {
    auth_basic 'Clinic';
    auth_basic_user_file /etc/nginx/users;
    proxy_pass http://orthanc:8042;
  }
  location / {
    proxy_pass http://orthanc:8042;
  }
}
`;
    const after = done(conf, rules);
    const login = `location / {\n    auth_basic "Clinic";\n    auth_basic_user_file /etc/nginx/users;\n`;
    expect(after.conf).toBe(conf.replace("location / {\n", login));
    expect(after.creates).toEqual([]);
    results.push(after.conf);
  });

  test("comes before a password that the proxy adds, with a file of users to make", () => {
    const conf = `server {
\tlisten 443 ssl;
${tls}\tlocation / {
\t\tproxy_pass http://orthanc:8042;
\t\tproxy_set_header Authorization "Basic cHJveHk6c2V2ZW4gcmVkIGhvcnNlcyBpbiByYWlu";
\t}
}
`;
    const registered = compose('"443:443"').replace(
      'ORTHANC__AUTHENTICATION_ENABLED: "false"',
      `ORTHANC__REGISTERED_USERS: '{"proxy": "seven red horses in rain"}'`,
    );
    const { files, repair } = repaired(
      { files: { "compose.yml": registered, "pacs.conf": conf } },
      { unsafe: true, rules },
    );
    const login = `location / {\n\t\tauth_basic "PACS";\n\t\tauth_basic_user_file /run/secrets/proxy_users;\n`;
    expect(files["pacs.conf"]).toBe(conf.replace("location / {\n", login));
    expect(files["compose.yml"]).toBe(
      `${registered}    secrets:\n      - proxy_users\nsecrets:\n  proxy_users:\n    file: ./secrets/proxy_users.txt\n`,
    );
    const users = { file: "secrets/proxy_users.txt", reader: "nginx", holds: "users" };
    expect(repair.made.flatMap((one) => one.creates)).toContainEqual(users);
    results.push(files["pacs.conf"] ?? "");
  });
});

describe("a redirection", () => {
  const rules = ["proxy-no-tls"];
  const location = "  location / { proxy_pass http://orthanc:8042; }\n";

  test("takes the plain ports of a server that has both", () => {
    const conf = `# of the clinic
server {
  listen 80; # old viewers
  listen [::]:80;
  listen 443 ssl;
  server_name pacs.example;
${tls}${users}${location}}
`;
    const after = done(conf, rules);
    expect(after.conf).toBe(`# of the clinic
server {
  listen 80;
  listen [::]:80;
  server_name pacs.example;
  return 301 https://$host$request_uri;
}
server {
   # old viewers
  listen 443 ssl;
  server_name pacs.example;
${tls}${users}${location}}
`);
    results.push(after.conf);
  });

  test("goes to the port by which outsiders reach the one with TLS", () => {
    const plain = `server {\n  listen 80;\n  server_name pacs.example;\n${users}${location}}\n`;
    const conf = `server {\n  listen 443 ssl;\n  server_name pacs.example;\n${tls}${users}${location}}\n${plain}`;
    const after = done(conf, rules, '"8443:443", "80:80"');
    const redirecting = plain.replace("{\n", "{\n  return 301 https://$host:8443$request_uri;\n");
    expect(after.conf).toBe(conf.replace(plain, redirecting));
    results.push(after.conf);
  });

  test("leaves the path by which certificates are renewed", () => {
    const renewal = "  location /.well-known/acme-challenge/ { root /var/www; }\n";
    const plain = `server {\n  listen 80;\n${users}${renewal}${location}}\n`;
    const conf = `server {\n  listen 443 ssl;\n${tls}${users}${location}}\n${plain}`;
    const after = done(conf, rules);
    const redirecting = plain.replace("location / {", "location / { return 301 https://$host$request_uri;");
    expect(after.conf).toBe(conf.replace(plain, redirecting));
    results.push(after.conf);
  });

  test("is not written where nothing answers with TLS", () => {
    const conf = `server {\n  listen 80;\n${users}${location}}\n`;
    expect(done(conf, rules).conf).toBe(conf);
  });
});

describe.runIf(absent === undefined)("nginx itself", () => {
  let judge: Judge;
  beforeAll(() => {
    judge = startJudge();
  });
  afterAll(() => judge.close());

  test("takes all of them", async () => {
    expect(results).toHaveLength(6);
    const { cert, key } = judge.certificate;
    for (const conf of results) {
      const here = conf
        .replaceAll("/etc/ssl/pacs.crt", `${judge.folder}/pacs.crt`)
        .replaceAll("/etc/ssl/pacs.key", `${judge.folder}/pacs.key`)
        .replaceAll("orthanc:8042", "127.0.0.1:8042");
      const main = `events {}\nhttp {\naccess_log off;\n${folders}\n${here}\n}\n`;
      const verdict = await judge.ask({ files: { "nginx.conf": main, "pacs.crt": cert, "pacs.key": key } });
      expect(verdict, verdict.stderr).toMatchObject({ accepted: true });
    }
  });
});
