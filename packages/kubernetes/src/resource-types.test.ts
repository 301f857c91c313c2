import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fact, skipWithout } from "../../../test/support/fixtures.ts";
import { builtin, builtinResources, findBuiltin } from "./resource-types.ts";

const discovery = fact("kubernetes-1.36-discovery.json");

test("the table says what a real 1.36 server's discovery says", { skip: skipWithout(discovery) }, () => {
  const recorded = JSON.parse(readFileSync(discovery, "utf8"));
  const expected: unknown[] = [];
  for (const list of [recorded.api, recorded.apis]) {
    for (const group of list.items) {
      for (const { version, resources } of group.versions) {
        for (const entry of resources) {
          expected.push({
            group: group.metadata.name ?? "",
            version,
            resource: entry.resource,
            kind: entry.responseKind.kind,
            namespaced: entry.scope === "Namespaced",
            singular: entry.singularResource,
            shortNames: entry.shortNames ?? [],
            categories: entry.categories ?? [],
            verbs: entry.verbs,
            subresources: (entry.subresources ?? []).map(
              (sub: { subresource: string; verbs: string[]; responseKind: Record<string, string> }) => ({
                name: sub.subresource,
                kind: sub.responseKind.kind,
                ...(sub.responseKind.version
                  ? { group: sub.responseKind.group, version: sub.responseKind.version }
                  : {}),
                verbs: sub.verbs,
              }),
            ),
          });
        }
      }
    }
  }
  assert.deepEqual(builtinResources, expected);
});

test("a kind is found in its group's preferred version, or in the one asked for", () => {
  assert.equal(findBuiltin("autoscaling", "HorizontalPodAutoscaler")?.version, "v2");
  assert.equal(findBuiltin("autoscaling", "HorizontalPodAutoscaler", "v1")?.version, "v1");
  assert.equal(findBuiltin("autoscaling", "HorizontalPodAutoscaler", "v3"), undefined);
  assert.equal(findBuiltin("apps", "Pod"), undefined);
  assert.throws(() => builtin("apps", "Pod"));
});
