import { Api, choose, confirm, dialog, emailOf, expect, expectAccessible, settled, test } from "./console";

test("a budget is made, changed and deleted", async ({ visit, request }) => {
  const user = await (await Api.as(request, "admin")).newUser();
  const page = await visit("admin", `/console/limits?user_id=${user.id}`);
  await expect(page.getByText("No budget matches.")).toBeVisible();
  await page.getByRole("button", { name: "New budget" }).click();
  const form = page.getByRole("dialog", { name: "New budget" });
  await form.getByRole("textbox", { name: "Budget in USD" }).fill("12.50");
  await expectAccessible(page, dialog);
  await form.getByRole("button", { name: "New budget" }).click();
  const row = page.getByRole("row", { name: new RegExp(user.email) });
  await expect(row).toContainText("$12.50");
  await choose(page, "Actions for the budget of $12.50", "Change");
  const edit = page.getByRole("dialog", { name: "Change the budget" });
  await edit.getByRole("textbox", { name: "Budget in USD" }).fill("20");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("$20.00");
  await choose(page, "Actions for the budget of $20.00", "Delete");
  await expect(page.getByRole("dialog", { name: "Delete the budget?" })).toContainText("$20.00");
  await confirm(page, "Delete the budget?", "Cancel");
  await expect(row).toHaveCount(1);
  await choose(page, "Actions for the budget of $20.00", "Delete");
  await confirm(page, "Delete the budget?", "Delete the budget");
  await expect(page.getByText("No budget matches.")).toBeVisible();
});

test("a budget with bad input says so at its fields", async ({ visit, watch }) => {
  watch.expectStatus(400);
  const page = await visit("admin", "/console/limits?new=1");
  const form = page.getByRole("dialog", { name: "New budget" });
  await form.getByRole("button", { name: "New budget" }).click();
  await expect(form.getByRole("combobox", { name: "User" })).toHaveAccessibleDescription(/Choose whom/);
  await expect(form.getByRole("textbox", { name: "Budget in USD" })).toHaveAccessibleDescription(/amount above zero/);
  await form.getByRole("combobox", { name: "User" }).fill(emailOf("support"));
  await page.getByRole("option", { name: emailOf("support") }).click();
  await form.getByRole("textbox", { name: "Budget in USD" }).fill("5");
  await form.getByRole("textbox", { name: "Budget starts anew" }).fill("now and then");
  await form.getByRole("button", { name: "New budget" }).click();
  await expect(form.getByRole("textbox", { name: "Budget starts anew" })).toHaveAccessibleDescription(/must be daily, weekly/);
  await expectAccessible(page, dialog);
});

test("a rate limit of a tier is made, refused, changed and deleted", async ({ visit, request }) => {
  const api = await Api.as(request, "admin");
  const tier = await api.send<{ data: { id: string; name: string } }>("POST", "/admin/tiers", { name: `limited ${crypto.randomUUID()}` });
  const page = await visit("admin", `/console/limits?tab=rates&tier_id=${tier.data.id}`);
  await page.getByRole("button", { name: "New rate limit" }).click();
  const form = page.getByRole("dialog", { name: "New rate limit" });
  await form.getByRole("textbox", { name: "Calls a minute" }).fill("many");
  await form.getByRole("button", { name: "New rate limit" }).click();
  await expect(form.getByRole("textbox", { name: "Calls a minute" })).toHaveAccessibleDescription(/whole number/);
  await expect(form.getByRole("combobox", { name: "Tier" })).toHaveAccessibleDescription(/Choose whom/);
  await expectAccessible(page, dialog);
  await form.getByRole("combobox", { name: "Tier" }).fill(tier.data.name);
  await page.getByRole("option", { name: tier.data.name }).click();
  await form.getByRole("textbox", { name: "Calls a minute" }).fill("60");
  await form.getByRole("button", { name: "New rate limit" }).click();
  const row = page.getByRole("row", { name: new RegExp(tier.data.name) });
  await expect(row).toContainText("60");
  await choose(page, /Actions for the rate limit/, "Change");
  const edit = page.getByRole("dialog", { name: "Change the rate limit" });
  await edit.getByRole("textbox", { name: "Tokens a day" }).fill("5000");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("5,000");
  await choose(page, /Actions for the rate limit/, "Delete");
  await confirm(page, "Delete the rate limit?", "Delete the rate limit");
  await expect(page.getByText("No rate limit matches.")).toBeVisible();
});

test("support sees budgets and may change none", async ({ visit }) => {
  const page = await visit("support", "/console/limits?new=1");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Limits and budgets");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "New budget" })).toHaveCount(0);
  await expect(page.getByRole("tab")).toHaveCount(0);
});

test("who came near the cap of a budget is listed", async ({ visit, request }) => {
  const api = await Api.as(request, "admin");
  const user = await api.newUser();
  const key = await api.newKey(user.id);
  const call = () =>
    request.post("/v1/chat/completions", {
      headers: { Authorization: `Bearer ${key}` },
      data: { model: "gpt-4o-mini", max_tokens: 8, messages: [{ role: "user", content: "Hi" }] },
    });
  const first = await call();
  const id = first.headers()["x-oneui-request-id"] ?? "";
  let cost = 0;
  await expect(async () => {
    cost = (await api.send<{ data: { total_cost: number } }>("GET", `/requests/${id}`)).data.total_cost;
  }).toPass({ intervals: [50] });
  await api.send("POST", "/admin/budgets", { user_id: user.id, max_budget: cost * 20 });
  for (let calls = 0; calls < 30 && (await call()).ok(); calls++);
  const page = await visit("admin", "/console/limits");
  await expect(async () => {
    await page.reload();
    await settled(page);
    await expect(page.getByRole("region", { name: "Near the limit" })).toContainText(user.email, { timeout: 500 });
  }).toPass();
  await page.getByRole("region", { name: "Near the limit" }).getByRole("link", { name: user.email }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(user.email);
});

test("a budget of an end user is made, found and told apart", async ({ request, visit, watch }) => {
  watch.expectStatus(400);
  const user = await (await Api.as(request, "admin")).newUser();
  const endUser = `end-${crypto.randomUUID().slice(0, 8)}`;
  const page = await visit("admin", `/console/limits?user_id=${user.id}`);
  for (const [name, cap] of [[endUser, "3"], ["*", "2"]] as const) {
    await page.getByRole("button", { name: "New budget" }).click();
    const form = page.getByRole("dialog", { name: "New budget" });
    await form.getByRole("textbox", { name: "End user" }).fill("x".repeat(65));
    await form.getByRole("textbox", { name: "Budget in USD" }).fill(cap);
    await form.getByRole("button", { name: "New budget" }).click();
    await expect(form.getByRole("textbox", { name: "End user" })).toHaveAccessibleDescription(/64/);
    await form.getByRole("textbox", { name: "End user" }).fill(name);
    await form.getByRole("button", { name: "New budget" }).click();
    await expect(form).toBeHidden();
  }
  await expect(page.getByRole("row", { name: new RegExp(`end user ${endUser}`) })).toContainText("$3.00");
  await expect(page.getByRole("row", { name: /each end user/ })).toContainText("$2.00");
  await page.getByRole("textbox", { name: "End user" }).fill(endUser);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`end_user=${endUser}`));
  await expect(page.getByRole("status")).toHaveText("1 budget");
});
