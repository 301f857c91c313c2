// What Go calls the fields of the built-in kinds, which only errors tell; read when the first error needs it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "@slipway/kubernetes";

/** One field of a Go struct. */
export interface GoField {
  /** As Go's reflection prints it, without the pointer in front: `[]v1.Container`. */
  readonly type: string;
  /** Names of the embedded structs that it comes from, outermost first. */
  readonly within: readonly string[];
}

let loaded: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;

function goTypes(): NonNullable<typeof loaded> {
  loaded ??= JSON.parse(readFileSync(join(import.meta.dirname, "go-types.generated.json"), "utf8"));
  return loaded as NonNullable<typeof loaded>;
}

/** The names of a struct's fields in the order of Go's source. */
export function goFieldNames({ typeName = "" }: Schema): string[] {
  return Object.keys(goTypes()[typeName] ?? {});
}

/** A field of a struct. */
export function goField({ typeName = "" }: Schema, key: string, schema: Schema): GoField {
  const [type = goName(schema), ...within] = goTypes()[typeName]?.[key]?.split(" ") ?? [];
  return { type, within };
}

/** The type of what a list or a map of this type holds. */
export function goItemType(type: string, items: Schema): string {
  return /^(?:\[\]|map\[[^\]]*\])(.+)$/.exec(type)?.[1]?.replace(/^\*/, "") ?? goName(items);
}

/** Go's name of a struct: `v1.PodSpec`. */
export function goName({ typeName, type }: Schema): string {
  return typeName?.split(".").slice(-2).join(".") ?? type;
}
