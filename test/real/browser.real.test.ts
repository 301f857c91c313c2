// The kustomize package in a real browser: its sources with their types taken out, and nothing else, over HTTP.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { onPath } from "../../bench/on-path.ts";
import { buildSample } from "../browser/sample.ts";
import { repositoryRoot } from "../support/fixtures.ts";
import { temporaryFolder } from "../support/run-slipway.ts";

const browser = ["chromium", "chromium-browser", "google-chrome"]
  .map(onPath)
  .find((file) => file !== undefined);

const page = `<!doctype html>
<script type="importmap">${JSON.stringify({
  imports: {
    "@slipway/kustomize": "/packages/kustomize/src/index.ts",
    "#runtime": "/packages/kustomize/src/runtime/browser.ts",
    "@slipway/yaml": "/packages/yaml/src/index.ts",
    "js-yaml": "/node_modules/js-yaml/dist/js-yaml.mjs",
  },
})}</script>
<pre></pre>
<script type="module">
  const show = (text) => { document.querySelector("pre").textContent = encodeURIComponent(text); };
  import("/test/browser/sample.ts")
    .then(({ buildSample }) => show(JSON.stringify(buildSample())))
    .catch((error) => show(String(error.stack)));
</script>
`;

test("a browser builds the same bytes", {
  skip: browser ? false : "no Chromium on the path",
}, async (context) => {
  const server = createServer(({ url = "/" }, response) => {
    if (url === "/") return response.setHeader("content-type", "text/html").end(page);
    try {
      const source = readFileSync(join(repositoryRoot, url), "utf8");
      response.setHeader("content-type", url.endsWith(".json") ? "application/json" : "text/javascript");
      response.end(url.endsWith(".ts") ? stripTypeScriptTypes(source) : source);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const { stdout } = await promisify(execFile)(browser as string, [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    `--user-data-dir=${temporaryFolder(context)}`,
    "--virtual-time-budget=60000",
    "--dump-dom",
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  ]);
  const shown = decodeURIComponent(/<pre>(.*?)<\/pre>/.exec(stdout)?.[1] ?? "");
  assert.match(shown, /^\{"yaml"/, shown);
  const { yaml, withoutFiles } = JSON.parse(shown) as ReturnType<typeof buildSample>;
  assert.equal(yaml, buildSample().yaml);
  assert.match(withoutFiles, /there is no disk here/);
});
