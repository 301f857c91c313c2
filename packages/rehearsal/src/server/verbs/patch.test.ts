import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { deployment, startServer } from "../testing.ts";

const path = "/apis/apps/v1/namespaces/default/deployments/web";

async function startWithDeployment() {
  const { client, ask } = await startServer();
  await client.create(builtin("apps", "Deployment"), deployment("web"));
  return (patch: unknown, notation: string, query = "") =>
    ask("PATCH", `${path}${query}`, JSON.stringify(patch), {
      "content-type": `application/${notation}+json`,
    });
}

test("what a merge patch brings is read in the order of its keys, a strategic one sorted at the end", async () => {
  const patch = await startWithDeployment();
  const unknown = { spec: { zeta: 1, alpha: { b: 1 }, template: { spec: { typo: 1 } } } };
  const told = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    [...(headers.warning ?? "").matchAll(/unknown field \\"([^\\]*)\\"/g)].map(([, field]) => field);
  assert.deepEqual(told(await patch(unknown, "merge-patch")), [
    "spec.alpha",
    "spec.template.spec.typo",
    "spec.zeta",
  ]);
});

test("the metadata of a patched object that cannot be read is told in the server's own order", async () => {
  const patch = await startWithDeployment();
  const { status, body } = await patch(
    [{ op: "replace", path: "/spec/replicas", value: "two" }],
    "json-patch",
  );
  assert.equal(status, 422);
  const [shown = ""] = /\{.*\}/.exec(String(body.message)) ?? [];
  const { metadata } = JSON.parse(JSON.parse(`"${shown}"`)) as KubernetesObject;
  assert.deepEqual(Object.keys(metadata), [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
  ]);
});

test("what a JSON patch takes from metadata comes in the order of the server's type", async () => {
  const patch = await startWithDeployment();
  const move = [{ op: "copy", from: "/metadata", path: "/spec/template/spec/nodeSelector" }];
  const { body } = await patch(move, "json-patch");
  assert.match(
    String(body.message),
    /cannot unmarshal number into Go struct field PodSpec\.spec\.template\.spec\.nodeSelector/,
  );
});
