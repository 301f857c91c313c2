import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeShell } from "../testing.ts";
import { chooseCluster, openTarget } from "./open-target.ts";

test("the flag decides, then slipway.yaml; with neither nothing but the embedded cluster is touched", () => {
  assert.deepEqual(chooseCluster({}, undefined), { type: "embedded" });
  assert.deepEqual(chooseCluster({}, { context: "file", kubeconfig: "/k" }), {
    type: "context",
    context: "file",
    kubeconfig: "/k",
  });
  assert.deepEqual(chooseCluster({ context: "flag" }, { context: "file", kubeconfig: "/k" }), {
    type: "context",
    context: "flag",
  });
  assert.deepEqual(chooseCluster({ kubeconfig: "/other" }, { context: "file", kubeconfig: "/k" }), {
    type: "context",
    context: "file",
    kubeconfig: "/other",
  });
});

test("the embedded cluster is empty: it serves Kubernetes' own kinds and those of the objects", async () => {
  const target = await openTarget({ type: "embedded" }, { seed: 3 }, fakeShell());
  try {
    assert.equal(target.simulated, true);
    assert.equal(target.serves({ group: "example.com", kind: "Widget" }), false);
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets" },
        versions: [{ name: "v1", served: true, storage: true }],
      },
    };
    assert.equal(target.mapperFor([definition]).find("example.com", "Widget")?.resource, "widgets");
  } finally {
    await target.close();
  }
});
