import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { KubernetesObject } from "../object.ts";

/** An entry of `status.conditions` as most kinds have it. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The map under a key, empty when there is none. */
export function mapAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

/** The maps in the list under a key. */
export function mapsAt(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter((entry: Json) => isJsonObject(entry)) : [];
}

/** The number under a key, or the default. */
export function numberAt(object: JsonObject, key: string, otherwise: number): number {
  const value = object[key];
  return typeof value === "number" ? value : otherwise;
}

/** The text under a key, or "". */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

/** A condition of `status.conditions` by type. */
export function condition(object: KubernetesObject, type: string): Condition | undefined {
  const found = mapsAt(mapAt(object, "status"), "conditions").find((entry) => entry.type === type);
  if (!found) return undefined;
  return {
    type,
    status: textAt(found, "status"),
    reason: textAt(found, "reason"),
    message: textAt(found, "message"),
  };
}

/** What a condition says, in one clause. */
export function describeCondition({ type, status, reason, message }: Condition): string {
  const detail = message || reason;
  return detail ? `${type} is ${status}: ${detail}` : `${type} is ${status}`;
}
