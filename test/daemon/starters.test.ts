/** The configuration that `init` writes starts on every release, and the daemon does what the linter says of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { starterOf } from "../../src/starters/starter.ts";
import type { Case } from "./case.ts";
import { complaint, judge } from "./judge.ts";
import { predictInProcess } from "./predict.ts";
import { stage } from "./proofs/stage.ts";
import { daemonAvailability } from "./releases.ts";
import { closeSites, openSite, type Site } from "./site.ts";

const { installed } = daemonAvailability();

const starters = [
  { name: "the starter with plain DICOM", encrypted: false },
  { name: "the starter with DICOM over TLS", encrypted: true },
];

describe.runIf(installed.length > 0).each(starters)("$name", ({ name, encrypted }) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(closeSites);

  test.each(installed)("Orthanc $version", { timeout: 60_000 }, async (release) => {
    const verdict = await judge(site, release, starterCase(name, encrypted), predictInProcess);
    expect(complaint(verdict)).toBeUndefined();
    expect(verdict.comparisons.length).toBeGreaterThan(0);
  });
});

/** The starter's files beside one with the users, which the image takes from a variable. */
function starterCase(name: string, encrypted: boolean): Case {
  const { "orthanc.json": server = "", "dicom.json": dicom = "" } = starterOf("orthanc", encrypted);
  const users = '{ "RegisteredUsers" : { "radiology" : "nine blue doors by the sea" } }';
  const files = { "etc/orthanc.json": server, "etc/dicom.json": dicom, "etc/users.json": users };
  return stage({ name, files });
}
