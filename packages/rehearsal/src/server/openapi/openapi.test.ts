import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { readMessage } from "../protobuf/wire.ts";
import { startServer } from "../testing.ts";
import { encodeOpenApiV2 } from "./encode-v2.ts";

describe("OpenAPI v2", () => {
  test("every reference leads to a definition, and every list says what is in it", async () => {
    const document = await readDocument();
    const definitions = document.definitions as JsonObject;
    let references = 0;
    visit(definitions, (schema) => {
      if (typeof schema.$ref === "string") {
        references++;
        assert.ok(schema.$ref.replace("#/definitions/", "") in definitions, schema.$ref);
      }
      if (schema.type === "array") assert.ok(isJsonObject(schema.items));
    });
    assert.ok(references > 500);
  });

  test("a patch of a built-in kind may be strategic, and takes fieldValidation", async () => {
    const { paths } = await readDocument();
    const item = (paths as JsonObject)[
      "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
    ] as JsonObject;
    const patch = item.patch as JsonObject;
    assert.ok((patch.consumes as string[]).includes("application/strategic-merge-patch+json"));
    assert.ok((patch.parameters as JsonObject[]).some(({ name }) => name === "fieldValidation"));
    assert.deepEqual(patch["x-kubernetes-group-version-kind"], {
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
  });

  test("as protobuf it holds the same definitions", async () => {
    const document = await readDocument();
    const body = encodeOpenApiV2(document);
    const fields = new Map(readMessage(body).map(({ number, value }) => [number, value as Buffer]));
    assert.equal(fields.get(1)?.toString(), "2.0");
    const names = readMessage(fields.get(9) as Buffer).map(({ value }) =>
      readMessage(value as Buffer)
        .find(({ number }) => number === 1)
        ?.value.toString(),
    );
    assert.deepEqual(names, Object.keys(document.definitions as JsonObject));
  });
});

async function readDocument(): Promise<JsonObject> {
  const { cluster, ask } = await startServer();
  try {
    return (await ask("GET", "/openapi/v2")).body;
  } finally {
    await cluster.stop();
  }
}

function visit(value: Json | undefined, look: (schema: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, look);
  if (!isJsonObject(value)) return;
  look(value);
  for (const member of Object.values(value)) visit(member, look);
}
