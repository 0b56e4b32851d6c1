// What every test of the console holds: no error in the browser's console, no request to another host, no violation that axe finds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test as base, type APIRequestContext, type Locator, type Page, type Request } from "@playwright/test";
import type { AxeResults } from "axe-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function wanted(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by Gateway.Tests/WebConsole.`);
  return value;
}

export type Role = "admin" | "support" | "customer" | "other";

export const emailOf = (role: Role) => wanted(`HUB_${role.toUpperCase()}`);
export const passwordOf = (role: Role) => wanted(role === "admin" ? "HUB_ADMIN_PASSWORD" : "HUB_PASSWORD");

interface Watch {
  /** Statuses of answers that this test provokes: the browser writes a line for each. */
  expectStatus: (...statuses: number[]) => void;
}

// Requests of each page that have no answer yet.
const open = new WeakMap<Page, Set<Request>>();

function track(page: Page) {
  const requests = new Set<Request>();
  open.set(page, requests);
  page.on("request", (request) => requests.add(request));
  page.on("requestfinished", (request) => requests.delete(request));
  page.on("requestfailed", (request) => requests.delete(request));
}

export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ page, baseURL }, use) => {
      track(page);
      const complaints: string[] = [];
      const foreign: string[] = [];
      const expected = new Set<number>();
      const host = new URL(baseURL ?? "").host;
      page.on("console", (message) => {
        if (message.type() !== "error" && message.type() !== "warning") return;
        const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1];
        if (status === undefined || !expected.has(Number(status))) complaints.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.host !== host) foreign.push(request.url());
      });
      await use({ expectStatus: (...statuses) => statuses.forEach((status) => expected.add(status)) });
      expect(foreign, "requests to other hosts").toEqual([]);
      expect(complaints, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Fills the form that stands wherever nobody is signed in. */
export async function fillSignIn(page: Page, email: string, password: string) {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in by the form that stands wherever nobody is signed in, and so opens a view. */
export async function openAs(page: Page, role: Role, path: string) {
  await page.goto(path);
  await fillSignIn(page, emailOf(role), passwordOf(role));
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
}

/** Opens a view as somebody who signed in before: without the form, which has tests of its own. */
export async function visitAs(page: Page, who: Role | { email: string; password: string }, path: string) {
  const { email, password } = typeof who === "string" ? { email: emailOf(who), password: passwordOf(who) } : who;
  const answer = await page.request.post("/api/v1/auth/session", { headers: { "X-Requested-With": "console" }, data: { email, password } });
  expect(answer.status()).toBe(200);
  await page.addInitScript(() => {
    if (sessionStorage.getItem("visited")) return;
    sessionStorage.setItem("visited", "1");
    localStorage.setItem("hub.signed-in", "1");
  });
  await page.goto(path);
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
  await settled(page);
}

/** All has been loaded and drawn. */
export async function settled(page: Page) {
  await expect(async () => {
    await expect(page.getByText("Loading", { exact: true })).toHaveCount(0, { timeout: 1 });
    expect(open.get(page)?.size ?? 0).toBe(0);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    await expect(page.getByText("Loading", { exact: true })).toHaveCount(0, { timeout: 1 });
    expect(open.get(page)?.size ?? 0).toBe(0);
  }).toPass({ intervals: [20, 40, 60, 100], timeout: 10_000 });
}

/** axe finds nothing to mend in what the page shows; with `only`, by these rules alone. */
export async function expectAccessible(page: Page, only: string[] = []) {
  if (!(await page.evaluate("Boolean(window.axe)"))) await page.evaluate(axeSource);
  const options = { resultTypes: ["violations"], ...(only.length > 0 && { runOnly: only }) };
  const results = await page.evaluate<AxeResults>(`window.axe.run(document, ${JSON.stringify(options)})`);
  const found = results.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`);
  expect(found).toEqual([]);
}

/** The management API as somebody, to make what a test needs. */
export class Api {
  readonly #request: APIRequestContext;
  readonly #token: string;

  private constructor(request: APIRequestContext, token: string) {
    this.#request = request;
    this.#token = token;
  }

  static async as(request: APIRequestContext, role: Role): Promise<Api> {
    const answer = await request.post("/api/v1/auth/login", { data: { email: emailOf(role), password: passwordOf(role) } });
    return new Api(request, ((await answer.json()) as { token: string }).token);
  }

  async send<T>(method: string, path: string, data?: object): Promise<T> {
    const answer = await this.#request.fetch(`/api/v1${path}`, { method, ...(data && { data }), headers: { Authorization: `Bearer ${this.#token}` } });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return (await answer.json()) as T;
  }

  /** A new user with a password that all of them have. */
  async newUser(role = "customer"): Promise<{ id: string; email: string; password: string }> {
    const email = `${crypto.randomUUID()}@example.com`;
    const password = passwordOf("customer");
    const made = await this.send<{ data: { id: string } }>("POST", "/admin/users", { email, password, role });
    return { id: made.data.id, email, password };
  }

  /** A new key of a user. */
  async newKey(userId: string): Promise<string> {
    return (await this.send<{ api_key: string }>("POST", `/users/${userId}/api-keys`, { name: "made by a test" })).api_key;
  }
}

/** Chooses what can be done with a row. */
export async function choose(page: Page, menu: string | RegExp, action: string) {
  await page.getByRole("button", { name: menu }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
  await expect(page.getByRole("menu")).toHaveCount(0);
}

/** Confirms a question, after it was looked at. */
export async function confirm(page: Page, title: string | RegExp, button: string) {
  const question = page.getByRole("dialog", { name: title });
  await question.getByRole("button", { name: button, exact: true }).click();
  await expect(question).toBeHidden();
}

/** Fills the form of an upstream with the address and key of the sandbox, and sends it. */
export async function connectSandbox(form: Locator, name: string) {
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByRole("textbox", { name: "Address" }).fill(wanted("HUB_SANDBOX"));
  await form.getByRole("textbox", { name: "API key" }).fill(wanted("HUB_SANDBOX_KEY"));
  await form.getByRole("switch", { name: /catalogue by themselves/ }).click();
  await form.getByRole("button", { name: "Connect an upstream" }).click();
}
