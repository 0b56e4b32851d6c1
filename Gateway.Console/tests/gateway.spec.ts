import { readFileSync } from "node:fs";
import { Api, choose, confirm, connectSandbox, expect, expectAccessible, test, visitAs } from "./console";

test("a setting is refused in place and then saved", async ({ visit, watch }) => {
  watch.expectStatus(400);
  const page = await visit("admin", "/console/settings");
  await page.getByRole("textbox", { name: "Search settings" }).fill("chat_temperature");
  const field = page.getByRole("textbox", { name: "chat_temperature" });
  await expect(page.getByRole("main").getByRole("region")).toHaveCount(1);
  const before = await field.inputValue();
  const save = page.getByRole("button", { name: "Save: chat_temperature" });
  await expect(save).toBeDisabled();
  await field.fill("99");
  await save.click();
  await expect(field).toHaveAccessibleDescription(/must be/);
  await expectAccessible(page);
  await field.fill("0.5");
  await save.click();
  await expect(page.getByText("“chat_temperature” was saved")).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("0.5");
  await field.fill(before);
  await save.click();
  await expect(save).toBeDisabled();
});

test("a link shows one category of settings", async ({ visit }) => {
  const page = await visit("admin", "/console/settings?category=chat");
  await expect(page.getByRole("main").getByRole("region")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "chat" })).toBeVisible();
});

test("the ledger is checked, and its entries are downloaded", async ({ visit }) => {
  const page = await visit("admin", "/console/ledger");
  await page.getByRole("button", { name: "Check the ledger" }).click();
  await expect(page.getByRole("region", { name: "Check" })).toContainText("no differences");
  await expect(page.getByRole("status")).toContainText("Counters compared");
  await page.getByLabel("From (UTC)").fill("2999-01-01");
  await expect(page.getByLabel("From (UTC)")).toHaveAccessibleDescription(/must not be after/);
  await page.getByLabel("From (UTC)").fill("2020-01-01");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV", exact: true }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^ledger-2020-01-01-.*\.csv$/);
  expect(readFileSync(await file.path(), "utf8")).toContain("gpt-4o-mini");
});

test("a call in flight is shown with what it holds until it ends", async ({ visit, request, baseURL }) => {
  const api = await Api.as(request, "admin");
  const user = await api.newUser();
  const key = await api.newKey(user.id);
  await api.send("POST", "/admin/budgets", { user_id: user.id, max_budget: 1000 });
  const abort = new AbortController();
  const answer = await fetch(new URL("/v1/chat/completions", baseURL), {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ model: "sandbox-endless", stream: true, messages: [{ role: "user", content: "Hello" }] }),
    signal: abort.signal,
  });
  const id = answer.headers.get("x-oneui-request-id") ?? "";
  const page = await visit("support", `/console/live?user_id=${user.id}`);
  const row = page.getByRole("row", { name: new RegExp(id) });
  await expect(row).toContainText(user.email);
  await expect(row).toContainText("user's budget");
  await expect(row).toContainText(/\$\d/);
  await expect(page.getByRole("region", { name: "This node" })).toContainText("this node has it");
  await expectAccessible(page);
  abort.abort();
  await expect(page.getByText("No call is in flight.")).toBeVisible();
});

test("the wizard leads from the password to the first call, seen live", async ({ page, request, watch }) => {
  watch.expectStatus(400);
  const admin = await (await Api.as(request, "admin")).newUser("admin");
  await visitAs(page, admin, "/console/setup");
  const change = page.getByRole("button", { name: "Change the password" });
  await change.click();
  await expect(page.getByRole("textbox", { name: "Present password" })).toHaveAccessibleDescription(/Enter the present/);
  await page.getByRole("textbox", { name: "Present password" }).fill("not the password");
  await page.getByRole("textbox", { name: "New password", exact: true }).fill("another password");
  await page.getByRole("textbox", { name: "New password again" }).fill("yet another one");
  await change.click();
  await expect(page.getByRole("textbox", { name: "New password again" })).toHaveAccessibleDescription(/not the same/);
  await page.getByRole("textbox", { name: "New password again" }).fill("another password");
  await change.click();
  await expect(page.getByRole("main")).toContainText(/password/i);
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Present password" }).fill(admin.password);
  await change.click();
  await expect(page.getByText("The password was changed")).toBeVisible();

  await page.getByRole("button", { name: "Next" }).click();
  const name = `first-${crypto.randomUUID().slice(0, 8)}`;
  await connectSandbox(page.getByRole("region", { name: "Connect an upstream" }), name);
  await expect(page.getByRole("region", { name })).toContainText("answers");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("combobox", { name: "Model" }).fill("gpt-4o-mini");
  await page.getByRole("option", { name: "gpt-4o-mini", exact: true }).click();
  await expect(page.getByText("complete")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("first");
  await page.getByRole("button", { name: "New key" }).click();
  await expect(page.getByTestId("secret")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Send the first call" }).click();
  await expect(page.getByTestId("answer")).not.toBeEmpty();
  await expect(page.getByText("The gateway works")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/console/upstreams");
  await choose(page, `Actions for ${name}`, "Delete");
  await confirm(page, `Delete “${name}”?`, "Delete the upstream");
  await expect(page.getByText("No upstream is connected.")).toBeVisible();
});

test("a customer's address of the wizard shows what the API answers", async ({ visit, watch }) => {
  watch.expectStatus(403);
  const page = await visit("customer", "/console/setup?step=upstream");
  await expect(page.getByRole("alert")).toContainText("Insufficient permissions");
});
