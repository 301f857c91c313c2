// Classes of storage and of its attributes (kubernetes pkg/apis/storage/validation ValidateStorageClass… and
// ValidateVolumeAttributesClass…).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue, tooLong } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { checkQualifiedName, invalidText } from "../names.ts";
import type { Validator } from "../validator.ts";

const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 256 * 1024;
const reclaimPolicies = ["Delete", "Retain"];
const bindingModes = ["Immediate", "WaitForFirstConsumer"];

function validateStorageClass(object: KubernetesObject): FieldError[] {
  const { reclaimPolicy, volumeBindingMode } = object;
  return [
    ...validateProvisioner(object, "provisioner"),
    ...validateParameters(object),
    ...(reclaimPolicy === "" ? [] : validateChoice(reclaimPolicy, "reclaimPolicy", reclaimPolicies)),
    ...validateChoice(volumeBindingMode, "volumeBindingMode", bindingModes),
    ...validateTopologies(objectsAt(object, "allowedTopologies")),
  ];
}

/** Who makes volumes, in the field of a class that says it. */
function validateProvisioner(object: KubernetesObject, field: string): FieldError[] {
  const name = textAt(object, field);
  if (name === undefined) return [requiredValue(field)];
  return invalidText(field, name.toLowerCase(), checkQualifiedName);
}

function validateParameters({ parameters }: KubernetesObject): FieldError[] {
  const entries = Object.entries(objectAt(parameters));
  if (entries.length > MAX_PARAMETERS) return [tooLong("parameters", MAX_PARAMETERS)];
  let size = 0;
  for (const [key, value] of entries) size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  return [
    ...entries.flatMap(([key]) =>
      key === "" ? [invalidValue("parameters", key, "field can not be empty.")] : [],
    ),
    ...(size > MAX_PARAMETER_BYTES ? [tooLong("parameters", MAX_PARAMETER_BYTES)] : []),
  ];
}

function validateTopologies(terms: readonly JsonObject[]): FieldError[] {
  const seen: string[] = [];
  return terms.flatMap((term, index) => {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const values = new Map<string, string[]>();
    const errors = objectsAt(term, "matchLabelExpressions").flatMap((requirement, place) => {
      const key = textAt(requirement, "key") ?? "";
      const wrong = validateRequirement(requirement, key, `${path}[${place}]`);
      if (values.has(key)) wrong.push(duplicateValue(`${path}[${place}].key`, key));
      values.set(key, [...new Set(textsAt(requirement, "values"))].sort());
      return wrong;
    });
    // The real server compares an empty term with as many terms that it has not filled in as there are terms.
    const same = values.size === 0 ? terms.length : 0;
    const content = JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
    const times = same + seen.filter((other) => other === content).length;
    seen.push(content);
    return [...errors, ...Array.from({ length: times }, () => duplicateValue(path, ""))];
  });
}

function validateRequirement(requirement: JsonObject, key: string, path: string): FieldError[] {
  const values = textsAt(requirement, "values");
  return [
    ...(values.length === 0 ? [requiredValue(`${path}.values`)] : []),
    ...values.flatMap((value, index) =>
      values.indexOf(value) < index ? [duplicateValue(`${path}.values[${index}]`, value)] : [],
    ),
    ...invalidText(`${path}.key`, key, checkQualifiedName),
  ];
}

function validateStorageClassUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  return ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"].flatMap((field) =>
    equalJson(object[field], old[field]) ? [] : [invalidValue(field, object[field], "field is immutable")],
  );
}

function validateAttributesClass(object: KubernetesObject): FieldError[] {
  const errors = [...validateProvisioner(object, "driverName"), ...validateParameters(object)];
  if (Object.keys(objectAt(object, "parameters")).length > 0) return errors;
  return [...errors, requiredValue("parameters", "must contain at least one key/value pair")];
}

function validateAttributesClassUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const same = (now: Json | undefined, before: Json | undefined) => equalJson(now ?? null, before ?? null);
  return ["driverName", "parameters"].flatMap((field) =>
    same(object[field], old[field]) ? [] : [forbiddenValue(field, `updates to ${field} are forbidden.`)],
  );
}

/** By collection. */
export const storageClassValidators: Readonly<Record<string, Validator>> = {
  "storage.k8s.io/storageclasses": {
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
  "storage.k8s.io/volumeattributesclasses": {
    validate: validateAttributesClass,
    validateUpdate: validateAttributesClassUpdate,
    updateFirst: true,
  },
};
