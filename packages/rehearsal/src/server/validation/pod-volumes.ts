// The volumes of a Pod (kubernetes pkg/apis/core/validation ValidateVolumes).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";
import { validateDescendingPath } from "./descending-path.ts";
import { checkDnsLabel, invalidText } from "./names.ts";
import { validateFieldReference } from "./object-field.ts";

/** What is wrong with the volumes, and the names of those that containers may mount. */
export function validateVolumes(
  volumes: readonly JsonObject[],
  path: string,
): { readonly known: Set<string>; readonly errors: FieldError[] } {
  const known = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(volume, "name") ?? "";
    const wrong = validateSource(volume, at);
    if (name === "") wrong.push(requiredValue(`${at}.name`));
    else wrong.push(...invalidText(`${at}.name`, name, checkDnsLabel));
    if (known.has(name)) wrong.push(duplicateValue(`${at}.name`, name));
    if (wrong.length === 0) known.add(name);
    errors.push(...wrong);
  }
  return { known, errors };
}

/** The order in which the real server looks at sources; others come behind. */
const order = [
  "emptyDir",
  "hostPath",
  "secret",
  "nfs",
  "iscsi",
  "persistentVolumeClaim",
  "configMap",
  "projected",
];

function validateSource(volume: JsonObject, path: string): FieldError[] {
  const present = Object.keys(volume).filter((key) => key !== "name" && isJsonObject(volume[key]));
  const rank = (name: string) => order.indexOf(name) + 1 || order.length + 1;
  const [first, ...others] = present.sort((a, b) => rank(a) - rank(b));
  if (first === undefined) return [requiredValue(path, "must specify a volume type")];
  return [
    ...validateOne(first, objectAt(volume, first), `${path}.${first}`),
    ...others.map((other) => forbiddenValue(`${path}.${other}`, "may not specify more than 1 volume type")),
  ];
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

function validateOne(kind: string, source: JsonObject, path: string): FieldError[] {
  switch (kind) {
    case "hostPath": {
      const type = textAt(source, "type");
      const host = textAt(source, "path");
      if (!host) return [requiredValue(`${path}.path`)];
      const steps = host.split("/").includes("..")
        ? [invalidValue(`${path}.path`, host, "must not contain '..'")]
        : [];
      return type === undefined || hostPathTypes.includes(type)
        ? steps
        : [...steps, unsupportedValue(`${path}.type`, type, hostPathTypes)];
    }
    case "secret":
      return validateFiles(source, "secretName", path);
    case "configMap":
      return validateFiles(source, "name", path);
    case "persistentVolumeClaim":
      return textAt(source, "claimName") ? [] : [requiredValue(`${path}.claimName`)];
    case "projected":
      return [...validateMode(source, path), ...validateProjections(source, path)];
    default:
      return [];
  }
}

function validateMode(source: JsonObject, path: string, field = "defaultMode"): FieldError[] {
  const mode = numberAt(source, field);
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  const detail = "must be a number between 0 and 0777 (octal), both inclusive";
  return [invalidValue(`${path}.${field}`, mode, detail)];
}

function validateFiles(source: JsonObject, nameField: string, path: string): FieldError[] {
  return [
    ...(textAt(source, nameField) ? [] : [requiredValue(`${path}.${nameField}`)]),
    ...validateMode(source, path),
    ...validateItems(source, path),
  ];
}

function validateItems(source: JsonObject, path: string): FieldError[] {
  return objectsAt(source, "items").flatMap((item, index) => {
    const at = `${path}.items[${index}]`;
    const errors: FieldError[] = [];
    if (!textAt(item, "key")) errors.push(requiredValue(`${at}.key`));
    errors.push(...validateLocalPath(textAt(item, "path") ?? "", `${at}.path`));
    return [...errors, ...validateMode(item, at, "mode")];
  });
}

/** A path inside of a volume. */
function validateLocalPath(file: string, path: string): FieldError[] {
  if (file === "") return [requiredValue(path)];
  const errors = validateDescendingPath(file, path);
  if (!file.split("/").includes("..") && file.startsWith(".."))
    errors.push(invalidValue(path, file, "must not start with '..'"));
  return errors;
}

function validateProjections(projected: JsonObject, path: string): FieldError[] {
  return objectsAt(projected, "sources").flatMap((source, index) => {
    const at = `${path}.sources[${index}]`;
    const errors: FieldError[] = [];
    const kinds = Object.keys(source).filter((key) => isJsonObject(source[key]));
    for (const kind of ["secret", "configMap"]) {
      const part = source[kind];
      if (!isJsonObject(part)) continue;
      if (!textAt(part, "name")) errors.push(requiredValue(`${at}.${kind}.name`));
      errors.push(...validateItems(part, `${at}.${kind}`));
    }
    for (const file of objectsAt(source, "downwardAPI", "items")) {
      errors.push(...validateLocalPath(textAt(file, "path") ?? "", `${at}.downwardAPI.path`));
      if (isJsonObject(file.fieldRef)) {
        errors.push(...validateFieldReference(file.fieldRef, `${at}.downwardAPI.fieldRef`));
      }
    }
    const token = source.serviceAccountToken;
    if (isJsonObject(token)) {
      const seconds = numberAt(token, "expirationSeconds") ?? 3600;
      const place = `${at}.serviceAccountToken.expirationSeconds`;
      if (seconds < 600) {
        errors.push(invalidValue(place, seconds, "may not specify a duration less than 10 minutes"));
      }
      if (seconds > 2 ** 32) {
        errors.push(invalidValue(place, seconds, "may not specify a duration larger than 2^32 seconds"));
      }
      errors.push(...validateLocalPath(textAt(token, "path") ?? "", `${path}.path`));
    }
    if (kinds.length > 1)
      errors.push(forbiddenValue(at, "may not specify more than 1 volume type per source"));
    return errors;
  });
}
