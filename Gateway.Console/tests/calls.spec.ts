import { readFileSync } from "node:fs";
import { emailOf, expect, expectAccessible, openAs, settled, test } from "./console";

test("a link with filters shows the calls that match", async ({ page }) => {
  await openAs(page, "admin", "/console/calls");
  await settled(page);
  await page.getByRole("combobox", { name: "User" }).click();
  await page.getByRole("option", { name: emailOf("customer") }).click();
  await expect(page).toHaveURL(/user_id=/);
  await expect(page.getByRole("status")).toHaveText("31 calls");
  const link = page.url();
  await page.goto("/console/overview");
  await page.goto(link);
  await expect(page.getByRole("status")).toHaveText("31 calls");
  await expect(page.getByRole("combobox", { name: "User" })).toHaveValue(emailOf("customer"));
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("status")).toHaveText("62 calls");
  await page.getByLabel("To (UTC)").fill("2020-01-01");
  await expect(page.getByText("No call matches.")).toBeVisible();
});

test("a call's page tells its story in time, tokens and money", async ({ page }) => {
  await openAs(page, "customer", "/console/my-calls?model_id=");
  await settled(page);
  await page.getByRole("row", { name: /gpt-4o-mini/ }).first().getByRole("link").click();
  await expect(page.getByRole("region", { name: "Timeline" })).toContainText("First byte of the answer");
  const price = page.getByRole("region", { name: "Price, line by line" });
  await expect(price.getByRole("row", { name: /^input/ })).toContainText("× $0.00000015");
  await expect(price).toContainText("exactly what was charged");
  await expect(page.getByRole("region", { name: "Money" })).toContainText("Charged");
  await expectAccessible(page);
  await page.getByRole("link", { name: "All calls" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your calls");
});

test("a call is found by the id of its answer's header; an unknown one is said to be", async ({ page, watch }) => {
  watch.expectStatus(404);
  await openAs(page, "customer", "/console/my-calls");
  await settled(page);
  const id = (await page.getByRole("row").nth(1).getByRole("link").getAttribute("href"))?.split("/").at(-1) ?? "";
  await page.getByRole("textbox", { name: "Open a call by its id" }).fill(id);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText(id);
  await page.goto("/console/calls/00000000-0000-0000-0000-000000000000");
  await expect(page.getByRole("alert")).toContainText("Request not found");
});

test("somebody else's call is not found", async ({ page, watch }) => {
  watch.expectStatus(404);
  await openAs(page, "admin", "/console/my-calls");
  await settled(page);
  const href = (await page.getByRole("row").nth(1).getByRole("link").getAttribute("href")) ?? "";
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await openAs(page, "other", href);
  await expect(page.getByRole("alert")).toContainText("Request not found");
});

test("times are local and tell UTC", async ({ page }) => {
  await openAs(page, "customer", "/console/my-calls");
  await settled(page);
  const time = page.locator("td time").first();
  const iso = (await time.getAttribute("datetime")) ?? "";
  expect(await time.getAttribute("title")).toBe(`${iso.replace("T", " ").replace("Z", "")} UTC`);
  const berlin = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", timeZone: "Europe/Berlin" });
  await expect(time).toHaveText(berlin.format(new Date(iso)));
});

test("usage is split, narrowed down and kept in the address", async ({ page }) => {
  await openAs(page, "admin", "/console/usage");
  await settled(page);
  await page.getByRole("button", { name: "Show only gpt-4o-mini" }).click();
  await expect(page).toHaveURL(/model_id=/);
  await expect(page.getByRole("region", { name: "Usage by User" }).last()).toContainText(emailOf("customer"));
  await settled(page);
  await expectAccessible(page);
  await page.reload();
  await page.getByRole("button", { name: /Remove the filter/ }).click();
  await expect(page).not.toHaveURL(/model_id=/);
});

test("usage is downloaded as the API's own table", async ({ page }) => {
  await openAs(page, "admin", "/console/usage?by=user&days=7");
  await settled(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^usage-by-user-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await file.path(), "utf8").trim().split(/\r?\n/);
  expect(lines[0]).toContain("user_id,user_email,requests");
  expect(lines.some((line) => line.includes(emailOf("customer")))).toBe(true);
});
