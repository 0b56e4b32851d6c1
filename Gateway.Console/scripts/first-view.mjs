// What a browser loads before the first view after sign-in can be used, gzipped; the build fails when it grows above the limit.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limit = 350 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const files = new Set();

function take(name) {
  const chunk = manifest[name];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const imported of chunk.imports ?? []) take(imported);
}

take("index.html");
take("src/views/Overview.tsx");
take("src/parts/Chart.tsx");
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0);
console.log(`first view: ${(bytes / 1024).toFixed(1)} KB gzipped in ${files.size} files (limit ${limit / 1024} KB)`);
if (bytes > limit) {
  process.exitCode = 1;
  console.error("The first view is too large: load what it does not need lazily.");
}
