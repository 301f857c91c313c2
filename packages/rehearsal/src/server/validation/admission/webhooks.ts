// Webhook configurations (kubernetes pkg/apis/admissionregistration/validation, apiserver pkg/util/webhook).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { checkDns1035Label, checkDnsSubdomain, invalidText } from "../names.ts";
import { validatePortNumber } from "../ports.ts";
import type { Validator } from "../validator.ts";
import { validateMatchConditions } from "./expressions.ts";
import { validateRule } from "./resource-rules.ts";

function validateWebhooks(configuration: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const names = new Set<string>();
  const conditional = !keepsConditions(configuration, old);
  return objectsAt(configuration, "webhooks").flatMap((webhook, index) => {
    const path = `webhooks[${index}]`;
    const name = textAt(webhook, "name") ?? "";
    const errors = [
      ...validateWebhook(webhook, path),
      ...(conditional
        ? validateMatchConditions(webhook, { authorizer: true }, `${path}.matchConditions`)
        : []),
      ...validateVersions(textsAt(webhook, "admissionReviewVersions"), `${path}.admissionReviewVersions`),
    ];
    if (name !== "" && names.has(name)) errors.push(duplicateValue(`${path}.name`, name));
    names.add(name);
    return errors;
  });
}

/** Conditions are looked at again when any of them changed. */
function keepsConditions(configuration: KubernetesObject, old: KubernetesObject | undefined): boolean {
  const conditionsOf = (one: KubernetesObject) =>
    objectsAt(one, "webhooks").map(({ matchConditions }) => matchConditions ?? null);
  return old !== undefined && equalJson(conditionsOf(configuration), conditionsOf(old));
}

function validateWebhookName(name: string, path: string): FieldError[] {
  if (name === "") return [requiredValue(path)];
  const faults = checkDnsSubdomain(name);
  if (faults.length > 0) return [invalidValue(path, name, faults.join(","))];
  if (name.split(".").length >= 3) return [];
  return [invalidValue(path, name, "should be a domain with at least three segments separated by dots")];
}

const effects = ["None", "NoneOnDryRun"];

function validateWebhook(webhook: JsonObject, path: string): FieldError[] {
  const errors = validateWebhookName(textAt(webhook, "name") ?? "", `${path}.name`);
  for (const [index, rule] of objectsAt(webhook, "rules").entries()) {
    errors.push(...validateRule(rule, `${path}.rules[${index}]`));
  }
  errors.push(
    ...validateChoice(webhook.failurePolicy, `${path}.failurePolicy`, ["Fail", "Ignore"]),
    ...validateChoice(webhook.matchPolicy, `${path}.matchPolicy`, ["Equivalent", "Exact"]),
    ...(stringAt(webhook, "sideEffects") !== undefined
      ? validateChoice(webhook.sideEffects, `${path}.sideEffects`, effects)
      : [requiredValue(`${path}.sideEffects`, `must specify one of ${effects.join(", ")}`)]),
  );
  const timeout = numberAt(webhook, "timeoutSeconds");
  if (timeout !== undefined && (timeout < 1 || timeout > 30)) {
    const detail = "the timeout value must be between 1 and 30 seconds";
    errors.push(invalidValue(`${path}.timeoutSeconds`, timeout, detail));
  }
  errors.push(
    ...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`),
    ...validateChoice(webhook.reinvocationPolicy, `${path}.reinvocationPolicy`, ["IfNeeded", "Never"]),
    ...validateClient(objectAt(webhook, "clientConfig"), `${path}.clientConfig`),
  );
  return errors;
}

function validateVersions(versions: readonly string[], path: string): FieldError[] {
  const known = ["v1", "v1beta1"];
  if (versions.length === 0) return [requiredValue(path, `must specify one of ${known.join(", ")}`)];
  const errors = versions.flatMap((version, index) => {
    const at = `${path}[${index}]`;
    if (versions.indexOf(version) < index) return [invalidValue(at, version, "duplicate version")];
    return invalidText(at, version, checkDns1035Label);
  });
  if (versions.some((version) => known.includes(version))) return errors;
  const detail = `must include at least one of ${known.join(", ")}`;
  return [...errors, invalidValue(path, [...versions], detail)];
}

function validateClient(client: JsonObject, path: string): FieldError[] {
  const { url, service } = client;
  const isNamed = typeof url === "string";
  if (isNamed === (typeof service === "object" && service !== null)) {
    return [requiredValue(path, "exactly one of url or service is required")];
  }
  return isNamed ? validateUrl(url, `${path}.url`) : validateService(objectAt(client, "service"), path);
}

const form = "; desired format: https://host[/path]";

function validateUrl(url: string, path: string): FieldError[] {
  const [, scheme = "", authority = "", query, fragment] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(url) ?? [];
  const errors: FieldError[] = [];
  const wrong = (value: string, detail: string) => errors.push(invalidValue(path, value, detail));
  if (scheme.toLowerCase() !== "https") wrong(scheme, `'https' is the only allowed URL scheme${form}`);
  const at = authority.lastIndexOf("@");
  if (authority.slice(at + 1) === "") wrong("", `host must be specified${form}`);
  if (at >= 0) wrong(authority.slice(0, at), "user information is not permitted in the URL");
  if (fragment) wrong(fragment, "fragments are not permitted in the URL");
  if (query) wrong(query, "query parameters are not permitted in the URL");
  return errors;
}

function validateService(service: JsonObject, client: string): FieldError[] {
  const path = `${client}.service`;
  const errors = ["name", "namespace"].flatMap((field) =>
    textAt(service, field) ? [] : [requiredValue(`${path}.${field}`)],
  );
  const port = numberAt(service, "port") ?? 0;
  for (const { message } of validatePortNumber(port, "")) {
    const detail = message.slice(message.lastIndexOf(": ") + 2);
    errors.push(invalidValue(`${path}.port`, port, `port is not valid: ${detail}`));
  }
  return [...errors, ...validatePath(textAt(service, "path") ?? "", `${path}.path`)];
}

function validatePath(urlPath: string, path: string): FieldError[] {
  if (urlPath === "" || urlPath === "/") return [];
  if (urlPath === "//") return [invalidValue(path, urlPath, "segment[0] may not be empty")];
  const errors = urlPath.startsWith("/") ? [] : [invalidValue(path, urlPath, "must start with a '/'")];
  for (const [index, step] of urlPath.slice(1).replace(/\/$/, "").split("/").entries()) {
    const faults = step === "" ? [" may not be empty"] : checkDnsSubdomain(step).map((one) => `: ${one}`);
    for (const fault of faults) errors.push(invalidValue(path, urlPath, `segment[${index}]${fault}`));
  }
  return errors;
}

/** By collection. */
export const webhookValidators: Readonly<Record<string, Validator>> = {
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": { validate: validateWebhooks },
  "admissionregistration.k8s.io/validatingwebhookconfigurations": { validate: validateWebhooks },
};
