// Objects by themselves, for whoever sends no requests: `@slipway/kubernetes/objects` loads without client and schemas.
export type { ResourceType } from "./client.ts";
export { formatDuration, formatGoDuration, parseDuration } from "./duration.ts";
export { equalJson } from "./equal-json.ts";
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
export {
  builtin,
  builtinResources,
  findBuiltin,
  type ServedResource,
  type ServedSubresource,
} from "./resource-types.ts";
export { normalizeScope } from "./scope.ts";
export {
  matchesLabelSelector,
  matchesRequirements,
  type Requirement,
  selectorRequirements,
} from "./selector.ts";
export { editDistance, suggest } from "./suggest.ts";
