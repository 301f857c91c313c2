import type { JsonObject } from "@slipway/yaml";
import type { Schema } from "./schema.ts";

/**
 * Removes the fields that the schema does not know, in place, and returns their paths (`spec.foo`,
 * `spec.list[0].bar`) for field validation: the server warns or refuses with `unknown field "spec.foo"`.
 */
export function pruneUnknownFields(_object: JsonObject, _schema: Schema): string[] {
  throw new Error("lands next");
}
