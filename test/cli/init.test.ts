import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { cli } from "./fake.ts";

const needed = { PACS_ADDRESS: "192.168.20.5", PACS_SECRETS: "/etc/pacs/secrets" };

const starters = [
  { product: "orthanc", profile: "baseline" },
  { product: "orthanc", profile: "hospital" },
  { product: "orthanc", profile: "internet-facing" },
  { product: "orthanc", profile: "vendor-qa" },
  { product: "dcm4chee", profile: "baseline" },
  { product: "dcm4chee", profile: "hospital" },
  { product: "dcm4chee", profile: "internet-facing" },
  { product: "dcm4chee", profile: "vendor-qa" },
] as const;

describe.each(starters)("init --product $product --profile $profile", ({ product, profile }) => {
  test("writes a deployment with nothing left that the profile asks for", async () => {
    const { code, saved } = await cli(["init", "--product", product, "--profile", profile, "pacs"]);
    expect(code).toBe(0);
    expect(Object.keys(saved)).toContain("pacs/compose.yml");
    const { report } = lintFiles(saved, { env: needed, audience: "audit", failOn: "low" });
    const left = report.findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule);
    expect(left).toEqual(profile === "baseline" || profile === "hospital" ? plainDicom(product) : []);
    expect(report.problems).toEqual([]);
  });
});

/** Many scanners know no TLS: up to `hospital` it is not asked for. The archive of dcm4chee asks for it all the same. */
function plainDicom(product: string): readonly string[] {
  return product === "orthanc" ? ["dicom-no-tls"] : [];
}

test("no secret stands in what init writes: every password comes from a variable", async () => {
  for (const product of ["orthanc", "dcm4chee"]) {
    const { saved } = await cli(["init", "--product", product]);
    expect(saved["compose.yml"]).toMatch(/secrets:\n(?:.*\n)*? {2,4}.*environment: [A-Z_]+/u);
    const { report } = lintFiles(saved, { env: needed, audience: "audit" });
    expect(report.findings.filter(({ rule }) => /secret|password|credential/u.test(rule))).toEqual([]);
  }
});

test("nothing that is there is replaced", async () => {
  const files = { "pacs/orthanc.json": "{}" };
  const { code, stderr, saved } = await cli(["init", "--product", "orthanc", "pacs"], { files });
  expect(code).toBe(2);
  expect(stderr).toBe(
    "pacslint: pacs/orthanc.json: there already, and nothing is replaced; name another folder\n",
  );
  expect(saved).toEqual({});
});

test("a profile that is not there: the one that was meant", async () => {
  const { code, stderr } = await cli(["init", "--product", "orthanc", "--profile", "hospitl"]);
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean hospital?");
});
