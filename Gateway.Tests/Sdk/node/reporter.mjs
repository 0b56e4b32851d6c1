// One JSON line per test, for NodeSdkTests.cs: the reporters that Node ships are made for people.
import { basename } from "node:path";

export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === "test:pass" || type === "test:fail") {
      const error = data.details?.error;
      yield JSON.stringify({
        file: basename(data.file ?? ""),
        name: data.name,
        passed: type === "test:pass",
        skipped: data.skip !== undefined || data.todo !== undefined,
        error: error === undefined ? null : (error.cause?.stack ?? error.stack ?? String(error)),
      }) + "\n";
    }
  }
}
