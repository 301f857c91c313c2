// FlowSchemas (kubernetes pkg/apis/flowcontrol/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, invalidText } from "../names.ts";
import type { Validator } from "../validator.ts";
import { hasFixedSpec } from "./fixed-specs.ts";

/** Nobody may change these. */
const mandatory = ["exempt", "catch-all"];
const MAX_PRECEDENCE = 10_000;
const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

/** What is wrong with a flow schema. */
function validateFlowSchema(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = validatePrecedence(object.metadata.name, numberAt(spec, "matchingPrecedence") ?? 0);
  const distinguishers = ["ByNamespace", "ByUser"];
  const distinguisher = objectAt(spec, "distinguisherMethod");
  // The real server shows the Go struct, whole.
  if (spec.distinguisherMethod !== undefined && !distinguishers.includes(String(distinguisher.type))) {
    errors.push(
      unsupportedValue("spec.distinguisherMethod.type", { Type: distinguisher.type ?? "" }, distinguishers),
    );
  }
  const level = "spec.priorityLevelConfiguration.name";
  const name = textAt(spec, "priorityLevelConfiguration", "name");
  if (name) errors.push(...invalidText(level, name, checkDnsSubdomain));
  else errors.push(requiredValue(level, "must reference a priority level"));
  for (const [index, rule] of objectsAt(spec, "rules").entries()) {
    errors.push(...validateRule(rule, `spec.rules[${index}]`));
  }
  if (mandatory.includes(object.metadata.name) && !hasFixedSpec(object)) {
    const detail = `spec of '${object.metadata.name}' must equal the fixed value`;
    errors.push(invalidValue("spec", object.spec, detail));
  }
  return errors;
}

function validatePrecedence(name: string, precedence: number): FieldError[] {
  const field = "spec.matchingPrecedence";
  const errors: FieldError[] = [];
  if (precedence <= 0) errors.push(invalidValue(field, precedence, "must be a positive value"));
  if (precedence > MAX_PRECEDENCE) {
    errors.push(invalidValue(field, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  }
  if (precedence === 1 && name !== "exempt") {
    const detail = "only the schema named 'exempt' may have matchingPrecedence 1";
    errors.push(invalidValue(field, precedence, detail));
  }
  return errors;
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const subjects = objectsAt(rule, "subjects");
  if (subjects.length === 0) {
    errors.push(requiredValue(`${path}.subjects`, "subjects must contain at least one value"));
  }
  for (const [index, subject] of subjects.entries()) {
    errors.push(...validateSubject(subject, `${path}.subjects[${index}]`));
  }
  const resources = objectsAt(rule, "resourceRules");
  const others = objectsAt(rule, "nonResourceRules");
  if (resources.length + others.length === 0) {
    const detail = "at least one of resourceRules and nonResourceRules has to be non-empty";
    errors.push(requiredValue(path, detail));
  }
  for (const [index, resource] of resources.entries()) {
    errors.push(...validateResourceRule(resource, `${path}.resourceRules[${index}]`));
  }
  for (const [index, other] of others.entries()) {
    errors.push(...validateNonResourceRule(other, `${path}.nonResourceRules[${index}]`));
  }
  return errors;
}

/** The field in which each kind of subject is named. */
const subjectFields: Readonly<Record<string, string>> = {
  Group: "group",
  ServiceAccount: "serviceAccount",
  User: "user",
};
/** In the order in which those of another kind are refused. */
const refusedOrder: Readonly<Record<string, readonly string[]>> = {
  Group: ["ServiceAccount", "User"],
  ServiceAccount: ["User", "Group"],
  User: ["ServiceAccount", "Group"],
};

function validateSubject(subject: JsonObject, path: string): FieldError[] {
  const kind = String(subject.kind ?? "");
  const field = subjectFields[kind];
  if (!field) return [unsupportedValue(`${path}.kind`, kind, Object.keys(subjectFields))];
  const errors = validateNamed(subject, { kind, field, path: `${path}.${field}` });
  for (const other of refusedOrder[kind] ?? []) {
    const name = subjectFields[other] ?? "";
    if (subject[name] === undefined) continue;
    errors.push(
      forbiddenValue(`${path}.${name}`, `${name} is forbidden when subject kind is not '${other}'`),
    );
  }
  return errors;
}

function validateNamed(
  subject: JsonObject,
  { kind, field, path }: { readonly kind: string; readonly field: string; readonly path: string },
): FieldError[] {
  if (subject[field] === undefined) {
    return [requiredValue(path, `${field} is required when subject kind is '${kind}'`)];
  }
  const { name, namespace } = objectAt(subject, field);
  const errors: FieldError[] = [];
  if (!name) errors.push(requiredValue(`${path}.name`));
  if (kind !== "ServiceAccount") return errors;
  if (name && name !== "*") errors.push(...invalidText(`${path}.name`, String(name), checkDnsSubdomain));
  if (namespace) errors.push(...invalidText(`${path}.namespace`, String(namespace), checkDnsLabel));
  else errors.push(requiredValue(`${path}.namespace`, "must specify namespace for service account"));
  return errors;
}

function validateResourceRule(rule: JsonObject, path: string): FieldError[] {
  const errors = validateVerbs(rule, path);
  errors.push(
    ...validateMembers(rule, `${path}.apiGroups`, {
      none: "resource rules must supply at least one api group",
      others: "api groups",
    }),
    ...validateMembers(rule, `${path}.resources`, {
      none: "resource rules must supply at least one resource",
      others: "resources",
    }),
  );
  const namespaces = textsAt(rule, "namespaces");
  const field = `${path}.namespaces`;
  if (namespaces.length === 0 && rule.clusterScope !== true) {
    const detail = "resource rules that are not cluster scoped must supply at least one namespace";
    errors.push(requiredValue(field, detail));
  } else if (namespaces.includes("*")) {
    errors.push(...onlyAsterisk(namespaces, field, "namespaces"));
  } else {
    const intro = "each member of this list must be '*' or a DNS-1123 label; ";
    for (const [index, namespace] of namespaces.entries()) {
      const check = (text: string) => checkDnsLabel(text).map((detail) => intro + detail);
      errors.push(...invalidText(`${field}[${index}]`, namespace, check));
    }
  }
  return errors;
}

function validateNonResourceRule(rule: JsonObject, path: string): FieldError[] {
  const errors = validateVerbs(rule, path);
  const field = `${path}.nonResourceURLs`;
  const urls = textsAt(rule, "nonResourceURLs");
  if (urls.length === 0) {
    errors.push(requiredValue(field, "nonResourceURLs must contain at least one value"));
  } else if (urls.includes("*")) {
    errors.push(...onlyAsterisk(urls, field, "non-resource URLs"));
  } else {
    for (const [index, url] of urls.entries()) {
      errors.push(...invalidText(`${field}[${index}]`, url, checkNonResourceUrl));
    }
  }
  return errors;
}

function checkNonResourceUrl(url: string): string[] {
  if (url === "") return ["must not be empty"];
  if (url === "/") return [];
  if (!url.startsWith("/")) return ["must start with slash"];
  if (url.includes(" ")) return ["must not contain white-space"];
  if (url.includes("//")) return ["must not contain double slash"];
  const wildcards = url.split("*").length - 1;
  if (wildcards > 1 || (wildcards === 1 && !url.endsWith("/*")))
    return ["wildcard can only do suffix matching"];
  return [];
}

function validateVerbs(rule: JsonObject, path: string): FieldError[] {
  const asked = textsAt(rule, "verbs");
  const field = `${path}.verbs`;
  if (asked.length === 0) return [requiredValue(field, "verbs must contain at least one value")];
  if (asked.includes("*")) return onlyAsterisk(asked, field, "verbs");
  return asked.every((verb) => verbs.includes(verb)) ? [] : [unsupportedValue(field, asked, verbs)];
}

function validateMembers(
  rule: JsonObject,
  field: string,
  { none, others }: { readonly none: string; readonly others: string },
): FieldError[] {
  const members = textsAt(rule, field.slice(field.lastIndexOf(".") + 1));
  if (members.length === 0) return [requiredValue(field, none)];
  return members.includes("*") ? onlyAsterisk(members, field, others) : [];
}

function onlyAsterisk(members: string[], field: string, others: string): FieldError[] {
  if (members.length === 1) return [];
  return [invalidValue(field, members, `if '*' is present, must not specify other ${others}`)];
}

/** By collection. */
export const flowSchemaValidators: Readonly<Record<string, Validator>> = {
  "flowcontrol.apiserver.k8s.io/flowschemas": { validate: validateFlowSchema },
};
