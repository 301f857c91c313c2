// The addresses and families of Services (kubernetes pkg/apis/core/validation ValidateServiceClusterIPsRelatedFields and
// validateUpgradeDowngrade…).
import { isIP } from "node:net";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { isHeadless, needsClusterIp } from "../../service-needs.ts";
import { validateAddress } from "./addresses.ts";

const families = ["IPv4", "IPv6"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const field = "spec.clusterIPs";

/** What does not go together in a Service's addresses, families and policy. */
export function validateServiceIps(service: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(service, "spec");
  if (!needsClusterIp(spec)) return [];
  const addresses = textsAt(spec, "clusterIPs");
  const errors = [...validateFirst(spec, addresses), ...validateFamilies(spec)];
  const wrong = validateAddresses(addresses, textsAt(old, "spec", "clusterIPs"));
  errors.push(...wrong);
  if (addresses.length > 2) errors.push(invalidValue(field, addresses, "may only hold up to 2 values"));
  if (wrong.length > 0) return errors;
  const isDual = addresses.length === 2 && addresses.some(isV6) && !addresses.every(isV6);
  if (addresses.length > 1 && !isDual) {
    const detail = "may specify no more than one IP for each IP family";
    errors.push(invalidValue(field, addresses, detail));
  }
  return isHeadless(spec) ? errors : [...errors, ...validateMatch(spec, addresses)];
}

function isV6(address: string): boolean {
  return isIP(address) === 6;
}

function validateFirst(spec: JsonObject, addresses: readonly string[]): FieldError[] {
  const first = textAt(spec, "clusterIP") ?? "";
  if (first === "") {
    if (addresses.length === 0) return [];
    return [invalidValue(field, [...addresses], "must be empty when `clusterIP` is not specified")];
  }
  if (addresses.length === 0) return [requiredValue(field)];
  return addresses[0] === first
    ? []
    : [invalidValue(field, [...addresses], "first value must match `clusterIP`")];
}

function validateFamilies(spec: JsonObject): FieldError[] {
  const named = textsAt(spec, "ipFamilies");
  const errors = named.flatMap((family, index) => {
    const place = `spec.ipFamilies[${index}]`;
    return [
      ...(families.includes(family) ? [] : [unsupportedValue(place, family, families)]),
      ...(named.indexOf(family) < index ? [duplicateValue(place, family)] : []),
    ];
  });
  const policy = stringAt(spec, "ipFamilyPolicy");
  if (policy === undefined || policies.includes(policy)) return errors;
  return [...errors, unsupportedValue("spec.ipFamilyPolicy", policy, policies)];
}

function validateAddresses(addresses: readonly string[], before: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    if (index === 0 && address === "None") {
      if (addresses.length === 1) return [];
      return [invalidValue(field, [...addresses], "'None' must be the first and only value")];
    }
    return before.includes(address) ? [] : validateAddress(address, `${field}[${index}]`);
  });
}

function validateMatch(spec: JsonObject, addresses: readonly string[]): FieldError[] {
  const named = textsAt(spec, "ipFamilies");
  return addresses.flatMap((address, index) => {
    const family = named[index];
    const wrong = (family === "IPv4" && isV6(address)) || (family === "IPv6" && !isV6(address));
    if (!wrong) return [];
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalidValue(`${field}[${index}]`, address, detail)];
  });
}

/** What an update may not do to them: the first ones stay, a second one comes, and goes with the policy. */
export function validateServiceIpsUpdate(service: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [spec, before] = [objectAt(service, "spec"), objectAt(old, "spec")];
  if (!needsClusterIp(spec) || !needsClusterIp(before)) return [];
  const errors = compareAddresses(spec, before);
  // Without addresses the families may change.
  return isHeadless(spec) || isHeadless(before) ? errors : [...errors, ...compareFamilies(spec, before)];
}

const fixed = "may not change once set";

function compareAddresses(spec: JsonObject, before: JsonObject): FieldError[] {
  const [now, earlier] = [textsAt(spec, "clusterIPs"), textsAt(before, "clusterIPs")];
  if (now.length === earlier.length) {
    return earlier.flatMap((address, index) =>
      address === now[index] ? [] : [invalidValue(`${field}[${index}]`, now, fixed)],
    );
  }
  const errors: FieldError[] = [];
  if (now.length === 0) errors.push(invalidValue(`${field}[0]`, now, "primary clusterIP can not be unset"));
  if (earlier.length > 0 && now.length > 0 && now[0] !== earlier[0]) {
    errors.push(invalidValue(`${field}[0]`, now, fixed));
  }
  return [...errors, ...validateRelease(spec, now, earlier, "clusterIP")];
}

function compareFamilies(spec: JsonObject, before: JsonObject): FieldError[] {
  const [now, earlier] = [textsAt(spec, "ipFamilies"), textsAt(before, "ipFamilies")];
  const place = "spec.ipFamilies[0]";
  if (now.length === earlier.length) {
    return earlier.flatMap((family, index) =>
      family === now[index] ? [] : [invalidValue(place, now, fixed)],
    );
  }
  const errors: FieldError[] = [];
  const addresses = textsAt(spec, "clusterIPs");
  if (now.length < earlier.length && addresses.length === 0) {
    errors.push(invalidValue(place, now, "primary ipFamily can not be unset"));
  }
  if (earlier.length > 0 && now.length > 0 && now[0] !== earlier[0]) {
    errors.push(invalidValue(place, addresses, fixed));
  }
  return [...errors, ...validateRelease(spec, now, earlier, "ipFamily")];
}

function validateRelease(
  spec: JsonObject,
  now: readonly string[],
  earlier: readonly string[],
  what: string,
): FieldError[] {
  if (now.length !== 1 || now.length >= earlier.length || spec.ipFamilyPolicy === "SingleStack") return [];
  const detail = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return [invalidValue("spec.ipFamilyPolicy", spec.ipFamilyPolicy ?? null, detail)];
}
