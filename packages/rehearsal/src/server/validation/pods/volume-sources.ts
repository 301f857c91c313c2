// Where the files of a volume are, by the field that says it (kubernetes pkg/apis/core/validation, validateVolumeSource
// and what it calls).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, tooLong, unsupportedValue } from "../../field-error.ts";
import { validateDescendingPath } from "../descending-path.ts";
import { checkDnsLabel, checkDnsSubdomain, invalidText } from "../names.ts";
import { amount } from "../numbers.ts";
import { validateIscsi } from "./iscsi.ts";

type Check = (source: JsonObject, path: string) => FieldError[];

/** What is wrong with the source of the kind that a pod's volumes and PersistentVolumes have alike. */
export function validateSource(kind: string, source: JsonObject, path: string): FieldError[] {
  return checks[kind]?.(source, path) ?? [];
}

/** Fields that must be there and not empty. */
function required(...fields: readonly string[]): Check {
  return (source, path) =>
    fields.flatMap((field) => {
      const value = source[field];
      const isThere = Array.isArray(value) ? value.length > 0 : textAt(source, field) !== undefined;
      return isThere ? [] : [requiredValue(`${path}.${field}`)];
    });
}

const all =
  (...parts: readonly Check[]): Check =>
  (source, path) =>
    parts.flatMap((check) => check(source, path));

function between(field: string, least: number, most: number, shownLeast = least): Check {
  return (source, path) => {
    const value = numberAt(source, field) ?? 0;
    if (value >= least && value <= most) return [];
    return [invalidValue(`${path}.${field}`, value, `must be between ${shownLeast} and ${most}, inclusive`)];
  };
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

const hostPath: Check = (source, path) => {
  const host = textAt(source, "path");
  if (!host) return [requiredValue(`${path}.path`)];
  const type = textAt(source, "type");
  return [
    ...validateNoSteps(host, `${path}.path`),
    ...(type === undefined || hostPathTypes.includes(type)
      ? []
      : [unsupportedValue(`${path}.type`, type, hostPathTypes)]),
  ];
};

/** A path that does not lead upwards. */
export function validateNoSteps(file: string, path: string): FieldError[] {
  return file.split("/").includes("..") ? [invalidValue(path, file, "must not contain '..'")] : [];
}

const absolutePath: Check = (source, path) => {
  const file = textAt(source, "path") ?? "";
  return file.startsWith("/") ? [] : [invalidValue(`${path}.path`, file, "must be an absolute path")];
};

/** The name of a CSI driver (ValidateCSIDriverName). */
export function validateDriverName(name: string | undefined, path: string): FieldError[] {
  if (name === undefined) return [requiredValue(path)];
  return [
    ...(name.length > 63 ? [tooLong(path, 63)] : []),
    ...checkDnsSubdomain(name.toLowerCase()).map((detail) => invalidValue(path, name, detail)),
  ];
}

const csi: Check = (source, path) => {
  const errors = validateDriverName(textAt(source, "driver"), `${path}.driver`);
  const { nodePublishSecretRef: secret } = source;
  if (!isJsonObject(secret)) return errors;
  const name = textAt(secret, "name");
  if (name === undefined) return [...errors, requiredValue(`${path}.nodePublishSecretRef.name`)];
  return [...errors, ...invalidText(`${path}.name`, name, checkDnsSubdomain)];
};

const fibreChannel: Check = (source, path) => {
  const [targets, ids] = [textsAt(source, "targetWWNs"), textsAt(source, "wwids")];
  const place = `${path}.targetWWNs`;
  if (targets.length === 0) {
    const detail = "must specify either targetWWNs or wwids, but not both";
    return ids.length > 0 ? [] : [requiredValue(place, detail)];
  }
  const detail = "targetWWNs and wwids can not be specified simultaneously";
  return [
    ...(ids.length > 0 ? [invalidValue(place, targets, detail)] : []),
    ...(source.lun === undefined
      ? [requiredValue(`${path}.lun`, "lun is required if targetWWNs is specified")]
      : between("lun", 0, 255)(source, path)),
  ];
};

const flexOptions: Check = (source, path) =>
  Object.keys(objectAt(source, "options")).flatMap((key) => {
    const namespace = key.includes("/") ? key.slice(0, key.indexOf("/")) : key;
    if (!/\.(kubernetes|k8s)\.io$/.test(`.${namespace.toLowerCase()}`)) return [];
    const detail = "kubernetes.io and k8s.io namespaces are reserved";
    return [invalidValue(`${path}.options[${key}]`, key, detail)];
  });

const secretName: Check = ({ secretRef }, path) =>
  isJsonObject(secretRef) && !textAt(secretRef, "name") ? [requiredValue(`${path}.secretRef.name`)] : [];

const azureDisk: Check = (source, path) => {
  const uri = textAt(source, "diskURI") ?? "";
  const errors = required("diskName", "diskURI")(source, path);
  for (const [field, choices] of Object.entries({
    cachingMode: ["None", "ReadOnly", "ReadWrite"],
    kind: ["Dedicated", "Managed", "Shared"],
  })) {
    const value = source[field];
    if (typeof value === "string" && !choices.includes(value)) {
      errors.push(unsupportedValue(`${path}.${field}`, value, choices));
    }
  }
  const [start, form] =
    source.kind === "Managed"
      ? [
          "/subscriptions/",
          "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
        ]
      : ["https://", "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"];
  return uri.startsWith(start) ? errors : [...errors, unsupportedValue(`${path}.diskURI`, uri, [form])];
};

const flocker: Check = (source, path) => {
  const [name, uuid] = [textAt(source, "datasetName"), textAt(source, "datasetUUID")];
  const errors: FieldError[] = [];
  if (!name && !uuid) errors.push(requiredValue(path, "one of datasetName and datasetUUID is required"));
  if (name && uuid) {
    const detail = "datasetName and datasetUUID can not be specified simultaneously";
    errors.push(invalidValue(path, "resource", detail));
  }
  if (name?.includes("/")) errors.push(invalidValue(`${path}.datasetName`, name, "must not contain '/'"));
  return errors;
};

const storageOs: Check = (source, path) =>
  ["volumeName", "volumeNamespace"].flatMap((field) =>
    invalidText(`${path}.${field}`, textAt(source, field) ?? "", (text) =>
      text === "" ? [] : checkDnsLabel(text),
    ),
  );

const emptyDir: Check = ({ sizeLimit }, path) => {
  if (sizeLimit === undefined || amount(sizeLimit) >= 0) return [];
  return [forbiddenValue(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")];
};

const pullPolicies = ["Always", "IfNotPresent", "Never"];

const quobyte: Check = (source, path) => {
  const registry = textAt(source, "registry");
  const at = `${path}.registry`;
  const detail = "must be a host:port pair or multiple pairs separated by commas";
  const errors: FieldError[] = [];
  if (registry === undefined) errors.push(requiredValue(at, detail));
  else if ((textAt(source, "tenant") ?? "").length >= 65) {
    const limit = "must be a UUID and may not exceed a length of 64 characters";
    errors.push(requiredValue(`${path}.tenant`, limit));
  } else {
    const wrong = registry.split(",").filter((pair) => !/^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair));
    errors.push(...wrong.map(() => invalidValue(at, registry, detail)));
  }
  return [...errors, ...required("volume")(source, path)];
};

const pullPolicy: Check = ({ pullPolicy: policy }, path) =>
  typeof policy !== "string" || pullPolicies.includes(policy)
    ? []
    : [unsupportedValue(`${path}.pullPolicy`, policy, pullPolicies)];

const checks: Readonly<Record<string, Check>> = {
  emptyDir,
  hostPath,
  gitRepo: all(required("repository"), (source, path) =>
    validateDescendingPath(textAt(source, "directory") ?? "", `${path}.directory`),
  ),
  gcePersistentDisk: all(required("pdName"), between("partition", 0, 255, 1)),
  awsElasticBlockStore: all(required("volumeID"), between("partition", 0, 255, 1)),
  nfs: all(required("server", "path"), absolutePath),
  iscsi: (source, path) => validateIscsi(source, path),
  glusterfs: required("endpoints", "path"),
  flocker,
  persistentVolumeClaim: required("claimName"),
  rbd: required("monitors", "image"),
  cinder: all(required("volumeID"), secretName),
  cephfs: required("monitors"),
  fc: fibreChannel,
  flexVolume: all(required("driver"), flexOptions),
  azureFile: required("secretName", "shareName"),
  vsphereVolume: required("volumePath"),
  photonPersistentDisk: required("pdID"),
  portworxVolume: required("volumeID"),
  azureDisk,
  storageos: all(required("volumeName"), storageOs, secretName),
  scaleIO: required("gateway", "system", "volumeName"),
  csi,
  quobyte,
  image: pullPolicy,
};
