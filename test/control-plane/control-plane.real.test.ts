import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildControlPlane, kubernetesMinors, kubernetesVersion, skipWithoutGo } from "./build.ts";

const skip = skipWithoutGo();

for (const minor of kubernetesMinors) {
  test(`${minor}: a killed parent leaves neither a component nor a file behind`, { skip }, async () => {
    buildControlPlane(minor);
    const parent = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "--version", minor], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [kubeconfig] = (await once(createInterface(parent.stdout), "line")) as [string];
    const version = execFileSync("kubectl", ["--kubeconfig", kubeconfig, "get", "--raw", "/version"]);
    assert.equal(
      (JSON.parse(version.toString()) as { gitVersion: string }).gitVersion,
      kubernetesVersion(minor),
    );

    const components = childrenOf(parent.pid ?? 0);
    assert.equal(components.length, 5, "etcd, three of Kubernetes, and what removes their files");
    parent.kill("SIGKILL");
    await once(parent, "exit");
    for (let waited = 0; components.some(isAlive) && waited < 60_000; waited += 50) await sleep(50);
    assert.deepEqual(components.filter(isAlive), []);
    assert.ok(!existsSync(dirname(kubeconfig)));
  });
}

test("a component whose parent was gone before it began ends at once", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-etcd-"));
  try {
    const flags = [
      `--data-dir=${folder}`,
      "--client-url=http://127.0.0.1:0",
      "--peer-url=http://127.0.0.1:0",
    ];
    const env = { ...process.env, CONTROL_PLANE_PARENT: "1" };
    const { status, stderr } = spawnSync(buildControlPlane(), ["etcd", ...flags], { env, timeout: 30_000 });
    assert.deepEqual([status, String(stderr)], [1, ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Process ids of the direct children, from /proc. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}

/** False once the process is gone or only waits to be collected. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
