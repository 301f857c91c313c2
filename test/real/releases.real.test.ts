// Release 26.03 as a whole: from a git server to a build that needs neither network nor git, byte for byte.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { fixture, skipWithout } from "../support/fixtures.ts";
import { type RunOptions, runSlipway } from "../support/run-slipway.ts";
import { skipWithoutGit } from "../support/small-upstream.ts";

const skip = skipWithout(fixture("upstream/26.03")) || skipWithoutGit;
const folder = mkdtempSync(join(tmpdir(), "slipway-26.03-"));
const web = join(folder, "web");
const project = join(folder, "project");
const cache = join(folder, "cache");
let server: Server | undefined;

after(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A bare repository for the server. */
function publish(files: string, repository: string, ...tags: readonly string[]): void {
  const target = join(web, repository);
  const work = mkdtempSync(join(folder, "work-"));
  cpSync(files, work, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", work, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      stdio: "ignore",
    });
  git("init", "--quiet");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "Release");
  for (const tag of tags) git("tag", "--annotate", "--message", "Release", tag);
  mkdirSync(dirname(target), { recursive: true });
  git("clone", "--quiet", "--bare", work, target);
  execFileSync("git", ["--git-dir", target, "config", "uploadpack.allowFilter", "true"]);
  rmSync(work, { recursive: true });
}

before(async () => {
  if (skip) return;
  publish(fixture("upstream/26.03"), "kubeflow/community-distribution", "26.03", "26.03-rc.1");
  const remotes = fixture("remotes/github.com");
  for (const owner of readdirSync(remotes)) {
    for (const name of readdirSync(join(remotes, owner))) {
      const [repository = "", tag] = name.split("@");
      if (tag) publish(join(remotes, owner, name), `${owner}/${repository}`, tag);
      else cpSync(join(remotes, owner, name), join(web, owner, name), { recursive: true });
    }
  }
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    if (/\/(?:info\/refs|git-upload-pack)$/.test(url.pathname)) return runGitBackend(url, request, response);
    const path = join(web, url.pathname);
    if (existsSync(path) && statSync(path).isFile()) return response.end(readFileSync(path));
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  mkdirSync(project);
  writeFileSync(
    join(project, "slipway.yaml"),
    `apiVersion: slipway.dev/v1alpha1
kind: Platform
metadata: { name: whole }
spec:
  release:
    version: "26.03"
    mirrors:
      https://github.com/: http://127.0.0.1:${port}/
`,
  );
});

/** Git's own server program (git-http-backend), as a web server runs it. */
function runGitBackend(url: URL, request: IncomingMessage, response: ServerResponse): void {
  const { headers, method = "GET" } = request;
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: web,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const lines = output.subarray(0, end).toString().split("\r\n");
    const fields = lines.map((line) => line.split(": ") as [string, string]);
    const status = Number.parseInt(fields.find(([name]) => name === "Status")?.[1] ?? "200", 10);
    response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== "Status")));
    response.end(output.subarray(end + 4));
  });
}

function slipway(args: readonly string[], environment: RunOptions["environment"] = {}) {
  return runSlipway(args, { directory: project, environment: { SLIPWAY_CACHE: cache, ...environment } });
}

test("list, lock, build, vendor; and build again once the server and the cache are gone", {
  skip,
}, async () => {
  assert.match((await slipway(["release", "list"])).stdout, /^26\.03 {2}[0-9a-f]{12}\n$/);
  const lock = await slipway(["release", "lock"]);
  assert.equal(lock.code, 0, lock.stderr);
  assert.match(lock.stdout, /argo-workflows v3\.7\.3[\s\S]*jobset\/releases\/download\/v0\.10\.1/);
  const golden = gunzipSync(readFileSync(fixture("golden/26.03/example.yaml.gz"))).toString();
  const build = await slipway(["build"]);
  assert.equal(build.code, 0, build.stderr);
  assert.ok(build.stdout === golden, "the build is the golden one");
  const vendor = await slipway(["vendor"]);
  assert.equal(vendor.code, 0, vendor.stderr);
  server?.closeAllConnections();
  server?.close();
  rmSync(cache, { recursive: true });
  const offline = await slipway(["build"], { PATH: "/nonexistent" });
  assert.equal(offline.code, 0, offline.stderr);
  assert.ok(offline.stdout === golden, "the build of the vendored folder is the golden one");
  const added = await slipway(["build", "--add", "model-registry"], { PATH: "/nonexistent" });
  assert.equal(added.code, 0, added.stderr);
});
