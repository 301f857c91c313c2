// IngressClasses and RuntimeClasses (kubernetes pkg/apis/networking/validation and pkg/apis/node/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  tooLong,
  unsupportedValue,
} from "../field-error.ts";
import { validateDomainPath } from "./domain-path.ts";
import { validateLabels } from "./metadata.ts";
import { checkDnsLabel, checkDnsSubdomain, checkPathSegment, invalidText } from "./names.ts";
import { validateTolerations } from "./pods/tolerations.ts";
import { validateResources } from "./resources.ts";
import type { Validator } from "./validator.ts";

const LONGEST_CONTROLLER = 250;

function validateIngressClass(ingressClass: KubernetesObject): FieldError[] {
  const controller = textAt(ingressClass, "spec", "controller") ?? "";
  const { parameters } = objectAt(ingressClass, "spec");
  return [
    ...(controller.length > LONGEST_CONTROLLER ? [tooLong("spec.controller", LONGEST_CONTROLLER)] : []),
    ...validateDomainPath(controller, "spec.controller"),
    ...(isJsonObject(parameters) ? validateParameters(parameters) : []),
  ];
}

function validateParameters(parameters: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup, scope, namespace } = parameters;
  if (typeof apiGroup === "string")
    errors.push(...invalidText("spec.parameters.apiGroup", apiGroup, checkDnsSubdomain));
  for (const name of ["kind", "name"] as const) {
    const text = textAt(parameters, name) ?? "";
    const field = `spec.parameters.${name}`;
    errors.push(...(text === "" ? [requiredValue(field)] : invalidText(field, text, checkPathSegment)));
  }
  const field = "spec.parameters.namespace";
  if (scope === undefined) errors.push(requiredValue("spec.parameters.scope"));
  else if (scope === "Namespace") {
    if (typeof namespace === "string") errors.push(...invalidText(field, namespace, checkDnsLabel));
    else errors.push(requiredValue(field, "`parameters.scope` is set to 'Namespace'"));
  } else if (scope !== "Cluster") {
    errors.push(unsupportedValue("spec.parameters.scope", scope, ["Cluster", "Namespace"]));
  } else if (namespace !== undefined) {
    errors.push(forbiddenValue(field, "`parameters.scope` is set to 'Cluster'"));
  }
  return errors;
}

function validateRuntimeClass(runtimeClass: KubernetesObject): FieldError[] {
  const handler = textAt(runtimeClass, "handler") ?? "";
  const { nodeSelector } = objectAt(runtimeClass, "scheduling");
  // The server checks what a pod needs besides its containers as the limits of one.
  const overhead = { limits: objectAt(runtimeClass, "overhead", "podFixed") };
  return [
    ...(handler === "" ? [requiredValue("handler")] : invalidText("handler", handler, checkDnsLabel)),
    ...validateResources(overhead, "overhead"),
    ...validateLabels(nodeSelector, "scheduling.nodeSelector"),
    ...validateDistinctTolerations(objectsAt(runtimeClass, "scheduling", "tolerations")),
  ];
}

/** A toleration as the server's own type shows it. */
function showToleration(toleration: JsonObject): JsonObject {
  const { key = "", operator = "", value = "", effect = "", tolerationSeconds = null } = toleration;
  return {
    Key: key,
    Operator: operator,
    Value: value,
    Effect: effect,
    TolerationSeconds: tolerationSeconds,
  };
}

function validateDistinctTolerations(tolerations: readonly JsonObject[]): FieldError[] {
  const path = "scheduling.tolerations";
  const seen = new Set<string>();
  const errors = validateTolerations(tolerations, path);
  for (const [index, toleration] of tolerations.entries()) {
    const { key = "", operator = "", value = "", effect = "" } = toleration;
    const content = JSON.stringify([key, operator, value, effect]);
    if (seen.has(content)) errors.push(duplicateValue(`${path}[${index}]`, showToleration(toleration)));
    seen.add(content);
  }
  return errors;
}

const unchanged =
  (...path: readonly string[]) =>
  (object: KubernetesObject, old: KubernetesObject): FieldError[] => {
    const now = textAt(object, ...path) ?? "";
    if (now === (textAt(old, ...path) ?? "")) return [];
    return [invalidValue(path.join("."), now, "field is immutable")];
  };

/** Validators of the kinds in this file. */
export const classValidators: Readonly<Record<string, Validator>> = {
  "networking.k8s.io/ingressclasses": {
    validate: validateIngressClass,
    validateUpdate: unchanged("spec", "controller"),
    updateFirst: true,
  },
  "node.k8s.io/runtimeclasses": { validate: validateRuntimeClass, validateUpdate: unchanged("handler") },
};
