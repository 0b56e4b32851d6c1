// What somebody without a mouse does: Tab from element to element, Enter, letters, arrows.
import { expect, type Locator, type Page } from "@playwright/test";

const most = 150;

/** Skips the menu, as the first thing on the page offers. */
export async function skipMenu(page: Page) {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
}

/** Goes on until an element has the focus. */
export async function tabTo(page: Page, target: Locator) {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < most; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target.toString()} does not get the focus by Tab; ${await page.evaluate(() => document.activeElement?.outerHTML ?? "")} has it.`);
}

/** Goes to a button, a link or a switch, and presses it. */
export async function press(page: Page, target: Locator, key = "Enter") {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field and types, over what stood there. */
export async function type(page: Page, field: Locator, text: string) {
  await tabTo(page, field);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

/** Goes to a field with choices, and takes the one that is named. */
export async function pick(page: Page, field: Locator, text: string) {
  await tabTo(page, field);
  if (await field.isEditable()) await page.keyboard.type(text);
  if (!(await page.getByRole("listbox").isVisible())) await page.keyboard.press("ArrowDown");
  const option = page.getByRole("option", { name: text, exact: true });
  await expect(option).toBeVisible();
  for (let pressed = 0; pressed < most; pressed++) {
    if ((await option.getAttribute("data-combobox-selected")) !== null) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(option).toBeHidden();
}

/** Opens a row's menu and takes what is named. */
export async function pickAction(page: Page, button: Locator, action: string) {
  const item = page.getByRole("menuitem", { name: action, exact: true });
  // A dialog that has just closed may still be giving the focus back.
  await expect(async () => {
    await press(page, button);
    await expect(item).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
  for (let pressed = 0; pressed < most; pressed++) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}

/** The focus is in a dialog, and stays there however often Tab is pressed. */
export async function expectTrapped(page: Page, dialog: Locator) {
  await expect(dialog.locator(":focus")).toHaveCount(1);
  for (let pressed = 0; pressed < 3; pressed++) await page.keyboard.press("Shift+Tab");
  await expect(dialog.locator(":focus")).toHaveCount(1);
}
