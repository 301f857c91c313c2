// Which resources webhooks and policies are about (kubernetes pkg/apis/admissionregistration/validation).
import type { FieldError } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectsAt, textAt, textsAt, valueAt } from "../../../admission/read-json.ts";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { checkPathSegment, invalidText } from "../names.ts";

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];

/** A rule of a webhook (ValidateRuleWithOperations). */
export function validateRule(rule: JsonObject, path: string): FieldError[] {
  const listed = textsAt(rule, "operations");
  const errors = alone(listed, `${path}.operations`, "operations");
  for (const [index, operation] of listed.entries()) {
    errors.push(...validateChoice(operation, `${path}.operations[${index}]`, operations));
  }
  errors.push(...alone(textsAt(rule, "apiGroups"), `${path}.apiGroups`, "API groups"));
  const versions = textsAt(rule, "apiVersions");
  errors.push(...alone(versions, `${path}.apiVersions`, "API versions"));
  errors.push(...named(versions, `${path}.apiVersions`));
  errors.push(...validateResources(textsAt(rule, "resources"), `${path}.resources`));
  errors.push(...validateChoice(rule.scope, `${path}.scope`, scopes));
  return errors;
}

/** A list that has something, and nothing besides `*`. */
function alone(list: readonly string[], path: string, others: string): FieldError[] {
  if (list.length === 0) return [requiredValue(path)];
  if (list.length === 1 || !list.includes("*")) return [];
  return [invalidValue(path, [...list], `if '*' is present, must not specify other ${others}`)];
}

function named(list: readonly string[], path: string): FieldError[] {
  return list.flatMap((text, index) => (text === "" ? [requiredValue(`${path}[${index}]`)] : []));
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [requiredValue(path)];
  const errors: FieldError[] = [];
  const everyOf = new Set<string>();
  const ofEvery = new Set<string>();
  let plainLast = false;
  for (const [index, pattern] of resources.entries()) {
    const at = `${path}[${index}]`;
    if (pattern === "") {
      errors.push(requiredValue(at));
      continue;
    }
    const slash = pattern.indexOf("/");
    if (slash < 0) {
      plainLast = pattern !== "*";
      continue;
    }
    const [resource, subresource] = [pattern.slice(0, slash), pattern.slice(slash + 1)];
    const covered = [
      ...(everyOf.has(resource) ? [`${resource}/*`] : []),
      ...(ofEvery.has(subresource) ? [`*/${subresource}`] : []),
    ];
    for (const by of covered) {
      errors.push(invalidValue(at, pattern, `if '${by}' is present, must not specify ${pattern}`));
    }
    if (subresource === "*") everyOf.add(resource);
    if (resource === "*") ofEvery.add(subresource);
  }
  if (resources.length > 1 && resources.includes("*/*")) {
    const detail = "if '*/*' is present, must not specify other resources";
    errors.push(invalidValue(path, [...resources], detail));
  }
  // The real server looks at the last one without a subresource only.
  if (resources.includes("*") && plainLast) {
    const detail = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalidValue(path, [...resources], detail));
  }
  return errors;
}

/** The constraints of a policy or binding (validateMatchResources), which have their defaults. */
export function validateMatchResources(constraints: JsonObject, path: string): FieldError[] {
  return [
    ...validateChoice(constraints.matchPolicy, `${path}.matchPolicy`, ["Equivalent", "Exact"]),
    ...validateLabelSelector(constraints.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(constraints.objectSelector, `${path}.objectSelector`),
    ...["resourceRules", "excludeResourceRules"].flatMap((list) =>
      objectsAt(constraints, list).flatMap((rule, index) =>
        validateNamedRule(rule, `${path}.${list}[${index}]`),
      ),
    ),
  ];
}

function validateNamedRule(rule: JsonObject, path: string): FieldError[] {
  const seen = new Set<string>();
  const errors = textsAt(rule, "resourceNames").flatMap((name, index) => {
    const at = `${path}.resourceNames[${index}]`;
    const wrong = invalidText(at, name, checkPathSegment);
    if (seen.has(name)) wrong.push(duplicateValue(at, name));
    seen.add(name);
    return wrong;
  });
  return [...errors, ...validateRule(rule, path)];
}

/** Operations of rules that only writes of an object may have: nothing can be changed of what goes away. */
export function validateMutatingOperations(constraints: Json | undefined, path: string): FieldError[] {
  const supported = operations.filter((operation) => operation !== "DELETE");
  return objectsAt(constraints, "resourceRules").flatMap((rule) =>
    textsAt(rule, "operations").flatMap((operation) =>
      validateChoice(operation, `${path}.resourceRules.operations`, supported),
    ),
  );
}

/** The reference of a binding to its parameters. */
export function validateParamRef(binding: JsonObject, path: string): FieldError[] {
  const reference = valueAt(binding, "paramRef");
  if (reference === undefined || reference === null) return [];
  const errors: FieldError[] = [];
  const name = textAt(reference, "name");
  const selector = valueAt(reference, "selector");
  const clash = (field: string) =>
    forbiddenValue(`${path}.${field}`, "name and selector are mutually exclusive");
  if (name) {
    errors.push(...invalidText(`${path}.name`, name, checkPathSegment));
    if (selector) errors.push(clash("name"));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, `${path}.selector`));
    if (name) errors.push(clash("selector"));
  } else if (!name) errors.push(requiredValue(path, "one of name or selector must be specified"));
  const action = textAt(reference, "parameterNotFoundAction");
  const at = `${path}.parameterNotFoundAction`;
  errors.push(...(action ? validateChoice(action, at, ["Deny", "Allow"]) : [requiredValue(at)]));
  return errors;
}
