/** The HTML report in a real browser: readable by everybody, at every width, on paper, and without asking anybody. */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { htmlOf, htmlOfExamples, manyFindings, poisoned } from "../reports/html-sample.ts";
import { clinic, contextOf, sample } from "../reports/sample.ts";
import { absent, openDocument, startBrowser } from "./browser.ts";

const documents: Readonly<Record<string, () => string>> = {
  "an exposed hospital": () => htmlOfExamples("exposed-hospital"),
  "a stock dcm4chee": () => htmlOfExamples("dcm4chee-stock-like"),
  "two clinics": () => htmlOfExamples("exposed-clinic", "hardened-clinic"),
  "hostile names": () => htmlOf(poisoned(sample), contextOf(clinic)),
};
const names = Object.keys(documents);

const made = new Map<string, string>();

function documentOf(name: string): string {
  const document = made.get(name) ?? documents[name]?.() ?? "";
  made.set(name, document);
  return document;
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe-core has against the page, in one line each. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<readonly string[]>(`axe
    .run(document, { runOnly: { type: "tag", values: ${JSON.stringify(tags)} } })
    .then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ": " + nodes.length + " times, " + nodes[0].html.slice(0, 200) + " " + nodes[0].failureSummary))`);
}

/** Folds or unfolds everything. */
function setAllOpen(page: Page, open: boolean): Promise<void> {
  return page.evaluate(`for (const item of document.querySelectorAll("details")) item.open = ${open}`);
}

describe.skipIf(absent !== undefined)(`the HTML report in Chromium${absent ? `: ${absent}` : ""}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  test.each(names)(
    "%s: no complaint, no request, nothing against WCAG 2.2 AA in light and in dark",
    async (name) => {
      const document = documentOf(name);
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, complaints, requests, close } = await openDocument(browser, document, { colorScheme });
        await setAllOpen(page, true);
        expect(await violations(page)).toEqual([]);
        expect(complaints).toEqual([]);
        expect(requests).toEqual([]);
        expect(await page.evaluate("window.hit")).toBeUndefined();
        await close();
      }
    },
    60_000,
  );

  test.each(names)(
    "%s: no width makes it scroll sideways",
    async (name) => {
      const { page, close } = await openDocument(browser, documentOf(name));
      for (const width of [360, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        for (const open of [false, true]) {
          await setAllOpen(page, open);
          const over = await page.evaluate<number>(
            "document.documentElement.scrollWidth - window.innerWidth",
          );
          expect(over).toBeLessThanOrEqual(0);
        }
      }
      await close();
    },
    60_000,
  );

  test("a script or a style that is not the report's own is refused", async () => {
    const { page, complaints, close } = await openDocument(
      browser,
      documentOf("an exposed hospital").replace("</main>", "<script>window.hit=1</script></main>"),
    );
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(complaints.join()).toContain("Content Security Policy");
    await close();
  }, 60_000);

  test("without script all of it can be read, and no filter is offered that would not work", async () => {
    const { page, close } = await openDocument(browser, documentOf("two clinics"), {
      javaScriptEnabled: false,
    });
    expect(await page.locator("form.filter").isVisible()).toBe(false);
    const first = page.locator("details.finding").first();
    expect(await first.locator(".message").isVisible()).toBe(true);
    expect(await first.locator(".code").first().isVisible()).toBe(true);
    expect(await page.locator("#about").isVisible()).toBe(true);
    await close();
  }, 60_000);

  test("search and severities choose among five hundred findings", async () => {
    const { page, close } = await openDocument(browser, htmlOf(manyFindings(500), contextOf(clinic)));
    const shown = () => page.locator("details.finding:visible").count();
    expect(await shown()).toBe(500);
    await page.getByRole("checkbox", { name: "critical" }).uncheck();
    expect(await shown()).toBe(375);
    await page.getByRole("searchbox").fill("number49");
    await expect.poll(shown).toBe(9); // 49 and 490 to 499, without 492 and 496: those are critical
    expect(await page.getByRole("status").textContent()).toBe("9 of 500 findings shown");
    await close();
  }, 60_000);

  test("a link to what lies in a folded part unfolds it", async () => {
    const { page, close } = await openDocument(browser, documentOf("two clinics"));
    await setAllOpen(page, false);
    await page.locator("#deployments a").first().click();
    await expect.poll(() => page.locator("#d-examples-exposed-clinic").getAttribute("open")).toBe("");
    await close();
  }, 60_000);

  test("on paper everything is unfolded, on a sensible number of pages", async () => {
    const { page, close } = await openDocument(browser, documentOf("an exposed hospital"), {
      javaScriptEnabled: false,
      colorScheme: "dark",
    });
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const pages = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
    expect(pages).toBeGreaterThan(5);
    expect(pages).toBeLessThan(50); // 31 findings, 86 controls of two standards
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator(".words li").first().isVisible()).toBe(true);
    await close();
  }, 60_000);
});
