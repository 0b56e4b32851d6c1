import type { Locator, Page } from "@playwright/test";
import { Api, emailOf, expect, passwordOf, settled, test, visitAs } from "./console";
import { expectTrapped, pick, pickAction, press, skipMenu, tabTo, type } from "./keyboard";

interface Form {
  name: string;
  path: string;
  button: string;
  title?: string;
  /** What is missing when nothing was entered. */
  missing: (dialog: Locator) => Locator;
  fill: (page: Page, dialog: Locator) => Promise<void>;
  /** What is there when it is done. */
  done: (page: Page) => Promise<void>;
  /** Whether another view opens in place of this one. */
  leaves?: boolean;
}

const unique = () => crypto.randomUUID().slice(0, 8);
const box = (dialog: Locator, name: string) => dialog.getByRole("textbox", { name, exact: true });

const made = { tier: `tier ${unique()}`, team: `team ${unique()}`, model: `model-${unique()}`, user: `${unique()}@example.com`, key: `key ${unique()}` };

const forms: Form[] = [
  {
    name: "a tier",
    path: "/console/tiers",
    button: "New tier",
    missing: (dialog) => box(dialog, "Name"),
    fill: (page, dialog) => type(page, box(dialog, "Name"), made.tier),
    done: (page) => expect(page.getByRole("row", { name: new RegExp(made.tier) })).toBeVisible(),
  },
  {
    name: "a team",
    path: "/console/teams",
    button: "New team",
    missing: (dialog) => box(dialog, "Name"),
    fill: (page, dialog) => type(page, box(dialog, "Name"), made.team),
    done: (page) => expect(page.getByRole("row", { name: new RegExp(made.team) })).toBeVisible(),
  },
  {
    name: "a model",
    path: "/console/models",
    button: "New model",
    missing: (dialog) => box(dialog, "Name"),
    fill: async (page, dialog) => {
      await type(page, box(dialog, "Name"), made.model);
      await tabTo(page, dialog.getByRole("combobox", { name: "Company" }));
      await page.keyboard.press("ArrowDown");
      await expect(page.getByRole("option").first()).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
    },
    done: (page) => expect(page.getByRole("heading", { level: 1 })).toHaveText(made.model),
    leaves: true,
  },
  {
    name: "an upstream",
    path: "/console/upstreams",
    button: "Connect an upstream",
    missing: (dialog) => box(dialog, "Name"),
    fill: async (page, dialog) => {
      await type(page, box(dialog, "Name"), `keys-${unique()}`);
      await type(page, box(dialog, "Address"), "http://127.0.0.1:9/v1");
      await press(page, dialog.getByRole("switch", { name: /catalogue by themselves/ }), "Space");
    },
    done: (page) => expect(page.getByRole("region", { name: /^Test of keys-/ })).toContainText("does not answer"),
  },
  {
    name: "a user",
    path: "/console/users",
    button: "New user",
    missing: (dialog) => box(dialog, "Email"),
    fill: async (page, dialog) => {
      await type(page, box(dialog, "Email"), made.user);
      await type(page, box(dialog, "Password"), "long enough");
    },
    done: (page) => expect(page.getByRole("heading", { level: 1 })).toHaveText(made.user),
    leaves: true,
  },
  {
    name: "a budget",
    path: "/console/limits?scope=user",
    button: "New budget",
    missing: (dialog) => dialog.getByRole("combobox", { name: "User" }),
    fill: async (page, dialog) => {
      await pick(page, dialog.getByRole("combobox", { name: "User" }), emailOf("other"));
      await type(page, box(dialog, "End user"), `end ${unique()}`);
      await type(page, box(dialog, "Budget in USD"), "7.25");
    },
    done: (page) => expect(page.getByRole("cell", { name: "$7.25" }).first()).toBeVisible(),
  },
  {
    name: "a rate limit",
    path: "/console/limits?tab=rates",
    button: "New rate limit",
    missing: (dialog) => dialog.getByRole("combobox", { name: "Tier" }),
    fill: async (page, dialog) => {
      await pick(page, dialog.getByRole("combobox", { name: "Tier" }), made.tier);
      await type(page, box(dialog, "Calls a minute"), "77");
    },
    done: (page) => expect(page.getByRole("row", { name: new RegExp(made.tier) })).toContainText("77"),
  },
];

for (const form of forms) {
  test(`the keyboard alone makes ${form.name}`, async ({ visit, watch }) => {
    watch.expectStatus(400, 404);
    const page = await visit("admin", form.path);
    const button = page.getByRole("main").getByRole("button", { name: form.button });
    const dialog = page.getByRole("dialog", { name: form.title ?? form.button });
    await skipMenu(page);
    await press(page, button);
    await expect(dialog).toBeVisible();
    await expectTrapped(page, dialog);
    await press(page, dialog.getByRole("button", { name: form.button, exact: true }));
    await expect(form.missing(dialog)).toHaveAttribute("aria-invalid", "true");
    await expect(form.missing(dialog)).toBeFocused();
    await page.keyboard.press("Escape");
    if (await dialog.isVisible()) await page.keyboard.press("Escape"); // the first closed a list
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
    await page.keyboard.press("Enter");
    await form.fill(page, dialog);
    await press(page, dialog.getByRole("button", { name: form.button, exact: true }));
    await form.done(page);
    if (form.leaves) return;
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
  });
}

test("the keyboard alone makes, changes, rotates and revokes a key", async ({ visit }) => {
  const page = await visit("other", "/console/keys");
  await skipMenu(page);
  const create = page.getByRole("button", { name: "New key" });
  await press(page, create);
  const form = page.getByRole("dialog", { name: "New API key" });
  await expect(box(form, "Name")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(box(form, "Name")).toHaveAccessibleDescription("Enter a name");
  await page.keyboard.type(made.key);
  await page.keyboard.press("Enter");
  const once = page.getByRole("dialog", { name: `Key “${made.key}” was made` });
  await expect(once.getByTestId("secret")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(once).toBeHidden();

  const actions = page.getByRole("button", { name: `Actions for ${made.key}` });
  await pickAction(page, actions, "Change");
  const edit = page.getByRole("dialog", { name: `Change “${made.key}”` });
  await expectTrapped(page, edit);
  await type(page, box(edit, "Budget in USD"), "-1");
  await page.keyboard.press("Enter");
  await expect(box(edit, "Budget in USD")).toBeFocused();
  await type(page, box(edit, "Budget in USD"), "4.50");
  await page.keyboard.press("Enter");
  await expect(edit).toBeHidden();
  await expect(actions).toBeFocused();
  await expect(page.getByRole("row", { name: new RegExp(made.key) })).toContainText("$4.50");

  await pickAction(page, actions, "Rotate");
  const rotate = page.getByRole("dialog", { name: `Rotate “${made.key}”` });
  await pick(page, rotate.getByRole("combobox", { name: "Overlap" }), "1 hour");
  await press(page, rotate.getByRole("button", { name: "Rotate the key" }));
  const renewed = page.getByRole("dialog", { name: `Key “${made.key}” has a new secret` });
  await expect(renewed.getByTestId("secret")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(renewed).toBeHidden();

  await pickAction(page, actions, "Revoke");
  const question = page.getByRole("dialog", { name: `Revoke “${made.key}”?` });
  await expectTrapped(page, question);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(actions).toBeFocused();
  await pickAction(page, actions, "Revoke");
  await press(page, question.getByRole("button", { name: "Revoke the key" }));
  await expect(actions).toHaveCount(0);
});

test("the keyboard alone changes a user and books money after a question", async ({ request, visit }) => {
  const user = await (await Api.as(request, "admin")).newUser();
  const page = await visit("admin", `/console/users/${user.id}`);
  await skipMenu(page);
  const change = page.getByRole("button", { name: "Change", exact: true });
  await press(page, change);
  const edit = page.getByRole("dialog", { name: `Change ${user.email}` });
  await expectTrapped(page, edit);
  await type(page, box(edit, "Tokens a month"), "lots");
  await page.keyboard.press("Enter");
  await expect(box(edit, "Tokens a month")).toBeFocused();
  await type(page, box(edit, "Tokens a month"), "4000");
  await page.keyboard.press("Enter");
  await expect(edit).toBeHidden();
  await expect(change).toBeFocused();
  await expect(page.getByRole("region", { name: "Account" })).toContainText("4,000");

  const book = page.getByRole("button", { name: "Book money" });
  await press(page, book);
  const money = page.getByRole("dialog", { name: `Book money: ${user.email}` });
  await type(page, box(money, "Amount, USD"), "0");
  await page.keyboard.press("Enter");
  await expect(box(money, "Amount, USD")).toHaveAccessibleDescription(/above zero/);
  await type(page, box(money, "Amount, USD"), "3.25");
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Deposit: $3.25?" });
  await expect(question.locator(":focus")).toHaveCount(1);
  await press(page, question.getByRole("button", { name: "Book it" }));
  await expect(money).toBeHidden();
  await expect(page.getByRole("region", { name: "Account" })).toContainText("$3.25");
});

test("the keyboard alone saves a setting, filters a list and finds a call", async ({ visit, watch }) => {
  watch.expectStatus(400);
  const page = await visit("admin", "/console/settings?search=chat_context_messages");
  await skipMenu(page);
  const field = page.getByRole("textbox", { name: "chat_context_messages" });
  const before = await field.inputValue();
  await type(page, field, "0");
  await page.keyboard.press("Enter");
  await expect(field).toHaveAccessibleDescription(/minimum is 1/);
  await type(page, field, "21");
  await page.keyboard.press("Enter");
  await expect(page.getByText("“chat_context_messages” was saved")).toBeVisible();
  await type(page, field, before);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Save: chat_context_messages" })).toBeDisabled();

  await page.goto("/console/calls");
  await settled(page);
  await skipMenu(page);
  const id = (await page.getByRole("row").nth(1).getByRole("link").getAttribute("href"))?.split("/").at(-1) ?? "";
  await pick(page, page.getByRole("combobox", { name: "User" }), emailOf("customer"));
  await expect(page.getByRole("status")).toHaveText("31 calls");
  await press(page, page.getByRole("button", { name: "Clear filters" }));
  await expect(page).toHaveURL(/\/console\/calls$/);
  await page.reload();
  await settled(page);
  await skipMenu(page);
  await type(page, page.getByRole("textbox", { name: "Open a call by its id" }), id);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText(id);
});

test("the keyboard alone talks in the playground and in a chat, and renames the chat", async ({ visit }) => {
  const page = await visit("other", "/console/playground?model=sandbox-chunks-20");
  await skipMenu(page);
  await type(page, page.getByRole("textbox", { name: "Message" }), "Hello");
  await press(page, page.getByRole("button", { name: "Send" }));
  await expect(page.getByRole("region", { name: "Answer" }).getByTestId("answer")).not.toBeEmpty();

  await page.goto("/console/chats");
  await settled(page);
  await skipMenu(page);
  await press(page, page.getByRole("button", { name: "New chat" }));
  await expect(page.getByText("Nothing was said yet.")).toBeVisible();
  await settled(page);
  await pick(page, page.getByRole("combobox", { name: "Model" }), "gpt-4o-mini");
  await type(page, page.getByRole("textbox", { name: "Message" }), "Hello");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("article", { name: "Model" })).toContainText(/tokens in/);
  await press(page, page.getByRole("link", { name: "All chats" }));
  await settled(page);
  const actions = page.getByRole("button", { name: /^Actions for/ }).first();
  await pickAction(page, actions, "Rename");
  const form = page.getByRole("dialog", { name: "Rename" });
  await type(page, box(form, "Title"), " ");
  await page.keyboard.press("Enter");
  await expect(box(form, "Title")).toBeFocused();
  await type(page, box(form, "Title"), "By the keyboard");
  await page.keyboard.press("Enter");
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "Actions for By the keyboard" })).toBeVisible();
  await pickAction(page, page.getByRole("button", { name: "Actions for By the keyboard" }), "Delete");
  await press(page, page.getByRole("dialog").getByRole("button", { name: "Delete the chat" }));
  await expect(page.getByRole("button", { name: "Actions for By the keyboard" })).toHaveCount(0);
});

test("the keyboard alone goes through the wizard's password and signs in with it", async ({ page, request, watch }) => {
  watch.expectStatus(400, 401);
  const admin = await (await Api.as(request, "admin")).newUser("admin");
  await visitAs(page, admin, "/console/setup");
  await skipMenu(page);
  await press(page, page.getByRole("button", { name: "Change the password" }));
  const old = page.getByRole("textbox", { name: "Present password" });
  await expect(old).toBeFocused();
  await page.keyboard.type(admin.password);
  await type(page, page.getByRole("textbox", { name: "New password", exact: true }), "another password");
  await type(page, page.getByRole("textbox", { name: "New password again" }), "another password");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The password was changed")).toBeVisible();
  await page.context().clearCookies();
  await page.goto("/console/me");
  await expect(page.getByRole("textbox", { name: "Email" })).toBeFocused();
  await page.keyboard.type(admin.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(passwordOf("customer"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Invalid credentials");
  await type(page, page.getByRole("textbox", { name: "Password" }), "another password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your overview");
});
