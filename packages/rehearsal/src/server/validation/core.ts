// Services, configuration, storage and namespaces (kubernetes pkg/apis/{core,storage,networking}/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { equalJson, parseQuantity } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { describeSyntax } from "../body.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";
import { validateLabels, validateUnique } from "./metadata.ts";
import { checkConfigKey, checkDnsLabel } from "./names.ts";
import { validatePortNumber } from "./pod-spec.ts";
import type { Validator } from "./validator.ts";

const MAX_SECRET_BYTES = 1024 * 1024;

const serviceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

function validateService(service: KubernetesObject): FieldError[] {
  const spec = objectAt(service, "spec");
  const type = textAt(spec, "type") ?? "";
  const ports = objectsAt(spec, "ports");
  const errors: FieldError[] = [];
  if (type === "ClusterIP") {
    for (const [index, { nodePort }] of ports.entries()) {
      if (!nodePort) continue;
      const detail = "may not be used when `type` is 'ClusterIP'";
      errors.push(forbiddenValue(`spec.ports[${index}].nodePort`, detail));
    }
  }
  if (!serviceTypes.includes(type)) errors.push(unsupportedValue("spec.type", type, serviceTypes));
  if (type === "ExternalName") {
    if (!textAt(spec, "externalName")) errors.push(requiredValue("spec.externalName"));
  } else if (ports.length === 0 && spec.clusterIP !== "None") errors.push(requiredValue("spec.ports"));
  if (type === "LoadBalancer" && spec.clusterIP === "None") {
    errors.push(
      invalidValue("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services"),
    );
  }
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const name = textAt(port, "name");
    if (!name && ports.length > 1) errors.push(requiredValue(`${at}.name`));
    const wrong = name ? checkDnsLabel(name) : undefined;
    if (wrong) errors.push(invalidValue(`${at}.name`, name, wrong));
    errors.push(...validatePortNumber(numberAt(port, "port") ?? 0, `${at}.port`));
    if (typeof port.targetPort === "number") {
      errors.push(...validatePortNumber(port.targetPort, `${at}.targetPort`));
    }
    const protocol = textAt(port, "protocol") ?? "";
    if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
      errors.push(unsupportedValue(`${at}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
    }
  }
  const names = ports.map((port) => textAt(port, "name") ?? "");
  errors.push(...validateUnique(names, (index) => `spec.ports[${index}].name`));
  const keys = ports.map((port) => `${port.port}/${port.protocol}`);
  for (const [index, key] of keys.entries()) {
    const { port, protocol } = ports[index] ?? {};
    if (keys.indexOf(key) < index) {
      // The real server shows the Go struct that it compares.
      const shown = {
        Name: "",
        Protocol: protocol ?? "",
        AppProtocol: null,
        Port: port ?? 0,
        TargetPort: 0,
        NodePort: 0,
      };
      errors.push(duplicateValue(`spec.ports[${index}]`, shown));
    }
  }
  errors.push(...validateLabels(spec.selector, "spec.selector"));
  return errors;
}

function validateServiceUpdate(service: KubernetesObject, old: KubernetesObject): FieldError[] {
  const isExternal = (one: KubernetesObject) => textAt(one, "spec", "type") === "ExternalName";
  if (isExternal(service) || isExternal(old)) return [];
  const [now, before] = [textsAt(service, "spec", "clusterIPs"), textsAt(old, "spec", "clusterIPs")];
  if (!before[0] || now[0] === before[0]) return [];
  return [invalidValue("spec.clusterIPs[0]", now, "may not change once set")];
}

function validateKeys(object: KubernetesObject, field: string): FieldError[] {
  return Object.keys(objectAt(object, field)).flatMap((key) => {
    const wrong = checkConfigKey(key);
    return wrong ? [invalidValue(`${field}[${key}]`, key, wrong)] : [];
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

function validateClaim(claim: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  if (textsAt(claim, "spec", "accessModes").length === 0) {
    errors.push(requiredValue("spec.accessModes", "at least 1 access mode is required"));
  }
  const modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
  for (const mode of textsAt(claim, "spec", "accessModes")) {
    if (!modes.includes(mode)) errors.push(unsupportedValue("spec.accessModes", mode, modes));
  }
  const storage = valueAt(claim, "spec", "resources", "requests", "storage");
  if (storage === undefined) errors.push(requiredValue("spec.resources[storage]"));
  else if (!(Number(parseQuantity(String(storage))) > 0)) {
    errors.push(invalidValue("spec.resources[storage]", storage, "must be greater than zero"));
  }
  return errors;
}

function validateClaimUpdate(claim: KubernetesObject, old: KubernetesObject): FieldError[] {
  const fixed = (one: KubernetesObject) => {
    const { resources, volumeAttributesClassName: _, volumeName, ...rest } = objectAt(one, "spec");
    return {
      ...rest,
      // A claim is bound by writing its volume, once; only a bound one may ask for more.
      volumeName: textAt(old, "spec", "volumeName") ? (volumeName ?? null) : null,
      resources: textAt(old, "status", "phase") === "Bound" ? null : (resources ?? null),
    };
  };
  if (equalJson(fixed(claim), fixed(old))) return [];
  return [
    forbiddenValue(
      "spec",
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ),
  ];
}

function fixedFields(...fields: readonly string[]) {
  return (object: KubernetesObject, old: KubernetesObject): FieldError[] =>
    fields.flatMap((field) =>
      equalJson(object[field], old[field])
        ? []
        : [forbiddenValue(field, `updates to ${field} are forbidden.`)],
    );
}

function validateNetworkPolicy(policy: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const direction of ["ingress", "egress"]) {
    for (const [index, rule] of objectsAt(policy, "spec", direction).entries()) {
      for (const [at, { port }] of objectsAt(rule, "ports").entries()) {
        const path = `spec.${direction}[${index}].ports[${at}].port`;
        if (typeof port === "number") errors.push(...validatePortNumber(port, path));
      }
    }
  }
  const types = ["Ingress", "Egress"];
  for (const [index, type] of textsAt(policy, "spec", "policyTypes").entries()) {
    if (!types.includes(type)) errors.push(unsupportedValue(`spec.policyTypes[${index}]`, type, types));
  }
  return errors;
}

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

function validateLimitRange(object: KubernetesObject): FieldError[] {
  return objectsAt(object, "spec", "limits").flatMap((limit, index) => {
    const path = `spec.limits[${index}]`;
    const [least, most] = [objectAt(limit, "min"), objectAt(limit, "max")];
    const errors: FieldError[] = [];
    for (const name of Object.keys(least)) {
      const top = most[name];
      if (top !== undefined && amount(least[name] ?? 0) > amount(top)) {
        const detail = `min value ${least[name]} is greater than max value ${top}`;
        errors.push(invalidValue(`${path}.min[${name}]`, least[name], detail));
      }
      const request = objectAt(limit, "defaultRequest")[name];
      if (request !== undefined && amount(least[name] ?? 0) > amount(request)) {
        const detail = `min value ${least[name]} is greater than default request value ${request}`;
        errors.push(invalidValue(`${path}.defaultRequest[${name}]`, request, detail));
      }
      const standard = objectAt(limit, "default")[name];
      if (standard !== undefined && amount(least[name] ?? 0) > amount(standard)) {
        const detail = `min value ${least[name]} is greater than default value ${standard}`;
        errors.push(invalidValue(`${path}.default[${name}]`, least[name], detail));
      }
    }
    return errors;
  });
}

function validateQuota(quota: KubernetesObject): FieldError[] {
  return Object.entries(objectAt(quota, "spec", "hard")).flatMap(([name, value]) =>
    value !== undefined && amount(value) < 0
      ? [invalidValue(`spec.hard[${name}]`, value, "must be greater than or equal to 0")]
      : [],
  );
}

function amount(value: Json): number {
  return Number(parseQuantity(String(value)));
}

function validateIngress(ingress: KubernetesObject): FieldError[] {
  const spec = objectAt(ingress, "spec");
  const rules = objectsAt(spec, "rules");
  if (!spec.defaultBackend && rules.length === 0) {
    return [invalidValue("spec", null, "either `defaultBackend` or `rules` must be specified")];
  }
  return rules.flatMap((rule, index) =>
    objectsAt(rule, "http", "paths").flatMap((entry, at) => {
      const place = `spec.rules[${index}].http.paths[${at}]`;
      const pathType = textAt(entry, "pathType");
      const path = textAt(entry, "path") ?? "";
      if (!pathType) return [requiredValue(`${place}.pathType`, "pathType must be specified")];
      if (!pathTypes.includes(pathType)) {
        return [unsupportedValue(`${place}.pathType`, pathType, pathTypes)];
      }
      if (path.startsWith("/") || (pathType === "ImplementationSpecific" && path === "")) return [];
      return [invalidValue(`${place}.path`, path, "must be an absolute path")];
    }),
  );
}

/** Only a Service that is balanced has addresses of a balancer. */
export function validateServiceStatus(service: KubernetesObject): FieldError[] {
  if (textAt(service, "spec", "type") === "LoadBalancer") return [];
  if (objectsAt(service, "status", "loadBalancer", "ingress").length === 0) return [];
  const detail = "may only be used when `spec.type` is 'LoadBalancer'";
  return [forbiddenValue("status.loadBalancer.ingress", detail)];
}

function validateEvent(event: KubernetesObject): FieldError[] {
  const namespace = textAt(event, "involvedObject", "namespace");
  if (!namespace || namespace === event.metadata.namespace) return [];
  return [invalidValue("involvedObject.namespace", namespace, "does not match event.namespace")];
}

export const coreValidators: Readonly<Record<string, Validator>> = {
  "/services": { validate: validateService, validateUpdate: validateServiceUpdate },
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
  },
  "/secrets": {
    validate: validateSecret,
    validateUpdate: (secret, old) => [
      ...(secret.type === old.type ? [] : [invalidValue("type", secret.type, "field is immutable")]),
      ...validateFrozenData(secret, old),
    ],
  },
  "/persistentvolumeclaims": { validate: validateClaim, validateUpdate: validateClaimUpdate },
  "/events": { validate: validateEvent },
  "/limitranges": { validate: validateLimitRange },
  "/resourcequotas": { validate: validateQuota },
  "networking.k8s.io/networkpolicies": { validate: validateNetworkPolicy },
  "networking.k8s.io/ingresses": { validate: validateIngress },
  "storage.k8s.io/storageclasses": {
    validate: (object) => (textAt(object, "provisioner") ? [] : [requiredValue("provisioner")]),
    validateUpdate: (object, old) => [
      ...(object.provisioner === old.provisioner
        ? []
        : [invalidValue("provisioner", object.provisioner, "field is immutable")]),
      ...fixedFields("parameters", "reclaimPolicy", "volumeBindingMode")(object, old),
    ],
  },
  "scheduling.k8s.io/priorityclasses": {
    validate: (object) => {
      const value = numberAt(object, "value") ?? 0;
      const isSystem = object.metadata.name.startsWith("system-");
      if (value <= 1_000_000_000 || isSystem) return [];
      return [forbiddenValue("value", "maximum allowed value of a user defined priority is 1000000000")];
    },
    validateUpdate: (object, old) =>
      object.value === old.value ? [] : [forbiddenValue("value", "may not be changed in an update.")],
  },
};
