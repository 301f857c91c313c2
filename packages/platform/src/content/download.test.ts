import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Problem, ProblemError } from "@slipway/yaml";
import { download } from "./download.ts";

const limits = { maxBytes: 1000, idleMs: 20_000, attempts: 3, pauseMs: 0 };

/** A server that gives its n-th answer to the n-th request, the last one from then on. */
async function serve(context: TestContext, ...answers: readonly ((response: ServerResponse) => void)[]) {
  let count = 0;
  const server = createServer((_request, response) => {
    const answer = answers[Math.min(count, answers.length - 1)];
    count += 1;
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "slipway-download-"));
  context.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/file.yaml`,
    target: join(folder, "file"),
    folder,
    requests: () => count,
  };
}

const whole = (response: ServerResponse) => response.end("the whole text");
const brokenOff = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("the whole", () => response.destroy());
};
const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end("no");

async function problemOf(action: Promise<unknown>): Promise<Problem> {
  const error = await action.then(
    () => new Error("it went well"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, "release/fetch-failed");
  return error.problem;
}

test("what breaks off in the middle is begun again, and nothing of it stays", async (context) => {
  const { address, target, requests } = await serve(context, brokenOff, status(503), whole);
  await download(address, target, limits);
  assert.equal(readFileSync(target, "utf8"), "the whole text");
  assert.equal(requests(), 3);
});

test("a file that is replaced between two tries is the new one, without a rest of the old", async (context) => {
  const { address, target } = await serve(context, brokenOff, (response) => response.end("new"));
  await download(address, target, limits);
  assert.equal(readFileSync(target, "utf8"), "new");
});

test("what breaks off every time is given up with the number of tries", async (context) => {
  const { address, target, requests } = await serve(context, brokenOff);
  assert.match((await problemOf(download(address, target, limits))).message, /tried 3 times/);
  assert.equal(requests(), 3);
});

test("what is not there is asked for once", async (context) => {
  const { address, target, requests } = await serve(context, status(404));
  assert.match((await problemOf(download(address, target, limits))).message, /answers 404/);
  assert.equal(requests(), 1);
});

test("more than the limit is not taken", async (context) => {
  const { address, target, requests } = await serve(context, (response) => response.end("x".repeat(2000)));
  assert.match((await problemOf(download(address, target, limits))).message, /larger than/);
  assert.equal(requests(), 1);
});

test("a server that says nothing is given up", async (context) => {
  const { address, target } = await serve(context, () => {});
  const impatient = { ...limits, idleMs: 10, attempts: 2 };
  assert.match((await problemOf(download(address, target, impatient))).message, /nothing came/);
});

test("a redirection is followed, an empty body is a file, a file: address is read", async (context) => {
  const { address, target, folder } = await serve(
    context,
    (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
    whole,
    (response) => response.writeHead(204).end(),
  );
  await download(address, target, limits);
  assert.equal(readFileSync(target, "utf8"), "the whole text");
  await download(address, target, limits);
  assert.equal(readFileSync(target, "utf8"), "");
  writeFileSync(join(folder, "local"), "local text");
  await download(pathToFileURL(join(folder, "local")).href, target, limits);
  assert.equal(readFileSync(target, "utf8"), "local text");
  await problemOf(download(pathToFileURL(join(folder, "nowhere")).href, target, limits));
});
