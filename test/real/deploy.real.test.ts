// `slipway up` and `slipway down` as a user runs them, against a real Kubernetes control plane.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type DeployEvent, findOrderRefusals, membershipLabel } from "@slipway/deploy";
import {
  builtinResources,
  type Client,
  isApiError,
  type KubernetesObject,
  type ResourceType,
} from "@slipway/kubernetes";
import { type AnimatedControlPlane, startAnimatedControlPlane } from "../control-plane/animated.ts";
import { kubernetesMinors, newestMinor, skipWithoutGo } from "../control-plane/build.ts";
import { fixture, skipWithout } from "../support/fixtures.ts";
import { runSlipway } from "../support/run-slipway.ts";

const release = fixture("upstream/26.03");
const platforms = [
  ...kubernetesMinors.map((minor) => ({
    name: "the starter platform",
    minor,
    flags: ["--starter"],
    objects: 266,
    skip: skipWithoutGo(),
  })),
  {
    minor: newestMinor,
    name: "release 26.03",
    flags: ["--release", release, "--remotes", fixture("remotes")],
    objects: 675,
    skip: skipWithoutGo() || skipWithout(release),
  },
];

/** What is labelled as ours of a kind; nothing of one that an older server does not serve yet. */
async function listServed(client: Client, type: ResourceType): Promise<readonly KubernetesObject[]> {
  try {
    return (await client.list(type, { labelSelector: membershipLabel })).items;
  } catch (error) {
    if (isApiError(error) && error.code === 404) return [];
    throw error;
  }
}

for (const { name, minor, flags, objects, skip } of platforms) {
  describe(`${name} on a real control plane ${minor}`, { skip }, () => {
    let plane: AnimatedControlPlane;
    let folder: string;
    let started: number;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "slipway-real-"));
      plane = await startAnimatedControlPlane({ minor });
      // Until its own namespaces are there, a new server refuses even itself.
      started = Date.now();
    });
    after(async () => {
      await plane.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const slipway = (...args: readonly string[]) =>
      runSlipway([...args, "--context", "control-plane"], {
        directory: folder,
        environment: { KUBECONFIG: plane.kubeconfig },
      });

    test("up: every object is ready, each written once and none refused", async () => {
      const { code, stdout, stderr } = await slipway("up", ...flags, "-o", "json");
      const events = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as DeployEvent);
      const finished = events.find((event) => event.type === "finished");
      assert.ok(finished, stderr);
      assert.deepEqual(finished.summary.errors, []);
      assert.equal(code, 0, stderr);
      const { counts, writes, refused } = finished.summary;
      assert.deepEqual(
        { ready: counts.ready, writes, refused },
        { ready: objects, writes: objects, refused: 0 },
      );
    });

    test("the API server's audit log shows no write refused for a reason of order", () => {
      const audit = plane.readAudit().filter(({ at }) => at >= started);
      assert.ok(
        audit.some((request) => request.userAgent.startsWith("slipway/") && request.verb === "patch"),
      );
      assert.deepEqual(findOrderRefusals(audit), []);
    });

    test("down: nothing of it is left", async () => {
      const { code, stderr } = await slipway("down", ...flags, "--confirm", "control-plane");
      assert.equal(code, 0, stderr);
      const left: string[] = [];
      for (const type of builtinResources) {
        if (!type.verbs.includes("list") || !type.verbs.includes("delete")) continue;
        const items = await listServed(plane.client, type);
        left.push(
          ...items.map((item) => `${type.kind} ${item.metadata.namespace ?? "-"}/${item.metadata.name}`),
        );
      }
      assert.deepEqual(left, []);
    });
  });
}
