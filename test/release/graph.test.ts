// The inferred order of release 26.03 against an independent inference over the same release.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { edgesFrom, type Graph, inferGraph, stepsOf } from "@slipway/graph";
import { identify, type KubernetesObject, objectKey } from "@slipway/kubernetes";
import { readYaml } from "@slipway/yaml";
import { runtimeFacts } from "../../packages/platform/src/catalogue/producers.ts";
import { fact, fixture, skipWithout } from "../support/fixtures.ts";

/** What the facts hold, as far as this test reads them. */
interface Facts {
  readonly components: Readonly<Record<string, { readonly optional: boolean; readonly path: string }>>;
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: string;
    readonly class: string;
    readonly evidence: readonly string[];
  }[];
  readonly objects: {
    readonly deps: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly waves: Readonly<Record<string, readonly string[]>>;
  };
}

/** Edges of the reference that ours lacks on purpose, by their reason there. */
const notNeeded: Readonly<Record<string, string>> = {
  "caBundle injected by cainjector":
    "a webhook's configuration can be written at once: whoever is admitted waits for the webhook's own node, and that waits for the injector",
};

const factsPath = fact("dag-26.03.json");
const skip = skipWithout(factsPath) || skipWithout(fixture("golden/26.03/example.yaml.gz"));

function readFacts(): Facts {
  return JSON.parse(readFileSync(factsPath, "utf8"));
}

function readGolden(name: string): KubernetesObject[] {
  const text = gunzipSync(readFileSync(fixture("golden/26.03", `${name}.yaml.gz`))).toString("utf8");
  return readYaml(text, { dialect: "kubectl" }).map((document) => document.value as KubernetesObject);
}

/**
 * The reference writes the core group as `core`, and one of its files differs from the golden build's by
 * content, so that a generated name ends in another hash.
 */
function ourKey(key: string): string {
  return key
    .replace(/^core\//, "/")
    .replace("profile-controller-code-c55f957kgf", "profile-controller-code-fbtf77fh2b");
}

let cached: { graph: Graph; facts: Facts; componentOf: Map<string, string> } | undefined;

/** The release's graph, each object with the component whose own build holds it. */
function load(): NonNullable<typeof cached> {
  if (cached) return cached;
  const facts = readFacts();
  const componentOf = new Map<string, string>();
  for (const [name, { optional, path }] of Object.entries(facts.components)) {
    if (optional) continue;
    for (const object of readGolden(path.replaceAll("/", "__"))) {
      componentOf.set(objectKey(identify(object)), name);
    }
  }
  const inputs = readGolden("example").map((object) => {
    const component = componentOf.get(objectKey(identify(object)));
    return { object, ...(component === undefined ? {} : { component }) };
  });
  cached = { facts, componentOf, graph: inferGraph(inputs, { facts: runtimeFacts }) };
  return cached;
}

/** All that a node waits for, directly or not. */
function closure(graph: Graph): (key: string) => ReadonlySet<string> {
  const needs = edgesFrom(graph);
  const known = new Map<string, ReadonlySet<string>>();
  return (key) => {
    const before = known.get(key);
    if (before) return before;
    const seen = new Set([key]);
    for (const at of seen) for (const edge of needs.get(at) ?? []) seen.add(edge.to);
    known.set(key, seen);
    return seen;
  };
}

/** For each component, those that its objects wait for, directly or through others. */
function reachedComponents(
  graph: Graph,
  componentOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const waitsFor = closure(graph);
  const reached = new Map<string, Set<string>>();
  for (const node of graph.nodes.values()) {
    if (node.type !== "object" || node.component === undefined) continue;
    const components = reached.get(node.component) ?? new Set();
    reached.set(node.component, components);
    for (const key of waitsFor(node.key)) {
      const component = componentOf.get(key);
      if (component !== undefined) components.add(component);
    }
  }
  return reached;
}

function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  const clusterScoped = /^(Cluster|CustomResourceDefinition|Namespace)/.test(object.kind);
  if (clusterScoped || object.metadata.namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

test("26.03: all 675 objects are ordered, nothing is missing, no soft edge had to be dropped", {
  skip,
}, () => {
  const { graph } = load();
  assert.equal([...graph.nodes.values()].filter((node) => node.type === "object").length, 675);
  assert.deepEqual(graph.missing, []);
  assert.deepEqual(graph.dropped, []);
  assert.deepEqual(graph.exempted, []);
});

test("26.03: every edge between objects in the reference is in ours, directly or through others", {
  skip,
}, () => {
  const { graph, facts } = load();
  const waitsFor = closure(graph);
  const lacking: string[] = [];
  let checked = 0;
  for (const [from, targets] of Object.entries(facts.objects.deps)) {
    for (const [to, reason] of Object.entries(targets)) {
      assert.ok(graph.nodes.has(ourKey(from)), `${from} is a node`);
      checked += 1;
      if (waitsFor(ourKey(from)).has(ourKey(to)) || reason in notNeeded) continue;
      lacking.push(`${from} -> ${to} (${reason})`);
    }
  }
  assert.equal(checked, 925);
  assert.deepEqual(lacking, []);
});

test("26.03: every hard edge between components in the reference is in ours", { skip }, () => {
  const { graph, facts, componentOf } = load();
  const reached = reachedComponents(graph, componentOf);
  const hard = facts.edges.filter(
    (edge) =>
      edge.class.startsWith("hard") &&
      facts.components[edge.from]?.optional === false &&
      facts.components[edge.to]?.optional === false,
  );
  assert.ok(hard.length > 50);
  const lacking = hard
    .filter((edge) => !reached.get(edge.from)?.has(edge.to))
    .map((edge) => `${edge.from} -> ${edge.to} (${edge.kind}: ${edge.evidence[0]})`);
  assert.deepEqual(lacking, []);
});

test("26.03: with every optional component too", { skip }, () => {
  const facts = readFacts();
  const componentOf = new Map<string, string>();
  const inputs = Object.entries(facts.components).flatMap(([component, { path }]) =>
    readGolden(path.replaceAll("/", "__")).map((object) => {
      // Model registry's manifests leave the namespace to whoever applies them; everybody uses kubeflow.
      const placed = path.includes("model-registry") ? inNamespace(object, "kubeflow") : object;
      componentOf.set(objectKey(identify(placed)), component);
      return { object: placed, component };
    }),
  );
  const graph = inferGraph(inputs, { facts: runtimeFacts });
  const reached = reachedComponents(graph, componentOf);
  const lacking = facts.edges
    .filter((edge) => edge.class.startsWith("hard") && !reached.get(edge.from)?.has(edge.to))
    .map((edge) => `${edge.from} -> ${edge.to} (${edge.kind}: ${edge.evidence[0]})`);
  assert.deepEqual(lacking, []);
  assert.deepEqual(graph.dropped, []);
});

test("26.03: the order of the input does not matter", { skip }, () => {
  const { graph } = load();
  const inputs = [...graph.nodes.values()].flatMap((node) => (node.type === "object" ? [node] : []));
  const reversed = inferGraph(inputs.reverse(), { facts: runtimeFacts });
  const edges = (some: Graph) => some.edges.map(({ from, to, kind }) => `${from} ${to} ${kind}`).sort();
  assert.deepEqual(edges(reversed), edges(graph));
});

test("26.03: pods of injected namespaces wait for istiod's webhook and for the CNI plugin", { skip }, () => {
  const { graph } = load();
  const waitsFor = closure(graph);
  const injector =
    "webhook:MutatingWebhookConfiguration/istio-sidecar-injector/namespace.sidecar-injector.istio.io";
  const injected = graph.edges.filter((edge) => edge.to === injector && edge.kind === "webhook");
  assert.equal(injected.length, 33 + 1, "33 workloads and the Profile, whose namespace is injected");
  const withCni = graph.edges.filter(
    (edge) => edge.rule === "injection" && edge.to === "apps/DaemonSet:kube-system/istio-cni-node",
  );
  assert.equal(withCni.length, 32 + 1, "kserve-controller-manager passes the injector unchanged");
  assert.ok(waitsFor(injector).has("apps/Deployment:istio-system/istiod"));
});

test("26.03: the last step is the platform's tenants", { skip }, () => {
  const { graph } = load();
  const steps = stepsOf(graph);
  const last = Math.max(...steps.values());
  assert.ok(last >= 6 && last <= 14, `${last} steps`);
  const profile = steps.get("kubeflow.org/Profile:-/kubeflow-user-example-com");
  assert.ok(profile !== undefined && profile >= 6);
});
