// VolumeAttachments and CSIStorageCapacities (kubernetes pkg/apis/storage/validation ValidateVolumeAttachment… and
// ValidateCSIStorageCapacity…).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, stringAt, textAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, tooLong } from "../../field-error.ts";
import { showSelector, validateLabelSelector } from "../label-selector.ts";
import { checkDnsSubdomain, invalidText } from "../names.ts";
import { validateQuantity } from "../numbers.ts";
import { validateDriverName } from "../pods/volume-sources.ts";
import type { Validator } from "../validator.ts";
import { showVolumeSpec } from "./show-volume.ts";
import { validateInlineVolume } from "./volume-spec.ts";

const MAX_METADATA_BYTES = 256 * 1024;
const MAX_MESSAGE_BYTES = 1024;
const MAX_INT_32 = 2 ** 31 - 1;

function validateAttachment(attachment: KubernetesObject): FieldError[] {
  const { spec } = attachment;
  const name = stringAt(spec, "source", "persistentVolumeName");
  return [
    ...validateDriverName(textAt(spec, "attacher"), "spec.attacher"),
    ...validateSource(objectAt(spec, "source"), "spec.source"),
    ...invalidText("spec.nodeName", stringAt(spec, "nodeName") ?? "", checkDnsSubdomain),
    ...validateAttachmentStatus(attachment),
    ...(name === undefined ? [] : invalidText("spec.source.persistentVolumeName", name, checkDnsSubdomain)),
  ];
}

/** What is attached: a PersistentVolume by its name, or what one would say. */
function validateSource(source: JsonObject, path: string): FieldError[] {
  const { inlineVolumeSpec: inline } = source;
  const name = stringAt(source, "persistentVolumeName");
  const detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (isJsonObject(inline)) {
    if (name !== undefined) return [forbiddenValue(path, detail)];
    return validateInlineVolume(inline, `${path}.inlineVolumeSpec`);
  }
  if (name === undefined) return [requiredValue(path, detail)];
  if (name !== "") return [];
  return [requiredValue(`${path}.persistentVolumeName`, "must specify non empty persistentVolumeName")];
}

/** What came of attaching. */
export function validateAttachmentStatus({ status }: KubernetesObject): FieldError[] {
  let size = 0;
  for (const [key, value] of Object.entries(objectAt(status, "attachmentMetadata"))) {
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  return [
    ...(size > MAX_METADATA_BYTES ? [tooLong("status.attachmentMetadata", MAX_METADATA_BYTES)] : []),
    ...["attachError", "detachError"].flatMap((field) =>
      validateVolumeError(objectAt(status, field), `status.${field}`),
    ),
  ];
}

function validateVolumeError(error: JsonObject, path: string): FieldError[] {
  const code = numberAt(error, "errorCode") ?? 0;
  // The real server names the limit of the metadata.
  const isLong = Buffer.byteLength(textAt(error, "message") ?? "") > MAX_MESSAGE_BYTES;
  return [
    ...(isLong ? [tooLong(`${path}.message`, MAX_METADATA_BYTES)] : []),
    ...(code < 0
      ? [invalidValue(`${path}.errorCode`, code, `must be between 0 and ${MAX_INT_32}, inclusive`)]
      : []),
  ];
}

function validateAttachmentUpdate(
  { spec }: KubernetesObject,
  { spec: old }: KubernetesObject,
  sent: KubernetesObject,
): FieldError[] {
  if (equalJson(spec, old)) return [];
  return [invalidValue("spec", showAttachment(sent.spec), "field is immutable")];
}

/** What is to be attached as the server's own type shows it. */
function showAttachment(spec: Json | undefined): Json {
  const { inlineVolumeSpec: inline } = objectAt(spec, "source");
  return {
    Attacher: stringAt(spec, "attacher") ?? "",
    Source: {
      PersistentVolumeName: stringAt(spec, "source", "persistentVolumeName") ?? null,
      InlineVolumeSpec: isJsonObject(inline) ? showVolumeSpec(inline) : null,
    },
    NodeName: stringAt(spec, "nodeName") ?? "",
  };
}

function validateCapacity(capacity: KubernetesObject): FieldError[] {
  return [
    ...validateLabelSelector(capacity.nodeTopology, "nodeTopology"),
    ...invalidText("storageClassName", stringAt(capacity, "storageClassName") ?? "", checkDnsSubdomain),
    ...(capacity.capacity === undefined ? [] : validateQuantity(capacity.capacity, "capacity")),
  ];
}

function validateCapacityUpdate(capacity: KubernetesObject, old: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const { nodeTopology: topology = null, storageClassName: name } = capacity;
  if (!equalJson(topology, old.nodeTopology ?? null)) {
    errors.push(invalidValue("nodeTopology", showSelector(topology), "field is immutable"));
  }
  if (name !== old.storageClassName) {
    errors.push(invalidValue("storageClassName", name ?? "", "field is immutable"));
  }
  return errors;
}

/** By collection. */
export const attachmentValidators: Readonly<Record<string, Validator>> = {
  "storage.k8s.io/csistoragecapacities": {
    validate: validateCapacity,
    validateUpdate: validateCapacityUpdate,
  },
  "storage.k8s.io/volumeattachments": {
    validate: validateAttachment,
    validateUpdate: validateAttachmentUpdate,
  },
};
