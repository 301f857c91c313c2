// The types of what expressions of admission read (apiserver admission/plugin/cel/compile.go and composition.go).
import type { Variables } from "./compile-rule.ts";
import { anything, bool, type CelType, dyn, int, listOf, mapOf, simpleType, text } from "./types.ts";

const object = (name: string, fields: { readonly [field: string]: CelType }): CelType => ({
  kind: "object",
  name: `kubernetes.${name}`,
  fields: new Map(Object.entries(fields)),
});

const texts = listOf(text);
const labels = mapOf(text, text);
const timestamp = simpleType("timestamp");

const groupVersionKind = object("GroupVersionKind", { group: text, version: text, kind: text });
const groupVersionResource = object("GroupVersionResource", { group: text, version: text, resource: text });

const request = object("AdmissionRequest", {
  kind: groupVersionKind,
  resource: groupVersionResource,
  subResource: text,
  requestKind: groupVersionKind,
  requestResource: groupVersionResource,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: object("UserInfo", {
    username: text,
    uid: text,
    groups: texts,
    extra: mapOf(text, texts),
  }),
  dryRun: bool,
  options: dyn,
});

const namespaceObject = object("Namespace", {
  metadata: object("NamespaceMetadata", {
    name: text,
    generateName: text,
    namespace: text,
    labels,
    annotations: labels,
    UID: text,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: text,
    finalizers: texts,
  }),
  spec: object("NamespaceSpec", { finalizers: texts }),
  status: object("NamespaceStatus", {
    conditions: listOf(
      object("NamespaceCondition", {
        status: text,
        type: text,
        lastTransitionTime: timestamp,
        message: text,
        reason: text,
      }),
    ),
    phase: text,
  }),
});

const authorizer = simpleType("kubernetes.authorization.Authorizer");
const resourceCheck = simpleType("kubernetes.authorization.ResourceCheck");

/** What an expression of admission may read besides the request and the namespace. */
export interface AdmissionScope {
  /** The type of `object` and `oldObject`; anything when it is not known. */
  readonly object?: CelType;
  /** The type of `params`; there are none without it. */
  readonly params?: CelType;
  readonly authorizer: boolean;
  /** Whether `Object{…}` and `JSONPatch{…}` can be made, as in mutations. */
  readonly patches?: boolean;
  /** The types of the policy's own variables so far; without them there is no `variables`. */
  readonly composed?: ReadonlyMap<string, CelType>;
}

/** The variables of an expression. */
export function admissionVariables(scope: AdmissionScope): Variables {
  const { object = dyn, params, composed } = scope;
  const variables = new Map<string, CelType>([
    ["object", object],
    ["oldObject", object],
    ["namespaceObject", namespaceObject],
    ["request", request],
  ]);
  if (params) variables.set("params", params);
  if (scope.authorizer) {
    variables.set("authorizer", authorizer).set("authorizer.requestResource", resourceCheck);
  }
  if (scope.patches) {
    // Of an object, every field may be anything; the types of what is inside of it are named by their path.
    const made: CelType = { kind: "object", name: "Object", fields: new Map(), open: true };
    const patch: CelType = {
      kind: "object",
      name: "JSONPatch",
      fields: new Map([
        ["op", text],
        ["path", text],
        ["from", text],
        ["value", dyn],
      ]),
    };
    variables.set("Object", { kind: "type", of: [made] }).set("Object.*", { kind: "type", of: [made] });
    variables.set("JSONPatch", { kind: "type", of: [patch] });
  }
  if (composed) {
    variables.set("variables", { kind: "object", name: "kubernetes.variables", fields: composed });
  }
  return variables;
}

const kept = new Set(["bool", "bytes", "double", "duration", "int", "null", "string", "timestamp", "uint"]);

/** The type of a variable's value where others read it: of objects and the like, nothing is remembered. */
export function composedType(type: CelType): CelType {
  if (type.kind === "list" || type.kind === "map") return { ...type, of: type.of.map(composedType) };
  return type === anything || (type.kind === "simple" && kept.has(type.name)) ? type : dyn;
}
