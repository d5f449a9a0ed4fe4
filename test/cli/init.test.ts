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

const ladder = ["baseline", "hospital", "internet-facing", "vendor-qa"];

describe.each(starters)("init --product $product --profile $profile", ({ product, profile }) => {
  test("writes a deployment that meets the profile, by the pacslint.yaml beside it", async () => {
    const { code, saved } = await cli(["init", "--product", product, "--profile", profile, "pacs"]);
    expect(code).toBe(0);
    expect(Object.keys(saved)).toEqual(expect.arrayContaining(["pacs/compose.yml", "pacs/START.md"]));
    const linted = await cli(["pacs", "--format", "json"], { files: saved });
    expect(linted.code).toBe(0);
    const { profile: verdict, problems } = JSON.parse(linted.stdout);
    expect(ladder.indexOf(verdict.met)).toBeGreaterThanOrEqual(ladder.indexOf(profile));
    // The variables are the site's to give: Compose refuses to start without them.
    expect(problems.filter(({ kind }: { kind: string }) => kind !== "unresolved")).toEqual([]);
  });

  test("leaves nothing but plain DICOM open, and that only where the profile lets it", async () => {
    const { saved } = await cli(["init", "--product", product, "--profile", profile, "pacs"]);
    const { report } = lintFiles(saved, { env: needed, audience: "audit" });
    const left = report.findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule);
    expect(left).toEqual(profile === "baseline" || profile === "hospital" ? plainDicom(product) : []);
  });
});

/** Many scanners know no TLS: up to `hospital` it is not asked for. The archive of dcm4chee asks for it all the same. */
function plainDicom(product: string): readonly string[] {
  return product === "orthanc" ? ["dicom-no-tls"] : [];
}

test("without a product: pacslint.yaml alone, which says what was found", async () => {
  const files = {
    "compose.yml": "services:\n  pacs:\n    image: orthancteam/orthanc:24.6.2\n    ports: ['8042:8042']\n",
  };
  const { code, stdout, saved } = await cli(["init"], { files });
  expect(code).toBe(0);
  expect(Object.keys(saved)).toEqual(["pacslint.yaml"]);
  expect(saved["pacslint.yaml"]).toContain("# compose.yml: Orthanc 1.12.4\n");
  expect(saved["pacslint.yaml"]).toContain("\nprofile: hospital\n");
  expect(stdout).toContain("baseline is not met");
  const after = await cli(["."], { files: { ...files, ...saved } });
  expect(after.stdout).toContain("Configuration: pacslint.yaml is used.");
});

test("every line that pacslint.yaml has commented out is one that it may have", async () => {
  const { saved } = await cli(["init"], { files: {} });
  const text = (saved["pacslint.yaml"] ?? "").replace(/^# (?=[a-z-]+:|\s+\S)/gmu, "");
  expect(text).toContain("\nzones:\n  - name: radiology\n");
  const files = { "orthanc.json": "{}", "pacslint.yaml": text, "pacslint-rules/none.txt": "" };
  const { stderr } = await cli(["orthanc.json"], { files });
  expect(stderr).not.toContain("pacslint.yaml");
});

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
