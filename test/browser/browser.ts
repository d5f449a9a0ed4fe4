/** Debian's Chromium, driven through playwright-core: opens the HTML report as a reader's browser would. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const home = process.env.PACSLINT_BROWSER ?? "/var/cache/pacslint-browser";
const binary = [join(home, "chromium"), "/usr/bin/chromium"].find((path) => existsSync(path));

/** Why the browser cannot be asked here, or undefined when it can. */
export const absent: string | undefined =
  binary === undefined ? "Chromium is not here (test/browser/setup.sh unpacks it)" : undefined;

if (absent !== undefined && process.env.PACSLINT_REQUIRE_BROWSER === "1")
  throw new Error(`PACSLINT_REQUIRE_BROWSER is set, but ${absent}`);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser with an empty profile of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: binary ?? "", headless: true, args: flags });
}

/** A page, and everything that went wrong in it or left it. */
export interface Opened {
  readonly page: Page;
  /** Messages of the console and errors of scripts. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for, besides the file itself. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Opens a document as a file, in a context of its own. */
export async function openDocument(
  browser: Browser,
  document: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "pacslint-html-"));
  const file = join(folder, "report.html");
  writeFileSync(file, document);
  const address = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== address && request.url() !== "data:,") requests.push(request.url());
  });
  await page.goto(address);
  return {
    page,
    complaints,
    requests,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
