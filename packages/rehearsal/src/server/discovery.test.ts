import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fact, skipWithout } from "../../../../test/support/fixtures.ts";
import { startCluster } from "../cluster.ts";

const facts = fact("kubernetes-1.36-discovery.json");
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

async function ask(path: string, accept = "application/json") {
  const cluster = await startCluster({ controllers: false });
  const response = await cluster.transport({ method: "GET", path, headers: { accept } });
  const text = await response.text();
  await cluster.stop();
  return { status: response.status, type: response.headers["content-type"], text };
}

test("aggregated discovery is that of a real server", { skip: skipWithout(facts) }, async () => {
  const expected = JSON.parse(readFileSync(facts, "utf8"));
  const core = await ask("/api", aggregated);
  assert.match(core.type ?? "", /as=APIGroupDiscoveryList/);
  assert.deepEqual(JSON.parse(core.text), expected.api);
  assert.deepEqual(JSON.parse((await ask("/apis", aggregated)).text), expected.apis);
});

test("plain discovery lists groups, versions and resources with their subresources", async () => {
  const groups = JSON.parse((await ask("/apis")).text);
  assert.equal(groups.kind, "APIGroupList");
  const autoscaling = groups.groups.find((group: { name: string }) => group.name === "autoscaling");
  assert.deepEqual(autoscaling.preferredVersion, { groupVersion: "autoscaling/v2", version: "v2" });
  const apps = JSON.parse((await ask("/apis/apps/v1")).text);
  assert.equal(apps.groupVersion, "apps/v1");
  const scale = apps.resources.find((resource: { name: string }) => resource.name === "deployments/scale");
  assert.deepEqual([scale.group, scale.kind], ["autoscaling", "Scale"]);
  assert.deepEqual(JSON.parse((await ask("/api")).text).versions, ["v1"]);
});

test("what is not served is not found", async () => {
  assert.equal((await ask("/apis/nothing.example.com")).status, 404);
  assert.equal((await ask("/apis/apps/v9/deployments")).status, 404);
  assert.equal((await ask("/readyz")).text, "ok");
  assert.match((await ask("/version")).text, /"gitVersion":"v1\.36\.2/);
});

test("OpenAPI has the kinds, their references and the parameters that kubectl looks for", async () => {
  const index = JSON.parse((await ask("/openapi/v3")).text);
  const address = index.paths["apis/apps/v1"].serverRelativeURL;
  const document = JSON.parse((await ask(address)).text);
  const patch = document.paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"].patch;
  assert.deepEqual(patch["x-kubernetes-group-version-kind"], {
    group: "apps",
    version: "v1",
    kind: "Deployment",
  });
  assert.ok(patch.parameters.some(({ name }: { name: string }) => name === "fieldValidation"));
  const { schemas } = document.components;
  assert.equal(schemas["io.k8s.api.apps.v1.DeploymentSpec"].properties.replicas.type, "integer");
  const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([\w.-]+)/g)];
  for (const [, name = ""] of references) assert.ok(name in schemas, name);
});
