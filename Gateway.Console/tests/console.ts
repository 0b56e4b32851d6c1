// What every test of the console holds: no error in the browser's console, no request to another host, no violation that axe finds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  expect,
  test as base,
  type APIRequestContext,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  type Request,
} from "@playwright/test";
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

/** The identity provider that the gateway under test knows. */
export const issuer = () => wanted("HUB_ISSUER");

interface Watch {
  /** Statuses of answers that this test provokes: the browser writes a line for each. */
  expectStatus: (...statuses: number[]) => void;
  /** Another host that this test's pages go to. */
  expectHost: (host: string) => void;
  /** Follows a page that the test opened itself. */
  follow: (page: Page) => void;
}

/** Opens a view in a new page of somebody who has signed in already: for tests that leave session, language and colours alone. */
type Visit = (role: Role, path: string) => Promise<Page>;

// Requests of each page that have no answer yet.
const open = new WeakMap<Page, Set<Request>>();

function track(page: Page) {
  const requests = new Set<Request>();
  open.set(page, requests);
  page.on("request", (request) => requests.add(request));
  page.on("requestfinished", (request) => requests.delete(request));
  page.on("requestfailed", (request) => requests.delete(request));
}

export const test = base.extend<{ watch: Watch; visit: Visit }, { contextOf: (role: Role) => Promise<BrowserContext> }>({
  watch: [
    async ({ baseURL }, use) => {
      const complaints: string[] = [];
      const foreign: string[] = [];
      const expected = new Set<number>();
      const hosts = new Set([new URL(baseURL ?? "").host]);
      const follow = (page: Page) => {
        track(page);
        page.on("console", (message) => {
          if (message.type() !== "error" && message.type() !== "warning") return;
          const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(message.text())?.[1];
          if (status === undefined || !expected.has(Number(status))) complaints.push(`${message.text()} (${message.location().url})`);
        });
        page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
        page.on("request", (request) => {
          const url = new URL(request.url());
          if (url.protocol.startsWith("http") && !hosts.has(url.host)) foreign.push(request.url());
        });
      };
      await use({ expectStatus: (...statuses) => statuses.forEach((status) => expected.add(status)), expectHost: (host) => hosts.add(host), follow });
      expect(foreign, "requests to other hosts").toEqual([]);
      expect(complaints, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
  page: async ({ page, watch }, give) => {
    watch.follow(page);
    await give(page);
  },
  // One context for each role and worker: its session goes on from test to test, and so does what the browser has cached.
  contextOf: [
    async ({ browser }, use, worker) => {
      const { baseURL, locale, timezoneId, viewport, contextOptions } = worker.project.use;
      const contexts = new Map<Role, Promise<BrowserContext>>();
      const begin = async (role: Role) => {
        const context = await browser.newContext({ ...contextOptions, baseURL, locale, timezoneId, viewport } as BrowserContextOptions);
        context.setDefaultTimeout(actionTimeout);
        await signInto(context, emailOf(role), passwordOf(role));
        return context;
      };
      await use((role) => {
        const context = contexts.get(role) ?? begin(role);
        contexts.set(role, context);
        return context;
      });
      await Promise.all([...contexts.values()].map(async (context) => (await context).close()));
    },
    { scope: "worker" },
  ],
  visit: async ({ contextOf, watch }, give) => {
    const pages: Page[] = [];
    await give(async (role, path) => {
      const page = await (await contextOf(role)).newPage();
      pages.push(page);
      watch.follow(page);
      await go(page, path);
      return page;
    });
    await Promise.all(pages.map((page) => page.close()));
  },
});

const actionTimeout = 10_000;

export { expect };

/** Fills the form that stands wherever nobody is signed in. */
export async function fillSignIn(page: Page, email: string, password: string) {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in by the form that stands wherever nobody is signed in, and so opens a view. */
export async function openAs(page: Page, role: Role, path: string) {
  await page.goto(path);
  await fillSignIn(page, emailOf(role), passwordOf(role));
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
}

// Without the form, which has tests of its own.
async function signInto(context: BrowserContext, email: string, password: string) {
  const answer = await context.request.post("/api/v1/auth/session", { headers: { "X-Requested-With": "console" }, data: { email, password } });
  expect(answer.status()).toBe(200);
  await context.addInitScript(() => {
    if (sessionStorage.getItem("visited")) return;
    sessionStorage.setItem("visited", "1");
    localStorage.setItem("hub.signed-in", "1");
  });
}

async function go(page: Page, path: string) {
  await page.goto(path);
  await expect(page.locator("header").first()).toBeVisible();
  await settled(page);
}

/** Opens a view in the test's own page, as somebody who signed in before: for tests that change session, language or colours. */
export async function visitAs(page: Page, who: Role | { email: string; password: string }, path: string) {
  const { email, password } = typeof who === "string" ? { email: emailOf(who), password: passwordOf(who) } : who;
  await signInto(page.context(), email, password);
  await go(page, path);
}

/** All has been loaded and drawn. */
export async function settled(page: Page) {
  const isQuiet = async () => {
    if ((open.get(page)?.size ?? 0) > 0) return false;
    const isDrawn = await page.evaluate(
      () => new Promise<boolean>((drawn) => requestAnimationFrame(() => setTimeout(() => drawn(document.querySelector("[data-loading]") === null)))),
    );
    return isDrawn && (open.get(page)?.size ?? 0) === 0;
  };
  await expect.poll(isQuiet, { intervals: [20, 40, 60, 100], timeout: actionTimeout }).toBe(true);
}

/**
 * axe finds nothing to mend in what the page shows, or in its dialog. Each view is looked at as a whole in views.spec.ts; other tests look
 * at what they alone bring up.
 */
export async function expectAccessible(page: Page, { only = [], within }: { only?: string[]; within?: string } = {}) {
  if (!(await page.evaluate("Boolean(window.axe)"))) await page.evaluate(axeSource);
  const options = { resultTypes: ["violations"], ...(only.length > 0 && { runOnly: only }) };
  const place = within === undefined ? "document" : JSON.stringify(within);
  const results = await page.evaluate<AxeResults>(`window.axe.run(${place}, ${JSON.stringify(options)})`);
  const found = results.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`);
  expect(found).toEqual([]);
}

/** The dialog that is open. */
export const dialog = { within: "[role=dialog]" };

const tokens = new Map<Role, string>();

/** The management API as somebody, to make what a test needs. */
export class Api {
  readonly #request: APIRequestContext;
  readonly #token: string;

  private constructor(request: APIRequestContext, token: string) {
    this.#request = request;
    this.#token = token;
  }

  static async as(request: APIRequestContext, role: Role): Promise<Api> {
    const token = tokens.get(role) ?? (await Api.#signIn(request, role));
    tokens.set(role, token);
    return new Api(request, token);
  }

  static async #signIn(request: APIRequestContext, role: Role): Promise<string> {
    const answer = await request.post("/api/v1/auth/login", { data: { email: emailOf(role), password: passwordOf(role) } });
    return ((await answer.json()) as { token: string }).token;
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
