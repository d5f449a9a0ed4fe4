/** Rights of containers in plain manifests, taken as from compose files. */
import { describe, expect, test } from "vitest";
import { repaired } from "./repair.ts";

function done(text: string, rule: string): string {
  const { files } = repaired({ files: { "pacs.yaml": text } }, { unsafe: true, rules: [rule] });
  return files["pacs.yaml"] ?? "";
}

const pod = (container: string, spec = ""): string => `apiVersion: v1
kind: Pod
metadata: { name: db }
spec:
  automountServiceAccountToken: false
  containers:
    - name: db
      image: postgres:16.4
      env:
        - name: POSTGRES_PASSWORD
          valueFrom: { secretKeyRef: { name: db, key: password } }
${container}${spec}`;

describe("what an image is known to run without", () => {
  test("is taken, with folders where it writes", () => {
    // Nobody has to say what the Secret holds: its value plays no part
    const filled = pod(
      "",
      "---\napiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData: { password: seven-red-horses }\n",
    );
    expect(done(filled, "container-not-hardened")).toBe(
      filled.replace(
        "key: password } }\n",
        `key: password } }
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop:
            - ALL
          add:
            - CHOWN
            - DAC_OVERRIDE
            - FOWNER
            - SETGID
            - SETUID
        readOnlyRootFilesystem: true
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        - { name: var-run-postgresql, mountPath: /var/run/postgresql }
  volumes:
    - { name: tmp, emptyDir: {} }
    - { name: var-run-postgresql, emptyDir: {} }
`,
      ),
    );
  });

  test("what is there already stays", () => {
    const given = pod(`      securityContext:
        allowPrivilegeEscalation: false
        capabilities: { drop: [ALL] }
        readOnlyRootFilesystem: false # why?
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        - name: run
          mountPath: /var/run/postgresql
  volumes:
    - name: tmp
      emptyDir: {}
    - name: run
      emptyDir: {}
`);
    expect(done(given, "container-not-hardened")).toBe(
      given.replace("Filesystem: false", "Filesystem: true"),
    );
  });

  test("nothing is written for an image that nobody has tried, or into what stands on one line", () => {
    const own = pod("").replace("postgres:16.4", "example.org/clinic/db:1.2.3");
    expect(done(own, "container-not-hardened")).toBe(own);
    const line = `apiVersion: v1
kind: Pod
metadata: { name: db }
spec: { containers: [{ name: db, image: "postgres:16.4" }] }
`;
    expect(done(line, "container-not-hardened")).toBe(line);
  });
});

test("the account that the image brings along", () => {
  const orthanc = pod("")
    .replace("postgres:16.4", "orthancteam/orthanc:24.6.2")
    .replace("name: POSTGRES_PASSWORD", "name: ORTHANC__NAME");
  expect(done(orthanc, "container-root")).toBe(
    orthanc.replace(
      "key: password } }\n",
      "key: password } }\n      securityContext:\n        runAsUser: 999\n        runAsGroup: 999\n",
    ),
  );
  const root = orthanc.replace(
    "key: password } }\n",
    "key: password } }\n      securityContext:\n        runAsUser: 0 # for now\n",
  );
  expect(done(root, "container-root")).toBe(
    root.replace("runAsUser: 0 # for now\n", "runAsUser: 999 # for now\n        runAsGroup: 999\n"),
  );
});

describe("capabilities, filters, the network of the node", () => {
  test.each([
    [
      "      securityContext:\n        capabilities:\n          add: [SYS_ADMIN, CHOWN]\n",
      "      securityContext:\n        capabilities:\n          add: [CHOWN]\n",
    ],
    [
      "      securityContext:\n        runAsNonRoot: true\n        capabilities:\n          add:\n            - SYS_ADMIN\n",
      "      securityContext:\n        runAsNonRoot: true\n",
    ],
    ["      securityContext:\n        capabilities: { add: [SYS_ADMIN] }\n", ""],
  ])("strong capabilities: %j", (before, after) => {
    expect(done(pod(before), "container-strong-capabilities")).toBe(pod(after));
  });

  test("a filter that is off", () => {
    const off = (type: string) =>
      pod(`      securityContext:\n        seccompProfile:\n          type: ${type}\n`);
    expect(done(off("Unconfined"), "container-unconfined")).toBe(off("RuntimeDefault"));
  });

  test("the network of the node", () => {
    const on = (value: string) =>
      pod("", `  hostNetwork: ${value}\n`).replace("postgres:16.4", "example.org/clinic/gateway:2.1.0");
    expect(done(on("true"), "container-host-network")).toBe(on("false"));
  });

  test("a port of the node", () => {
    const ports = (host: string) =>
      pod(`      ports:\n        - containerPort: 5432\n${host}`).replace(
        "valueFrom: { secretKeyRef: { name: db, key: password } }",
        "value: postgres",
      );
    const open = ports("          hostPort: 5432\n          hostIP: 10.0.0.7\n          protocol: TCP\n");
    expect(done(open, "database-default-password")).toBe(ports("          protocol: TCP\n"));
  });
});
