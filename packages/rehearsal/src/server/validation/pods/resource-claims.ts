// Devices that a pod claims (kubernetes pkg/apis/core/validation validatePodResourceClaims, validateResourceClaimNames
// and the checks of what a pod's status says of them).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, stringAt, textAt } from "../../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  notFoundValue,
  requiredValue,
} from "../../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, invalidText } from "../names.ts";

/** The names by which containers may refer to a pod's claims, in order. */
export function claimNamesOf(spec: JsonObject): string[] {
  const names = objectsAt(spec, "resourceClaims").flatMap((claim) => textAt(claim, "name") ?? []);
  return [...new Set(names)].sort();
}

/** The claims of a pod: each has a name and says where it is, or what it is made from. */
export function validatePodClaims(
  claims: readonly JsonObject[],
  path: string,
  { mirror }: { readonly mirror: boolean },
): FieldError[] {
  const names = new Set<string>();
  return claims.flatMap((claim, index) => {
    if (mirror) return [forbiddenValue("[]", "static pods do not support resource claims")];
    const at = `${path}[${index}]`;
    const name = textAt(claim, "name");
    if (name === undefined) return [requiredValue(`${at}.name`), ...validateClaimSource(claim, at)];
    const repeated = names.has(name);
    names.add(name);
    return [
      ...(repeated ? [duplicateValue(`${at}.name`, name)] : invalidText(`${at}.name`, name, checkDnsLabel)),
      ...validateClaimSource(claim, at),
    ];
  });
}

function validateClaimSource(claim: JsonObject, path: string): FieldError[] {
  const [name, template] = [
    stringAt(claim, "resourceClaimName"),
    stringAt(claim, "resourceClaimTemplateName"),
  ];
  const shown = {
    Name: textAt(claim, "name") ?? "",
    ResourceClaimName: name ?? null,
    ResourceClaimTemplateName: template ?? null,
  };
  const errors: FieldError[] = [];
  if (name !== undefined && template !== undefined) {
    const detail = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
    errors.push(invalidValue(path, shown, detail));
  }
  if (name === undefined && template === undefined) {
    const detail = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
    errors.push(invalidValue(path, shown, detail));
  }
  for (const [field, text] of Object.entries({
    resourceClaimName: name,
    resourceClaimTemplateName: template,
  })) {
    if (text !== undefined) errors.push(...invalidText(`${path}.${field}`, text, checkDnsSubdomain));
  }
  return errors;
}

/** What a container refers to of the claims of its pod, whose names are `known`: whole claims, or requests in them. */
export function validateClaimReferences(
  references: readonly JsonObject[],
  known: readonly string[],
  path: string,
): FieldError[] {
  const taken = new Set<string>();
  return references.flatMap((reference, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(reference, "name");
    if (name === undefined) return [requiredValue(at)];
    const errors = takeReference(name, textAt(reference, "request"), taken, at);
    if (known.includes(name)) return errors;
    const names = known.length === 0 ? " which is empty" : `: ${known.join(", ")}`;
    return [
      ...errors,
      notFoundValue(at, name, `must be one of the names in pod.spec.resourceClaims${names}`),
    ];
  });
}

/** Adds to what is taken; a whole claim takes all that is in it. */
function takeReference(
  name: string,
  request: string | undefined,
  taken: Set<string>,
  path: string,
): FieldError[] {
  if (taken.has(name)) return [duplicateValue(path, name)];
  const key = request === undefined ? name : `${name}/${request}`;
  const errors = request === undefined ? [] : invalidText(`${path}.request`, request, checkDnsLabel);
  const within = [...taken].filter((other) => other.startsWith(`${name}/`));
  if (taken.has(key)) errors.push(duplicateValue(path, key));
  else if (request === undefined) errors.push(...within.map(() => duplicateValue(path, name)));
  taken.add(key);
  return errors;
}

/** What a pod's status says of its claims. */
export function validateClaimStatuses({ spec, status }: KubernetesObject): FieldError[] {
  const path = "status.resourceClaimStatuses";
  const known = objectsAt(spec, "resourceClaims").map((claim) => textAt(claim, "name") ?? "");
  const seen = new Set<string>();
  const errors = objectsAt(status, "resourceClaimStatuses").flatMap((one, index) => {
    const at = `${path}[${index}]`;
    const [name, claim] = [textAt(one, "name") ?? "", stringAt(one, "resourceClaimName")];
    const wrong: FieldError[] = [];
    if (!known.includes(name)) {
      wrong.push(
        invalidValue(`${at}.name`, name, "must match the name of an entry in `spec.resourceClaims`"),
      );
    }
    if (seen.has(name)) wrong.push(duplicateValue(`${at}.name`, name));
    seen.add(name);
    if (claim === undefined) return wrong;
    return [...wrong, ...invalidText(`${at}.resourceClaimName`, claim, checkDnsSubdomain)];
  });
  const extended = objectAt(status).extendedResourceClaimStatus;
  if (!isJsonObject(extended)) return errors;
  return [...errors, ...validateExtended(extended, objectAt(spec), "status.extendedResourceClaimStatus")];
}

/** The claim that was made for resources which containers ask for by their own names. */
function validateExtended(extended: JsonObject, spec: JsonObject, path: string): FieldError[] {
  const mappings = objectsAt(extended, "requestMappings");
  const containers = [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
  const errors: FieldError[] = [];
  if (mappings.length === 0) {
    errors.push(requiredValue(`${path}.requestMappings`, "at least one request mapping is required"));
  }
  const seen = new Set<string>();
  for (const [index, mapping] of mappings.entries()) {
    const at = `${path}.requestMappings[${index}]`;
    const [container = "", resource = "", request = ""] = [
      "containerName",
      "resourceName",
      "requestName",
    ].map((field) => textAt(mapping, field) ?? "");
    const found = containers.find(({ name }) => (name ?? "") === container);
    if (!found) errors.push(invalidValue(`${at}.containerName`, container, noContainer));
    else if (objectAt(found, "resources", "requests")[resource] === undefined) {
      errors.push(invalidValue(`${at}.resourceName`, resource, noResource));
    }
    errors.push(...invalidText(`${path}.requestName`, request, checkDnsLabel));
    const key = JSON.stringify([container, resource, request]);
    if (seen.has(key)) {
      errors.push(
        duplicateValue(`${at}.containerName`, container),
        duplicateValue(`${at}.resourceName`, resource),
        duplicateValue(`${at}.requestName`, request),
      );
    }
    seen.add(key);
  }
  const claim = textAt(extended, "resourceClaimName");
  const place = `${path}.resourceClaimName`;
  return [
    ...errors,
    ...(claim === undefined ? [requiredValue(place)] : invalidText(place, claim, checkDnsSubdomain)),
  ];
}

const noContainer = "must match the name of an entry in spec.initContainers.name or spec.containers.name";
const noResource =
  "must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests";
