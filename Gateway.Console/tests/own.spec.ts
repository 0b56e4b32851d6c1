import { readFileSync } from "node:fs";
import { choose, confirm, expect, expectAccessible, settled, test } from "./console";

const onePixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("a chat answers as it streams, takes a file, is renamed, archived and deleted", async ({ visit, watch }) => {
  watch.expectStatus(415, 400);
  const page = await visit("other", "/console/chats");
  await page.getByRole("button", { name: "New chat" }).click();
  await expect(page.getByText("Nothing was said yet.")).toBeVisible();
  await settled(page);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach a file" }).click();
  await (await choosing).setFiles({ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") });
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  const again = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach a file" }).click();
  await (await again).setFiles({ name: "dot.png", mimeType: "image/png", buffer: onePixel });
  await expect(page.getByRole("button", { name: "Detach dot.png" })).toBeVisible();
  await page.getByRole("combobox", { name: "Model" }).fill("gpt-4o-mini");
  await page.getByRole("option", { name: "gpt-4o-mini", exact: true }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("What is this?");
  await page.keyboard.press("Control+Enter");
  const answer = page.getByRole("article", { name: "Model" });
  await expect(answer).toContainText(/tokens in/);
  await expect(page.getByRole("article", { name: "You" })).toContainText("dot.png");
  await expectAccessible(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "dot.png" }).click();
  expect(readFileSync(await (await downloading).path())).toEqual(onePixel);

  await page.getByRole("link", { name: "All chats" }).click();
  await page.getByRole("button", { name: /^Actions for/ }).first().click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const form = page.getByRole("dialog", { name: "Rename" });
  await form.getByRole("textbox", { name: "Title" }).fill(" ");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByRole("textbox", { name: "Title" })).toHaveAccessibleDescription("Enter a name");
  await form.getByRole("textbox", { name: "Title" }).fill("A dot");
  await form.getByRole("button", { name: "Save" }).click();
  await choose(page, "Actions for A dot", "Archive");
  await expect(page.getByRole("row", { name: /A dot/ })).toHaveCount(0);
  await page.getByRole("switch", { name: "Show archived" }).click();
  await choose(page, "Actions for A dot", "Delete");
  await confirm(page, "Delete “A dot”?", "Delete the chat");
  await expect(page.getByRole("row", { name: /A dot/ })).toHaveCount(0);
});

test("an answer in a chat is stopped, and what came stays", async ({ visit }) => {
  const page = await visit("other", "/console/chats");
  await page.getByRole("button", { name: "New chat" }).click();
  await expect(page.getByText("Nothing was said yet.")).toBeVisible();
  await settled(page);
  await page.getByRole("combobox", { name: "Model" }).fill("sandbox-endless");
  await page.getByRole("option", { name: "sandbox-endless", exact: true }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("Go on");
  await page.getByRole("button", { name: "Send" }).click();
  const answer = page.getByRole("article", { name: "Model" });
  await expect(answer).toContainText(/\w{3,}/);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toHaveCount(0);
  await expect(answer).toContainText(/\w{3,}/);
});

test("a refused message is told in the API's words, and can be sent again", async ({ visit, watch }) => {
  watch.expectStatus(400, 502);
  const page = await visit("other", "/console/chats");
  await page.getByRole("button", { name: "New chat" }).click();
  await expect(page.getByText("Nothing was said yet.")).toBeVisible();
  await settled(page);
  await page.getByRole("combobox", { name: "Model" }).fill("sandbox-status-400");
  await page.getByRole("option", { name: "sandbox-status-400", exact: true }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/\S{3,}/);
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("Hello");
});

test("a bill shows the month by day and model, and is downloaded", async ({ visit }) => {
  const page = await visit("customer", "/console/bills");
  const lines = page.getByRole("group", { name: "Bill by day and model" });
  await expect(lines).toContainText("gpt-4o-mini");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^bill-\d{4}-\d\d\.csv$/);
  expect(readFileSync(await file.path(), "utf8")).toMatch(/^day,model,requests,input_tokens,output_tokens,total_cost\r\n[^]*^\d{4}-\d\d-\d\d,gpt-4o,\d+,/m);
  await page.getByLabel("Month (UTC)").fill("2020-01");
  await expect(page.getByText("Nothing was charged in this month.")).toBeVisible();
  await expect(page).toHaveURL(/month=2020-01/);
});
