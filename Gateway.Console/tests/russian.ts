// No English is left on a page in Russian: no text of the English list, no two English words side by side, no English figure or date.
import { expect, type Page } from "@playwright/test";
import { en } from "../src/i18n/en";
import { ru } from "../src/i18n/ru";

// What is said in English on purpose: names, codes, addresses and what people or models wrote.
const isForeign = "[translate=no], [lang=en], code, pre, kbd, textarea[aria-hidden]";

/** Every text of a page that a person reads or hears, outside of what is foreign on purpose. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate((foreign) => {
    const found = new Set<string>();
    // What is foreign as a text is foreign in a label too.
    const names = [...document.querySelectorAll(foreign)].map((element) => element.textContent.trim()).filter((name) => name.length > 2);
    const own = (text: string) => names.reduce((rest, name) => rest.replaceAll(name, ""), text.trim());
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode as Element | null; node; node = walker.nextNode() as Element | null) {
      if (node.closest(foreign) || ["SCRIPT", "STYLE"].includes(node.tagName)) continue;
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) found.add(own(child.textContent ?? ""));
      }
      for (const name of ["aria-label", "placeholder", "title", "alt"]) {
        if (name === "aria-label" && node.closest("[aria-hidden=true]")) continue; // nobody hears it
        found.add(own(node.getAttribute(name) ?? ""));
      }
    }
    return [...found].filter((text) => /[A-Za-z]{2}/.test(text) || /\d/.test(text));
  }, isForeign);
}

const isOfList = (texts: Record<string, string>) => {
  const known = Object.values(texts).flatMap((text) => text.split("|"));
  const forms = known.map((text) => text.replace(/[.*+?^$()[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*"));
  // A text that is nothing but a hole says nothing.
  return new RegExp(`^(?:${forms.filter((form) => /\p{L}{2}/u.test(form)).join("|")})$`, "u");
};

const english = isOfList(en);
const russian = isOfList(ru);
const words = /\b[A-Za-z]{2,}'?[a-z]* [a-z]{2,}\b/;
const figures = /\$\d|\d (?:ms|kB|s)\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|\b(?:AM|PM)\b/;

export async function expectRussian(page: Page, where: string) {
  const left = (await textsOf(page)).filter(
    (text) => (english.test(text) && !russian.test(text)) || words.test(text) || figures.test(text),
  );
  expect.soft(left, `English on a page in Russian: ${where}`).toEqual([]);
}
