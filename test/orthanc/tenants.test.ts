import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const configuration = (library: string) =>
  JSON.stringify({
    DicomServerEnabled: false,
    HttpServerEnabled: false,
    Plugins: [library],
    DicomAlwaysAllowFind: true,
    DicomModalities: { ct: { AET: "CT", Host: "10.0.0.1", Port: 104, AllowMove: true } },
    MultitenantDicom: { Servers: [{ AET: "TENANT", Port: 4343 }] },
  });

/** OrthancServer/Plugins/Samples/MultitenantDicom: its ports are open while Orthanc's own DICOM server is off. */
describe("ports of the MultitenantDicom plugin", () => {
  test("answer in clear text, whatever DicomServerEnabled says", () => {
    const { report } = lintFiles(
      { "orthanc.json": configuration("libMultitenantDicom.so") },
      { orthancVersion: "1.13.0" },
    );
    const listeners = report.deployments[0]?.services[0]?.listeners ?? [];
    expect(listeners.map(({ id, reach }) => [id, reach])).toEqual([
      ["orthanc/http", "none"],
      ["orthanc/dicom", "none"],
      ["orthanc/dicom-tenant-1", "network"],
    ]);
    expect(listeners[2]).toMatchObject({
      port: 4343,
      tls: { mode: "off" },
      unknownPeer: { echo: true, store: true, find: true, findWorklist: false, get: false, move: false },
      spoofedPeer: { CT: { get: false, move: true } },
    });
  });

  test("are none while the plugin is not loaded", () => {
    const { report } = lintFiles(
      { "orthanc.json": configuration("libOrthancDicomWeb.so") },
      { orthancVersion: "1.13.0" },
    );
    expect(report.deployments[0]?.services[0]?.listeners.map(({ id }) => id)).toEqual([
      "orthanc/http",
      "orthanc/dicom",
    ]);
  });
});
