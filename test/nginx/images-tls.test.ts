/** Which versions of TLS an nginx takes where no line says it: by the release and the library of its image. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

function oldTls(image: string, lines = ""): readonly string[] {
  const { report } = lintFiles(
    {
      "pacs/compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:25.4.0
  proxy:
    image: ${image}
    ports: ["443:443"]
    volumes: ["./site.conf:/etc/nginx/conf.d/default.conf:ro"]
`,
      "pacs/site.conf": `server {
  listen 443 ssl;
  ssl_certificate /c.pem; ssl_certificate_key /k.pem; ${lines}
  location / { proxy_pass http://orthanc:8042; }
}
`,
    },
    { paths: ["pacs"] },
  );
  return report.findings.flatMap(({ rule }) => (rule === "proxy-old-tls" ? [rule] : []));
}

// OpenSSL 3 refuses TLS 1.0 and 1.1 at its usual security level: measured with nginx 1.22.1 and OpenSSL 3.0.
test.each(["nginx:1.26.2", "nginx:1.24.0-alpine", "nginx:1.27.5"])("%s takes no old version", (image) => {
  expect(oldTls(image)).toEqual([]);
});

test("an image with OpenSSL 1.1.1, and one whose ciphers ask for level 0", () => {
  expect(oldTls("nginx:1.20.2")).toEqual(["proxy-old-tls"]);
  expect(oldTls("nginx:1.26.2", 'ssl_ciphers "DEFAULT:@SECLEVEL=0";')).toEqual(["proxy-old-tls"]);
});

test("what Certbot writes is known without its file", () => {
  expect(oldTls("nginx:1.20.2", "include /etc/letsencrypt/options-ssl-nginx.conf;")).toEqual([]);
});
