// The public face of @slipway/kubernetes.
export { checkCluster, explainClusterError, oldestMinor, type ServerVersion } from "./check-cluster.ts";
export type {
  Client,
  DeleteOptions,
  ListOptions,
  ObjectList,
  ObjectRef,
  PatchBody,
  WatchEvent,
  WriteOptions,
} from "./client.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type Discovery, discover } from "./discovery.ts";
export { ApiError, ConnectionError, isApiError } from "./errors.ts";
export { type ClientSettings, collectionPath, createClient, objectPath } from "./http-client.ts";
export { createInformer, type Informer, type InformerOptions, type ObjectChange } from "./informer.ts";
export type { ClusterAccess, Credentials, ExecPlugin } from "./kubeconfig/cluster-access.ts";
export { type Connection, connect } from "./kubeconfig/connect.ts";
export { type Kubeconfig, loadKubeconfig } from "./kubeconfig/load-kubeconfig.ts";
export * from "./objects.ts";
export type { Readiness, ReadinessContext } from "./readiness/readiness.ts";
export { readinessOf } from "./readiness/readiness-of.ts";
export { type AskAccess, type AskedAccess, CelAuthorizer } from "./schema/cel/authorizer.ts";
export { type CelExpression, compileCel, toDynamic as toCelDynamic } from "./schema/cel.ts";
export { type AdmissionScope, admissionVariables } from "./schema/cel-check/admission-types.ts";
export { compileAdmission, type ExpressionKind } from "./schema/cel-check/compile-admission.ts";
export { typeExpression } from "./schema/cel-check/compile-rule.ts";
export { selectorProblem } from "./schema/cel-check/compile-selector.ts";
export { declaredType } from "./schema/cel-check/declared-type.ts";
export { schemaType, withMetadata } from "./schema/cel-check/schema-type.ts";
export { type CelType, dyn as anyType } from "./schema/cel-check/types.ts";
export { applySchemaDefaults } from "./schema/default.ts";
export { dnsLabelFaults, dnsSubdomainFaults, hasDnsSubdomainForm } from "./schema/definition/dns-names.ts";
export {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  milliQuantity,
} from "./schema/exact-quantity.ts";
export { type FieldError, formatFieldError, formatFieldErrors, toCauses } from "./schema/field-error.ts";
export { isFormatOf } from "./schema/formats.ts";
export { parseSchema } from "./schema/parse-schema.ts";
export { pruneUnknownFields } from "./schema/prune.ts";
export {
  type EmptyField,
  makeSchema,
  type Schema,
  type SchemaLimits,
  type SchemaRule,
  type SchemaType,
} from "./schema/schema.ts";
export { validateBySchema } from "./schema/validate.ts";
export { validateCustomResourceDefinition } from "./schema/validate-crd.ts";
export type { HttpRequest, HttpResponse, Transport } from "./transport.ts";
