// Pods and pod templates (kubernetes pkg/apis/core/validation), the parts that people get wrong.
import type { FieldError } from "@slipway/kubernetes";
import { parseQuantity } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  notFoundValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, checkPortName } from "./names.ts";

/** Checks a pod's spec at `path`. */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const volumes = objectsAt(spec, "volumes");
  const volumeNames = new Set(volumes.map((volume) => textAt(volume, "name") ?? ""));
  const containers = objectsAt(spec, "containers");
  const errors = [...validateVolumes(volumes, `${path}.volumes`)];
  if (containers.length === 0) errors.push(requiredValue(`${path}.containers`));
  const seen = new Set<string>();
  for (const [field, list] of [
    ["containers", containers],
    ["initContainers", objectsAt(spec, "initContainers")],
  ] as const) {
    for (const [index, container] of list.entries()) {
      const at = `${path}.${field}[${index}]`;
      errors.push(...validateContainer(container, at, volumeNames));
      const name = textAt(container, "name") ?? "";
      if (name && seen.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      seen.add(name);
    }
  }
  errors.push(...validateChoice(spec, path, "restartPolicy", ["Always", "OnFailure", "Never"]));
  errors.push(
    ...validateChoice(spec, path, "dnsPolicy", [
      "ClusterFirstWithHostNet",
      "ClusterFirst",
      "Default",
      "None",
    ]),
  );
  const account = textAt(spec, "serviceAccountName");
  const wrongAccount = account ? checkDnsSubdomain(account) : undefined;
  if (wrongAccount) errors.push(invalidValue(`${path}.serviceAccountName`, account, wrongAccount));
  for (const [index, toleration] of objectsAt(spec, "tolerations").entries()) {
    if (toleration.operator !== "Exists" || !toleration.value) continue;
    const detail = "value must be empty when `operator` is 'Exists'";
    errors.push(invalidValue(`${path}.tolerations[${index}].operator`, toleration.value, detail));
  }
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace < 0) {
    errors.push(
      invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than or equal to 0"),
    );
  }
  return errors;
}

function validateChoice(
  object: JsonObject,
  path: string,
  field: string,
  supported: readonly string[],
): FieldError[] {
  const value = textAt(object, field);
  if (value === undefined || supported.includes(value)) return [];
  return [unsupportedValue(`${path}.${field}`, value, supported)];
}

function validateVolumes(volumes: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(volume, "name");
    if (!name) errors.push(requiredValue(`${at}.name`));
    else {
      const wrong = checkDnsLabel(name);
      if (wrong) errors.push(invalidValue(`${at}.name`, name, wrong));
      if (seen.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      seen.add(name);
    }
    const sources = Object.keys(volume).filter((key) => key !== "name" && volume[key] !== undefined);
    if (sources.length === 0) errors.push(requiredValue(at, "must specify a volume type"));
    for (const extra of sources.slice(1)) {
      errors.push(forbiddenValue(`${at}.${extra}`, "may not specify more than 1 volume type"));
    }
    for (const [source, field] of [
      ["secret", "secretName"],
      ["persistentVolumeClaim", "claimName"],
      ["configMap", "name"],
    ] as const) {
      if (source in volume && !textAt(volume, source, field)) {
        errors.push(requiredValue(`${at}.${source}.${field}`));
      }
    }
  }
  return errors;
}

function validateContainer(container: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(container, "name");
  const wrong = name ? checkDnsLabel(name) : undefined;
  if (!name) errors.push(requiredValue(`${path}.name`));
  else if (wrong) errors.push(invalidValue(`${path}.name`, name, wrong));
  const image = textAt(container, "image");
  if (!image) errors.push(requiredValue(`${path}.image`));
  else if (image.trim() !== image) {
    errors.push(invalidValue(`${path}.image`, image, "must not have leading or trailing whitespace"));
  }
  errors.push(...validateChoice(container, path, "imagePullPolicy", ["Always", "IfNotPresent", "Never"]));
  errors.push(...validatePorts(objectsAt(container, "ports"), `${path}.ports`));
  errors.push(...validateEnvironment(objectsAt(container, "env"), `${path}.env`));
  errors.push(...validateMounts(objectsAt(container, "volumeMounts"), `${path}.volumeMounts`, volumes));
  errors.push(...validateResources(objectAt(container, "resources"), `${path}.resources`));
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    if (container[probe]) errors.push(...validateProbe(objectAt(container, probe), `${path}.${probe}`));
  }
  const context = objectAt(container, "securityContext");
  if (context.privileged === true && context.allowPrivilegeEscalation === false) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
    errors.push(invalidValue(`${path}.securityContext`, context, detail));
  }
  return errors;
}

function validateProbe(probe: JsonObject, path: string): FieldError[] {
  const handlers = ["exec", "httpGet", "tcpSocket", "grpc"].filter((handler) => probe[handler]);
  const [handler] = handlers;
  if (!handler) return [requiredValue(path, "must specify a handler type")];
  const errors = handlers
    .slice(1)
    .map((extra) => forbiddenValue(`${path}.${extra}`, "may not specify more than 1 handler type"));
  if (/livenessProbe|startupProbe/.test(path) && (numberAt(probe, "successThreshold") ?? 1) !== 1) {
    errors.push(invalidValue(`${path}.successThreshold`, probe.successThreshold, "must be 1"));
  }
  const port = valueAt(probe, handler, "port");
  if (typeof port === "number") errors.push(...validatePortNumber(port, `${path}.${handler}.port`));
  return errors;
}

function validatePorts(ports: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(port, "name");
    if (name) {
      const wrong = checkPortName(name);
      if (wrong) errors.push(invalidValue(`${at}.name`, name, wrong));
      if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      names.add(name);
    }
    const number = numberAt(port, "containerPort");
    if (!number) errors.push(requiredValue(`${at}.containerPort`));
    else errors.push(...validatePortNumber(number, `${at}.containerPort`));
    errors.push(...validateChoice(port, at, "protocol", ["SCTP", "TCP", "UDP"]));
  }
  return errors;
}

/** A port's number. */
export function validatePortNumber(port: number, path: string): FieldError[] {
  return port >= 1 && port <= 65_535
    ? []
    : [invalidValue(path, port, "must be between 1 and 65535, inclusive")];
}

/** Fields of a pod that a variable may show. */
const offeredField =
  /^(metadata\.(name|namespace|uid|labels\['.+'\]|annotations\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

function validateEnvironment(env: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, entry] of env.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(entry, "name");
    if (!name) errors.push(requiredValue(`${at}.name`));
    else if (/[=]/.test(name) || !/^[ -~]+$/.test(name)) {
      errors.push(
        invalidValue(
          `${at}.name`,
          name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    }
    if (!entry.valueFrom) continue;
    const field = textAt(entry, "valueFrom", "fieldRef", "fieldPath");
    if (field && !offeredField.test(field)) {
      const detail = `error converting fieldPath: field label not supported: ${field}`;
      errors.push(invalidValue(`${at}.valueFrom.fieldRef.fieldPath`, field, detail));
    }
    if (textAt(entry, "value")) {
      errors.push(invalidValue(`${at}.valueFrom`, "", "may not be specified when `value` is not empty"));
    }
    const sources = Object.keys(objectAt(entry, "valueFrom"));
    if (sources.length !== 1) {
      const detail =
        sources.length === 0
          ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
          : "may not have more than one field specified at a time";
      errors.push(invalidValue(`${at}.valueFrom`, "", detail));
    }
  }
  return errors;
}

function validateMounts(
  mounts: readonly JsonObject[],
  path: string,
  volumes: ReadonlySet<string>,
): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(mount, "name") ?? "";
    if (name === "") errors.push(requiredValue(`${at}.name`));
    else if (!volumes.has(name)) {
      errors.push(notFoundValue(`${at}.name`, name));
    }
    const mountPath = textAt(mount, "mountPath");
    if (!mountPath) errors.push(requiredValue(`${at}.mountPath`));
    else if (paths.has(mountPath)) errors.push(invalidValue(`${at}.mountPath`, mountPath, "must be unique"));
    else paths.add(mountPath);
  }
  return errors;
}

function validateResources(resources: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const limits = objectAt(resources, "limits");
  for (const field of ["limits", "requests"]) {
    for (const [name, value] of Object.entries(objectAt(resources, field))) {
      if (value === undefined || quantity(value) >= 0) continue;
      const detail = "must be greater than or equal to 0";
      errors.push(invalidValue(`${path}.${field}[${name}]`, value, detail));
    }
  }
  for (const [name, amount] of Object.entries(objectAt(resources, "requests"))) {
    const limit = limits[name];
    if (limit === undefined || amount === undefined) continue;
    if (quantity(amount) > quantity(limit)) {
      errors.push(
        invalidValue(
          `${path}.requests`,
          amount,
          `must be less than or equal to ${name} limit of ${String(limit)}`,
        ),
      );
    }
  }
  return errors;
}

function quantity(value: Json): number {
  return Number(parseQuantity(String(value)));
}

/** What an update may change of a pod that exists: images, tolerations that are added, deadlines. */
export function validatePodUpdate(pod: JsonObject, old: JsonObject): FieldError[] {
  const graceOf = (object: JsonObject) => objectAt(object, "spec").terminationGracePeriodSeconds;
  const shortens = Number(graceOf(old)) < 0 && graceOf(pod) === 1;
  const fixed = (object: JsonObject): Json => {
    const spec = objectAt(object, "spec");
    const { tolerations: _, activeDeadlineSeconds: __, terminationGracePeriodSeconds, ...rest } = spec;
    const images = (list: readonly JsonObject[]) => list.map(({ image: _image, ...others }) => others);
    return {
      ...rest,
      containers: images(objectsAt(spec, "containers")),
      initContainers: images(objectsAt(spec, "initContainers")),
      schedulingGates: null,
      terminationGracePeriodSeconds: shortens ? 1 : (terminationGracePeriodSeconds ?? null),
    };
  };
  if (JSON.stringify(sortKeys(fixed(pod))) === JSON.stringify(sortKeys(fixed(old)))) return [];
  return [
    forbiddenValue(
      "spec",
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ),
  ];
}

function sortKeys(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(valueAt(value, key))]),
  );
}
