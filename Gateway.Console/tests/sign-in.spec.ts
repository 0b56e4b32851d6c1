import { Api, emailOf, expect, expectAccessible, fillSignIn, issuer, openAs, settled, test, visitAs } from "./console";

test("a wrong password is refused in the API's words", async ({ page, watch }) => {
  watch.expectStatus(401);
  await page.goto("/");
  await fillSignIn(page, emailOf("customer"), "not the password");
  await expect(page.getByRole("alert")).toContainText("Invalid credentials");
  await expectAccessible(page);
});

test("an empty form names the fields that are missing", async ({ page, watch }) => {
  watch.expectStatus(400);
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Email" })).toHaveAccessibleDescription(/required|minimum/);
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveAccessibleDescription(/required|minimum/);
});

test("signing in shows the view that was asked for", async ({ page }) => {
  await openAs(page, "customer", "/console/keys");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("API keys");
  await expect(page).toHaveURL(/\/console\/keys$/);
});

test("a reload keeps the session, and no token is where scripts could find it", async ({ page }) => {
  await openAs(page, "customer", "/console/keys");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("API keys");
  const kept = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]));
  expect(kept).not.toMatch(/eyJ/);
  const cookies = await page.context().cookies(new URL("/api/v1/auth/session", page.url()).href);
  expect(cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))).toEqual([
    { name: "hub_session", httpOnly: true, sameSite: "Strict" },
  ]);
});

test("signing out ends the session here and at the gateway", async ({ page, watch }) => {
  watch.expectStatus(401);
  await openAs(page, "customer", "/console/me");
  const before = await page.context().cookies(new URL("/api/v1/auth/session", page.url()).href);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  const answer = await page.request.post("/api/v1/auth/session/refresh", {
    headers: { "X-Requested-With": "console", Cookie: `hub_session=${before[0]?.value ?? ""}` },
  });
  expect(answer.status()).toBe(401);
});

test("a token that the gateway refuses is renewed unseen", async ({ page, watch }) => {
  watch.expectStatus(401);
  await openAs(page, "customer", "/console/me");
  await settled(page);
  let refused = 0;
  await page.route("**/api-keys", async (route) => {
    const isFirst = refused++ === 0;
    const headers = { ...route.request().headers(), ...(isFirst && { authorization: "Bearer ended" }) };
    await route.continue({ headers });
  });
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("customer's key");
  expect(refused).toBe(2);
});

test("a token is renewed before it ends", async ({ page }) => {
  await page.clock.install();
  await openAs(page, "customer", "/console/me");
  await settled(page);
  const renewed = page.waitForResponse("**/api/v1/auth/session/refresh");
  await page.clock.fastForward("24:00:00");
  await page.getByRole("link", { name: "API keys" }).click();
  expect((await renewed).status()).toBe(200);
  await expect(page.getByRole("group", { name: "API keys" })).toContainText("customer's key");
});

test("a session that ended elsewhere asks to sign in again and goes on where it was", async ({ page, request, watch }) => {
  watch.expectStatus(401);
  const { email, password } = await (await Api.as(request, "admin")).newUser();
  await visitAs(page, { email, password }, "/console/me");
  const signedIn = await request.post("/api/v1/auth/login", { data: { email, password } });
  const { token } = (await signedIn.json()) as { token: string };
  await request.post("/api/v1/auth/logout", { headers: { Authorization: `Bearer ${token}` }, data: { all: true } });
  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page.getByText("Your session has ended", { exact: false })).toBeVisible();
  const asked = page.url();
  await fillSignIn(page, email, password);
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
  expect(page.url()).toBe(asked);
});

test("two tabs that start at once both stay signed in", async ({ page, context }) => {
  await openAs(page, "customer", "/console/keys");
  const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto("/console/keys")));
  for (const tab of [page, ...tabs]) {
    await tab.reload();
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText("API keys");
  }
});

test("signing in at an identity provider leads back to the view that was asked for", async ({ page, watch }) => {
  watch.expectHost(new URL(issuer()).host);
  await page.goto("/console/keys?new=1");
  await expect(page.getByRole("link", { name: "Sign in with TestId" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sign in with TestId" }).click();
  await expect(page.getByRole("dialog", { name: "New API key" })).toBeVisible();
  await expect(page).toHaveURL(/\/console\/keys\?new=1$/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Account: carol@example.com" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("API keys");
  const kept = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]));
  expect(kept).not.toMatch(/eyJ/);
});

test("a sign-in at an identity provider that fails says why and leaves the address clean", async ({ page }) => {
  await page.goto("/api/v1/auth/oidc/TestId/callback?state=made-up&code=stolen");
  await expect(page.getByRole("alert")).toContainText("was begun in another browser");
  await expect(page).toHaveURL(/\/console$/);
  await page.goto("/console/keys?new=1&sign_in_error=no_account");
  await expect(page.getByRole("alert")).toContainText("there is no account for you here");
  await expect(page).toHaveURL(/\/console\/keys\?new=1$/);
  await page.goto("/api/v1/auth/oidc/Nobody/start");
  await expect(page.getByRole("alert")).toContainText("There is no such identity provider");
});
