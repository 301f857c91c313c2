// NetworkPolicies and Ingresses (kubernetes pkg/apis/networking/validation).
import { isIP } from "node:net";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkPortName, invalidText } from "../names.ts";
import { validatePortNumber } from "../ports.ts";
import type { Validator } from "../validator.ts";
import { isRange, isWithin, validateRange } from "./ranges.ts";

function validateNetworkPolicy(policy: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const known = rangesOf(old);
  const spec = objectAt(policy, "spec");
  const errors = validateLabelSelector(spec.podSelector, "spec.podSelector");
  for (const [direction, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const) {
    for (const [index, rule] of objectsAt(spec, direction).entries()) {
      const path = `spec.${direction}[${index}]`;
      for (const [at, port] of objectsAt(rule, "ports").entries()) {
        errors.push(...validatePort(port, `${path}.ports[${at}]`));
      }
      for (const [at, peer] of objectsAt(rule, peers).entries()) {
        errors.push(...validatePeer(peer, known, `${path}.${peers}[${at}]`));
      }
    }
  }
  const types = ["Ingress", "Egress"];
  const named = textsAt(spec, "policyTypes");
  if (named.length > 2) {
    errors.push(invalidValue("spec.policyTypes", [...named], "may not specify more than two policyTypes"));
    return errors;
  }
  for (const [index, type] of named.entries()) {
    if (!types.includes(type)) errors.push(unsupportedValue(`spec.policyTypes[${index}]`, type, types));
  }
  return errors;
}

function validatePort(entry: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { port, protocol } = entry;
  const end = numberAt(entry, "endPort");
  const protocols = ["TCP", "UDP", "SCTP"];
  if (protocol !== undefined && !protocols.includes(String(protocol))) {
    errors.push(unsupportedValue(`${path}.protocol`, protocol, protocols));
  }
  if (typeof port === "number") {
    errors.push(...validatePortNumber(port, `${path}.port`));
    if (end !== undefined) {
      const detail = "must be greater than or equal to `port`";
      if (end < port) errors.push(invalidValue(`${path}.endPort`, port, detail));
      errors.push(...validatePortNumber(end, `${path}.endPort`));
    }
    return errors;
  }
  if (end !== undefined) {
    const when = port === undefined ? "not specified" : "non-numeric";
    errors.push(invalidValue(`${path}.endPort`, end, `may not be specified when \`port\` is ${when}`));
  }
  if (typeof port === "string") errors.push(...invalidText(`${path}.port`, port, checkPortName));
  return errors;
}

function validatePeer(peer: JsonObject, known: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const kinds = ["podSelector", "namespaceSelector", "ipBlock"].filter((field) => isJsonObject(peer[field]));
  for (const field of ["podSelector", "namespaceSelector"]) {
    errors.push(...validateLabelSelector(peer[field], `${path}.${field}`));
  }
  if (isJsonObject(peer.ipBlock)) errors.push(...validateBlock(peer.ipBlock, known, `${path}.ipBlock`));
  if (kinds.length === 0) errors.push(requiredValue(path, "must specify a peer"));
  else if (kinds.length > 1 && kinds.includes("ipBlock")) {
    errors.push(forbiddenValue(path, "may not specify both ipBlock and another peer"));
  }
  return errors;
}

/** A range, and ranges in it that are left out; those of `known` were there before and stay. */
function validateBlock(block: JsonObject, known: readonly string[], path: string): FieldError[] {
  const range = textAt(block, "cidr");
  if (!range) return [requiredValue(`${path}.cidr`)];
  const check = (text: string, at: string) => (known.includes(text) ? [] : validateRange(text, at));
  const errors = check(range, `${path}.cidr`);
  if (!isRange(range)) return errors;
  for (const [index, except] of textsAt(block, "except").entries()) {
    const at = `${path}.except[${index}]`;
    errors.push(...check(except, at));
    if (isRange(except) && !isWithin(except, range)) {
      errors.push(invalidValue(at, except, "must be a strict subset of `cidr`"));
    }
  }
  return errors;
}

/** All ranges that a policy names. */
function rangesOf(policy: KubernetesObject | undefined): string[] {
  const rules = [...objectsAt(policy, "spec", "ingress"), ...objectsAt(policy, "spec", "egress")];
  return rules
    .flatMap((rule) => [...objectsAt(rule, "from"), ...objectsAt(rule, "to")])
    .flatMap(({ ipBlock }) => [textAt(ipBlock, "cidr") ?? "", ...textsAt(ipBlock, "except")]);
}

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

function validateIngress(ingress: KubernetesObject): FieldError[] {
  const spec = objectAt(ingress, "spec");
  const rules = objectsAt(spec, "rules");
  const errors: FieldError[] = [];
  if (!isJsonObject(spec.defaultBackend) && rules.length === 0) {
    const detail = "either `defaultBackend` or `rules` must be specified";
    errors.push(invalidValue("spec", Array.isArray(spec.rules) ? [] : null, detail));
  }
  if (isJsonObject(spec.defaultBackend))
    errors.push(...validateBackend(spec.defaultBackend, "spec.defaultBackend"));
  for (const [index, rule] of rules.entries()) errors.push(...validateRule(rule, `spec.rules[${index}]`));
  const className = stringAt(spec, "ingressClassName");
  if (className !== undefined) {
    errors.push(...invalidText("spec.ingressClassName", className, checkDnsSubdomain));
  }
  return errors;
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const host = textAt(rule, "host") ?? "";
  if (host !== "") {
    if (isIP(host)) errors.push(invalidValue(`${path}.host`, host, "must be a DNS name, not an IP address"));
    const check = host.includes("*") ? checkWildcard : checkDnsSubdomain;
    errors.push(...invalidText(`${path}.host`, host, check));
  }
  if (!isJsonObject(rule.http)) return errors;
  const paths = objectsAt(rule, "http", "paths");
  if (paths.length === 0) errors.push(requiredValue(`${path}.http.paths`));
  for (const [index, entry] of paths.entries()) {
    errors.push(...validatePath(entry, `${path}.http.paths[${index}]`));
  }
  return errors;
}

function checkWildcard(host: string): string[] {
  if (/^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(host)) return [];
  return [
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ];
}

function validatePath(entry: JsonObject, place: string): FieldError[] {
  const pathType = stringAt(entry, "pathType");
  const path = textAt(entry, "path") ?? "";
  const errors: FieldError[] = [];
  const fail = (detail: string) => errors.push(invalidValue(`${place}.path`, path, detail));
  if (pathType === undefined) return [requiredValue(`${place}.pathType`, "pathType must be specified")];
  if (!pathTypes.includes(pathType)) errors.push(unsupportedValue(`${place}.pathType`, pathType, pathTypes));
  else if (pathType === "ImplementationSpecific") {
    if (path !== "" && !path.startsWith("/")) fail("must be an absolute path");
  } else {
    if (!path.startsWith("/")) fail("must be an absolute path");
    for (const part of ["//", "/./", "/../", "%2f", "%2F"]) {
      if (path.includes(part)) fail(`must not contain '${part}'`);
    }
    for (const end of ["/..", "/."]) if (path.endsWith(end)) fail(`cannot end with '${end}'`);
  }
  return [...errors, ...validateBackend(objectAt(entry, "backend"), `${place}.backend`)];
}

function validateBackend(backend: JsonObject, path: string): FieldError[] {
  const [resource, service] = [isJsonObject(backend.resource), isJsonObject(backend.service)];
  if (resource && service) return [invalidValue(path, "", "cannot set both resource and service backends")];
  if (resource) return validateResourceBackend(objectAt(backend, "resource"), `${path}.resource`);
  if (!service) return [invalidValue(path, "", "resource or service backend is required")];
  const errors: FieldError[] = [];
  const name = textAt(backend, "service", "name");
  if (!name) errors.push(requiredValue(`${path}.service.name`));
  else errors.push(...invalidText(`${path}.service.name`, name, checkDnsLabel));
  const portName = textAt(backend, "service", "port", "name");
  const number = numberAt(backend, "service", "port", "number");
  if (portName && number) errors.push(invalidValue(path, "", "cannot set both port name & port number"));
  else if (portName) errors.push(...invalidText(`${path}.service.port.name`, portName, checkPortName));
  else if (number) errors.push(...validatePortNumber(number, `${path}.service.port.number`));
  else errors.push(requiredValue(path, "port name or number is required"));
  return errors;
}

function validateResourceBackend(resource: JsonObject, path: string): FieldError[] {
  return ["kind", "name"].flatMap((field) =>
    textAt(resource, field) ? [] : [requiredValue(`${path}.${field}`)],
  );
}

/** By collection. */
export const networkValidators: Readonly<Record<string, Validator>> = {
  "networking.k8s.io/networkpolicies": { validate: validateNetworkPolicy },
  "networking.k8s.io/ingresses": { validate: validateIngress },
};
