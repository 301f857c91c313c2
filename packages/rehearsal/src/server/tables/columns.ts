// Which columns `kubectl get` shows of a resource.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import type { ServedType } from "../registry.ts";
import { formatAge } from "./age.ts";

/** One column: how it is announced, and what stands in it for an object. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description?: string;
  /** 0 shows always, anything higher only with `-o wide`. */
  readonly priority?: number;
  cell(object: KubernetesObject, now: number): Json | undefined;
}

const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  cell: (object) => object.metadata.name,
};

const ageColumn: Column = {
  name: "Age",
  type: "string",
  cell: (object, now) => formatAge(object.metadata.creationTimestamp, now),
};

/** The columns of a resource. */
export function columnsOf(_type: ServedType): readonly Column[] {
  return [nameColumn, ageColumn];
}
