/** A Dockerfile that no manifest builds, as platforms take it. */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const dockerfile = `FROM orthancteam/orthanc:24.6.2
COPY orthanc.json /etc/orthanc/orthanc.json
ENV ORTHANC__AUTHENTICATION_ENABLED=false
EXPOSE 8042
`;
const files = {
  Dockerfile: dockerfile,
  "orthanc.json": '{ "RemoteAccessAllowed": true, "DicomServerEnabled": false }',
};

test("its variables, files and release count, and what it exposes is taken to be published", () => {
  const { report } = lintFiles(files, { paths: ["."] });
  expect(report.deployments.map(({ id, form }) => `${id} ${form}`)).toEqual(["Dockerfile image"]);
  const service = report.deployments[0]?.services[0];
  expect(service?.version.value).toBe("1.12.4");
  expect(
    service?.listeners.map(({ protocol, port, reach, auth }) => `${protocol} ${port} ${reach} ${auth.mode}`),
  ).toEqual(["http 8042 network none", "dicom 4242 none none"]);
  const [worst] = report.findings;
  expect(worst).toMatchObject({
    rule: "http-no-authentication",
    severity: "critical",
    location: { file: "Dockerfile", line: 3 },
  });
  expect(report.assumptions.map(({ message }) => message).join()).toContain("Dockerfile");
});

test("ports of the base image count without EXPOSE", () => {
  const { report } = lintFiles({ Dockerfile: "FROM orthancteam/orthanc:24.6.2\n" }, { paths: ["."] });
  const listeners = report.deployments[0]?.services[0]?.listeners ?? [];
  expect(listeners.map(({ port, reach }) => `${port} ${reach}`)).toEqual(["8042 network", "4242 network"]);
});

test("beside a compose file, that says what becomes of images", () => {
  const compose = "services:\n  orthanc:\n    build: .\n";
  const { report } = lintFiles({ ...files, "compose.yml": compose }, { paths: ["."] });
  expect(report.deployments.map(({ form }) => form)).toEqual(["compose"]);
});

test("an image of something else is no server", () => {
  const { report } = lintFiles({ Dockerfile: "FROM node:20\nEXPOSE 3000\n" }, { paths: ["."] });
  expect(report.deployments).toEqual([]);
});
