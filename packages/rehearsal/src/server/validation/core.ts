// Configuration, events, leases and priorities (kubernetes pkg/apis/{core,coordination,scheduling}/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, stringAt, textAt } from "../../admission/read-json.ts";
import { describeSyntax } from "../body.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { checkConfigKey, invalidText } from "./names.ts";
import { notNegative } from "./numbers.ts";
import type { Validator } from "./validator.ts";

const MAX_SECRET_BYTES = 1024 * 1024;

function validateKeys(object: KubernetesObject, field: string): FieldError[] {
  return Object.keys(objectAt(object, field)).flatMap((key) => {
    return invalidText(`${field}[${key}]`, key, checkConfigKey);
  });
}

function validateSize(object: KubernetesObject, fields: readonly string[], decoded: boolean): FieldError[] {
  let size = 0;
  for (const field of fields) {
    for (const value of Object.values(objectAt(object, field))) {
      const length = String(value).length;
      size += decoded ? Math.floor((length * 3) / 4) : length;
    }
  }
  if (size <= MAX_SECRET_BYTES) return [];
  const field = decoded ? "data" : "";
  return [
    {
      field,
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${MAX_SECRET_BYTES} bytes`,
    },
  ];
}

/** Data that may not change once `immutable` is true, nor that itself. */
function validateFrozenData(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  if (old.immutable !== true) return [];
  const errors: FieldError[] = [];
  if (object.immutable !== true) {
    errors.push(forbiddenValue("immutable", "field is immutable when `immutable` is set"));
  }
  for (const field of ["data", "binaryData"]) {
    if (!equalJson(object[field], old[field])) {
      errors.push(forbiddenValue(field, "field is immutable when `immutable` is set"));
    }
  }
  return errors;
}

/** What a Secret of a known type must hold. */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/basic-auth": ["username", "password"],
};

function validateSecret(secret: KubernetesObject): FieldError[] {
  const data = objectAt(secret, "data");
  const type = textAt(secret, "type") ?? "";
  // A user name or a password alone is enough.
  const hasLogin = type === "kubernetes.io/basic-auth" && ("username" in data || "password" in data);
  const required = hasLogin ? [] : (secretKeys[type] ?? []);
  const account = "kubernetes.io/service-account.name";
  const lacksAccount =
    type === "kubernetes.io/service-account-token" && !secret.metadata.annotations?.[account];
  return [
    ...validateKeys(secret, "data"),
    ...validateSize(secret, ["data"], true),
    ...required.filter((key) => !(key in data)).map((key) => requiredValue(`data[${key}]`)),
    ...(lacksAccount ? [requiredValue(`metadata.annotations[${account}]`)] : []),
    ...(type === "kubernetes.io/dockerconfigjson" ? validateJsonData(data, ".dockerconfigjson") : []),
  ];
}

function validateJsonData(data: JsonObject, key: string): FieldError[] {
  const encoded = data[key];
  if (typeof encoded !== "string") return [];
  const text = Buffer.from(encoded, "base64").toString();
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const detail = describeSyntax(error, text);
    return [invalidValue(`data[${key}]`, "<secret contents redacted>", detail)];
  }
}

function validateEvent(event: KubernetesObject): FieldError[] {
  const namespace = textAt(event, "involvedObject", "namespace");
  if (!namespace || namespace === event.metadata.namespace) return [];
  return [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
}

export const coreValidators: Readonly<Record<string, Validator>> = {
  "/configmaps": {
    validate: (map) => [
      ...validateKeys(map, "data"),
      ...validateKeys(map, "binaryData"),
      ...Object.keys(objectAt(map, "data")).flatMap((key) =>
        key in objectAt(map, "binaryData")
          ? [invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData")]
          : [],
      ),
      ...validateSize(map, ["data", "binaryData"], false),
    ],
    validateUpdate: validateFrozenData,
    updateFirst: true,
  },
  "/secrets": {
    validate: validateSecret,
    validateUpdate: (secret, old) => [
      ...(secret.type === old.type ? [] : [invalidValue("type", secret.type, "field is immutable")]),
      ...validateFrozenData(secret, old),
    ],
    updateFirst: true,
  },
  "/events": { validate: validateEvent },
  "coordination.k8s.io/leases": { validate: validateLease },
  "scheduling.k8s.io/priorityclasses": {
    validate: (object, old) => (old ? [] : validatePriorityClass(object)),
    validateUpdate: (object, old) => [
      ...(object.value === old.value ? [] : [forbiddenValue("value", "may not be changed in an update.")]),
      ...(object.preemptionPolicy === old.preemptionPolicy
        ? []
        : [invalidValue("preemptionPolicy", object.preemptionPolicy, "field is immutable")]),
    ],
  },
};

function validatePriorityClass(object: KubernetesObject): FieldError[] {
  const value = numberAt(object, "value") ?? 0;
  const { name = "" } = object.metadata;
  const policies = ["PreemptLowerPriority", "Never"];
  const policy = stringAt(object, "preemptionPolicy");
  const errors: FieldError[] = [];
  if (name.startsWith("system-")) errors.push(...validateSystemClass(object, name, value));
  else if (value > 1_000_000_000) {
    errors.push(forbiddenValue("value", "maximum allowed value of a user defined priority is 1000000000"));
  }
  if (policy === "") errors.push(requiredValue("preemptionPolicy"));
  else if (policy !== undefined && !policies.includes(policy)) {
    errors.push(unsupportedValue("preemptionPolicy", policy, policies));
  }
  return errors;
}

const systemClasses: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

/** Names that are the server's belong to its own classes alone (scheduling/v1 IsKnownSystemPriorityClass). */
function validateSystemClass({ globalDefault }: KubernetesObject, name: string, value: number): FieldError[] {
  const known = systemClasses[name];
  const fail = (error: string) => {
    const detail = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    return [forbiddenValue("metadata.name", detail + error)];
  };
  if (known === undefined) return fail(`${name} is not a known system priority class`);
  if (value !== known) return fail(`value of ${name} PriorityClass must be ${known}`);
  return globalDefault === true ? fail(`globalDefault of ${name} PriorityClass must be false`) : [];
}

function validateLease(lease: KubernetesObject): FieldError[] {
  const spec = objectAt(lease, "spec");
  const errors: FieldError[] = [];
  const seconds = numberAt(spec, "leaseDurationSeconds");
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  }
  errors.push(...notNegative(spec, "leaseTransitions", "spec"));
  if (textAt(spec, "preferredHolder") && !textAt(spec, "strategy")) {
    const detail = "may only be specified if `strategy` is defined";
    errors.push(forbiddenValue("spec.preferredHolder", detail));
  }
  return errors;
}
