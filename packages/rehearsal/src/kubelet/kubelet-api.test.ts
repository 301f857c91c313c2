import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { answerKubelet } from "./kubelet-api.ts";

const started = "2026-01-01T00:00:10Z";
const now = Date.parse("2026-01-01T00:01:00Z");

function podWith(state: JsonObject, more: JsonObject = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "team" },
    status: { containerStatuses: [{ name: "main", state, ...more }] },
  };
}

function logOf(pod: ReturnType<typeof podWith>, query = "") {
  const path = "/containerLogs/team/web/main";
  return answerKubelet(path, new URLSearchParams(query), { pod, now });
}

const running = podWith({ running: { startedAt: started } });
const line = 'container "main" is simulated: no process runs in it, and nothing more is logged\n';

test("a running container's log is one line, of the time when it started", () => {
  assert.deepEqual(logOf(running), { status: 200, text: line });
  assert.equal(logOf(running, "timestamps=true").text, `${started} ${line}`);
  assert.equal(logOf(running, "tailLines=0").text, "");
  assert.equal(logOf(running, "tailLines=5").text, line);
  assert.equal(logOf(running, "limitBytes=9").text, "container");
  assert.equal(logOf(running, "sinceSeconds=49").text, "");
  assert.equal(logOf(running, "sinceSeconds=51").text, line);
  assert.equal(logOf(running, "sinceTime=2026-01-01T00:00:11Z").text, "");
});

test("a log is followed until its container has ended", () => {
  assert.equal(logOf(running, "follow=true").follows, true);
  const ended = podWith({ terminated: { startedAt: started, containerID: "simulated://1" } });
  assert.deepEqual(logOf(ended, "follow=true"), { status: 200, text: line });
});

test("a container that has not started has no log, and one that never ended no previous one", () => {
  const waiting = podWith({ waiting: { reason: "ContainerCreating" } });
  assert.deepEqual(logOf(waiting), {
    status: 400,
    text: 'container "main" in pod "web" is waiting to start: ContainerCreating',
  });
  assert.deepEqual(logOf(running, "previous=true"), {
    status: 400,
    text: 'previous terminated container "main" in pod "web" not found',
  });
});

test("there is no process to run a command in", () => {
  const ask = (path: string) => answerKubelet(path, new URLSearchParams(), { pod: running, now });
  assert.equal(ask("/exec/team/web/main").status, 500);
  assert.match(ask("/attach/team/web/main").text, /^container not found \("main"\)/);
  assert.match(ask("/portForward/team/web").text, /listens on no port/);
  assert.equal(ask("/healthz").status, 404);
});
