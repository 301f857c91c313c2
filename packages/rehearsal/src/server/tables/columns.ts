// Which columns `kubectl get` shows of a resource.
import type { ServedType } from "../registry.ts";
import { accessColumns } from "./access-columns.ts";
import { ageColumn, type Column, type ColumnTable, nameColumn } from "./column.ts";
import { coreColumns } from "./core-columns.ts";
import { customColumns } from "./custom-columns.ts";
import { networkColumns } from "./network-columns.ts";
import { serverColumns } from "./server-columns.ts";
import { storageColumns } from "./storage-columns.ts";
import { workloadColumns } from "./workload-columns.ts";

const tables: ColumnTable = {
  ...coreColumns,
  ...workloadColumns,
  ...networkColumns,
  ...storageColumns,
  ...accessColumns,
  ...serverColumns,
};

/** The columns of a resource; name and age where nothing more is known. */
export function columnsOf(type: ServedType): readonly Column[] {
  if (type.custom) return customColumns(type.custom);
  return tables[type.collection] ?? [nameColumn, ageColumn];
}
