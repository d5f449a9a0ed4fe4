import { afterAll, describe, expect, test } from "vitest";
import { checkFact } from "./fact.ts";
import { FACTS } from "./facts.ts";
import { daemonAvailability, skipLine } from "./releases.ts";
import { closeSites, openSite } from "./site.ts";

const availability = daemonAvailability();
const line = skipLine(availability);
if (line !== "") console.log(line);

afterAll(closeSites);

describe("Orthanc does what the linter takes for granted", () => {
  for (const release of availability.installed) {
    test.concurrent(`Orthanc ${release.version}`, { timeout: 180_000 }, async () => {
      const site = await openSite();
      const problems: string[] = [];
      for (const fact of FACTS) {
        if (fact.releases !== undefined && !fact.releases.includes(release.version)) continue;
        const found = await checkFact(site, release, fact);
        if (found.length > 0) problems.push(`${fact.says}\n${found.join("\n")}`);
      }
      expect(problems).toEqual([]);
    });
  }
  for (const { version } of availability.missing) test.skip(`Orthanc ${version}`, () => undefined);
});
