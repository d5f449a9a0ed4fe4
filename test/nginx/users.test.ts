/** Files of users behind auth_basic: what is said of the passwords in them. Hashes are made with openssl and htpasswd. */
import { expect, test } from "vitest";
import { judgeHashedLogins, readHashedLogins } from "../../src/products/proxy/hashed-logins.ts";
import { textOfFile } from "../../src/text/text.ts";
import { lintFiles } from "../inspect.ts";

const judge = (content: string) => judgeHashedLogins(readHashedLogins(textOfFile("users", content)));

test.each([
  // openssl passwd -apr1 -salt abcdefgh admin
  ["apr1", "admin:$apr1$abcdefgh$mMZnMi5KMcUTRCidnJ3Px0"],
  // openssl passwd -1 -salt xyz orthanc
  ["MD5 crypt", "orthanc:$1$xyz$VXl1kwsj4pHowe0FGs7pw1"],
  // printf admin | openssl dgst -sha1 -binary | base64
  ["{SHA}", "admin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="],
  ["{PLAIN}", "ward:{PLAIN}ward"],
  ["a comment behind it", "ward:{PLAIN}ward:the ward's own"],
])("a password that everybody tries, as %s", (_, line) => {
  const text = `# users\n\nradiology:{PLAIN}seven red horses in rain\n${line}\n`;
  const start = text.indexOf(line) + line.indexOf(":") + 1;
  expect(judge(text)).toMatchObject({
    published: true,
    nobody: false,
    at: [{ at: { file: "users", start } }],
  });
});

test("a password of one's own", () => {
  // openssl passwd -apr1 -salt Zz9 'long password that nobody guesses'
  expect(judge("admin:$apr1$Zz9$msiwaOnL39TiVYw/gc8.x1\n")).toEqual({
    published: false,
    nobody: false,
    at: [],
  });
});

test("a hash that takes long to try, or of another kind, is not known", () => {
  const costly = `admin:$2y$14$${"a".repeat(53)}`;
  expect(judge(costly).published).toMatchObject({ reason: expect.stringContaining("takes long") });
  expect(judge("admin:$6$salt$hash").published).toMatchObject({ cause: "opaque" });
});

test("an empty file lets nobody in", () => {
  expect(judge("\n# nobody yet\n")).toMatchObject({ nobody: true });
});

const compose = `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
  proxy:
    image: nginx:1.27.3
    ports: ["443:443"]
    volumes:
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
      - ./users:/etc/nginx/users:ro
`;
const site = `server {
  listen 443 ssl;
  ssl_certificate /etc/ssl/a.pem;
  ssl_certificate_key /etc/ssl/a.key;
  location / {
    auth_basic "PACS";
    auth_basic_user_file users;
    proxy_pass http://orthanc:8042;
  }
}
`;

function behind(users: string) {
  const { report } = lintFiles(
    { "pacs/compose.yml": compose, "pacs/site.conf": site, "pacs/users": users },
    { paths: ["pacs"] },
  );
  const [entry] = report.deployments
    .flatMap(({ services }) => services)
    .flatMap(({ listeners }) => listeners.flatMap(({ entries }) => entries))
    .filter(({ through }) => through !== "direct");
  return { entry, report };
}

test("decides whether the login of the proxy is one", () => {
  const { entry, report } = behind("admin:$apr1$abcdefgh$mMZnMi5KMcUTRCidnJ3Px0\n");
  expect(entry?.auth).toMatchObject({ mode: "basic", defaultCredentials: true });
  const found = report.findings.find(({ rule }) => rule === "http-default-credentials");
  expect(found?.location).toMatchObject({ file: "pacs/users", line: 1, column: 7 });
  expect(JSON.stringify(report)).not.toContain("mMZnMi5KMcUTRCidnJ3Px0");
});

test("a good password leaves nothing to say", () => {
  const { entry, report } = behind("admin:$apr1$Zz9$msiwaOnL39TiVYw/gc8.x1\n");
  expect(entry?.auth).toMatchObject({ mode: "basic", defaultCredentials: false });
  expect(report.findings.filter(({ rule }) => rule.startsWith("http-"))).not.toContainEqual(
    expect.objectContaining({ state: "open" }),
  );
});
