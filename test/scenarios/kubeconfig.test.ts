// A kubeconfig, a socket and TLS between the client and the embedded cluster.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  builtin,
  type ClusterAccess,
  checkCluster,
  connect,
  createClient,
  createInformer,
  discover,
  loadKubeconfig,
  systemClock,
} from "@slipway/kubernetes";
import { startCluster } from "@slipway/rehearsal";
import { ProblemError } from "@slipway/yaml";

const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
after(() => rmSync(folder, { recursive: true }));

const cluster = await startCluster({ realTime: true });
after(() => cluster.stop());
const { url } = await cluster.listen();
const path = join(folder, "kubeconfig");
writeFileSync(path, cluster.kubeconfig());
const kubeconfig = loadKubeconfig({ path });
const access = kubeconfig.access(kubeconfig.currentContext ?? "");
const userAgent = "slipway-test";

/** How a check of the cluster ends with this access: its version, or the problem's code. */
async function check(changed: Partial<ClusterAccess>): Promise<string> {
  const { transport, close } = await connect({ ...access, ...changed });
  try {
    const version = await checkCluster({
      transport,
      server: access.server,
      context: access.context,
      userAgent,
    });
    return version.gitVersion;
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    return error.problem.code;
  } finally {
    await close();
  }
}

test("the kubeconfig's certificate and credentials are accepted", async () => {
  assert.equal(access.server, url);
  assert.match(await check({}), /^v1\.\d+/);
});

test("a server whose certificate nobody vouches for is refused, unless that is wished", async () => {
  const { certificateAuthority: _, ...unknown } = access;
  const { transport, close } = await connect(unknown);
  await assert.rejects(
    checkCluster({ transport, server: url, context: "c", userAgent }),
    (error: ProblemError) => {
      assert.equal(error.problem.code, "cluster/tls");
      return true;
    },
  );
  await close();
  assert.match(await check({ insecureSkipTlsVerify: true, certificateAuthority: "" }), /^v1\./);
});

test("credentials that the server does not know are refused", async () => {
  assert.equal(await check({ credentials: { token: "wrong" } }), "cluster/unauthorized");
});

test("objects are written, discovered and followed over the socket", async () => {
  const { transport, close } = await connect(access);
  const client = createClient({ transport, userAgent });
  const { resources, unavailable } = await discover({ transport, userAgent });
  assert.ok(resources.some((type) => type.kind === "Deployment" && type.namespaced));
  assert.deepEqual(unavailable, []);

  const type = builtin("", "ConfigMap");
  const seen: string[] = [];
  const stopping = new AbortController();
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
    data: { x: "1" },
  };
  await new Promise<void>((resolve, reject) => {
    const informer = createInformer({
      client,
      clock: systemClock,
      type,
      namespace: "default",
      fieldSelector: "metadata.name=a",
      signal: stopping.signal,
      onError: reject,
      onChange: (change) => {
        seen.push(change.type);
        if (change.type === "deleted") resolve();
      },
    });
    informer.synced
      .then(() => client.apply(type, object, { fieldManager: "t" }))
      .then(() => client.apply(type, { ...object, data: { x: "2" } }, { fieldManager: "t" }))
      .then(() => client.delete(type, { name: "a", namespace: "default" }))
      .catch(reject);
  });
  stopping.abort();
  await close();
  assert.deepEqual(seen, ["added", "updated", "deleted"]);
});
