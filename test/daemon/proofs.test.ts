import { afterAll, describe, expect, test } from "vitest";
import { fileCase, filesCase } from "./case.ts";
import { instanceFile, orthancId } from "./instance.ts";
import { daemonAvailability, type Release } from "./releases.ts";
import { type Server, withOrthanc } from "./server.ts";
import { closeSites } from "./site.ts";

afterAll(closeSites);

const OPEN = { RemoteAccessAllowed: true, AuthenticationEnabled: false };

async function upload(server: Server): Promise<number | undefined> {
  return (await server.http("stranger", "/instances", { method: "POST", body: instanceFile() })).status;
}

async function script(server: Server): Promise<string | undefined> {
  const call = { method: "POST", body: "print(6 * 7)" };
  return (await server.http("stranger", "/tools/execute-script", call)).body;
}

const { installed, missing } = daemonAvailability();
for (const { version } of missing) test.skip(`proofs on Orthanc ${version}`, () => undefined);

describe.each(installed)("on Orthanc $version another host", (release: Release) => {
  test("runs a script where that is switched on, and gets its output", async () => {
    await withOrthanc(release, fileCase({ ...OPEN, ExecuteLuaEnabled: true }), async (server) => {
      expect(await script(server)).toContain("42");
    });
    await withOrthanc(release, fileCase(OPEN), async (server) => {
      expect(await script(server)).not.toContain("42");
    });
  });

  test("writes a file to the server's disk where that is switched on", async () => {
    const exported = "exported-by-a-stranger.dcm";
    const run = async (server: Server) => {
      await upload(server);
      const call = { method: "POST", body: `${server.folder}/${exported}` };
      await server.http("stranger", `/instances/${orthancId()}/export`, call);
      return (await server.site.local.exec("ls", [server.folder])).stdout;
    };
    const open = fileCase({ ...OPEN, RestApiWriteToFileSystemEnabled: true });
    expect(await withOrthanc(release, open, run)).toContain(exported);
    expect(await withOrthanc(release, fileCase(OPEN), run)).not.toContain(exported);
  });

  test("gets images by C-GET with a title that is listed for somebody else", async () => {
    const get = async (server: Server) => {
      await upload(server);
      return server.dicom("stranger", { operation: "get", calling: "CT" });
    };
    const listed = { DicomModalities: { ct: ["CT", "10.99.0.2", 104] } };
    expect(await withOrthanc(release, fileCase({ ...OPEN, ...listed }), get)).toMatchObject({
      outcome: "answered",
      items: 1,
    });
    expect(await withOrthanc(release, fileCase(OPEN), get)).toMatchObject({ outcome: "aborted" });
  });

  test("is let in by one file of a folder and shut out by two that contradict", async () => {
    const files = {
      "conf/a.json": '{"RemoteAccessAllowed": true}',
      "conf/b.json": '{"AuthenticationEnabled": false}',
    };
    await withOrthanc(release, filesCase(files, "conf"), async (server) => {
      expect(await upload(server)).toBe(200);
    });
    const again = { ...files, "conf/c.json": '{"AuthenticationEnabled": true}' };
    await withOrthanc(release, filesCase(again, "conf"), async (server) => {
      expect(server.started).toBe(false);
    });
  });
});
