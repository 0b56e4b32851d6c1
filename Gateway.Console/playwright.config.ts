import { defineConfig } from "@playwright/test";

// The browser is the machine's own; the gateway under test and its people come from the environment (Gateway.Tests/WebConsole).
export default defineConfig({
  testDir: "tests",
  testMatch: "*.spec.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: process.env.HUB_REPORTER ? [[process.env.HUB_REPORTER]] : "list",
  outputDir: "test-results",
  use: {
    baseURL: process.env.HUB_URL ?? "http://localhost:8080",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 900 },
    actionTimeout: 10_000,
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.HUB_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
      ],
      chromiumSandbox: false,
    },
  },
});
