// Containers (kubernetes pkg/apis/core/validation validateContainerCommon).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import {
  checkConfigKey,
  checkDnsLabel,
  checkDnsSubdomain,
  checkPortName,
  invalidText,
  type TextCheck,
} from "../names.ts";
import { validatePortNumber } from "../ports.ts";
import { validateResources } from "../resources.ts";
import { validateFieldReference, validateResourceReference } from "./object-field.ts";
import { validateResizePolicy } from "./resize-policy.ts";
import { validateClaimReferences } from "./resource-claims.ts";
import { validateSecurityContext } from "./security-context.ts";
import { validateDevices } from "./volume-devices.ts";
import { validateMounts } from "./volume-mounts.ts";

/** What a pod says that its containers are held to. */
export interface ContainerSurroundings {
  /** The volumes that may be mounted, by their names. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** The names of the claims that may be referred to. */
  readonly claims: readonly string[];
  /** Whether users in the container are those of the node. */
  readonly hostUsers: boolean;
  /** The pod's own. */
  readonly restartPolicy: string | undefined;
}

/** What is wrong with a container at `path`. */
export function validateContainer(
  container: JsonObject,
  path: string,
  { volumes, claims, hostUsers, restartPolicy }: ContainerSurroundings,
): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(container, "name");
  if (!name) errors.push(requiredValue(`${path}.name`));
  else errors.push(...invalidText(`${path}.name`, name, checkDnsLabel));
  const image = textAt(container, "image");
  if (!image) errors.push(requiredValue(`${path}.image`));
  else if (image.trim() !== image) {
    errors.push(invalidValue(`${path}.image`, image, "must not have leading or trailing whitespace"));
  }
  const policies = ["File", "FallbackToLogsOnError"];
  errors.push(...validateChoice(container, "terminationMessagePolicy", policies, path));
  errors.push(...validatePorts(objectsAt(container, "ports"), `${path}.ports`));
  errors.push(...validateEnvironment(objectsAt(container, "env"), `${path}.env`));
  errors.push(...validateEnvironmentSources(objectsAt(container, "envFrom"), `${path}.envFrom`));
  errors.push(...validateMounts(container, `${path}.volumeMounts`, volumes));
  errors.push(...validateDevices(container, `${path}.volumeDevices`, volumes));
  errors.push(...validateChoice(container, "imagePullPolicy", ["Always", "IfNotPresent", "Never"], path));
  errors.push(...validateResources(objectAt(container, "resources"), `${path}.resources`));
  const references = objectsAt(container, "resources", "claims");
  errors.push(...validateClaimReferences(references, claims, `${path}.resources.claims`));
  errors.push(...validateResizePolicy(container, `${path}.resizePolicy`, restartPolicy));
  const security = objectAt(container, "securityContext");
  errors.push(...validateSecurityContext(security, `${path}.securityContext`, { hostUsers }));
  return errors;
}

function validateChoice(
  object: JsonObject,
  field: string,
  supported: readonly string[],
  path: string,
): FieldError[] {
  const value = textAt(object, field);
  if (value === undefined || supported.includes(value)) return [];
  if (value === "") return [requiredValue(`${path}.${field}`)];
  return [unsupportedValue(`${path}.${field}`, value, supported)];
}

function validatePorts(ports: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(port, "name");
    if (name) {
      const wrong = invalidText(`${at}.name`, name, checkPortName);
      if (wrong.length > 0) errors.push(...wrong);
      else if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      else names.add(name);
    }
    const number = numberAt(port, "containerPort");
    if (!number) errors.push(requiredValue(`${at}.containerPort`));
    else errors.push(...validatePortNumber(number, `${at}.containerPort`));
    const host = numberAt(port, "hostPort");
    if (host) errors.push(...validatePortNumber(host, `${at}.hostPort`));
    errors.push(...validateChoice(port, "protocol", ["SCTP", "TCP", "UDP"], at));
  }
  return errors;
}

const checkVariable: TextCheck = (text) =>
  text.includes("=") || !/^[ -~]+$/.test(text)
    ? ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    : [];

function validateEnvironment(env: readonly JsonObject[], path: string): FieldError[] {
  return env.flatMap((entry, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(entry, "name");
    return [
      ...(name ? invalidText(`${at}.name`, name, checkVariable) : [requiredValue(`${at}.name`)]),
      ...(isJsonObject(entry.valueFrom) ? validateValueSource(entry, `${at}.valueFrom`) : []),
    ];
  });
}

function validateValueSource(entry: JsonObject, path: string): FieldError[] {
  const source = objectAt(entry, "valueFrom");
  const errors: FieldError[] = [];
  const kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"].filter(
    (kind) => isJsonObject(source[kind]),
  );
  const { fieldRef, resourceFieldRef } = source;
  if (isJsonObject(fieldRef)) {
    errors.push(...validateFieldReference(fieldRef, `${path}.fieldRef`, "environment"));
  }
  if (isJsonObject(resourceFieldRef)) {
    errors.push(...validateResourceReference(resourceFieldRef, `${path}.resourceFieldRef`, "environment"));
  }
  for (const kind of ["configMapKeyRef", "secretKeyRef"]) {
    if (isJsonObject(source[kind]))
      errors.push(...validateKeyReference(objectAt(source, kind), `${path}.${kind}`));
  }
  if (kinds.length === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    errors.push(invalidValue(path, "", detail));
  } else if (textAt(entry, "value")) {
    errors.push(invalidValue(path, "", "may not be specified when `value` is not empty"));
  } else if (kinds.length > 1) {
    errors.push(invalidValue(path, "", "may not have more than one field specified at a time"));
  }
  return errors;
}

function validateKeyReference(reference: JsonObject, path: string): FieldError[] {
  const key = textAt(reference, "key");
  return [
    ...invalidText(`${path}.name`, textAt(reference, "name") ?? "", checkDnsSubdomain),
    ...(key ? invalidText(`${path}.key`, key, checkConfigKey) : [requiredValue(`${path}.key`)]),
  ];
}

function validateEnvironmentSources(sources: readonly JsonObject[], path: string): FieldError[] {
  return sources.flatMap((source, index) => {
    const errors: FieldError[] = [];
    const prefix = textAt(source, "prefix");
    if (prefix) errors.push(...invalidText(`${path}[${index}].prefix`, prefix, checkVariable));
    const kinds = ["configMapRef", "secretRef"].filter((kind) => isJsonObject(source[kind]));
    for (const kind of kinds) {
      const name = textAt(source, kind, "name");
      const at = `${path}[${index}].${kind}.name`;
      errors.push(...(name ? invalidText(at, name, checkDnsSubdomain) : [requiredValue(at)]));
    }
    const detail =
      kinds.length === 0
        ? "must specify one of: `configMapRef` or `secretRef`"
        : "may not have more than one field specified at a time";
    return kinds.length === 1 ? errors : [...errors, invalidValue(path, "", detail)];
  });
}
