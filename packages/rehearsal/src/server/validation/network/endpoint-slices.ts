// EndpointSlices (kubernetes pkg/apis/discovery/validation).
import { isIPv4, isIPv6 } from "node:net";
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany, unsupportedValue } from "../../field-error.ts";
import { validateLabels } from "../metadata.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkQualifiedName,
  invalidText,
} from "../names.ts";
import type { Validator } from "../validator.ts";
import { validateAddress, validateCanonicalAddress, validateReachable } from "./addresses.ts";

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];
const MAX_ENDPOINTS = 1_000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_TOPOLOGY_LABELS = 16;
const MAX_HINTS = 8;

function validateEndpointSlice(slice: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const type = textAt(slice, "addressType") ?? "";
  const errors: FieldError[] = [];
  if (type === "") errors.push(requiredValue("addressType"));
  else if (!addressTypes.includes(type)) {
    errors.push(unsupportedValue("addressType", type, addressTypes));
  }
  errors.push(...validatePorts(objectsAt(slice, "ports")));
  // What was stored by an older server may stay as it is.
  const unchanged = old !== undefined && equalJson(old.endpoints ?? null, slice.endpoints ?? null);
  if (!unchanged) errors.push(...validateEndpoints(objectsAt(slice, "endpoints"), type));
  return errors;
}

function validateEndpoints(endpoints: readonly JsonObject[], type: string): FieldError[] {
  if (endpoints.length > MAX_ENDPOINTS) return [tooMany("endpoints", endpoints.length, MAX_ENDPOINTS)];
  return endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, `endpoints[${index}]`, type));
}

function validateEndpoint(endpoint: JsonObject, path: string, type: string): FieldError[] {
  const errors: FieldError[] = [];
  const field = `${path}.addresses`;
  const addresses = textsAt(endpoint, "addresses");
  if (addresses.length === 0) errors.push(requiredValue(field, "must contain at least 1 address"));
  if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(field, addresses.length, MAX_ADDRESSES));
  for (const [index, address] of addresses.entries()) {
    errors.push(...validateEndpointAddress(address, `${field}[${index}]`, { type, list: field }));
  }
  if (typeof endpoint.nodeName === "string") {
    errors.push(...invalidText(`${path}.nodeName`, endpoint.nodeName, checkDnsSubdomain));
  }
  const topology = objectAt(endpoint, "deprecatedTopology");
  const labels = Object.keys(topology).length;
  if (labels > MAX_TOPOLOGY_LABELS) {
    errors.push(tooMany(`${path}.deprecatedTopology`, labels, MAX_TOPOLOGY_LABELS));
  }
  errors.push(...validateLabels(topology, `${path}.deprecatedTopology`));
  if (typeof endpoint.hostname === "string") {
    errors.push(...invalidText(`${path}.hostname`, endpoint.hostname, checkDnsLabel));
  }
  if (isJsonObject(endpoint.hints)) {
    const hints = `${path}.hints`;
    errors.push(
      ...validateHints(objectsAt(endpoint, "hints", "forZones"), `${hints}.forZones`, checkLabelValue),
    );
    errors.push(
      ...validateHints(objectsAt(endpoint, "hints", "forNodes"), `${hints}.forNodes`, checkDnsSubdomain),
    );
  }
  return errors;
}

/** An address at `path` in the list at `list`. */
function validateEndpointAddress(
  address: string,
  path: string,
  { type, list }: { type: string; list: string },
): FieldError[] {
  if (type === "FQDN") return validateDomain(address, path);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const wrong = type === "IPv4" ? validateAddress(address, path) : validateCanonicalAddress(address, path);
  if (wrong.length > 0) return wrong;
  const right = type === "IPv4" ? isIPv4(address) : isIPv6(address);
  return [
    ...(right ? [] : [invalidValue(list, address, `must be an ${type} address`)]),
    ...validateReachable(address, path),
  ];
}

function validateDomain(text: string, path: string): FieldError[] {
  if (text === "") return [requiredValue(path)];
  const name = text.replace(/\.$/, "");
  const wrong = checkDnsSubdomain(name);
  if (wrong.length > 0) return [invalidValue(path, name, wrong.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) {
    return [invalidValue(path, name, "should be a domain with at least two segments separated by dots")];
  }
  const label = labels.find((part) => checkDnsLabel(part).length > 0);
  return label === undefined ? [] : [invalidValue(path, label, checkDnsLabel(label).join(","))];
}

function validateHints(
  hints: readonly JsonObject[],
  path: string,
  check: (name: string) => string[],
): FieldError[] {
  if (hints.length > MAX_HINTS) return [tooMany(path, hints.length, MAX_HINTS)];
  const names = hints.map((hint) => textAt(hint, "name") ?? "");
  return names.flatMap((name, index) => [
    ...(names.indexOf(name) < index ? [duplicateValue(`${path}[${index}].name`, name)] : []),
    ...invalidText(`${path}[${index}].name`, name, check),
  ]);
}

function validatePorts(ports: readonly JsonObject[]): FieldError[] {
  if (ports.length > MAX_PORTS) return [tooMany("ports", ports.length, MAX_PORTS)];
  const names = ports.map((port) => textAt(port, "name") ?? "");
  return ports.flatMap(({ protocol = "TCP", appProtocol }, index) => {
    const path = `ports[${index}]`;
    const name = names[index] ?? "";
    return [
      ...(name === "" ? [] : invalidText(`${path}.name`, name, checkDnsLabel)),
      ...(names.indexOf(name) < index ? [duplicateValue(`${path}.name`, name)] : []),
      ...(protocols.includes(String(protocol))
        ? []
        : [unsupportedValue(`${path}.protocol`, protocol, protocols)]),
      ...(typeof appProtocol === "string"
        ? invalidText(`${path}.appProtocol`, appProtocol, checkQualifiedName)
        : []),
    ];
  });
}

function validateEndpointSliceUpdate(slice: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [now, before] = [textAt(slice, "addressType"), textAt(old, "addressType")];
  return now === before ? [] : [invalidValue("addressType", now ?? "", "field is immutable")];
}

/** By collection. */
export const endpointSliceValidators: Readonly<Record<string, Validator>> = {
  "discovery.k8s.io/endpointslices": {
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
  },
};
