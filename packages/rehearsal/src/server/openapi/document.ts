import type { JsonObject } from "@slipway/yaml";
import type { ServedType } from "../registry.ts";
import { serverVersion } from "../service-paths.ts";
import { builtinSchemas, schemaNameOf } from "./builtin-schemas.ts";
import { customSchemas } from "./custom-schemas.ts";

/** The document of one group and version: paths with the parameters that kubectl looks for, and all schemas. */
export function openApiDocument(types: readonly ServedType[]): JsonObject {
  const paths: JsonObject = {};
  for (const type of types) Object.assign(paths, pathsOf(type));
  const builtin = builtinSchemas(types.filter((type) => !type.custom));
  const custom = customSchemas(types.filter((type) => type.custom));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: serverVersion.gitVersion },
    paths,
    components: { schemas: { ...builtin, ...custom } },
  };
}

const query = (name: string, type: string): JsonObject => ({
  name,
  in: "query",
  schema: { type, uniqueItems: true },
});

const writeParameters = [
  query("dryRun", "string"),
  query("fieldManager", "string"),
  query("fieldValidation", "string"),
];

const listParameters = [
  query("allowWatchBookmarks", "boolean"),
  query("continue", "string"),
  query("fieldSelector", "string"),
  query("labelSelector", "string"),
  query("limit", "integer"),
  query("resourceVersion", "string"),
  query("resourceVersionMatch", "string"),
  query("sendInitialEvents", "boolean"),
  query("timeoutSeconds", "integer"),
  query("watch", "boolean"),
];

/** Only built-in kinds know how their lists merge in a strategic patch; kubectl asks here which those are. */
function patchTypesOf({ custom }: ServedType): string[] {
  const everywhere = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
  ];
  return custom ? everywhere : [...everywhere, "application/strategic-merge-patch+json"];
}

function pathsOf(type: ServedType): JsonObject {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const collection = `${root}${type.namespaced ? "/namespaces/{namespace}" : ""}/${type.resource}`;
  const operations = operationsOf(type);
  const paths: JsonObject = {
    [collection]: present({
      get: type.verbs.includes("list") ? operations.list : undefined,
      post: type.verbs.includes("create") ? operations.create : undefined,
      delete: type.verbs.includes("deletecollection") ? operations.deletecollection : undefined,
    }),
  };
  if (type.verbs.includes("get")) paths[`${collection}/{name}`] = itemOperations(operations, type.verbs);
  if (type.namespaced && type.verbs.includes("list")) {
    paths[`${root}/${type.resource}`] = { get: operations.list };
  }
  for (const { name, verbs } of type.subresources) {
    paths[`${collection}/{name}/${name}`] = itemOperations(operations, verbs);
  }
  return paths;
}

function itemOperations(operations: Record<string, JsonObject>, verbs: readonly string[]): JsonObject {
  const named = { get: "get", put: "update", patch: "patch", delete: "delete", post: "create" };
  const item: Record<string, JsonObject | undefined> = {};
  for (const [method, verb] of Object.entries(named)) {
    // Objects are created in their collection; only subresources are created below a name.
    const applies = verbs.includes(verb) && (method !== "post" || !verbs.includes("list"));
    if (applies) item[method] = operations[verb];
  }
  return present(item);
}

function present(item: Record<string, JsonObject | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([, operation]) => operation !== undefined));
}

function operationsOf(type: ServedType): Record<string, JsonObject> {
  const { group, version, kind } = type;
  const object: JsonObject = { $ref: `#/components/schemas/${schemaNameOf(type)}` };
  const content = (types: readonly string[]): JsonObject =>
    Object.fromEntries(types.map((name) => [name, { schema: object }]));
  const operation = (action: string, parameters: JsonObject[], body?: readonly string[]): JsonObject => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
    parameters,
    ...(body ? { requestBody: { content: content(body) } } : {}),
    responses: { "200": { description: "OK", content: content(["application/json"]) } },
  });
  return {
    get: operation("get", []),
    list: operation("list", listParameters),
    create: operation("post", writeParameters, ["*/*"]),
    update: operation("put", writeParameters, ["*/*"]),
    patch: operation("patch", [...writeParameters, query("force", "boolean")], patchTypesOf(type)),
    delete: operation("delete", [query("dryRun", "string"), query("propagationPolicy", "string")]),
    deletecollection: operation("deletecollection", listParameters),
  };
}
