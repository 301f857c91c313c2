// The address families of a Service (kubernetes pkg/registry/core/service/storage/alloc.go initIPFamilyFields) in a
// cluster that has IPv4 alone.
import { isIP } from "node:net";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt, textsAt } from "../admission/read-json.ts";
import { invalidValue } from "./field-error.ts";
import { needsClusterIp, sameTexts } from "./service-needs.ts";
import { invalid } from "./status-errors.ts";
import { validateServiceIps } from "./validation/network/service-ips.ts";

const configured = "IPv4";
const policyField = "spec.ipFamilyPolicy";

/** Fills in policy and families, or refuses what does not go together (StatusError 422). Changes `service`. */
export function fillFamilies(service: KubernetesObject, old: KubernetesObject | undefined): void {
  const spec = objectAt(service, "spec");
  const before = old && objectAt(old, "spec");
  if (!needsClusterIp(spec) || isSettled(spec, before)) return;
  const selectorless = Object.keys(objectAt(spec, "selector")).length === 0;
  const unselected = spec.clusterIP === "None" && selectorless;
  spec.ipFamilyPolicy ??= before?.ipFamilyPolicy ?? (unselected ? "RequireDualStack" : "SingleStack");
  refuse(service, validateServiceIps(service, old));
  refuse(service, before ? settleReduced(spec, before) : []);
  refuse(service, [...checkSingle(spec), ...inferFamilies(spec)]);
  if (unselected) {
    const families = textsAt(spec, "ipFamilies");
    if (families.length === 0) families.push(configured);
    if (families.length < 2 && spec.ipFamilyPolicy !== "SingleStack") {
      families.push(families[0] === "IPv4" ? "IPv6" : "IPv4");
    }
    spec.ipFamilies = families;
    return;
  }
  refuse(service, checkConfigured(spec));
  if (textsAt(spec, "ipFamilies").length === 0) spec.ipFamilies = [configured];
}

/** Services that only prefer two families are left alone until they say something else. */
function isSettled(spec: JsonObject, before: JsonObject | undefined): boolean {
  const prefers = "PreferDualStack";
  if (!before || before.type !== spec.type || spec.ipFamilyPolicy !== prefers) return false;
  if ((before.ipFamilyPolicy ?? prefers) !== prefers) return false;
  if (!["ClusterIP", "NodePort", "LoadBalancer"].includes(textAt(spec, "type") ?? "")) return false;
  return sameTexts(spec, before, "clusterIPs") && sameTexts(spec, before, "ipFamilies");
}

/** Of two families the second goes when the policy says one, and only then. */
function settleReduced(spec: JsonObject, before: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const lists = [
    ["clusterIPs", "cluster IP"],
    ["ipFamilies", "IP family"],
  ] as const;
  for (const [field, name] of lists) {
    const [now, earlier] = [textsAt(spec, field), textsAt(before, field)];
    if (spec.ipFamilyPolicy === "SingleStack") {
      if (sameTexts(spec, before, field) && now.length > 1) spec[field] = now.slice(0, 1);
    } else if (now.length > 0 && now.length < earlier.length) {
      const detail = `must be 'SingleStack' to release the secondary ${name}`;
      errors.push(invalidValue(policyField, spec.ipFamilyPolicy, detail));
    }
  }
  return errors;
}

function checkSingle(spec: JsonObject): FieldError[] {
  if (spec.ipFamilyPolicy !== "SingleStack") return [];
  const lists = [
    ["clusterIPs", "cluster IPs"],
    ["ipFamilies", "IP families"],
  ] as const;
  return lists
    .filter(([field]) => textsAt(spec, field).length === 2)
    .map(([, name]) => {
      const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${name} are specified`;
      return invalidValue(policyField, spec.ipFamilyPolicy, detail);
    });
}

/** The families of the addresses that are asked for. */
function inferFamilies(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const addresses = textsAt(spec, "clusterIPs");
  const families = textsAt(spec, "ipFamilies");
  for (const [index, address] of addresses.entries()) {
    if (address === "None") break;
    if (index < families.length) continue;
    const family = isIP(address) === 6 ? "IPv6" : "IPv4";
    if (family === configured) families.push(family);
    else {
      const detail = `${family} is not configured on this cluster`;
      errors.push(invalidValue(`spec.clusterIPs[${index}]`, addresses, detail));
    }
  }
  if (families.length > 0) spec.ipFamilies = families;
  return errors;
}

function checkConfigured(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === "RequireDualStack") {
    const detail = "this cluster is not configured for dual-stack services";
    errors.push(invalidValue(policyField, spec.ipFamilyPolicy, detail));
  }
  for (const [index, family] of textsAt(spec, "ipFamilies").entries()) {
    if (family === configured) continue;
    errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  }
  return errors;
}

function refuse({ metadata }: KubernetesObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "", kind: "Service" }, metadata.name, errors);
}
