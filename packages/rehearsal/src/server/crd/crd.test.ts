import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { conditionsOf } from "../conditions.ts";
import { refusal, startServer, widget, widgetDefinition, widgets } from "../testing.ts";
import { hasCondition } from "./definition.ts";

const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
const here = (name: string) => ({ namespace: "default", name });

async function startWithWidgets(more = {}) {
  const server = await startServer();
  await server.client.create(definitions, widgetDefinition(more));
  await server.cluster.clock.sleep(200);
  return server;
}

test("a custom resource is served once its definition is established", async () => {
  const { client, cluster, ask } = await startServer();
  await client.create(definitions, widgetDefinition());
  await assert.rejects(client.create(widgets, widget("a")), refusal(404, /./));
  await cluster.clock.sleep(200);
  const definition = await client.get(definitions, { name: "widgets.example.com" });
  assert.ok(hasCondition(definition, "NamesAccepted") && hasCondition(definition, "Established"));
  const managers = (definition.metadata.managedFields ?? []).map(
    (entry) => (entry as { manager: string }).manager,
  );
  assert.ok(managers.includes("kube-apiserver"));
  const created = await client.create(widgets, widget("a"));
  assert.deepEqual(created.spec, { size: 1, colour: "grey" });
  assert.equal(created.metadata.generation, 1);
  const list = await ask("GET", "/apis/example.com/v1/widgets");
  assert.equal(list.body.kind, "WidgetList");
});

test("its schema prunes, defaults and refuses", async () => {
  const { client } = await startWithWidgets();
  const pruned = await client.create(widgets, widget("a", { size: 1, other: true }));
  assert.deepEqual(pruned.spec, { size: 1, colour: "grey" });
  await assert.rejects(
    client.create(widgets, widget("b", { size: 11 })),
    refusal(422, /Widget\.example\.com "b" is invalid: spec\.size: Invalid value: 11/),
  );
  await assert.rejects(client.create(widgets, widget("b", {})), refusal(422, /spec\.size: Required value/));
  await assert.rejects(
    client.create(widgets, widget("b", { size: 1, colour: "blue" })),
    refusal(422, /spec\.colour: Unsupported value: "blue"/),
  );
});

test("status and scale are endpoints of their own", async () => {
  const { client, ask } = await startWithWidgets();
  await client.create(widgets, { ...widget("a", { size: 2 }), status: { size: 9 } });
  const status = { type: "merge", patch: { status: { size: 2 }, spec: { size: 7 } } } as const;
  const changed = await client.patch(widgets, here("a"), status, { subresource: "status" });
  assert.deepEqual([changed.spec, changed.status], [{ size: 2, colour: "grey" }, { size: 2 }]);
  assert.equal(changed.metadata.generation, 1);
  const path = "/apis/example.com/v1/namespaces/default/widgets/a/scale";
  const scale = await ask("GET", path);
  assert.deepEqual(
    [scale.body.kind, scale.body.spec, scale.body.status],
    ["Scale", { replicas: 2 }, { replicas: 2 }],
  );
  await ask("PATCH", path, { spec: { replicas: 3 } }, { "content-type": "application/merge-patch+json" });
  const scaled = await client.get(widgets, here("a"));
  assert.deepEqual(scaled.spec, { size: 3, colour: "grey" });
  assert.equal(scaled.metadata.generation, 2);
});

test("every served version reads and writes the same objects", async () => {
  const { client } = await startWithWidgets();
  const beta = { ...widgets, version: "v1beta1" };
  await client.create(beta, widget("a", { size: 4 }, "v1beta1"));
  const stable = await client.get(widgets, here("a"));
  assert.deepEqual([stable.apiVersion, stable.spec], ["example.com/v1", { size: 4, colour: "grey" }]);
  await client.patch(widgets, here("a"), { type: "merge", patch: { spec: { size: 5 } } });
  const old = await client.get(beta, here("a"));
  assert.deepEqual([old.apiVersion, (old.spec as { size: number }).size], ["example.com/v1beta1", 5]);
});

test("a definition whose names are taken is not served, until they are free again", async () => {
  const { client, cluster } = await startWithWidgets();
  const other = widgetDefinition({
    names: { plural: "gadgets", singular: "gadget", kind: "Widget", listKind: "GadgetList" },
  });
  other.metadata.name = "gadgets.example.com";
  await client.create(definitions, other);
  await cluster.clock.sleep(200);
  const refused = await client.get(definitions, { name: "gadgets.example.com" });
  const messages = conditionsOf(refused).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
  assert.deepEqual(messages, ["NamesAccepted=False KindConflict", "Established=False NotAccepted"]);
  await client.delete(definitions, { name: "widgets.example.com" });
  await cluster.clock.sleep(500);
  assert.ok(hasCondition(await client.get(definitions, { name: "gadgets.example.com" }), "Established"));
});

test("deleting a definition deletes its objects first; finalizers hold it back", async () => {
  const { client, cluster } = await startWithWidgets();
  const held: KubernetesObject = widget("held");
  held.metadata.finalizers = ["example.com/hold"];
  await client.create(widgets, held);
  await client.create(widgets, widget("free"));
  const watching = (async () => {
    const seen: string[] = [];
    for await (const { type, object } of client.watch(widgets, {}))
      seen.push(`${type} ${object.metadata.name}`);
    return seen;
  })();
  await client.delete(definitions, { name: "widgets.example.com" });
  await cluster.clock.sleep(100);
  const left = await client.list(widgets);
  assert.deepEqual(
    left.items.map(({ metadata }) => [metadata.name, metadata.deletionTimestamp !== undefined]),
    [["held", true]],
  );
  assert.ok(hasCondition(await client.get(definitions, { name: "widgets.example.com" }), "Terminating"));
  await assert.rejects(client.create(widgets, widget("late")), refusal(403, /is terminating/));
  await client.patch(widgets, here("held"), { type: "merge", patch: { metadata: { finalizers: null } } });
  await cluster.clock.sleep(100);
  await assert.rejects(client.get(definitions, { name: "widgets.example.com" }), refusal(404, /not found/));
  await assert.rejects(client.list(widgets), refusal(404, /./));
  assert.ok((await watching).includes("DELETED held"));
});

test("a conversion webhook that is away fails the other versions, not the stored one", async () => {
  const { client } = await startWithWidgets({
    conversion: {
      strategy: "Webhook",
      webhook: {
        conversionReviewVersions: ["v1"],
        clientConfig: { service: { namespace: "default", name: "converter", path: "/convert" } },
      },
    },
  });
  await client.create(widgets, widget("a"));
  assert.equal((await client.get(widgets, here("a"))).apiVersion, "example.com/v1");
  await assert.rejects(
    client.get({ ...widgets, version: "v1beta1" }, here("a")),
    refusal(
      500,
      /conversion webhook for example\.com\/v1, Kind=Widget failed: .*service "converter" not found/,
    ),
  );
});

test("a definition that could not be served is refused", async () => {
  const { client } = await startServer();
  const twoStored = widgetDefinition();
  const { versions } = twoStored.spec as { versions: { storage: boolean }[] };
  for (const version of versions) version.storage = true;
  await assert.rejects(
    client.create(definitions, twoStored),
    refusal(422, /must have exactly one version marked as storage version/),
  );
  const misnamed = widgetDefinition();
  misnamed.metadata.name = "others.example.com";
  await assert.rejects(client.create(definitions, misnamed), refusal(422, /metadata\.name: Invalid value/));
});
