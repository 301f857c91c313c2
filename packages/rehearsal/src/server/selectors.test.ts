import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFieldSelector, parseLabelSelector } from "./selectors.ts";
import { configMap } from "./testing.ts";

const labelled = (labels: Record<string, string>) => configMap("a", {}, labels);

test("label selectors match as the API server's", () => {
  const matches = (selector: string, labels: Record<string, string>) =>
    parseLabelSelector(selector)(labelled(labels));
  assert.ok(matches("a=1,b!=2", { a: "1" }));
  assert.ok(!matches("a=1,b!=2", { a: "1", b: "2" }));
  assert.ok(matches("a in (1, 2),!c", { a: "2" }));
  assert.ok(matches("a notin (1,2)", {}));
  assert.ok(!matches("a", {}));
  assert.throws(() => parseLabelSelector("a=b=c"), { code: 400 });
});

test("field selectors reach name, namespace and the fields of the kind, nothing else", () => {
  const pod = {
    ...configMap("a"),
    spec: { nodeName: "n1" },
    status: { phase: "Running" },
  };
  const matches = (selector: string) => parseFieldSelector(selector, "/pods")(pod);
  assert.ok(matches("metadata.name=a,spec.nodeName==n1"));
  assert.ok(matches("status.phase!=Pending"));
  assert.ok(!matches("metadata.namespace=other"));
  assert.throws(() => parseFieldSelector("spec.nodeName=x", "/configmaps"), {
    message: /^"spec\.nodeName" is not a known field selector: only "metadata\.name"/,
  });
  assert.ok(
    parseFieldSelector("spec.size=3", "x/y", { extra: ["spec.size"] })({ ...pod, spec: { size: 3 } }),
  );
});
