// One JSON line per test, for Gateway.Tests/WebConsole/ConsoleTests.cs: the reporters that Playwright ships are made for people.
import { basename } from "node:path";
import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

export default class Lines implements Reporter {
  onTestEnd(test: TestCase, result: TestResult) {
    console.log(
      JSON.stringify({
        file: basename(test.location.file),
        name: test.title,
        passed: result.status === "passed",
        skipped: result.status === "skipped",
        error: result.error ? (result.error.stack ?? result.error.message ?? "failed") : null,
      }),
    );
  }

  onError(error: { message?: string; stack?: string }) {
    console.error(error.stack ?? error.message);
  }
}
