// What of a Pod its containers are shown (kubernetes pkg/apis/core/validation validateObjectFieldSelector and
// validateContainerResourceFieldSelector).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { checkQualifiedName, invalidText } from "../names.ts";
import { amount } from "../numbers.ts";

/** Where the fields are shown: in variables of the environment, or in files. */
export type ShownIn = "environment" | "volume";

/** The fields that there are, without maps (kubernetes pkg/apis/core/pods ConvertDownwardAPIFieldLabel). */
const known: ReadonlySet<string> = new Set(
  "metadata.annotations metadata.labels metadata.name metadata.namespace metadata.uid spec.nodeName spec.restartPolicy spec.serviceAccountName spec.schedulerName status.phase status.hostIP status.hostIPs status.podIP status.podIPs".split(
    " ",
  ),
);

const offered: Readonly<Record<ShownIn, readonly string[]>> = {
  environment:
    "metadata.name metadata.namespace metadata.uid spec.nodeName spec.serviceAccountName status.hostIP status.hostIPs status.podIP status.podIPs".split(
      " ",
    ),
  volume: "metadata.annotations metadata.labels metadata.name metadata.namespace metadata.uid".split(" "),
};

/** What is wrong with a `fieldRef`. */
export function validateFieldReference(reference: JsonObject, path: string, shownIn: ShownIn): FieldError[] {
  const version = textAt(reference, "apiVersion");
  const field = textAt(reference, "fieldPath");
  if (!field) return [requiredValue(`${path}.fieldPath`)];
  const refuse = (detail: string) => [
    invalidValue(`${path}.fieldPath`, field, `error converting fieldPath: ${detail}`),
  ];
  if (version !== undefined && version !== "v1") return refuse(`unsupported pod version: ${version}`);
  const [, map, key = ""] = /^(.+?)\['(.*)'\]$/s.exec(field) ?? [];
  if (map === "metadata.annotations") return invalidText(path, key.toLowerCase(), checkQualifiedName);
  if (map === "metadata.labels") return invalidText(path, key, checkQualifiedName);
  if (map !== undefined) return refuse(`field label does not support subscript: ${field}`);
  if (!known.has(field) && field !== "spec.host") return refuse(`field label not supported: ${field}`);
  const name = field === "spec.host" ? "spec.nodeName" : field;
  const fields = offered[shownIn];
  return fields.includes(name) ? [] : [unsupportedValue(`${path}.fieldPath`, name, fields)];
}

const resources = ["cpu", "ephemeral-storage", "memory"]
  .flatMap((name) => [`limits.${name}`, `requests.${name}`])
  .sort();
const bytes = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

/** What is wrong with a `resourceFieldRef`. */
export function validateResourceReference(
  reference: JsonObject,
  path: string,
  shownIn: ShownIn,
): FieldError[] {
  const resource = textAt(reference, "resource");
  const errors: FieldError[] = [];
  if (shownIn === "volume" && !textAt(reference, "containerName")) {
    errors.push(requiredValue(`${path}.containerName`));
  } else if (resource === undefined) errors.push(requiredValue(`${path}.resource`));
  else if (!resources.includes(resource) && !hugePages.test(resource)) {
    errors.push(unsupportedValue(`${path}.resource`, resource, resources));
  }
  const { divisor = "0" } = reference;
  const [units, of] = unitsOf(resource ?? "");
  if (units === undefined || amount(divisor) === 0 || units.split(", ").includes(String(divisor)))
    return errors;
  const detail = `only divisor's values ${units.replace(/^1m, /, "1m and ")} are supported with the ${of} resource`;
  return [...errors, invalidValue(`${path}.divisor`, resource, detail)];
}

const hugePages = /^(requests|limits)\.hugepages-/;

/** By what an amount of the resource may be divided, and what that is called. */
function unitsOf(resource: string): readonly [string, string] | readonly [undefined, undefined] {
  if (hugePages.test(resource)) return [bytes, "hugepages"];
  switch (resource.replace(/^(limits|requests)\./, "")) {
    case resource:
      return [undefined, undefined];
    case "cpu":
      return ["1m, 1", "cpu"];
    case "memory":
      return [bytes, "memory"];
    case "ephemeral-storage":
      return [bytes, "local ephemeral storage"];
    default:
      return [undefined, undefined];
  }
}
