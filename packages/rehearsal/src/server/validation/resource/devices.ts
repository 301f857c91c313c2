// The devices of a slice (kubernetes pkg/apis/resource/validation validateDevice).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  tooLong,
  tooMany,
} from "../../field-error.ts";
import { checkDnsSubdomain, invalidText } from "../names.ts";
import { validateNodeSelector } from "../pods/pod-placement.ts";
import { validateRequestPolicy } from "./capacities.ts";
import { validateAttributeName, validateKey, validateLabelName } from "./device-names.ts";
import { validateItems, validateSet } from "./lists.ts";
import { validateDeviceTaint } from "./tolerations.ts";

/** A device; `placed`: each device of the slice says itself where it is. */
export function validateDevice(device: JsonObject, path: string, placed: boolean): FieldError[] {
  const [attributes, capacity] = [objectAt(device, "attributes"), objectAt(device, "capacity")];
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  const shared = device.allowMultipleAllocations === true;
  return [
    ...validateLabelName(textAt(device, "name") ?? "", `${path}.name`),
    ...(count > 32
      ? [invalidValue(path, count, "the total number of attributes and capacities must not exceed 32")]
      : []),
    ...validateNamed(attributes, `${path}.attributes`, validateAttribute),
    ...validateNamed(capacity, `${path}.capacity`, (one, at) => validateCapacity(one, at, shared)),
    ...validateItems(objectsAt(device, "taints"), `${path}.taints`, 16, validateDeviceTaint),
    ...validateSet(
      objectsAt(device, "consumesCounters"),
      `${path}.consumesCounters`,
      2,
      (one, at) => validateCounters(one, "counterSet", at),
      (one) => textAt(one, "counterSet") ?? "",
    ),
    ...(placed ? validatePlace(device, path) : refusePlace(device, path)),
    ...validateBinding(device, path),
  ];
}

function validateNamed(
  map: JsonObject,
  path: string,
  check: (value: JsonObject, path: string) => FieldError[],
): FieldError[] {
  return Object.entries(map).flatMap(([name, value]) => [
    ...validateAttributeName(name, path),
    ...check(isJsonObject(value) ? value : {}, `${path}[${name}]`),
  ]);
}

const version =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

function validateAttribute(attribute: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [text, number] = [stringAt(attribute, "string"), stringAt(attribute, "version")];
  if (text !== undefined && text.length > 64) errors.push(tooLong(`${path}.string`, 64));
  if (number !== undefined && !version.test(number)) {
    const detail = "must be a string compatible with semver.org spec 2.0.0";
    errors.push(invalidValue(`${path}.version`, number, detail));
  }
  if (number !== undefined && number.length > 64) errors.push(tooLong(`${path}.version`, 64));
  const said = ["bool", "int", "string", "version"].filter((field) => attribute[field] !== undefined);
  if (said.length === 1) return errors;
  return [
    ...errors,
    invalidValue(path, said.length === 0 ? "" : attribute, "exactly one value must be specified"),
  ];
}

function validateCapacity(capacity: JsonObject, path: string, shared: boolean): FieldError[] {
  const { requestPolicy } = capacity;
  if (!isJsonObject(requestPolicy)) return [];
  const at = `${path}.requestPolicy`;
  if (!shared) return [forbiddenValue(at, "allowMultipleAllocations must be true")];
  return validateRequestPolicy(capacity.value, requestPolicy, at);
}

/** A named set of counters, or what a device takes of one. */
export function validateCounters(holder: JsonObject, nameField: string, path: string): FieldError[] {
  const name = textAt(holder, nameField);
  const counters = Object.keys(objectAt(holder, "counters"));
  const at = `${path}.counters`;
  return [
    ...(name === undefined
      ? [requiredValue(`${path}.${nameField}`)]
      : validateLabelName(name, `${path}.${nameField}`)),
    ...(counters.length === 0 ? [requiredValue(at)] : []),
    ...(counters.length > 32
      ? [tooMany(at, counters.length, 32)]
      : counters.flatMap((counter) => validateLabelName(counter, at))),
  ];
}

/** Where a slice or a device is: what it says of that, and what is wrong with it. */
export function readPlace(
  holder: JsonObject,
  path: string,
  empty: string,
): { readonly said: string[]; readonly errors: FieldError[] } {
  const said: string[] = [];
  const errors: FieldError[] = [];
  const node = stringAt(holder, "nodeName");
  if (node === "") errors.push(invalidValue(`${path}.nodeName`, node, empty));
  else if (node !== undefined) {
    said.push("`nodeName`");
    errors.push(...invalidText(`${path}.nodeName`, node, checkDnsSubdomain));
  }
  const { nodeSelector, allNodes } = holder;
  if (isJsonObject(nodeSelector)) {
    said.push("`nodeSelector`");
    errors.push(...validateNodeSelector(nodeSelector, `${path}.nodeSelector`));
  }
  if (allNodes === true) said.push("`allNodes`");
  if (allNodes === false) {
    errors.push(invalidValue(`${path}.allNodes`, false, "must be either unset or set to true"));
  }
  return { said, errors };
}

function validatePlace(device: JsonObject, path: string): FieldError[] {
  const { said, errors } = readPlace(device, path, "must not be empty");
  const detail =
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  if (said.length === 0) errors.push(requiredValue(path, detail));
  if (said.length > 1) errors.push(invalidValue(path, `{${said.join(", ")}}`, detail));
  return errors;
}

function refusePlace(device: JsonObject, path: string): FieldError[] {
  const said = ["nodeName", "nodeSelector", "allNodes"].some((field) => device[field] !== undefined);
  const detail =
    "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  return said ? [invalidValue(path, null, detail)] : [];
}

/** What must be, and must not be, before a pod is bound to a node because of a device. */
export function validateBinding(device: JsonObject, path: string): FieldError[] {
  const [wanted, failures] = ["bindingConditions", "bindingFailureConditions"];
  const [good, bad] = [textsAt(device, wanted), textsAt(device, failures)];
  const repeated = (list: readonly string[], field: string) =>
    list.map((one, index) =>
      list.indexOf(one) === index ? [] : [duplicateValue(`${path}.${field}[${index}]`, one)],
    );
  const twice = repeated(bad, String(failures));
  const errors = [
    ...validateItems(good, `${path}.${wanted}`, 4, validateKey),
    ...validateItems(bad, `${path}.${failures}`, 4, validateKey),
    ...repeated(good, String(wanted)).flat(),
    ...bad.flatMap((one, index) => [
      ...(twice[index] ?? []),
      ...(good.includes(one)
        ? [
            invalidValue(
              `${path}.${failures}[${index}]`,
              one,
              "bindingFailureConditions must not overlap with bindingConditions",
            ),
          ]
        : []),
    ]),
  ];
  if ((good.length === 0) === (bad.length === 0)) return errors;
  const [there, missing] = good.length === 0 ? [failures, wanted] : [wanted, failures];
  const value = device[String(missing)] ?? null;
  return [...errors, invalidValue(`${path}.${missing}`, value, `${missing} are required to use ${there}`)];
}
