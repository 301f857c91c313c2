// Columns of custom resources: the definition's additionalPrinterColumns (apiextensions-apiserver tableconvertor).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { CustomVersion } from "../registry.ts";
import { formatAge } from "./age.ts";
import { ageColumn, type Column, column, nameColumn } from "./column.ts";
import { readJsonPath } from "./json-path.ts";

const cache = new WeakMap<JsonObject, readonly Column[]>();

/** The columns that a version of a definition asks for; name and age where it asks for none. */
export function customColumns({ version }: CustomVersion): readonly Column[] {
  let columns = cache.get(version);
  if (!columns) {
    const declared = version.additionalPrinterColumns;
    columns = Array.isArray(declared)
      ? [nameColumn, ...declared.filter(isJsonObject).map(customColumn)]
      : [nameColumn, { ...ageColumn, type: "date" }];
    cache.set(version, columns);
  }
  return columns;
}

function customColumn(declared: JsonObject): Column {
  const path = String(declared.jsonPath ?? "");
  const type = String(declared.type ?? "string");
  return {
    ...column(
      String(declared.name),
      (object, now) => formatCell(type, readJsonPath(object, path), now),
      type,
    ),
    format: String(declared.format ?? ""),
    description: String(declared.description ?? ""),
    priority: typeof declared.priority === "number" ? declared.priority : 0,
  };
}

/** Several values of one path are joined by commas; a value that is not of the column's type shows as nothing. */
function formatCell(type: string, values: readonly Json[], now: number): Json {
  const [value] = values;
  if (value === undefined || value === null) return null;
  switch (type) {
    case "integer":
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? formatDate(value, now) : "<invalid>";
    default:
      return values.map(formatText).join(",");
  }
}

function formatDate(value: string, now: number): string {
  return Number.isNaN(Date.parse(value)) ? "<invalid>" : formatAge(value, now);
}

function formatText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
