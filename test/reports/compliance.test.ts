/** The compliance view as text and as a table. */
import { expect, test } from "vitest";
import { disclaimer } from "../../src/reports/compliance.ts";
import { renderComplianceCsv } from "../../src/reports/compliance-csv.ts";
import { renderText } from "../../src/reports/text.ts";
import type { ComplianceView, Report } from "../../src/triage/report.ts";
import { htmlOf } from "./html-sample.ts";
import { clinic, contextOf, empty, plainOptions } from "./sample.ts";

const location = { file: "clinic/orthanc.json", line: 5, column: 28, endLine: 5, endColumn: 33 };

const view: ComplianceView = {
  policy: "test",
  title: "A standard",
  edition: "2026",
  source: "https://example.org/",
  scope: "Two controls of it.",
  counts: { fail: 1, pass: 1, undetermined: 0, "not-applicable": 0, manual: 1 },
  controls: [
    {
      id: "1.1",
      title: "Login",
      state: "fail",
      manual: "Who has an account.",
      evidence: [
        {
          rule: "http-no-authentication",
          deployment: "clinic",
          text: "=Anyone can read.",
          locations: [location],
        },
      ],
      more: 2,
    },
    { id: "1.2", title: "Backups", state: "manual", manual: "The backups.", evidence: [], more: 0 },
    {
      id: "1.3",
      title: "Scripts",
      state: "pass",
      evidence: [
        { rule: "http-runs-scripts", deployment: "clinic", text: "not found: Scripts", locations: [] },
      ],
      more: 0,
    },
  ],
};

const report: Report = { ...empty, compliance: [view] };
const context = contextOf(clinic);

test("the text lists what failed, counts the rest, and claims nothing", () => {
  const text = renderText(report, context, plainOptions);
  const block = text.slice(text.indexOf("COMPLIANCE"));
  expect(block).toMatchInlineSnapshot(`
    "COMPLIANCE  A standard, 2026
        3 controls: 1 fail, 1 pass, 1 manual
        FAIL  1.1
            Login
            http-no-authentication (clinic/orthanc.json:5); 2 more
            By other means: Who has an account.
        Note: A pass says that these checks found nothing wrong in the
            configuration. It does not say that a control, or a standard, is met.

    No findings in 2 files      61 checks passed · 0 undetermined · 0 suppressed
    Profile: vendor-qa is met, which is the last one.
    Next: pacslint --audience strict clinic
    "
  `);
  expect(renderText(report, context, { ...plainOptions, verbose: true })).toContain("PASS  1.3");
});

test("the table has a row for each control, and no cell that a spreadsheet would evaluate", () => {
  expect(renderComplianceCsv(report).split("\r\n")).toEqual([
    "standard,edition,control,title,state,answer,evidence,by other means,note",
    "test,2026,1.1,Login,fail,,'=Anyone can read. (clinic/orthanc.json:5) [http-no-authentication],Who has an account.,2 more",
    "test,2026,1.2,Backups,manual,,,The backups.,",
    "test,2026,1.3,Scripts,pass,,not found: Scripts [http-runs-scripts],,",
    "",
  ]);
  expect(renderComplianceCsv(empty).split("\r\n")).toHaveLength(2);
});

test("the page has a row for each control, with its evidence", () => {
  const document = htmlOf(report, context);
  expect(document).toContain(disclaimer);
  expect(document).toContain('<span class="state fail">fail</span> <b>1.1</b> Login');
  expect(document).toContain(
    "<li>=Anyone can read. (clinic/orthanc.json:5) [http-no-authentication]</li><li>2 more</li>",
  );
  expect(htmlOf(empty, context)).not.toContain('id="compliance"');
});
