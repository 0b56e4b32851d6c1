import { join } from "node:path";
import type { Page } from "@playwright/test";
import { emailOf, expect, expectAccessible, settled, test, visitAs, type Role } from "./console";
import { expectRussian } from "./russian";
import { ru } from "../src/i18n/ru";

const operate = ["overview", "usage", "calls", "live", "limits", "users", "payments"];
const adminsOnly = ["tiers", "teams", "models", "upstreams", "sync", "events", "audit", "ledger", "settings", "setup"];
const yours = ["me", "keys", "my-calls", "bills", "chats", "playground", "quick-start"];
const shown: Record<Role, string[]> = {
  admin: [...operate, ...adminsOnly, ...yours],
  support: [...operate, ...yours],
  customer: yours,
  other: yours,
};

// Where pictures go, when they are to be taken.
const pictures = process.env.HUB_PICTURES;

async function go(page: Page, path: string) {
  await page.locator(`a[href="/console/${path}"]`).first().click();
  await settled(page);
}

async function expectNothingWider(page: Page, path: string) {
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: path }).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 900 });
}

// The admin's walk is through every view there is; what others see of it differs in the views of `shows`.
const shows: Record<Role, string[]> = { admin: shown.admin, support: ["limits", "users"], customer: [], other: [] };

for (const role of ["admin", "support", "customer", "other"] as const) {
  test(`${role}: the menu has the views of the role, and each works`, async ({ visit }) => {
    test.setTimeout(120_000);
    const page = await visit(role, "/");
    const links = await page.getByRole("navigation").getByRole("link").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    expect(links).toEqual(shown[role].map((path) => `/console/${path}`));
    for (const path of shown[role]) {
      await go(page, path);
      await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (shows[role].includes(path)) await expectAccessible(page);
      if (role === "admin") {
        if (pictures) await page.screenshot({ path: join(pictures, `console-${path}.png`) });
        await expectNothingWider(page, path);
      }
    }
  });
}

test("views in Russian have no English left, are readable in dark colours, and no wider than a phone", async ({ page }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.addInitScript(() => localStorage.setItem("hub.language", "ru"));
  await visitAs(page, "admin", "/");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  for (const path of shown.admin) {
    await go(page, path);
    await expectAccessible(page, { only: ["color-contrast"] });
    await expectRussian(page, path);
    await expectNothingWider(page, path);
  }
  await page.getByRole("button", { name: "Светлые цвета" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "light");
});

test("a user's page and a new key are in Russian too", async ({ page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => localStorage.setItem("hub.language", "ru"));
  await visitAs(page, "admin", "/console/users");
  await page.getByRole("link", { name: emailOf("customer") }).click();
  await settled(page);
  for (const name of [ru["keys.title"], ru["limits.budgets"], ru["calls.title"], ru["money.transactions"]]) {
    await page.getByRole("tab", { name, exact: true }).click();
    await settled(page);
    await expectRussian(page, name);
  }
  await page.goto("/console/keys?new=1");
  await expect(page.getByRole("dialog")).toBeVisible();
  await settled(page);
  await expectRussian(page, "a new key");
});

test("a model, a call and the palette are in Russian too", async ({ page }) => {
  test.setTimeout(120_000);
  await page.addInitScript(() => localStorage.setItem("hub.language", "ru"));
  await visitAs(page, "admin", "/console/models");
  await page.getByRole("link", { name: "gpt-4o-mini", exact: true }).click();
  await settled(page);
  await expectRussian(page, "a model");
  await go(page, "calls");
  await page.getByRole("main").locator('a[href^="/console/calls/"]').first().click();
  await settled(page);
  await expectRussian(page, "a call");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectRussian(page, "the palette");
});

test("a phone has the menu behind a button", async ({ visit }) => {
  const page = await visit("admin", "/");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "Usage" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Usage");
  await settled(page);
  await expectAccessible(page);
});

test("the page speaks Russian, and goes on to after a reload", async ({ page }) => {
  await visitAs(page, "admin", "/console/overview");
  await page.getByRole("button", { name: "Language: English" }).click();
  await page.getByRole("menuitem", { name: "Русский" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Обзор");
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Обзор");
});

test("the palette opens by keyboard and leads to a view", async ({ visit }) => {
  const page = await visit("admin", "/console/overview");
  await page.keyboard.press("Control+k");
  const search = page.getByRole("textbox", { name: "Search views and actions" });
  await expect(search).toBeFocused();
  await expectAccessible(page);
  await search.fill("usage");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Usage");
});

test("every view is found in the palette by its name", async ({ visit }) => {
  const page = await visit("admin", "/console/overview");
  const names = await page.getByRole("navigation").getByRole("link").allTextContents();
  expect(names.length).toBe(shown.admin.length);
  await page.keyboard.press("Control+k");
  const search = page.getByRole("textbox", { name: "Search views and actions" });
  for (const name of names) {
    await search.fill(name);
    await expect(page.getByRole("dialog").getByRole("button", { name, exact: true }).first()).toBeVisible();
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/console/${shown.admin.at(-1) ?? ""}$`));
});

test("the keyboard skips the menu", async ({ visit }) => {
  const page = await visit("admin", "/console/overview");
  await page.reload();
  await settled(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
});

test("an operator's address shows a customer what the API answers", async ({ visit, watch }) => {
  watch.expectStatus(403);
  const page = await visit("customer", "/console/calls");
  await expect(page.getByRole("alert")).toContainText("Insufficient permissions");
  await expectAccessible(page);
});

test("an address that leads nowhere says so", async ({ visit }) => {
  const page = await visit("customer", "/console/no-such-view");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
  await page.getByRole("main").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your overview");
});

test("a view whose data cannot be had says why, and tries again", async ({ visit, watch }) => {
  watch.expectStatus(500);
  const page = await visit("customer", "/console/me");
  let broken = true;
  await page.route("**/api-keys", (route) =>
    broken
      ? route.fulfill({ status: 500, json: { error: "Internal server error", code: "internal_error", details: [], request_id: "r-1" } })
      : route.continue(),
  );
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("alert")).toContainText("Request id: r-1");
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("customer's key");
});
