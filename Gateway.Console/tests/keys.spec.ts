import type { Page } from "@playwright/test";
import { dialog, expect, expectAccessible, settled, test } from "./console";

const callWith = (page: Page, key: string) => page.request.get("/v1/models", { headers: { Authorization: `Bearer ${key}` } });

async function create(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "New key" }).click();
  const form = page.getByRole("dialog", { name: "New API key" });
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByRole("button", { name: "New key" }).click();
  const made = page.getByRole("dialog", { name: `Key “${name}” was made` });
  const key = (await made.getByTestId("secret").textContent())?.trim() ?? "";
  await made.getByRole("button", { name: "Close" }).last().click();
  await expect(made).toBeHidden();
  return key;
}

async function choose(page: Page, name: string, action: string) {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
  await expect(page.getByRole("menu")).toHaveCount(0);
}

test("a key is made, shown once, and works", async ({ visit }) => {
  const page = await visit("other", "/console/keys");
  const key = await create(page, "made here");
  expect((await callWith(page, key)).status()).toBe(200);
  await page.reload();
  await settled(page);
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("made here");
  expect(await page.content()).not.toContain(key);
});

test("bad input is refused at its field before and after it is sent", async ({ visit, watch }) => {
  watch.expectStatus(400);
  const page = await visit("other", "/console/keys?new=1");
  const form = page.getByRole("dialog", { name: "New API key" });
  const submit = form.getByRole("button", { name: "New key" });
  await submit.click();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveAccessibleDescription("Enter a name");
  await form.getByRole("textbox", { name: "Name" }).fill("bad");
  await form.getByRole("textbox", { name: "Budget in USD" }).fill("-1");
  await form.getByLabel("Valid until").fill("2020-01-01T00:00");
  await submit.click();
  await expect(form.getByRole("textbox", { name: "Budget in USD" })).toHaveAccessibleDescription(/Enter an amount above zero/);
  await expect(form.getByLabel("Valid until")).toHaveAccessibleDescription(/moment in the future/);
  await form.getByRole("textbox", { name: "Budget in USD" }).fill("");
  await form.getByLabel("Valid until").fill("");
  await form.getByRole("combobox", { name: "Allowed addresses" }).fill("no address");
  await form.getByRole("combobox", { name: "Allowed addresses" }).press("Enter");
  await submit.click();
  await expect(form.getByRole("combobox", { name: "Allowed addresses" })).toHaveAccessibleDescription(/address|network/);
  await expectAccessible(page, dialog);
});

test("a key is changed, and what was not changed stays", async ({ visit }) => {
  const page = await visit("other", "/console/keys");
  await create(page, "to change");
  await choose(page, "to change", "Change");
  const form = page.getByRole("dialog", { name: "Change “to change”" });
  await form.getByRole("textbox", { name: "Budget in USD" }).fill("2.50");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  const row = page.getByRole("row", { name: /to change/ });
  await expect(row).toContainText("$2.50");
  await choose(page, "to change", "Change");
  await form.getByRole("switch", { name: "Active" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("switched off");
  await expect(row).toContainText("$2.50");
});

test("a rotated key works by both secrets until the overlap ends", async ({ visit }) => {
  const page = await visit("other", "/console/keys");
  const old = await create(page, "to rotate");
  await choose(page, "to rotate", "Rotate");
  await page.getByRole("button", { name: "Rotate the key" }).click();
  const made = page.getByRole("dialog", { name: "Key “to rotate” has a new secret" });
  const renewed = (await made.getByTestId("secret").textContent())?.trim() ?? "";
  expect(renewed).not.toBe(old);
  for (const key of [old, renewed]) expect((await callWith(page, key)).status()).toBe(200);
  await made.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("row", { name: /to rotate/ })).toContainText("old secret until");
});

test("a key is revoked only after it was confirmed", async ({ visit }) => {
  const page = await visit("other", "/console/keys");
  const key = await create(page, "to revoke");
  await choose(page, "to revoke", "Revoke");
  const question = page.getByRole("dialog", { name: "Revoke “to revoke”?" });
  await expectAccessible(page, dialog);
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  expect((await callWith(page, key)).status()).toBe(200);
  await choose(page, "to revoke", "Revoke");
  await question.getByRole("button", { name: "Revoke the key" }).click();
  await expect(page.getByRole("row", { name: /to revoke/ })).toHaveCount(0);
  expect((await callWith(page, key)).status()).toBe(401);
});
