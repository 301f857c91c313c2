// Endpoints (kubernetes pkg/apis/core/validation ValidateEndpoints).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, stringAt, textAt } from "../../../admission/read-json.ts";
import { requiredValue, unsupportedValue } from "../../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName, invalidText } from "../names.ts";
import { validatePortNumber } from "../ports.ts";
import type { Validator } from "../validator.ts";
import { validateAddress, validateReachable } from "./addresses.ts";

const protocols = ["SCTP", "TCP", "UDP"];

function validateEndpoints(endpoints: KubernetesObject, old?: KubernetesObject): FieldError[] {
  // What was stored by an older server may stay as it is.
  if (old !== undefined && equalJson(old.subsets ?? null, endpoints.subsets ?? null)) return [];
  return objectsAt(endpoints, "subsets").flatMap((subset, index) =>
    validateSubset(subset, `subsets[${index}]`),
  );
}

function validateSubset(subset: JsonObject, path: string): FieldError[] {
  const lists = ["addresses", "notReadyAddresses"] as const;
  const ports = objectsAt(subset, "ports");
  const isEmpty = lists.every((list) => objectsAt(subset, list).length === 0);
  return [
    ...(isEmpty ? [requiredValue(path, "must specify `addresses` or `notReadyAddresses`")] : []),
    ...lists.flatMap((list) =>
      objectsAt(subset, list).flatMap((address, index) =>
        validateEndpointAddress(address, `${path}.${list}[${index}]`),
      ),
    ),
    ...ports.flatMap((port, index) => validatePort(port, `${path}.ports[${index}]`, ports.length > 1)),
  ];
}

function validateEndpointAddress(address: JsonObject, path: string): FieldError[] {
  const ip = textAt(address, "ip") ?? "";
  const [hostname, node] = [textAt(address, "hostname"), stringAt(address, "nodeName")];
  return [
    ...validateAddress(ip, `${path}.ip`),
    ...(hostname === undefined ? [] : invalidText(`${path}.hostname`, hostname, checkDnsLabel)),
    ...(node === undefined ? [] : invalidText(`${path}.nodeName`, node, checkDnsSubdomain)),
    ...validateReachable(ip, `${path}.ip`),
  ];
}

/** A port, which needs a name where there are others. */
function validatePort(port: JsonObject, path: string, needsName: boolean): FieldError[] {
  const [name, protocol] = [textAt(port, "name"), textAt(port, "protocol")];
  const application = stringAt(port, "appProtocol");
  const errors = name === undefined ? [] : invalidText(`${path}.name`, name, checkDnsLabel);
  if (name === undefined && needsName) errors.push(requiredValue(`${path}.name`));
  errors.push(...validatePortNumber(numberAt(port, "port") ?? 0, `${path}.port`));
  if (protocol === undefined) errors.push(requiredValue(`${path}.protocol`));
  else if (!protocols.includes(protocol)) {
    errors.push(unsupportedValue(`${path}.protocol`, protocol, protocols));
  }
  if (application !== undefined) {
    errors.push(...invalidText(`${path}.appProtocol`, application, checkQualifiedName));
  }
  return errors;
}

/** By collection. */
export const endpointsValidators: Readonly<Record<string, Validator>> = {
  "/endpoints": { validate: validateEndpoints },
};
