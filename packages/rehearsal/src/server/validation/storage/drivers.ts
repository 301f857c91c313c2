// CSIDrivers and what they say of nodes (kubernetes pkg/apis/storage/validation ValidateCSIDriver… and
// ValidateCSINode…).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  textAt,
  textsAt,
  valueAt,
} from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { checkQualifiedName, invalidText } from "../names.ts";
import { notNegative } from "../numbers.ts";
import { validateDriverName } from "../pods/volume-sources.ts";
import type { Validator } from "../validator.ts";

const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];
const LEAST_PERIOD = 10;
const LEAST_EXPIRATION = 600;
const MOST_EXPIRATION = 2 ** 32;
const LONGEST_NODE_ID = 256;

function validateDriver({ spec }: KubernetesObject): FieldError[] {
  const period = numberAt(spec, "nodeAllocatableUpdatePeriodSeconds");
  const inSecrets = valueAt(spec, "serviceAccountTokenInSecrets");
  const requests = objectsAt(spec, "tokenRequests");
  const errors = [
    ...validateChoice(valueAt(spec, "fsGroupPolicy"), "spec.fsGroupPolicy", groupPolicies),
    ...validateTokenRequests(requests),
    ...textsAt(spec, "volumeLifecycleModes")
      .filter((mode) => !lifecycleModes.includes(mode))
      .map((mode) => unsupportedValue("spec.volumeLifecycleModes", mode, lifecycleModes)),
  ];
  if (period !== undefined && period < LEAST_PERIOD) {
    const detail = `must be greater than or equal to ${LEAST_PERIOD} seconds`;
    errors.push(invalidValue("spec.nodeAllocatableUpdatePeriodSeconds", period, detail));
  }
  if (typeof inSecrets === "boolean" && requests.length === 0) {
    const detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalidValue("spec.serviceAccountTokenInSecrets", inSecrets, detail));
  }
  return errors;
}

/** Tokens of accounts that a driver gets: one for each audience. */
function validateTokenRequests(requests: readonly JsonObject[]): FieldError[] {
  const seen = new Set<string>();
  return requests.flatMap((request, index) => {
    const path = `spec.tokenRequests[${index}]`;
    const audience = textAt(request, "audience") ?? "";
    if (seen.has(audience)) return [duplicateValue(`${path}.audience`, audience)];
    seen.add(audience);
    const seconds = numberAt(request, "expirationSeconds") ?? LEAST_EXPIRATION;
    const refuse = (detail: string) => [invalidValue(`${path}.expirationSeconds`, seconds, detail)];
    if (seconds < LEAST_EXPIRATION) return refuse("may not specify a duration less than 10 minutes");
    if (seconds > MOST_EXPIRATION) return refuse("may not specify a duration larger than 2^32 seconds");
    return [];
  });
}

/** Fields that stay as they are, by the names that the real server gives them. */
const fixedFields: Readonly<Record<string, string>> = {
  attachRequired: "attachedRequired",
  volumeLifecycleModes: "volumeLifecycleModes",
};

function validateDriverUpdate(driver: KubernetesObject, old: KubernetesObject): FieldError[] {
  return Object.entries(fixedFields).flatMap(([field, shown]) => {
    const now = valueAt(driver, "spec", field);
    if (equalJson(now ?? null, valueAt(old, "spec", field) ?? null)) return [];
    return [invalidValue(`spec.${shown}`, now, "field is immutable")];
  });
}

function validateNode({ spec }: KubernetesObject): FieldError[] {
  const seen = new Set<string>();
  return objectsAt(spec, "drivers").flatMap((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const name = textAt(driver, "name") ?? "";
    const errors = [
      ...validateDriverName(textAt(driver, "name"), `${path}.name`),
      ...validateNodeId(textAt(driver, "nodeID") ?? "", `${path}.nodeID`),
      ...notNegative(objectAt(driver, "allocatable"), "count", `${path}.allocatable`),
      ...(seen.has(name) ? [duplicateValue(`${path}.name`, name)] : []),
    ];
    seen.add(name);
    return [...errors, ...validateTopologyKeys(textsAt(driver, "topologyKeys"), path)];
  });
}

function validateNodeId(id: string, path: string): FieldError[] {
  if (id === "") return [requiredValue(path)];
  if (Buffer.byteLength(id) <= LONGEST_NODE_ID) return [];
  return [invalidValue(path, id, `must be ${LONGEST_NODE_ID} characters or less`)];
}

/** The real server says of the driver what is wrong with its keys. */
function validateTopologyKeys(keys: readonly string[], path: string): FieldError[] {
  return keys.flatMap((key, index) => [
    ...(key === "" ? [requiredValue(path)] : []),
    ...(keys.indexOf(key) < index ? [duplicateValue(path, key)] : []),
    ...invalidText(path, key, checkQualifiedName),
  ]);
}

/** Of a driver that was there, nothing changes but how many volumes fit. */
function validateNodeUpdate(
  _node: KubernetesObject,
  old: KubernetesObject,
  sent: KubernetesObject,
): FieldError[] {
  const drivers = objectsAt(sent.spec, "drivers").map(showDriver);
  return objectsAt(old.spec, "drivers")
    .map(showDriver)
    .flatMap((before) =>
      drivers
        .filter((now) => now.Name === before.Name && !equalJson(asStored(now), asStored(before)))
        .map((now) => invalidValue("spec.drivers", now, "field is immutable")),
    );
}

/** A driver on a node as the server's own type shows it. */
function showDriver(driver: JsonObject): JsonObject {
  return {
    Name: stringAt(driver, "name") ?? "",
    NodeID: stringAt(driver, "nodeID") ?? "",
    TopologyKeys: driver.topologyKeys ?? null,
    Allocatable: null,
  };
}

/** To the real server no keys are as good as an empty list of them. */
function asStored(driver: JsonObject): JsonObject {
  return { ...driver, TopologyKeys: textsAt(driver, "TopologyKeys") };
}

/** By collection. */
export const driverValidators: Readonly<Record<string, Validator>> = {
  "storage.k8s.io/csidrivers": { validate: validateDriver, validateUpdate: validateDriverUpdate },
  "storage.k8s.io/csinodes": { validate: validateNode, validateUpdate: validateNodeUpdate },
};
