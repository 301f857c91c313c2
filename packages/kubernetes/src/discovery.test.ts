import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fact, skipWithout } from "../../../test/support/fixtures.ts";
import { discover } from "./discovery.ts";
import { builtinResources } from "./resource-types.ts";
import type { Transport } from "./transport.ts";

/** Answers each path with its body; a number is a status. */
function answering(bodies: Readonly<Record<string, unknown>>): Transport {
  return async ({ path }) => {
    const body = bodies[path] ?? 404;
    return {
      status: typeof body === "number" ? body : 200,
      headers: {},
      text: async () => (typeof body === "number" ? "" : JSON.stringify(body)),
      async *lines() {},
    };
  };
}

const recorded = fact("kubernetes-1.36-discovery.json");

test("aggregated discovery of a real server is read whole", { skip: skipWithout(recorded) }, async () => {
  const { api, apis } = JSON.parse(readFileSync(recorded, "utf8"));
  const transport = answering({ "/api": api, "/apis": apis });
  const { resources, unavailable } = await discover({ transport, userAgent: "t" });
  assert.deepEqual(resources, builtinResources);
  assert.deepEqual(unavailable, []);
});

test("plain discovery is read where nothing is aggregated; a group that is away is named", async () => {
  const transport = answering({
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/api/v1": {
      resources: [
        {
          name: "pods",
          singularName: "pod",
          namespaced: true,
          kind: "Pod",
          verbs: ["get"],
          shortNames: ["po"],
          categories: ["all"],
        },
        {
          name: "pods/eviction",
          namespaced: true,
          group: "policy",
          version: "v1",
          kind: "Eviction",
          verbs: ["create"],
        },
      ],
    },
    "/apis": {
      kind: "APIGroupList",
      groups: [
        {
          name: "e.com",
          versions: [{ groupVersion: "e.com/v1beta1" }, { groupVersion: "e.com/v1" }],
          preferredVersion: { groupVersion: "e.com/v1" },
        },
        { name: "away.com", versions: [{ groupVersion: "away.com/v1" }] },
      ],
    },
    "/apis/e.com/v1": {
      resources: [{ name: "ws", singularName: "", namespaced: false, kind: "W", verbs: ["list"] }],
    },
    "/apis/e.com/v1beta1": { resources: [] },
    "/apis/away.com/v1": 503,
  });
  const { resources, unavailable } = await discover({ transport, userAgent: "t" });
  assert.deepEqual(resources, [
    {
      group: "",
      version: "v1",
      resource: "pods",
      kind: "Pod",
      namespaced: true,
      singular: "pod",
      shortNames: ["po"],
      categories: ["all"],
      verbs: ["get"],
      subresources: [
        { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
      ],
    },
    {
      group: "e.com",
      version: "v1",
      resource: "ws",
      kind: "W",
      namespaced: false,
      singular: "w",
      shortNames: [],
      categories: [],
      verbs: ["list"],
      subresources: [],
    },
  ]);
  assert.deepEqual(
    unavailable.map((entry) => entry.groupVersion),
    ["away.com/v1"],
  );
});
