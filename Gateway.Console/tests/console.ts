// What every test of the console holds: no error in the browser's console, no request to another host, no violation that axe finds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test as base, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function wanted(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by Gateway.Tests/WebConsole.`);
  return value;
}

export type Role = "admin" | "support" | "customer" | "other";

export const emailOf = (role: Role) => wanted(`HUB_${role.toUpperCase()}`);
export const passwordOf = (role: Role) => wanted(role === "admin" ? "HUB_ADMIN_PASSWORD" : "HUB_PASSWORD");

interface Watch {
  /** Statuses of answers that this test provokes: the browser writes a line for each. */
  expectStatus: (...statuses: number[]) => void;
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      const foreign: string[] = [];
      const expected = new Set<number>();
      const host = new URL(baseURL ?? "").host;
      page.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1];
        if (status === undefined || !expected.has(Number(status))) complaints.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.host !== host) foreign.push(request.url());
      });
      await use({ expectStatus: (...statuses) => statuses.forEach((status) => expected.add(status)) });
      expect(foreign, "requests to other hosts").toEqual([]);
      expect(complaints, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Fills the form that stands wherever nobody is signed in. */
export async function fillSignIn(page: Page, email: string, password: string) {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Opens a view as somebody. */
export async function openAs(page: Page, role: Role, path: string) {
  await page.goto(path);
  await fillSignIn(page, emailOf(role), passwordOf(role));
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
}

/** All has been loaded and drawn. */
export async function settled(page: Page) {
  await expect(page.getByText("Loading", { exact: true })).toHaveCount(0);
  await page.waitForLoadState("networkidle");
}

/** axe finds nothing to mend in what the page shows. */
export async function expectAccessible(page: Page) {
  const results = await page.evaluate<AxeResults>(`(async () => {
    if (!window.axe) { ${axeSource} }
    return await window.axe.run(document, { resultTypes: ["violations"] });
  })()`);
  const found = results.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`);
  expect(found).toEqual([]);
}
