// The public face of @slipway/kubernetes.
export { checkCluster, explainClusterError, oldestMinor, type ServerVersion } from "./check-cluster.ts";
export type {
  Client,
  DeleteOptions,
  ListOptions,
  ObjectList,
  ObjectRef,
  PatchBody,
  ResourceType,
  WatchEvent,
  WriteOptions,
} from "./client.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type Discovery, discover } from "./discovery.ts";
export { formatDuration, formatGoDuration, parseDuration } from "./duration.ts";
export { equalJson } from "./equal-json.ts";
export { ApiError, ConnectionError, isApiError } from "./errors.ts";
export { type ClientSettings, collectionPath, createClient, objectPath } from "./http-client.ts";
export { createInformer, type Informer, type InformerOptions, type ObjectChange } from "./informer.ts";
export type { ClusterAccess, Credentials, ExecPlugin } from "./kubeconfig/cluster-access.ts";
export { type Connection, connect } from "./kubeconfig/connect.ts";
export { type Kubeconfig, loadKubeconfig } from "./kubeconfig/load-kubeconfig.ts";
export {
  compareVersions,
  createMapper,
  type MappedResource,
  type MapperSources,
  type ResourceMapper,
  resourcesOfCrd,
} from "./mapper.ts";
export {
  formatIdentity,
  groupOf,
  identify,
  type KubernetesObject,
  type ObjectIdentity,
  type ObjectMeta,
  type OwnerReference,
  objectKey,
  versionOf,
} from "./object.ts";
export { findObject, type ObjectName, parseObjectName } from "./object-name.ts";
export { parseSelector } from "./parse-selector.ts";
export { parseQuantity } from "./quantity.ts";
export type { Readiness, ReadinessContext } from "./readiness/readiness.ts";
export { readinessOf } from "./readiness/readiness-of.ts";
export {
  builtin,
  builtinResources,
  findBuiltin,
  type ServedResource,
  type ServedSubresource,
} from "./resource-types.ts";
export { type AskAccess, type AskedAccess, CelAuthorizer } from "./schema/cel/authorizer.ts";
export { type CelExpression, compileCel } from "./schema/cel.ts";
export { applySchemaDefaults } from "./schema/default.ts";
export { dnsSubdomainFaults, hasDnsSubdomainForm } from "./schema/definition/dns-names.ts";
export { canonicalQuantity } from "./schema/exact-quantity.ts";
export { type FieldError, formatFieldError, formatFieldErrors, toCauses } from "./schema/field-error.ts";
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
export { normalizeScope } from "./scope.ts";
export {
  matchesLabelSelector,
  matchesRequirements,
  type Requirement,
  selectorRequirements,
} from "./selector.ts";
export { editDistance, suggest } from "./suggest.ts";
export type { HttpRequest, HttpResponse, Transport } from "./transport.ts";
