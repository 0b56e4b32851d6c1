import { readFileSync } from "node:fs";
import { Api, emailOf, expect, expectAccessible, settled, test } from "./console";

test("a link with filters shows the calls that match", async ({ visit }) => {
  const page = await visit("admin", "/console/calls");
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

test("a call's page tells its story in time, tokens and money", async ({ visit }) => {
  const page = await visit("customer", "/console/my-calls?model_id=");
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

test("a call is found by the id of its answer's header; an unknown one is said to be", async ({ visit, watch }) => {
  watch.expectStatus(404);
  const page = await visit("customer", "/console/my-calls");
  const id = (await page.getByRole("row").nth(1).getByRole("link").getAttribute("href"))?.split("/").at(-1) ?? "";
  await page.getByRole("textbox", { name: "Open a call by its id" }).fill(id);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText(id);
  await page.goto("/console/calls/00000000-0000-0000-0000-000000000000");
  await expect(page.getByRole("alert")).toContainText("Request not found");
});

test("somebody else's call is not found", async ({ visit, watch }) => {
  watch.expectStatus(404);
  const admins = await visit("admin", "/console/my-calls");
  const href = (await admins.getByRole("row").nth(1).getByRole("link").getAttribute("href")) ?? "";
  const page = await visit("other", href);
  await expect(page.getByRole("alert")).toContainText("Request not found");
});

test("times are local and tell UTC", async ({ visit }) => {
  const page = await visit("customer", "/console/my-calls");
  const time = page.locator("td time").first();
  const iso = (await time.getAttribute("datetime")) ?? "";
  expect(await time.getAttribute("title")).toBe(`${iso.replace("T", " ").replace("Z", "")} UTC`);
  const berlin = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", timeZone: "Europe/Berlin" });
  await expect(time).toHaveText(berlin.format(new Date(iso)));
});

test("usage is split, narrowed down and kept in the address", async ({ visit }) => {
  const page = await visit("admin", "/console/usage");
  await page.getByRole("button", { name: "Show only gpt-4o-mini" }).click();
  await expect(page).toHaveURL(/model_id=/);
  await expect(page.getByRole("region", { name: "Usage by User" }).last()).toContainText(emailOf("customer"));
  await settled(page);
  await expectAccessible(page);
  await page.reload();
  await page.getByRole("button", { name: /Remove the filter/ }).click();
  await expect(page).not.toHaveURL(/model_id=/);
});

test("usage is downloaded as the API's own table", async ({ visit }) => {
  const page = await visit("admin", "/console/usage?by=user&days=7");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^usage-by-user-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await file.path(), "utf8").trim().split(/\r?\n/);
  expect(lines[0]).toContain("user_id,user_email,requests");
  expect(lines.some((line) => line.includes(emailOf("customer")))).toBe(true);
});

test("usage is split by tag and end user, beside the period before, and leads to the calls", async ({ request, visit }) => {
  const api = await Api.as(request, "admin");
  const user = await api.newUser();
  const key = await api.newKey(user.id);
  const [tag, endUser] = [`tag-${crypto.randomUUID()}`, `end-${crypto.randomUUID()}`];
  const answer = await request.post("/v1/chat/completions", {
    headers: { Authorization: `Bearer ${key}`, "x-oneui-tags": `${tag}, nightly`, "x-oneui-end-user": endUser },
    data: { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] },
  });
  expect(answer.ok()).toBe(true);
  await expect(() => api.send("GET", `/requests/${answer.headers()["x-oneui-request-id"] ?? ""}`)).toPass({ intervals: [50] });
  const page = await visit("support", `/console/usage?by=tag&user_id=${user.id}`);
  const tags = page.getByRole("region", { name: "Usage by Tag" });
  await expect(tags.getByRole("row", { name: new RegExp(tag) })).toContainText(/\$0\.0+\d/);
  await expect(tags).toContainText("counts for each of them");
  await expect(tags.getByRole("columnheader", { name: "Period before" })).toBeVisible();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  expect(readFileSync(await (await downloading).path(), "utf8")).toMatch(new RegExp(`^tag,requests,[^]*^${tag},1,`, "m"));
  await page.getByRole("combobox", { name: "Split by" }).click();
  await page.getByRole("option", { name: "End user" }).click();
  await page.getByRole("button", { name: `Show only ${endUser}` }).click();
  await expect(page).toHaveURL(new RegExp(`end_user=${endUser}`));
  await expect(page.getByRole("region", { name: "Usage by User" })).toContainText(user.email);
  await page.getByRole("combobox", { name: "Split by" }).click();
  await page.getByRole("option", { name: "Model" }).click();
  await expect(page).not.toHaveURL(/end_user=/);
  await page.goto(`/console/calls?end_user=${endUser}`);
  await expect(page.getByRole("status")).toHaveText("1 call");
  await expect(page.getByRole("textbox", { name: "End user" })).toHaveValue(endUser);
  await page.getByRole("textbox", { name: "End user" }).fill(`${endUser}x`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("No call matches.")).toBeVisible();
});
