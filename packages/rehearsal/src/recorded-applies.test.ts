// What a real Kubernetes 1.36 answered to the first server-side apply of every object of the release.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { groupOf, type KubernetesObject, parseSchema, type Schema, versionOf } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject, readYaml } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../test/support/fixtures.ts";
import {
  customResetFields,
  decodeCustomResource,
  prepareCustomForCreate,
} from "./builtin/custom-resource.ts";
import { decodeBuiltin } from "./builtin/decode.ts";
import { asStored } from "./builtin/empty-values.ts";
import { builtinSchema } from "./builtin/schemas.ts";
import { prepareForCreate, resetFieldsOf } from "./builtin/strategy.ts";
import { applyConfiguration } from "./fields/manage-fields.ts";

const golden = fixture("golden/26.03/example.yaml.gz");
const recorded = fixture("real-server/26.03/applied.ndjson.gz");

interface CustomType {
  readonly schema: Schema;
  readonly hasStatus: boolean;
}

describe("server-side apply of release 26.03", { skip: skipWithout(golden) || skipWithout(recorded) }, () => {
  let sent: KubernetesObject[] = [];
  const answers = new Map<string, KubernetesObject>();
  const customTypes = new Map<string, CustomType>();

  before(() => {
    const text = gunzipSync(readFileSync(golden)).toString();
    sent = readYaml(text).map((document) => document.value as KubernetesObject);
    for (const line of gunzipSync(readFileSync(recorded)).toString().trim().split("\n")) {
      const { object } = JSON.parse(line) as { object: KubernetesObject };
      answers.set(keyOf(object), object);
    }
    for (const object of sent) {
      // Some objects of kinds without a namespace name one all the same; the server drops it by the URL.
      if (!answers.has(keyOf(object))) delete object.metadata.namespace;
      if (object.kind === "CustomResourceDefinition") readDefinition(object, customTypes);
    }
  });

  test("field ownership of all 675 objects is the real server's", () => {
    assert.equal(sent.length, 675);
    const wrong = sent.filter((object) => {
      const answer = answerTo(object);
      const ours = apply(object, answer).metadata.managedFields;
      return !isEqual(ours, answer.metadata.managedFields);
    });
    assert.deepEqual(wrong.map(keyOf), []);
  });

  test("ownership of built-in objects is written in the real server's order, byte for byte", () => {
    for (const object of sent.filter((object) => builtinOf(object))) {
      const answer = answerTo(object);
      const ours = apply(object, answer).metadata.managedFields;
      assert.equal(JSON.stringify(ours), JSON.stringify(answer.metadata.managedFields));
    }
  });

  test("all 675 objects come out defaulted as from the real server", () => {
    const wrong: Record<string, unknown> = {};
    for (const object of sent) {
      const answer = answerTo(object);
      const ours = stored(apply(object, answer));
      try {
        assert.deepEqual(comparable(ours), comparable(answer));
      } catch {
        wrong[keyOf(object)] = { ours: comparable(ours), real: comparable(answer) };
      }
    }
    assert.deepEqual(wrong, {});
  });

  function answerTo(object: KubernetesObject): KubernetesObject {
    const answer = answers.get(keyOf(object));
    assert.ok(answer, keyOf(object));
    return answer;
  }

  function builtinOf(object: KubernetesObject): Schema | undefined {
    return builtinSchema(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind);
  }

  function customOf(object: KubernetesObject): CustomType {
    const type = customTypes.get(`${object.apiVersion}/${object.kind}`);
    assert.ok(type, `${object.apiVersion}/${object.kind}`);
    return type;
  }

  function apply(object: KubernetesObject, answer: KubernetesObject): KubernetesObject {
    const entry = answer.metadata.managedFields?.[0];
    const time = isJsonObject(entry) && typeof entry.time === "string" ? entry.time : "2026-11-21T00:00:00Z";
    const builtin = builtinOf(object);
    const resetFields = builtin
      ? resetFieldsOf(groupOf(object.apiVersion), object.kind, undefined)
      : customResetFields(customOf(object).hasStatus, undefined);
    const schema = builtin ?? customOf(object).schema;
    return applyConfiguration(undefined, object, {
      manager: "bench",
      time,
      schema,
      resetFields,
      force: true,
    });
  }

  function stored(object: KubernetesObject): KubernetesObject {
    if (builtinOf(object)) {
      const decoded = decodeBuiltin(object).object;
      prepareForCreate(decoded);
      return asStored(decoded);
    }
    const { schema, hasStatus } = customOf(object);
    const decoded = decodeCustomResource(object, schema).object;
    prepareCustomForCreate(decoded, hasStatus);
    return decoded;
  }
});

function readDefinition(crd: KubernetesObject, into: Map<string, CustomType>): void {
  const spec = crd.spec as JsonObject;
  for (const version of spec.versions as JsonObject[]) {
    const source = (version.schema as JsonObject).openAPIV3Schema as JsonObject;
    const hasStatus = isJsonObject(version.subresources) && version.subresources.status !== undefined;
    const kind = (spec.names as JsonObject).kind;
    into.set(`${spec.group}/${version.name}/${kind}`, { schema: parseSchema(source), hasStatus });
  }
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? "-"}/${metadata.name}`;
}

/** Without what depends on the moment, and the addresses that the server hands out to Services. */
function comparable(object: KubernetesObject): JsonObject {
  const {
    uid: _,
    creationTimestamp: __,
    resourceVersion: ___,
    managedFields: ____,
    ...metadata
  } = object.metadata;
  if (object.kind !== "Service" || !isJsonObject(object.spec)) return { ...object, metadata };
  const { clusterIP: _a, clusterIPs: _b, ipFamilies: _c, ipFamilyPolicy: _d, ...spec } = object.spec;
  return { ...object, metadata, spec };
}

function isEqual(a: Json[] | undefined, b: Json[] | undefined): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
