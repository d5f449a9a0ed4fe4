/** Configuration that init containers write into a folder of the pod. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { look } from "./look.ts";

/** A pod whose init container runs a script over /template and writes to /out, which Orthanc has as /etc/orthanc. */
const pod = (script: string, more = "", image = "busybox:1.36"): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: template }
data:
  orthanc.json: |
    {
      "RemoteAccessAllowed": true,
      "AuthenticationEnabled": __LOGIN__,
      "Name": "\${SITE}"
    }
---
apiVersion: v1
kind: Pod
metadata: { name: pacs, labels: { app: pacs } }
spec:
  initContainers:
    - name: config
      image: ${image}
      command: ["sh", "-c"]
      env: [{ name: LOGIN, value: "false" }, { name: SITE, value: Clinic }]
      args:
        - |
${script.replaceAll(/^/gmu, "          ")}
      volumeMounts:
        - { name: template, mountPath: /template }
        - { name: config, mountPath: /out }
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      ports: [{ containerPort: 8042, hostPort: 8042 }]
      volumeMounts: [{ name: config, mountPath: /etc/orthanc }]
${more}  volumes:
    - { name: template, configMap: { name: template } }
    - { name: config, emptyDir: {} }
`;

const critical = (text: string): readonly string[] =>
  look({ "pacs.yaml": text }).findings.filter((one) => one.includes("http-no-authentication"));

const open = (text: string): readonly string[] => {
  const { report } = lintFiles({ "pacs.yaml": text }, { orthancVersion: "1.12.11" });
  return report.undetermined
    .filter(({ rule }) => rule === "http-no-authentication")
    .map(({ reason, location }) => `${location?.line}:${location?.column} ${reason}`);
};

describe("what an init container writes", () => {
  test.each([
    ["sed, from the template", 'sed "s/__LOGIN__/$LOGIN/" /template/orthanc.json > /out/orthanc.json'],
    ["cp, then sed in place", "cp /template/orthanc.json /out/\nsed -i s/__LOGIN__/false/ /out/orthanc.json"],
    [
      "cp of all files",
      "set -e\ncp /template/*.json /out/ && sed -i s/__LOGIN__/false/ /out/orthanc.json\nchown -R 999:999 /out",
    ],
    ["cp of a folder", "cp -r /template/. /out\nsed -i s/__LOGIN__/false/ /out/orthanc.json"],
  ])("%s", (_, script) => {
    // "AuthenticationEnabled": __LOGIN__ is line 8; the mark begins with column 32
    expect(critical(pod(script))).toEqual(["critical http-no-authentication pacs.yaml:8:32"]);
  });

  test("a here-document keeps its lines", () => {
    const script = `cat > /out/orthanc.json <<EOF
{
  "RemoteAccessAllowed": true,
  "Name": "$SITE",
  "AuthenticationEnabled": false
}
EOF`;
    // The script begins with line 23, the document with line 24, indented by ten
    expect(critical(pod(script))).toEqual(["critical http-no-authentication pacs.yaml:27:38"]);
    expect(critical(pod(script.replace("<<EOF", "<<'EOF'")))).toHaveLength(1);
    const filled = script.replace("false", "$LOGIN");
    expect(critical(pod(filled))).toHaveLength(1);
    expect(critical(pod(filled).replace('value: "false"', 'value: "true"'))).toEqual([]);
  });

  test("a program that is not followed leaves it unknown, with its line", () => {
    expect(critical(pod("git clone https://git.hospital.example/pacs /out"))).toEqual([]);
    const { problems } = look({ "pacs.yaml": pod("git clone https://git.hospital.example/pacs /out") });
    expect(problems).toEqual([
      "unresolved pacs.yaml:22 what the init container config writes into /out is not known: its program is not followed",
    ]);
    expect(open(pod("git clone https://git.hospital.example/pacs /out"))).toEqual([
      "29:14 the init container config fills it, by a program that is not followed",
    ]);
    const own = pod("x")
      .replace('      command: ["sh", "-c"]\n', "")
      .replace(/ {6}args:\n.*\n.*\n/u, "");
    expect(open(own).map((line) => line.replace(/^\S+ /u, ""))).toEqual([
      "the init container config fills it, by a program that is not followed",
    ]);
  });

  test("several of them, one after the other", () => {
    const first = `    - name: copy
      image: busybox:1.36
      command: [cp, /template/orthanc.json, /shared/orthanc.json]
      volumeMounts: [{ name: template, mountPath: /template }, { name: config, mountPath: /shared }]
`;
    const text = pod("sed -i s/__LOGIN__/false/ /out/orthanc.json").replace(
      "  initContainers:\n",
      `  initContainers:\n${first}`,
    );
    expect(critical(text)).toEqual(["critical http-no-authentication pacs.yaml:8:32"]);
  });

  test("what comes from another server is not known", () => {
    const url = "https://conf.hospital.example/orthanc.json";
    expect(open(pod(`wget -q -O /out/orthanc.json ${url}`))[0]).toContain(
      "what an init container writes to /etc/orthanc/orthanc.json is not known",
    );
    expect(open(pod(`curl -fsSL -o /out/orthanc.json ${url}`))).toHaveLength(1);
    expect(open(pod(`cd /out && wget ${url}`))[0]).toContain("by a program that is not followed");
    // Asking whether the database is there writes nothing
    const waiting = "until wget -q --spider http://db:8080; do sleep 1; done\ncp /template/* /out/";
    expect(critical(pod(`${waiting}\nsed -i s/__LOGIN__/false/ /out/orthanc.json`))).toHaveLength(1);
  });

  test("a folder goes into a folder", () => {
    // The configuration is /etc/orthanc/template/orthanc.json, which the image does not read
    expect(critical(pod("cp -r /template /out\nsed -i s/__LOGIN__/false/ /out/orthanc.json"))).toEqual([]);
  });

  test("a container beside the server may write there later on", () => {
    const script = "cp /template/orthanc.json /out/";
    const beside = (mode: string) => `    - name: sync
      image: example.org/clinic/sync:1.0.0
      volumeMounts: [{ name: config, mountPath: /c${mode} }]
`;
    expect(open(pod(script, beside("")))[0]).toContain("another container of the pod may write there");
    const fixed = pod(
      script.concat("\nsed -i s/__LOGIN__/false/ /out/orthanc.json"),
      beside(", readOnly: true"),
    );
    expect(critical(fixed)).toHaveLength(1);
  });
});
