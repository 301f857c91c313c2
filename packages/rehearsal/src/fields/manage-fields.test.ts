import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import fc from "fast-check";
import { builtinSchema } from "../builtin/schemas.ts";
import { StatusError } from "../server/status-error.ts";
import { decodeFieldsV1, encodeFieldsV1 } from "./fields-v1.ts";
import { applyConfiguration, type FieldManagement, recordUpdate } from "./manage-fields.ts";

const schema = builtinSchema("apps", "v1", "Deployment") as NonNullable<ReturnType<typeof builtinSchema>>;

function as(manager: string, extra: Partial<FieldManagement> = {}): FieldManagement {
  return { manager, time: "2026-01-01T00:00:00Z", schema, ...extra };
}

function deployment(spec: JsonObject, metadata: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x", namespace: "ns", ...metadata },
    spec,
  };
}

function apply(
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  manager: string,
  force = false,
) {
  return applyConfiguration(live, applied, { ...as(manager), force });
}

/** Owned paths by manager and operation. */
function owners(object: KubernetesObject): JsonObject {
  const entries = (object.metadata.managedFields ?? []) as JsonObject[];
  return Object.fromEntries(
    entries.map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1 as JsonObject]),
  );
}

function refusal(attempt: () => unknown): StatusError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("server-side apply", () => {
  test("one conflict is refused in the server's words, with its cause", () => {
    const live = recordUpdate(undefined, deployment({ replicas: 1 }), as("kubectl-scale"));
    const error = refusal(() => apply(live, deployment({ replicas: 2 }), "me"));
    assert.equal(error.code, 409);
    assert.equal(error.reason, "Conflict");
    assert.equal(
      error.message,
      'Apply failed with 1 conflict: conflict with "kubectl-scale" using apps/v1: .spec.replicas',
    );
    assert.deepEqual(error.details, {
      causes: [
        {
          reason: "FieldManagerConflict",
          message: 'conflict with "kubectl-scale" using apps/v1',
          field: ".spec.replicas",
        },
      ],
    });
  });

  test("several conflicts are listed by manager", () => {
    const container = (image: string) => ({ template: { spec: { containers: [{ name: "c", image }] } } });
    const first = apply(undefined, deployment({ replicas: 1 }), "a");
    const live = apply(first, deployment(container("1")), "b");
    const error = refusal(() => apply(live, deployment({ replicas: 2, ...container("2") }), "me"));
    assert.equal(
      error.message,
      [
        'Apply failed with 2 conflicts: conflicts with "a":',
        "- .spec.replicas",
        'conflicts with "b":',
        '- .spec.template.spec.containers[name="c"].image',
      ].join("\n"),
    );
  });

  test("forcing takes the field; applying the same value shares it", () => {
    const live = apply(undefined, deployment({ replicas: 1, paused: true }), "a");
    const forced = apply(live, deployment({ replicas: 2 }), "b", true);
    assert.equal((forced.spec as JsonObject).replicas, 2);
    assert.equal((forced.spec as JsonObject).paused, true);
    assert.deepEqual(owners(forced), {
      "a Apply": { "f:spec": { "f:paused": {} } },
      "b Apply": { "f:spec": { "f:replicas": {} } },
    });
    const shared = apply(live, deployment({ replicas: 1 }), "b");
    assert.deepEqual(owners(shared)["b Apply"], { "f:spec": { "f:replicas": {} } });
    assert.deepEqual(owners(shared)["a Apply"], { "f:spec": { "f:paused": {}, "f:replicas": {} } });
  });

  test("what a manager no longer applies is removed, unless another owns it", () => {
    const labels = (names: string[]) =>
      deployment({}, { labels: Object.fromEntries(names.map((name) => [name, "x"])) });
    const live = apply(apply(undefined, labels(["one", "two", "three"]), "a"), labels(["two"]), "b");
    const next = apply(live, labels(["three"]), "a");
    assert.deepEqual(next.metadata.labels, { two: "x", three: "x" });
  });

  test("an item of a list-map goes with its last owner, fields of others in it keep it", () => {
    const containers = (...list: JsonObject[]) => deployment({ template: { spec: { containers: list } } });
    const live = apply(undefined, containers({ name: "a", image: "1" }, { name: "b", image: "1" }), "one");
    const shared = apply(live, containers({ name: "b", tty: true }), "two");
    const next = apply(shared, containers({ name: "a", image: "1" }), "one");
    const spec = ((next.spec as JsonObject).template as JsonObject).spec as JsonObject;
    assert.deepEqual(spec.containers, [
      { name: "a", image: "1" },
      { name: "b", tty: true },
    ]);
  });

  test("keys with defaults identify items: a port without protocol is the TCP one", () => {
    const service = builtinSchema("", "v1", "Service") as typeof schema;
    const ports = (...list: JsonObject[]): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x" },
      spec: { ports: list },
    });
    const live = applyConfiguration(undefined, ports({ port: 80 }), {
      ...as("a"),
      schema: service,
      force: false,
    });
    assert.deepEqual(owners(live), {
      "a Apply": { "f:spec": { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } } } },
    });
  });

  test("fields from before the first apply belong to before-first-apply", () => {
    const live = deployment({ replicas: 1 }, { uid: "u" });
    const next = apply(live, deployment({ paused: true }), "me");
    assert.deepEqual(Object.keys(owners(next)), ["me Apply", "before-first-apply Update"]);
    assert.deepEqual(owners(next)["before-first-apply Update"], { "f:spec": { "f:replicas": {} } });
  });

  test("kubectl takes without force what it applied on the client and nobody changed since", () => {
    const annotation = "kubectl.kubernetes.io/last-applied-configuration";
    const sent = deployment({ replicas: 1, paused: true });
    const annotations = { [annotation]: JSON.stringify(sent) };
    const live = recordUpdate(
      undefined,
      deployment(sent.spec as JsonObject, { annotations }),
      as("kubectl-client-side-apply"),
    );
    const next = apply(live, deployment({ replicas: 2, paused: true }), "kubectl");
    assert.deepEqual(owners(next)["kubectl Apply"], { "f:spec": { "f:paused": {}, "f:replicas": {} } });
    const text = next.metadata.annotations?.[annotation] ?? "";
    assert.deepEqual(JSON.parse(text), deployment({ replicas: 2, paused: true }));
    assert.equal(refusal(() => apply(live, deployment({ replicas: 2 }), "other")).code, 409);
    const scaled = recordUpdate(live, { ...live, spec: { replicas: 7, paused: true } }, as("hpa"));
    assert.equal(refusal(() => apply(scaled, deployment({ replicas: 2 }), "kubectl")).code, 409);
  });

  test("an apply that changes nothing keeps its time", () => {
    const live = apply(undefined, deployment({ replicas: 1 }), "me");
    const again = applyConfiguration(live, deployment({ replicas: 1 }), {
      ...as("me"),
      time: "2030-01-01T00:00:00Z",
      force: false,
    });
    assert.deepEqual(again, live);
  });

  test("an object that does not fit its type is refused with the place", () => {
    const texts: [JsonObject, string][] = [
      [{ replicas: "3" }, ".spec.replicas: expected numeric (int or float), got string"],
      [{ replicaz: 3 }, ".spec.replicaz: field not declared in schema"],
      [
        { template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } },
        '.spec.template.spec.containers: duplicate entries for key [name="a"]',
      ],
    ];
    for (const [spec, text] of texts) {
      assert.equal(
        refusal(() => apply(undefined, deployment(spec), "me")).message,
        `failed to create typed patch object (ns/x; apps/v1, Kind=Deployment): ${text}`,
      );
    }
    const managed = deployment({}, { managedFields: [] });
    assert.equal(
      refusal(() => apply(undefined, managed, "me")).message,
      "metadata.managedFields must be nil",
    );
  });
});

describe("updates", () => {
  test("a create owns what it sets, items and maps with a dot, what every object has without an owner", () => {
    const object = deployment(
      { replicas: 1, template: { spec: { containers: [{ name: "a", image: "i" }] } } },
      { labels: { l: "v" } },
    );
    assert.deepEqual(owners(recordUpdate(undefined, object, as("kubectl-create"))), {
      "kubectl-create Update": {
        "f:metadata": { "f:labels": { ".": {}, "f:l": {} } },
        "f:spec": {
          "f:replicas": {},
          "f:template": {
            "f:spec": { "f:containers": { 'k:{"name":"a"}': { ".": {}, "f:image": {}, "f:name": {} } } },
          },
        },
      },
    });
  });

  test("an update takes what it changes and leaves the rest", () => {
    const live = apply(undefined, deployment({ replicas: 1, paused: true }), "a");
    const next = recordUpdate(live, { ...live, spec: { replicas: 5, paused: true } }, as("hpa"));
    assert.deepEqual(owners(next), {
      "a Apply": { "f:spec": { "f:paused": {} } },
      "hpa Update": { "f:spec": { "f:replicas": {} } },
    });
  });

  test("the status endpoint owns the status only, in an entry of its own", () => {
    const live = apply(undefined, deployment({ replicas: 1 }), "a");
    const next = recordUpdate(
      live,
      { ...live, status: { replicas: 1 } },
      as("controller", { subresource: "status", resetFields: [["spec"]] }),
    );
    const entry = (next.metadata.managedFields as JsonObject[]).find(
      ({ manager }) => manager === "controller",
    );
    assert.equal(entry?.subresource, "status");
    assert.deepEqual(entry?.fieldsV1, { "f:status": { "f:replicas": {} } });
  });

  test("an object that nobody tracks stays untracked; one empty entry resets the tracking", () => {
    const untracked = recordUpdate(deployment({}, { uid: "u" }), deployment({ replicas: 1 }), as("me"));
    assert.equal(untracked.metadata.managedFields, undefined);
    const live = apply(undefined, deployment({ replicas: 1 }), "a");
    const reset = recordUpdate(
      live,
      { ...live, metadata: { ...live.metadata, managedFields: [{}] } },
      as("me"),
    );
    assert.equal(reset.metadata.managedFields, undefined);
  });

  test("the eleventh updater makes the oldest two one", () => {
    let live = recordUpdate(undefined, deployment({}, { labels: { l0: "x" } }), as("m0"));
    for (let n = 1; n <= 10; n++) {
      const labels = { ...live.metadata.labels, [`l${n}`]: "x" };
      const time = `2026-01-01T00:00:${String(n).padStart(2, "0")}Z`;
      live = recordUpdate(live, { ...live, metadata: { ...live.metadata, labels } }, as(`m${n}`, { time }));
    }
    const entries = owners(live);
    assert.equal(Object.keys(entries).length, 10);
    assert.deepEqual(entries["ancient-changes Update"], {
      "f:metadata": { "f:labels": { ".": {}, "f:l0": {}, "f:l1": {} } },
    });
  });
});

describe("laws", () => {
  const word = fc.constantFrom("a", "b", "c");
  const labels = fc.dictionary(word, word, { noNullPrototype: true });
  const container = fc.record(
    { name: word, image: word, args: fc.array(word, { maxLength: 2 }) },
    { requiredKeys: ["name"], noNullPrototype: true },
  );
  const containers = fc.uniqueArray(container, { maxLength: 3, selector: ({ name }) => name });
  const configuration = fc
    .record({ labels, replicas: fc.option(fc.nat(3), { nil: undefined }), containers })
    .map(({ labels, replicas, containers }) => {
      const template = { spec: { containers: containers as unknown as JsonObject[] } };
      return deployment({ ...(replicas === undefined ? {} : { replicas }), template }, { labels });
    });

  test("applying twice is applying once", () => {
    fc.assert(
      fc.property(configuration, configuration, (other, mine) => {
        const once = apply(apply(undefined, other, "other"), mine, "me", true);
        assert.deepEqual(apply(once, mine, "me", true), once);
      }),
    );
  });

  test("where nobody else owns anything, the last configuration alone counts", () => {
    fc.assert(
      fc.property(configuration, configuration, (first, second) => {
        const both = apply(apply(undefined, first, "me"), second, "me");
        const alone = apply(undefined, second, "me");
        assert.deepEqual(owners(both), owners(alone));
        assert.deepEqual(withoutEmpty(both), withoutEmpty(alone));
      }),
    );
  });

  test("ownership reads back as it was written", () => {
    fc.assert(
      fc.property(configuration, (object) => {
        const fields = owners(apply(undefined, object, "me"))["me Apply"] as JsonObject | undefined;
        const read = fields && decodeFieldsV1(fields);
        if (fields) assert.equal(JSON.stringify(read && encodeFieldsV1(read)), JSON.stringify(fields));
      }),
    );
  });
});

/** Nothing of what only the shape of an emptied map or list tells; the server's types drop it. */
function withoutEmpty(object: KubernetesObject): unknown {
  const { managedFields: _, ...metadata } = object.metadata;
  return prune({ ...object, metadata });

  function prune(value: unknown): unknown {
    if (Array.isArray(value)) return value.length > 0 ? value.map(prune) : undefined;
    if (typeof value !== "object" || value === null) return value ?? undefined;
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const pruned = prune(item);
      return pruned === undefined ? [] : [[key, pruned]];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
}

test("a quantity is applied as text or a number, and what is no text is no name", () => {
  const limits = builtinSchema("", "v1", "LimitRange");
  assert.ok(limits);
  const applied = (cpu: JsonObject | string, metadata: JsonObject) =>
    ({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata,
      spec: { limits: [{ type: "Pod", max: { cpu } }] },
    }) as unknown as KubernetesObject;
  const options = { ...as("a", { schema: limits }), force: false };
  assert.doesNotThrow(() => applyConfiguration(undefined, applied("1", { name: "x" }), options));
  const error = refusal(() =>
    applyConfiguration(undefined, applied({ a: "b" }, { name: "x", namespace: true }), options),
  );
  assert.equal(error.code, 500);
  assert.match(error.message, /^failed to create typed patch object \(\/x; \/v1, Kind=LimitRange\): /);
  assert.match(error.message, /max\.cpu: expected any scalar, got &\{map\[a:b\]\}/);
});
