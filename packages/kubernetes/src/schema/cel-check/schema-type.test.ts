import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSchema } from "../schema.ts";
import { schemaType } from "./schema-type.ts";
import { formatType } from "./types.ts";

const word = makeSchema({ type: "string" });

test("a schema's values have a type, unless they may be of any", () => {
  const cases: [schema: Parameters<typeof makeSchema>[0], type: string | undefined][] = [
    [{ type: "string" }, "string"],
    [{ type: "string", limits: { format: "date-time" } }, "timestamp"],
    [{ type: "array", items: word }, "list(string)"],
    [{ type: "object", additional: word }, "map(string, string)"],
    [{ type: "object", additional: makeSchema({}) }, undefined],
    [{ limits: { format: "int-or-string" } }, "dyn"],
    [{}, undefined],
  ];
  for (const [attributes, expected] of cases) {
    const type = schemaType(makeSchema(attributes), "A");
    assert.equal(type && formatType(type), expected);
  }
});

test("fields are named as expressions write them, and a type inside of itself has none", () => {
  const properties = new Map([["a-b", word]]);
  const node = { ...makeSchema({ type: "object", properties }), typeName: "Node" };
  properties.set("child", node);
  const type = schemaType(node, "Node0");
  assert.ok(type?.kind === "object");
  assert.deepEqual([...type.fields.keys()], ["a__dash__b", "child"]);
  const child = type.fields.get("child");
  assert.ok(child?.kind === "object");
  assert.deepEqual([child.name, child.fields.size], ["Node0.child", 0]);
});
