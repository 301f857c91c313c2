// The parts that tables are made of.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { formatAge } from "./age.ts";

/** One column: how it is announced, and what stands in it for an object. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0 shows always, anything higher only with `-o wide`. */
  readonly priority: number;
  readonly cell: Cell;
}

/** What stands in a column. Absent is null. */
export type Cell = (object: KubernetesObject, now: number) => Json | undefined;

/** The columns of the resources, by `group/resource`. */
export type ColumnTable = Readonly<Record<string, readonly Column[]>>;

export function column(name: string, cell: Cell, type = "string"): Column {
  return { name, type, format: "", description: "", priority: 0, cell };
}

/** A column that shows only with `-o wide`. */
export function wide(name: string, cell: Cell): Column {
  return { ...column(name, cell), priority: 1 };
}

export const nameColumn: Column = {
  ...column("Name", (object) => object.metadata.name),
  format: "name",
};

export const ageColumn: Column = column("Age", (object, now) =>
  formatAge(object.metadata.creationTimestamp, now),
);

/** The moment of creation as it is, for kinds without columns of their own on the real server. */
export const createdAtColumn: Column = column(
  "Created At",
  (object) => object.metadata.creationTimestamp ?? "",
  "date",
);

/** The names of a pod template's containers, by comma. */
export const containersColumn: Column = wide("Containers", (object) => containerTexts(object, "name"));

/** Their images. */
export const imagesColumn: Column = wide("Images", (object) => containerTexts(object, "image"));

/** The selector of a workload. */
export const selectorColumn: Column = wide("Selector", (object) =>
  formatSelector(objectAt(object, "spec").selector),
);

function containerTexts(object: KubernetesObject, field: string): string {
  // A CronJob's template lies inside of the Job's.
  const job = objectAt(object, "spec", "jobTemplate");
  const containers = objectsAt(isEmpty(job) ? object : job, "spec", "template", "spec", "containers");
  return containers.map((container) => textAt(container, field) ?? "").join(",");
}

function isEmpty(map: JsonObject): boolean {
  return Object.keys(map).length === 0;
}

/** A label selector in query notation (apimachinery `metav1.FormatLabelSelector`); `<none>` when it is empty. */
export function formatSelector(selector: Json | undefined): string {
  if (!isJsonObject(selector)) return "<none>";
  const parts = Object.entries(objectAt(selector, "matchLabels")).map(([key, value]): [string, string] => [
    key,
    `${key}=${value}`,
  ]);
  for (const expression of objectsAt(selector, "matchExpressions")) {
    const key = String(expression.key);
    const values = Array.isArray(expression.values) ? [...expression.values].sort().join(",") : "";
    const texts: Record<string, string> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    parts.push([key, texts[String(expression.operator)] ?? key]);
  }
  parts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return parts.length === 0 ? "<none>" : parts.map(([, text]) => text).join(",");
}

/** Labels as `a=b,c=d`, sorted by the whole text (apimachinery `labels.FormatLabels`); `<none>` without any. */
export function formatLabels(labels: Json | undefined): string {
  const texts = Object.entries(isJsonObject(labels) ? labels : {}).map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? "<none>" : texts.sort().join(",");
}

/** The first three of a list, and how many more there are. */
export function formatSome(texts: readonly string[]): string {
  if (texts.length === 0) return "<none>";
  const shown = texts.slice(0, 3).join(",");
  return texts.length > 3 ? `${shown} + ${texts.length - 3} more...` : shown;
}
