// Services (kubernetes pkg/apis/core/validation validateService).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-error.ts";
import { isExternallyAccessible, isHeadless, needsHealthCheck } from "../../service-needs.ts";
import { validateLabels } from "../metadata.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName, invalidText } from "../names.ts";
import { validatePort, validatePortNumber } from "../ports.ts";
import type { Validator } from "../validator.ts";
import { validateAddress, validateReachable } from "./addresses.ts";
import { validateRange } from "./ranges.ts";
import { validateServiceIps, validateServiceIpsUpdate } from "./service-ips.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const protocols = ["SCTP", "TCP", "UDP"];

function validateService(service: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(service, "spec");
  const type = textAt(spec, "type") ?? "";
  const ports = objectsAt(spec, "ports");
  const errors: FieldError[] = [];
  const headless = isHeadless(spec);
  if (ports.length === 0 && !headless && type !== "ExternalName") errors.push(requiredValue("spec.ports"));
  if ((type === "LoadBalancer" || type === "NodePort") && headless) {
    const detail = `may not be set to 'None' for ${type} services`;
    errors.push(invalidValue("spec.clusterIPs[0]", "None", detail));
  }
  if (type === "ExternalName") {
    const detail = "may not be set for ExternalName services";
    for (const field of ["clusterIPs", "ipFamilies"]) {
      if (textsAt(spec, field).length > 0) errors.push(forbiddenValue(`spec.${field}`, detail));
    }
    if (spec.ipFamilyPolicy !== undefined) errors.push(forbiddenValue("spec.ipFamilyPolicy", detail));
    const name = textAt(spec, "externalName") ?? "";
    const bare = name.replace(/\.$/, "");
    if (bare === "") errors.push(requiredValue("spec.externalName"));
    else {
      for (const detail of checkDnsSubdomain(bare))
        errors.push(invalidValue("spec.externalName", name, detail));
    }
  }
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    errors.push(...validateServicePort(port, ports.length > 1, names, `spec.ports[${index}]`));
  }
  errors.push(...validateLabels(spec.selector, "spec.selector"), ...validateAffinity(spec));
  errors.push(...validateServiceIps(service, old));
  const known = textsAt(old, "spec", "externalIPs");
  for (const [index, address] of textsAt(spec, "externalIPs").entries()) {
    const path = `spec.externalIPs[${index}]`;
    const wrong = known.includes(address) ? [] : validateAddress(address, path);
    errors.push(...(wrong.length > 0 ? wrong : validateReachable(address, path)));
  }
  const trim = (range: string) => range.trim();
  const before = textsAt(old, "spec", "loadBalancerSourceRanges").map(trim);
  for (const [index, range] of textsAt(spec, "loadBalancerSourceRanges").map(trim).entries()) {
    if (before.includes(range)) continue;
    errors.push(...validateRange(range, `spec.LoadBalancerSourceRanges[${index}]`));
  }
  if (textsAt(spec, "loadBalancerSourceRanges").length === 0) {
    errors.push(...validateNotedRanges(service, old, type));
  }
  if (type === "") errors.push(requiredValue("spec.type"));
  else if (!types.includes(type)) errors.push(unsupportedValue("spec.type", type, types));
  errors.push(...validateUniquePorts(ports, type), ...validateTraffic(spec, type));
  return errors;
}

/** Source ranges in the annotation that was there before the field. */
function validateNotedRanges(
  { metadata }: KubernetesObject,
  old: KubernetesObject | undefined,
  type: string,
): FieldError[] {
  const name = "service.beta.kubernetes.io/load-balancer-source-ranges";
  const path = `metadata.annotations[${name}]`;
  const noted = metadata.annotations?.[name];
  if (noted === undefined) return [];
  const detail = "may only be used when `type` is 'LoadBalancer'";
  const errors = type === "LoadBalancer" ? [] : [forbiddenValue(path, detail)];
  if (noted.trim() === "" || old?.metadata.annotations?.[name] === noted) return errors;
  return [...errors, ...noted.split(",").flatMap((range) => validateRange(range.trim(), path))];
}

function validateServicePort(
  port: JsonObject,
  named: boolean,
  names: Set<string>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(port, "name") ?? "";
  if (name !== "") {
    errors.push(...invalidText(`${path}.name`, name, checkDnsLabel));
    if (names.has(name)) errors.push(duplicateValue(`${path}.name`, name));
    names.add(name);
  } else if (named) errors.push(requiredValue(`${path}.name`));
  errors.push(...validatePortNumber(numberAt(port, "port") ?? 0, `${path}.port`));
  const protocol = textAt(port, "protocol") ?? "";
  if (protocol === "") errors.push(requiredValue(`${path}.protocol`));
  else if (!protocols.includes(protocol)) {
    errors.push(unsupportedValue(`${path}.protocol`, protocol, protocols));
  }
  errors.push(...validatePort(port.targetPort, `${path}.targetPort`));
  const application = stringAt(port, "appProtocol");
  if (application !== undefined) {
    errors.push(...invalidText(`${path}.appProtocol`, application, checkQualifiedName));
  }
  return errors;
}

function validateUniquePorts(ports: readonly JsonObject[], type: string): FieldError[] {
  const errors: FieldError[] = [];
  const keys = ports.map((port) => `${port.port}/${port.protocol}`);
  for (const [index, { nodePort }] of ports.entries()) {
    if (type !== "ClusterIP" || !nodePort) continue;
    const detail = "may not be used when `type` is 'ClusterIP'";
    errors.push(forbiddenValue(`spec.ports[${index}].nodePort`, detail));
  }
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    const first = ports.findIndex((other) => other.nodePort === nodePort && other.protocol === protocol);
    if (nodePort && first < index) errors.push(duplicateValue(`spec.ports[${index}].nodePort`, nodePort));
  }
  for (const [index, { port, protocol }] of ports.entries()) {
    if (keys.indexOf(keys[index] ?? "") === index) continue;
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
  return errors;
}

function validateAffinity(spec: JsonObject): FieldError[] {
  const affinity = textAt(spec, "sessionAffinity") ?? "";
  const path = "spec.sessionAffinityConfig";
  const kinds = ["ClientIP", "None"];
  const errors: FieldError[] = [];
  if (affinity === "") errors.push(requiredValue("spec.sessionAffinity"));
  else if (!kinds.includes(affinity)) errors.push(unsupportedValue("spec.sessionAffinity", affinity, kinds));
  if (affinity === "None" && isJsonObject(spec.sessionAffinityConfig)) {
    errors.push(forbiddenValue(path, "must not be set when session affinity is None"));
  }
  if (affinity !== "ClientIP") return errors;
  const seconds = numberAt(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
  if (!isJsonObject(spec.sessionAffinityConfig)) {
    errors.push(requiredValue(path, "when session affinity type is ClientIP"));
  } else if (!isJsonObject(objectAt(spec, "sessionAffinityConfig").clientIP)) {
    errors.push(requiredValue(`${path}.clientIP`, "when session affinity type is ClientIP"));
  } else if (seconds !== undefined && (seconds <= 0 || seconds > 86_400)) {
    const detail = "must be greater than 0 and less than 86400";
    errors.push(invalidValue(`${path}.clientIP.timeoutSeconds`, seconds, detail));
  }
  return errors;
}

function validateTraffic(spec: JsonObject, type: string): FieldError[] {
  const errors: FieldError[] = [];
  const balanced = type === "LoadBalancer";
  const onlyBalanced = "may only be used when `type` is 'LoadBalancer'";
  if (textsAt(spec, "loadBalancerSourceRanges").length > 0 && !balanced) {
    errors.push(forbiddenValue("spec.LoadBalancerSourceRanges", onlyBalanced));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced) {
    errors.push(forbiddenValue("spec.allocateLoadBalancerNodePorts", onlyBalanced));
  }
  if (balanced && spec.allocateLoadBalancerNodePorts === undefined) {
    errors.push(requiredValue("allocateLoadBalancerNodePorts"));
  }
  errors.push(...validateBalancerClass(spec));
  const policies = ["Cluster", "Local"];
  const external = textAt(spec, "externalTrafficPolicy") ?? "";
  const exposed = isExternallyAccessible(spec);
  const path = "spec.externalTrafficPolicy";
  if (!exposed) {
    const detail = "may only be set for externally-accessible services";
    if (external !== "") errors.push(invalidValue(path, external, detail));
  } else if (external === "") errors.push(requiredValue(path));
  else if (!policies.includes(external)) errors.push(unsupportedValue(path, external, policies));
  errors.push(...validateHealthCheck(spec));
  const internal = spec.internalTrafficPolicy;
  if (internal === undefined) {
    if (["ClusterIP", "LoadBalancer", "NodePort"].includes(type)) {
      errors.push(requiredValue("spec.internalTrafficPolicy"));
    }
  } else if (!policies.includes(String(internal))) {
    errors.push(unsupportedValue("spec.internalTrafficPolicy", internal, policies));
  }
  const distribution = spec.trafficDistribution;
  const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
  if (distribution !== undefined && !distributions.includes(String(distribution))) {
    errors.push(unsupportedValue("spec.trafficDistribution", distribution, distributions));
  }
  return errors;
}

function validateBalancerClass(spec: JsonObject): FieldError[] {
  const name = spec.loadBalancerClass;
  const path = "spec.loadBalancerClass";
  if (name === undefined) return [];
  if (spec.type === "LoadBalancer") return invalidText(path, String(name), checkQualifiedName);
  return [forbiddenValue(path, "may only be used when `type` is 'LoadBalancer'")];
}

function validateHealthCheck(spec: JsonObject): FieldError[] {
  const port = numberAt(spec, "healthCheckNodePort") ?? 0;
  const path = "spec.healthCheckNodePort";
  if (needsHealthCheck(spec)) return port === 0 ? [requiredValue(path)] : validatePortNumber(port, path);
  const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return port === 0 ? [] : [invalidValue(path, port, detail)];
}

function validateServiceUpdate(service: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [spec, before] = [objectAt(service, "spec"), objectAt(old, "spec")];
  const errors = validateServiceIpsUpdate(service, old);
  const [kept, wanted] = [before.loadBalancerClass, spec.loadBalancerClass];
  if (before.type === "LoadBalancer" && spec.type === "LoadBalancer" && kept !== wanted) {
    errors.push(invalidValue("spec.loadBalancerClass", wanted ?? null, "may not change once set"));
  }
  errors.push(...validateBalancerClass(spec));
  const isChecked = needsHealthCheck(before) && needsHealthCheck(spec);
  if (isChecked && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.push(forbiddenValue("spec.healthCheckNodePort", "field is immutable"));
  }
  return errors;
}

/** By collection. */
export const serviceValidators: Readonly<Record<string, Validator>> = {
  "/services": { validate: validateService, validateUpdate: validateServiceUpdate, updateFirst: true },
};
