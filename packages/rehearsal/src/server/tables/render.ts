// Tables as `kubectl get` prints them (meta/v1 Table).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt } from "../../admission/read-json.ts";
import { partialMetadata } from "../partial-metadata.ts";
import type { ServedType } from "../registry.ts";
import { columnsOf } from "./columns.ts";

/** When and how a table is rendered. */
export interface TableOptions {
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
  readonly query: URLSearchParams;
  /** Metadata of the list. */
  readonly metadata?: JsonObject;
  /** Leaves the column definitions out, as every event of a watch but the first does. */
  readonly headless?: boolean;
}

/** The objects as rows; each row carries what `includeObject` asks for (by default the metadata). */
export function renderTable(
  type: ServedType,
  objects: readonly KubernetesObject[],
  options: TableOptions,
): JsonObject {
  const columns = columnsOf(type);
  const include = options.query.get("includeObject") ?? "Metadata";
  const [first] = objects;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata ?? listMetadata(first),
    columnDefinitions: options.headless
      ? null
      : columns.map(({ name, type: dataType, format, description, priority }) => ({
          name,
          type: dataType,
          format: format ?? "",
          description: description ?? "",
          priority: priority ?? 0,
        })),
    rows: inPrintedOrder(type, objects).map((object) => ({
      cells: columns.map((column): Json => column.cell(object, options.now) ?? null),
      ...(include === "None" ? {} : { object: include === "Object" ? object : partialMetadata(object) }),
    })),
  };
}

/** Flow schemas are listed in the order in which they are matched (printers/internalversion, printFlowSchemaList). */
function inPrintedOrder(type: ServedType, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  if (type.collection !== "flowcontrol.apiserver.k8s.io/flowschemas") return objects;
  const precedence = (object: KubernetesObject) => numberAt(object, "spec", "matchingPrecedence") ?? 0;
  return objects.toSorted((a, b) => precedence(a) - precedence(b));
}

function listMetadata(object: KubernetesObject | undefined): JsonObject {
  return object?.metadata.resourceVersion ? { resourceVersion: object.metadata.resourceVersion } : {};
}
