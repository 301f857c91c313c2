// Every object of a real Kubernetes 1.36 after the release was deployed to it, as it answered a list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { groupOf, type KubernetesObject, type Schema, versionOf } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../test/support/fixtures.ts";
import { decodeBuiltin } from "./builtin/decode.ts";
import { builtinSchema } from "./builtin/schemas.ts";
import { resetFieldsOf } from "./builtin/strategy.ts";
import { decodeFieldsV1, encodeFieldsV1 } from "./fields/fields-v1.ts";
import { recordUpdate } from "./fields/manage-fields.ts";

const recorded = fixture("real-server/26.03/final.ndjson.gz");

/** Kinds to which admission adds fields that nobody owns, or that were written through another version. */
const changedOnTheWay = new Set(["Event", "Namespace", "PersistentVolume", "Pod", "Service"]);

describe("objects of a real cluster", { skip: skipWithout(recorded) }, () => {
  const objects: KubernetesObject[] = [];

  before(() => {
    for (const line of gunzipSync(readFileSync(recorded)).toString().trim().split("\n")) {
      const object = JSON.parse(line) as KubernetesObject;
      if (schemaOf(object)) objects.push(object);
    }
  });

  test("reading a stored object again changes nothing", () => {
    assert.ok(objects.length > 1400, `${objects.length} objects`);
    for (const object of objects) {
      const { object: decoded, unknownFields } = decodeBuiltin(object);
      assert.deepEqual(unknownFields, []);
      assert.deepEqual(decoded, object);
    }
  });

  test("ownership reads back byte for byte", () => {
    for (const entry of objects.flatMap((object) => object.metadata.managedFields ?? [])) {
      const fields = isJsonObject(entry) ? (entry.fieldsV1 as JsonObject) : {};
      const read = decodeFieldsV1(fields);
      assert.equal(JSON.stringify(read && encodeFieldsV1(read)), JSON.stringify(fields));
    }
  });

  test("what the cluster's own components created is owned as the server recorded it", () => {
    let compared = 0;
    for (const object of objects) {
      const entry = onlyCreator(object);
      if (!entry || changedOnTheWay.has(object.kind)) continue;
      const { managedFields: _, ...metadata } = object.metadata;
      const created = recordUpdate(undefined, { ...object, metadata } as KubernetesObject, {
        manager: entry.manager as string,
        time: entry.time as string,
        schema: schemaOf(object) as Schema,
        resetFields: resetFieldsOf(groupOf(object.apiVersion), object.kind, undefined),
      });
      assert.deepEqual(created.metadata.managedFields, [entry]);
      compared++;
    }
    assert.ok(compared > 350, `${compared} objects`);
  });
});

function schemaOf({ apiVersion, kind }: KubernetesObject): Schema | undefined {
  return builtinSchema(groupOf(apiVersion), versionOf(apiVersion), kind);
}

/** The entry of the one manager that wrote the object, status aside; undefined when there were others. */
function onlyCreator(object: KubernetesObject): JsonObject | undefined {
  const entries = (object.metadata.managedFields ?? []).filter(isJsonObject);
  const main = entries.filter((entry) => entry.subresource === undefined);
  return main.length === 1 && main[0]?.operation === "Update" ? main[0] : undefined;
}
