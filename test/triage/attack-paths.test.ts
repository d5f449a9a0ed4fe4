/** Attack paths: what strangers get, line by line. The expected texts are worked out from the files by hand. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

function paths(files: Readonly<Record<string, string>>): readonly string[] {
  const named = Object.entries(files).map(([name, text]) => [`site/${name}`, text]);
  return lintFiles(Object.fromEntries(named), { paths: ["site"] }).report.attackPaths.map(({ text }) => text);
}

const compose = (...lines: readonly string[]) => ({
  "compose.yml": ["services:", "  orthanc:", "    image: orthancteam/orthanc:25.4.0", ...lines, ""].join(
    "\n",
  ),
});
const open = (...settings: readonly string[]) => [
  "    environment:",
  '      ORTHANC__AUTHENTICATION_ENABLED: "false"',
  ...settings,
];

describe("HTTP", () => {
  test("no login, and scripts, as root of the container", () => {
    const files = compose('    ports: ["8042:8042"]', ...open('      ORTHANC__EXECUTE_LUA_ENABLED: "true"'));
    expect(paths(files)).toEqual([
      "network → 0.0.0.0:8042 (compose.yml:4) → no login (compose.yml:6) → scripts enabled (compose.yml:7): anyone can run commands as root in the container",
    ]);
  });

  test("as another user, on an address of the Internet", () => {
    const files = compose(
      '    user: "999:999"',
      '    ports: ["8.8.4.4:80:8042"]',
      ...open('      ORTHANC__EXECUTE_LUA_ENABLED: "true"'),
    );
    expect(paths(files)).toEqual([
      "Internet → 8.8.4.4:80 (compose.yml:5) → no login (compose.yml:7) → scripts enabled (compose.yml:8): anyone can run commands in the container",
    ]);
  });

  test("privileged: on the host as well", () => {
    const files = compose(
      "    privileged: true",
      '    ports: ["8042:8042"]',
      ...open('      ORTHANC__EXECUTE_LUA_ENABLED: "true"'),
    );
    expect(paths(files)).toEqual([
      expect.stringMatching(/: anyone can run commands as root in the container, and so on the host$/u),
    ]);
  });

  test("for this host only, or published nowhere: none", () => {
    expect(paths(compose('    ports: ["127.0.0.1:8042:8042"]', ...open()))).toEqual([]);
    expect(paths(compose(...open()))).toEqual([]);
  });

  test("a guessable password behind a proxy that passes on reading only", () => {
    const files = {
      ...compose(
        "    environment:",
        `      ORTHANC__REGISTERED_USERS: '{"demo": "demo"}'`,
        "  proxy:",
        "    image: nginx:1.26.1",
        '    ports: ["80:80"]',
        '    volumes: ["./pacs.conf:/etc/nginx/conf.d/default.conf:ro"]',
      ),
      "pacs.conf":
        "server {\n  listen 80;\n  location / {\n    limit_except GET { deny all; }\n    proxy_pass http://orthanc:8042;\n  }\n}\n",
    };
    expect(paths(files)).toEqual([
      "network → 0.0.0.0:80 (compose.yml:8) → proxy: location / (pacs.conf:3) → orthanc → a published or guessable password (compose.yml:5): anyone can read every study",
    ]);
  });

  test("a guessable password, and a good one", () => {
    const users = (list: string) =>
      compose('    ports: ["8042:8042"]', "    environment:", `      ORTHANC__REGISTERED_USERS: '${list}'`);
    expect(paths(users('{"demo": "demo"}'))).toEqual([
      "network → 0.0.0.0:8042 (compose.yml:4) → a published or guessable password (compose.yml:6): anyone can read, change and delete every study",
    ]);
    expect(paths(users('{"ward": "seven red horses in rain"}'))).toEqual([]);
  });

  test("by the one path that a proxy leaves out", () => {
    const files = {
      "compose.yml": `${compose(...open('      DICOM_WEB_PLUGIN_ENABLED: "true"'))["compose.yml"]}  proxy:
    image: nginx:1.27.3
    ports: ["443:443"]
    volumes: ["./pacs.conf:/etc/nginx/conf.d/default.conf:ro"]
`,
      "pacs.conf": `server {
  listen 443 ssl;
  ssl_certificate /c.pem; ssl_certificate_key /k.pem;
  auth_basic "PACS"; auth_basic_user_file /etc/nginx/users;
  location / { proxy_pass http://orthanc:8042; }
  location /dicom-web/ {
    auth_basic off;
    proxy_pass http://orthanc:8042;
  }
}
`,
    };
    expect(paths(files)).toEqual([
      "network → 0.0.0.0:443 /dicom-web/ (compose.yml:9) → proxy: location /dicom-web/ (pacs.conf:6) → orthanc → no login (compose.yml:5): anyone can read and change every study",
    ]);
  });
});

describe("DICOM", () => {
  const dicom = (settings: string) => ({
    "compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:25.4.0
    ports: ["4242:4242"]
    volumes: ["./orthanc.json:/etc/orthanc/orthanc.json:ro"]
`,
    "orthanc.json": settings,
  });

  test("any AE title", () => {
    const settings = `{
  "DicomAlwaysAllowStore": false,
  "DicomAlwaysAllowFind": true
}
`;
    expect(paths(dicom(settings))).toEqual([
      "network → 0.0.0.0:4242 (compose.yml:4) → any AE title (orthanc.json:3): anyone can search patients",
    ]);
  });

  test("a listed title from any address, unless the address is compared", () => {
    const settings = (check: boolean) => `{
  "DicomAlwaysAllowStore": false,
  "DicomCheckModalityHost": ${check},
  "DicomModalities": {
    "ct": { "AET": "CT1", "Host": "10.0.0.5", "Port": 104,
      "AllowStore": true, "AllowFind": false, "AllowFindWorklist": false, "AllowGet": false, "AllowMove": false }
  }
}
`;
    expect(paths(dicom(settings(false)))).toEqual([
      expect.stringMatching(
        /^network → 0\.0\.0\.0:4242 \(compose\.yml:4\) → a listed AE title, from any address.*: anyone can store images$/u,
      ),
    ]);
    expect(paths(dicom(settings(true)))).toEqual([]);
  });

  test("with a certificate of the site nobody is a stranger", () => {
    const settings = `{
  "DicomTlsEnabled": true,
  "DicomTlsCertificate": "/c.pem",
  "DicomTlsPrivateKey": "/k.pem",
  "DicomTlsTrustedCertificates": "/ca.pem",
  "DicomTlsRemoteCertificateRequired": true
}
`;
    expect(paths(dicom(settings))).toEqual([]);
  });
});

describe("other servers", () => {
  test("a database with a published password, and one without a port", () => {
    const database = (ports: string) => ({
      "compose.yml": `services:
  db:
    image: postgres:17.6
${ports}    environment: { POSTGRES_PASSWORD: postgres }
`,
    });
    expect(paths(database('    ports: ["5432:5432"]\n'))).toEqual([
      "network → 0.0.0.0:5432 (compose.yml:4) → a published or guessable password (compose.yml:5): anyone can read and change everything in PostgreSQL (database)",
    ]);
    expect(paths(database(""))).toEqual([]);
  });

  test("HL7 of dcm4chee", () => {
    const files = {
      "compose.yml": `services:
  arc:
    image: dcm4che/dcm4chee-arc-psql:5.34.2
    ports: ["2575:2575"]
`,
    };
    expect(paths(files)).toEqual([
      expect.stringMatching(
        /^network → 0\.0\.0\.0:2575 \(compose\.yml:4\) → no login.*: anyone can create, change and merge patients and orders$/u,
      ),
    ]);
  });
});
