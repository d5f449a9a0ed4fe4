/** An archive of dcm4chee in a cluster: its directory loads what a ConfigMap holds. */
import { expect, test } from "vitest";
import { look } from "./look.ts";

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: users }
data:
  default-users.ldif: |
    version: 1
    dn: cn=user,ou=users,dc=dcm4che,dc=org
    objectClass: person
    cn: user
    sn: user
    userPassword: user
---
apiVersion: v1
kind: Pod
metadata: { name: ldap, labels: { app: ldap } }
spec:
  containers:
    - name: ldap
      image: dcm4che/slapd-dcm4chee:2.6.5-31.2
      env: [{ name: LDAP_ROOTPASS, valueFrom: { secretKeyRef: { name: ldap, key: root } } }]
      volumeMounts: [{ name: users, mountPath: /etc/openldap/data/default-users.ldif, subPath: default-users.ldif }]
  volumes: [{ name: users, configMap: { name: users } }]
---
apiVersion: v1
kind: Service
metadata: { name: ldap }
spec: { selector: { app: ldap }, ports: [{ port: 389 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: arc, labels: { app: arc } }
spec:
  containers:
    - name: arc
      image: dcm4che/dcm4chee-arc-psql:5.31.2
      env: [{ name: LDAP_URL, value: "ldap://ldap:389" }]
---
apiVersion: v1
kind: Service
metadata: { name: arc }
spec: { type: NodePort, selector: { app: arc }, ports: [{ name: web, port: 8080, nodePort: 30080 }, { name: dicom, port: 11112, nodePort: 31112 }] }
`;

test("the archive is reached by its node ports; its REST API asks nobody", () => {
  const { entries, findings, problems } = look({ "archive.yaml": manifest });
  expect(entries).toContain("arc http network :30080 direct login=none tls=off");
  expect(entries).toContain("arc dicom network :31112 direct login=none tls=off");
  expect(
    findings.some((finding) => finding.startsWith("critical archive-rest-without-login archive.yaml:")),
  ).toBe(true);
  expect(problems).toEqual([]);
});

test("a password that a Secret of the cluster keeps is not one that stands in the file", () => {
  const { findings } = look({ "archive.yaml": manifest }, { audience: "strict" });
  expect(findings.filter((finding) => finding.includes("archive-secret-in-file"))).toEqual([]);
});
