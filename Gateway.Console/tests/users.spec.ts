import { Api, choose, confirm, dialog, emailOf, expect, expectAccessible, settled, test } from "./console";

test("a user is found by a part of the email, and a link finds the same", async ({ visit }) => {
  const page = await visit("support", "/console/users");
  const part = emailOf("customer").slice(0, 16);
  await page.getByRole("textbox", { name: "Search" }).fill(part);
  await expect(page).toHaveURL(new RegExp(`search=${part}`));
  await expect(page.getByRole("status")).toHaveText("1 user");
  await page.reload();
  await expect(page.getByRole("status")).toHaveText("1 user");
  await page.getByRole("link", { name: emailOf("customer") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(emailOf("customer"));
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("customer's key");
  await expect(page.getByRole("button", { name: /Change|Delete|Deactivate|Book/ })).toHaveCount(0);
  await expectAccessible(page);
});

test("a search that finds nobody says so", async ({ visit }) => {
  const page = await visit("admin", "/console/users?search=nobody-has-this");
  await expect(page.getByText("Nobody matches.")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByRole("textbox", { name: "Search" })).toHaveValue("");
  await expect(page.getByRole("group", { name: "Users" })).toBeVisible();
});

test("a user is made after bad input was refused at its fields", async ({ visit, watch }) => {
  watch.expectStatus(400, 409);
  const page = await visit("admin", "/console/users?new=1");
  const form = page.getByRole("dialog", { name: "New user" });
  const submit = form.getByRole("button", { name: "New user" });
  await submit.click();
  await expect(form.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/email address/);
  await form.getByRole("textbox", { name: "Email" }).fill("not an@address");
  await form.getByRole("textbox", { name: "Password" }).fill("short");
  await submit.click();
  await expect(form.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/at least 8/);
  await form.getByRole("textbox", { name: "Password" }).fill("long enough");
  await submit.click();
  await expect(form.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/email/);
  await expectAccessible(page, dialog);
  await form.getByRole("textbox", { name: "Email" }).fill(emailOf("customer"));
  await submit.click();
  await expect(form.getByRole("alert")).toBeVisible();
  const email = `${crypto.randomUUID()}@example.com`;
  await form.getByRole("textbox", { name: "Email" }).fill(email);
  await submit.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(email);
});

test("a user is changed; another role is asked for once more", async ({ visit, request, watch }) => {
  watch.expectStatus(400);
  const user = await (await Api.as(request, "admin")).newUser();
  const page = await visit("admin", `/console/users/${user.id}`);
  await page.getByRole("button", { name: "Change" }).click();
  const form = page.getByRole("dialog", { name: `Change ${user.email}` });
  await form.getByRole("textbox", { name: "Tokens a month" }).fill("lots");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("textbox", { name: "Tokens a month" })).toHaveAccessibleDescription(/whole number/);
  await form.getByRole("textbox", { name: "Tokens a month" }).fill("5000");
  await form.getByRole("textbox", { name: "Name" }).fill("Bob Ray");
  await form.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "support" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await confirm(page, /Make .* support\?/, "Change the role");
  await expect(form).toBeHidden();
  const facts = page.getByRole("region", { name: "Account" });
  await expect(facts).toContainText("Bob Ray");
  await expect(facts).toContainText("5,000");
  await expect(facts).toContainText("support");
});

test("a user is deactivated, activated and deleted, each after a question", async ({ visit, request }) => {
  const api = await Api.as(request, "admin");
  const user = await api.newUser();
  const key = await api.newKey(user.id);
  const answers = async () => (await request.get("/v1/models", { headers: { Authorization: `Bearer ${key}` } })).status();
  const page = await visit("admin", `/console/users/${user.id}`);
  await page.getByRole("button", { name: "Deactivate" }).click();
  await expectAccessible(page, dialog);
  await confirm(page, `Deactivate ${user.email}?`, "Cancel");
  expect(await answers()).toBe(200);
  await page.getByRole("button", { name: "Deactivate" }).click();
  await confirm(page, `Deactivate ${user.email}?`, "Deactivate");
  await expect(page.getByRole("region", { name: "Account" })).toContainText("switched off");
  expect(await answers()).toBe(403);
  await page.getByRole("button", { name: "Activate" }).click();
  await confirm(page, `Activate ${user.email}?`, "Activate");
  await expect(page.getByRole("button", { name: "Deactivate" })).toBeVisible();
  await page.getByRole("button", { name: "Delete the user" }).click();
  await confirm(page, `Delete ${user.email}?`, "Delete the user");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Users");
});

test("money is booked only after a question, and the balance shows it", async ({ visit, request }) => {
  const user = await (await Api.as(request, "admin")).newUser();
  const page = await visit("admin", `/console/users/${user.id}?tab=money`);
  await page.getByRole("button", { name: "Book money" }).click();
  const form = page.getByRole("dialog", { name: `Book money: ${user.email}` });
  await form.getByRole("textbox", { name: "Amount, USD" }).fill("0");
  await form.getByRole("button", { name: "Book" }).click();
  await expect(form.getByRole("textbox", { name: "Amount, USD" })).toHaveAccessibleDescription(/above zero/);
  await form.getByRole("textbox", { name: "Amount, USD" }).fill("25.50");
  await form.getByRole("button", { name: "Book" }).click();
  await confirm(page, "Deposit: $25.50?", "Book it");
  await expect(form).toBeHidden();
  await expect(page.getByRole("row", { name: /Deposit/ })).toContainText("$25.50");
  await expect(page.getByRole("region", { name: "Account" })).toContainText("$25.50");
});

test("a pending payment is completed after a question", async ({ visit, request }) => {
  const api = await Api.as(request, "admin");
  const user = await api.newUser();
  await api.send("POST", `/admin/users/${user.id}/transactions`, { type: "deposit", amount: 7, status: "pending" });
  const page = await visit("admin", `/console/payments?user_id=${user.id}&status=pending`);
  await expect(page.getByRole("row", { name: new RegExp(user.email) })).toContainText("pending");
  await choose(page, "Actions for $7.00", "Complete");
  await confirm(page, "Complete $7.00?", "Complete");
  await expect(page.getByText("No transaction matches.")).toBeVisible();
  await page.goto(`/console/payments?user_id=${user.id}`);
  await expect(page.getByRole("row", { name: new RegExp(user.email) })).toContainText("completed");
});

test("an admin makes a key for a user, and sees a user's calls", async ({ visit, request }) => {
  const user = await (await Api.as(request, "admin")).newUser();
  const page = await visit("admin", `/console/users/${user.id}`);
  await page.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog", { name: "New API key" });
  await form.getByRole("textbox", { name: "Name" }).fill("for you");
  await form.getByRole("button", { name: "New key" }).click();
  await page.getByRole("dialog", { name: "Key “for you” was made" }).getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("for you");
  await page.getByRole("tab", { name: "Calls" }).click();
  await settled(page);
  await expect(page.getByText("No call matches.")).toBeVisible();
});
