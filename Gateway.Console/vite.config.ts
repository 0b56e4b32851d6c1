import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const smallest = 1024;

// The gateway sends files as they lie: compressing them once here costs nothing at each start.
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    async closeBundle() {
      for (const name of await readdir(folder)) {
        const content = await readFile(join(folder, name));
        if (!/\.(js|css|svg)$/.test(name) || content.length < smallest) continue;
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(content, best));
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/console/",
  plugins: [react(), compressed()],
  // The gateway puts a nonce of each answer in its place.
  html: { cspNonce: "nonce-of-this-answer" },
  build: {
    manifest: true,
    // A picture within a style sheet is a data: address, which the policy allows for pictures only.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/v1", "/health"].map((path) => [path, process.env.HUB ?? "http://localhost:8080"]),
    ),
  },
});
