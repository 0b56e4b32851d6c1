import { dialog, expect, expectAccessible, test } from "./console";

test("an answer is shown as it comes, with its tokens and what it cost", async ({ visit }) => {
  const page = await visit("customer", "/console/playground?model=sandbox-chunks-20");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.keyboard.press("Control+Enter");
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer.getByTestId("answer")).not.toBeEmpty();
  await expect(answer).toContainText(/\$0\.0+\d/);
  await expectAccessible(page);
  await answer.getByRole("link").click();
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("sandbox-chunks-20");
});

test("a stream is stopped, and what was there stays", async ({ visit }) => {
  const page = await visit("customer", "/console/playground?model=sandbox-endless");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  const answer = page.getByRole("region", { name: "Answer" }).getByTestId("answer");
  await expect(answer).not.toBeEmpty();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Send" })).toBeEnabled();
  await expect(answer).not.toBeEmpty();
});

test("what the upstream refuses is told in its words", async ({ visit, watch }) => {
  watch.expectStatus(400);
  const page = await visit("customer", "/console/playground?model=sandbox-status-400");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toContainText(/\S{3,}/);
  await expectAccessible(page);
});

test("the quick start has the own address, key and model filled in", async ({ visit }) => {
  const page = await visit("customer", "/console/quick-start?for=python&model=gpt-4o");
  await page.getByRole("textbox", { name: "Your key" }).fill("sk-hub-mine");
  const snippet = page.getByRole("tabpanel");
  await expect(snippet).toContainText(`base_url="${new URL(page.url()).origin}/v1", api_key="sk-hub-mine"`);
  await expect(snippet).toContainText('model="gpt-4o"');
  await page.getByRole("tab", { name: "Claude Code" }).click();
  await expect(page.getByRole("tabpanel")).toContainText("ANTHROPIC_AUTH_TOKEN=sk-hub-mine");
});

test("an admin reads who changed what", async ({ visit }) => {
  const page = await visit("admin", "/console/audit?entity_type=user");
  await page.getByRole("button", { name: /user/ }).last().click();
  const entry = page.getByRole("dialog");
  await expect(entry.getByRole("region", { name: "After" })).toBeVisible();
  await expectAccessible(page, dialog);
});
