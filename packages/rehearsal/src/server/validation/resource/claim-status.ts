// What a claim of devices got (kubernetes pkg/apis/resource/validation validateResourceClaimStatusUpdate). Leaves out
// the conditions of devices.
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, stringAt, textAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, tooLong, unsupportedValue } from "../../field-error.ts";
import { validateNodeSelector } from "../pods/pod-placement.ts";
import { validateDriverName } from "../pods/volume-sources.ts";
import { requestNamesOf, validateReference, validateReferences } from "./claims.ts";
import { validateConfiguration, validateParameters } from "./device-choice.ts";
import { validateLabelName, validatePoolName } from "./device-names.ts";
import { validateBinding } from "./devices.ts";
import { validateItems, validateSet } from "./lists.ts";

/** What is wrong with a status that is written in the place of that of `old`. */
export function validateDeviceClaimStatus(claim: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [status, before] = [objectAt(claim.status), objectAt(old.status)];
  const results = objectsAt(status, "allocation", "devices", "results");
  const allocated = results.map((result) => JSON.stringify(idOf(result)));
  const reserved = objectsAt(status, "reservedFor");
  return [
    ...validateSet(reserved, "status.reservedFor", 256, validateConsumer, (one) => textAt(one, "uid") ?? ""),
    ...validateSet(
      objectsAt(status, "devices"),
      "status.devices",
      Number.POSITIVE_INFINITY,
      (device, at) => validateDeviceStatus(device, allocated, at),
      idOf,
    ),
    ...validateReserved(claim, reserved, objectsAt(before, "reservedFor")),
    ...validateAllocation(claim, before.allocation ?? null),
  ];
}

function idOf(device: JsonObject): JsonObject {
  const text = (field: string) => textAt(device, field) ?? "";
  return { Driver: text("driver"), Pool: text("pool"), Device: text("device"), ShareID: text("shareID") };
}

function validateConsumer(consumer: JsonObject, path: string): FieldError[] {
  return ["resource", "name", "uid"].flatMap((field) =>
    textAt(consumer, field) === undefined ? [requiredValue(`${path}.${field}`)] : [],
  );
}

function validateReserved(
  claim: KubernetesObject,
  now: readonly JsonObject[],
  before: readonly JsonObject[],
): FieldError[] {
  const path = "status.reservedFor";
  if (now.length === 0) return [];
  if (!isJsonObject(objectAt(claim.status).allocation)) {
    return [forbiddenValue(path, "may not be specified when `allocated` is not set")];
  }
  const added = now.some((one) => !before.some((other) => equalJson(one, other)));
  if (claim.metadata.deletionTimestamp === undefined || !added) return [];
  const detail = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
  return [forbiddenValue(path, detail)];
}

/** What was allocated stays as it is until it is taken back. */
function validateAllocation(claim: KubernetesObject, before: JsonObject[string]): FieldError[] {
  const { allocation } = objectAt(claim.status);
  const path = "status.allocation";
  if (!isJsonObject(allocation)) return [];
  if (isJsonObject(before)) {
    return equalJson(allocation, before) ? [] : [invalidValue(path, allocation, "field is immutable")];
  }
  const known = requestNamesOf(objectAt(claim.spec, "devices"));
  const devices = objectAt(allocation, "devices");
  const at = `${path}.devices`;
  return [
    ...validateItems(objectsAt(devices, "results"), `${at}.results`, 32, (result, place) =>
      validateResult(result, known, place),
    ),
    ...validateItems(objectsAt(devices, "config"), `${at}.config`, 64, (config, place) => [
      ...validateSource(textAt(config, "source"), `${place}.source`),
      ...validateReferences(config, known, place),
      ...validateConfiguration(config, place),
    ]),
    ...(isJsonObject(allocation.nodeSelector)
      ? validateNodeSelector(allocation.nodeSelector, `${path}.nodeSelector`)
      : []),
  ];
}

function validateResult(result: JsonObject, known: ReadonlySet<string>, path: string): FieldError[] {
  return [
    ...validateReference(textAt(result, "request") ?? "", known, `${path}.request`),
    ...validateNames(result, path),
    ...validateBinding(result, path),
    ...validateShare(result, path),
  ];
}

function validateNames(device: JsonObject, path: string): FieldError[] {
  return [
    ...validateDriverName(textAt(device, "driver"), `${path}.driver`),
    ...validatePoolName(textAt(device, "pool") ?? "", `${path}.pool`),
    ...validateLabelName(textAt(device, "device") ?? "", `${path}.device`),
  ];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function validateShare(device: JsonObject, path: string): FieldError[] {
  const share = stringAt(device, "shareID");
  if (share === undefined || uuid.test(share)) return [];
  const detail =
    share.length === 36
      ? "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters"
      : `error validating uid: invalid UUID length: ${share.length}`;
  return [invalidValue(`${path}.shareID`, share, detail)];
}

function validateSource(source: string | undefined, path: string): FieldError[] {
  const sources = ["FromClaim", "FromClass"];
  if (source === undefined) return [requiredValue(path)];
  return sources.includes(source) ? [] : [unsupportedValue(path, source, sources)];
}

function validateDeviceStatus(device: JsonObject, allocated: readonly string[], path: string): FieldError[] {
  const id = idOf(device);
  const network = objectAt(device, "networkData");
  const tooLongIn = (field: string, most: number) =>
    (textAt(network, field) ?? "").length > most ? [tooLong(`${path}.networkData.${field}`, most)] : [];
  return [
    ...validateNames(device, path),
    ...validateShare(device, path),
    ...(allocated.includes(JSON.stringify(id))
      ? []
      : [invalidValue(path, id, "must be an allocated device in the claim")]),
    ...(device.data === undefined || device.data === null
      ? []
      : validateParameters(device.data, `${path}.data`)),
    ...tooLongIn("interfaceName", 256),
    ...tooLongIn("hardwareAddress", 128),
  ];
}
