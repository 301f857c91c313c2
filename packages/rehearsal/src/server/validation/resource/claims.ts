// Claims of devices, templates of them, and classes of devices (kubernetes pkg/apis/resource/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { validateAnnotations, validateLabels } from "../metadata.ts";
import { validateResourceName } from "../resource-names.ts";
import type { Validator } from "../validator.ts";
import { validateConfiguration, validateSelectors } from "./device-choice.ts";
import { validateClassName, validateFullAttributeName, validateLabelName } from "./device-names.ts";
import { validateItems, validateSet } from "./lists.ts";
import { validateDeviceTolerations } from "./tolerations.ts";

/** What may be referred to in a claim: its requests, and `request/part` for their alternatives. */
export function requestNamesOf(devices: JsonObject): Set<string> {
  return new Set(
    objectsAt(devices, "requests").flatMap((request) => {
      const name = textAt(request, "name") ?? "";
      const parts = objectsAt(request, "firstAvailable");
      return [name, ...parts.map((part) => `${name}/${textAt(part, "name") ?? ""}`)];
    }),
  );
}

/** A reference to a request, or to an alternative in one. */
export function validateReference(name: string, known: ReadonlySet<string>, path: string): FieldError[] {
  const detail =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const segments = name.split("/");
  if (segments.length > 2) return [invalidValue(path, name, detail)];
  return [
    ...segments.flatMap((segment) => validateLabelName(segment, path)),
    ...(known.has(name) ? [] : [invalidValue(path, name, detail)]),
  ];
}

/** The requests that something holds for; none are all. */
export function validateReferences(
  holder: JsonObject,
  known: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const check = (name: string, at: string) => validateReference(name, known, at);
  return validateSet(textsAt(holder, "requests"), `${path}.requests`, 32, check, (name) => name);
}

function validateClaimSpec(spec: JsonObject, path: string): FieldError[] {
  const devices = objectAt(spec, "devices");
  const known = requestNamesOf(devices);
  const at = `${path}.devices`;
  const nameOf = (request: JsonObject) => textAt(request, "name") ?? "";
  return [
    ...validateSet(objectsAt(devices, "requests"), `${at}.requests`, 32, validateRequest, nameOf),
    ...validateItems(objectsAt(devices, "constraints"), `${at}.constraints`, 32, (constraint, place) => [
      ...validateReferences(constraint, known, place),
      ...validateConstraint(constraint, place),
    ]),
    ...validateItems(objectsAt(devices, "config"), `${at}.config`, 32, (config, place) => [
      ...validateReferences(config, known, place),
      ...validateConfiguration(config, place),
    ]),
  ];
}

function validateRequest(request: JsonObject, path: string): FieldError[] {
  const errors = validateLabelName(textAt(request, "name") ?? "", `${path}.name`);
  const parts = objectsAt(request, "firstAvailable");
  const exactly = request.exactly;
  const detail = "exactly one of `exactly` or `firstAvailable` is required";
  if (isJsonObject(exactly) && parts.length > 0) {
    return [...errors, invalidValue(path, null, `${detail}, but multiple fields are set`)];
  }
  if (isJsonObject(exactly)) return [...errors, ...validateWanted(exactly, `${path}.exactly`)];
  if (parts.length === 0) return [...errors, requiredValue(path, detail)];
  const check = (part: JsonObject, at: string) => [
    ...validateLabelName(textAt(part, "name") ?? "", `${at}.name`),
    ...validateWanted(part, at),
  ];
  const nameOf = (part: JsonObject) => textAt(part, "name") ?? "";
  return [...errors, ...validateSet(parts, `${path}.firstAvailable`, 8, check, nameOf)];
}

/** Which devices are wanted, and how many. */
function validateWanted(wanted: JsonObject, path: string): FieldError[] {
  return [
    ...validateClassName(textAt(wanted, "deviceClassName") ?? "", `${path}.deviceClassName`),
    ...validateSelectors(wanted, `${path}.selectors`),
    ...validateCount(textAt(wanted, "allocationMode") ?? "", numberAt(wanted, "count") ?? 0, path),
    ...validateDeviceTolerations(wanted, `${path}.tolerations`),
  ];
}

function validateCount(mode: string, count: number, path: string): FieldError[] {
  const at = `${path}.count`;
  if (mode === "ExactCount") return count > 0 ? [] : [invalidValue(at, count, "must be greater than zero")];
  if (mode !== "All") return [unsupportedValue(`${path}.allocationMode`, mode, ["All", "ExactCount"])];
  return count === 0 ? [] : [invalidValue(at, count, "must not be specified when allocationMode is 'All'")];
}

function validateConstraint(constraint: JsonObject, path: string): FieldError[] {
  for (const field of ["matchAttribute", "distinctAttribute"]) {
    const name = stringAt(constraint, field);
    if (name !== undefined) return validateFullAttributeName(name, `${path}.${field}`);
  }
  const detail = `exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set`;
  return [requiredValue(path, detail)];
}

function validateTemplate({ spec }: KubernetesObject): FieldError[] {
  const metadata = objectAt(spec, "metadata");
  return [
    ...validateAnnotations(
      objectAt(metadata, "annotations") as Record<string, string>,
      "spec.metadata.annotations",
    ),
    ...validateLabels(metadata.labels, "spec.metadata.labels"),
    ...validateClaimSpec(objectAt(spec, "spec"), "spec.spec"),
  ];
}

function validateClass({ spec }: KubernetesObject): FieldError[] {
  const held = objectAt(spec);
  const name = stringAt(spec, "extendedResourceName");
  return [
    ...validateSelectors(held, "spec.selectors"),
    ...validateItems(objectsAt(held, "config"), "spec.config", 32, validateConfiguration),
    ...(name === undefined || isExtended(name)
      ? []
      : [invalidValue("spec.extendedResourceName", name, "must be a valid extended resource name")]),
  ];
}

function isExtended(name: string): boolean {
  if (!name.includes("/") || name.includes("kubernetes.io/") || name.startsWith("requests.")) return false;
  return validateResourceName(`requests.${name}`, "").length === 0;
}

/** A spec that stays as it is. */
function keepsSpec(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [now, before] = [object.spec, old.spec].map((spec): Json => spec ?? {});
  return equalJson(now ?? {}, before ?? {}) ? [] : [invalidValue("spec", now, "field is immutable")];
}

/** By collection. */
export const deviceClaimValidators: Readonly<Record<string, Validator>> = {
  "resource.k8s.io/deviceclasses": { validate: validateClass },
  "resource.k8s.io/resourceclaims": {
    validate: (claim, old) => (old ? [] : validateClaimSpec(objectAt(claim, "spec"), "spec")),
    validateUpdate: keepsSpec,
  },
  "resource.k8s.io/resourceclaimtemplates": {
    validate: validateTemplate,
    validateUpdate: keepsSpec,
  },
};
