// Where the files of a PersistentVolume are (kubernetes pkg/apis/core/validation ValidatePersistentVolumeSpec and
// pkg/volume/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, stringAt, textAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, invalidText } from "../names.ts";
import { validateIscsi } from "../pods/iscsi.ts";
import { validateDriverName, validateNoSteps, validateSource } from "../pods/volume-sources.ts";

/** The sources of a volume, in the order in which the real server looks at them. */
const sources =
  "hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi".split(
    " ",
  );

/** Where the real server writes a source otherwise than it is called: in it, and where there is another one. */
const shownAs: Readonly<Record<string, string>> = { gcePersistentDisk: "persistentDisk" };
const refusedAs: Readonly<Record<string, string>> = { cephfs: "cephFS" };

/** The source in the spec at `path` of a volume that is called `name`: one, and right in itself. */
export function validateVolumeSource(spec: JsonObject, path: string, name: string): FieldError[] {
  const present = sources.filter((kind) => isJsonObject(spec[kind]));
  if (present.length === 0) return [requiredValue(path, "must specify a volume type")];
  return present.flatMap((kind, index) => {
    // Of a flex volume the real server does not ask whether there is another one.
    if (index > 0 && kind !== "flexVolume") {
      const detail = "may not specify more than 1 volume type";
      return [forbiddenValue(`${path}.${refusedAs[kind] ?? kind}`, detail)];
    }
    const errors = validateOwnSource(kind, objectAt(spec, kind), `${path}.${shownAs[kind] ?? kind}`, name);
    if (kind === "local" && !isJsonObject(spec.nodeAffinity)) {
      errors.push(requiredValue(`${path}.nodeAffinity`, "Local volume requires node affinity"));
    }
    return errors;
  });
}

/** What a volume of the cluster says otherwise than a pod's. */
function validateOwnSource(kind: string, source: JsonObject, path: string, volume: string): FieldError[] {
  switch (kind) {
    case "azureFile": {
      const errors = validateSource(kind, source, path);
      if (stringAt(source, "secretNamespace") === "") errors.push(requiredValue(`${path}.secretNamespace`));
      return errors;
    }
    case "cinder":
    case "storageos": {
      const errors = validateSource(kind, source, path);
      if (isJsonObject(source.secretRef) && !textAt(source, "secretRef", "namespace")) {
        errors.push(requiredValue(`${path}.secretRef.namespace`));
      }
      return errors;
    }
    case "csi":
      return validateCsi(source, path);
    case "glusterfs":
      return [...validateSource(kind, source, path), ...validateEndpointsNamespace(source, path)];
    case "iscsi":
      return validateIscsi(source, path, volume);
    case "local": {
      const file = textAt(source, "path");
      return file === undefined ? [requiredValue(`${path}.path`)] : validateNoSteps(file, `${path}.path`);
    }
    default:
      return validateSource(kind, source, path);
  }
}

function validateEndpointsNamespace(source: JsonObject, path: string): FieldError[] {
  const namespace = stringAt(source, "endpointsNamespace");
  if (namespace === undefined) return [];
  const field = `${path}.endpointsNamespace`;
  if (namespace !== "") return invalidText(field, namespace, checkDnsLabel);
  const detail = "if the endpointnamespace is set, it must be a valid namespace name";
  return [invalidValue(field, "", detail)];
}

/** Secrets of a driver, in the order in which they are told of; that with which a node stages is not looked at. */
const driverSecrets = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
];

function validateCsi(source: JsonObject, path: string): FieldError[] {
  return [
    ...validateDriverName(textAt(source, "driver"), `${path}.driver`),
    ...(textAt(source, "volumeHandle") ? [] : [requiredValue(`${path}.volumeHandle`)]),
    ...driverSecrets.flatMap((field) => {
      const secret = source[field];
      if (!isJsonObject(secret)) return [];
      const [name, namespace] = [textAt(secret, "name"), textAt(secret, "namespace")];
      const place = `${path}.${field}`;
      return [
        ...(name ? invalidText(`${place}.name`, name, checkDnsSubdomain) : [requiredValue(`${place}.name`)]),
        ...(namespace
          ? invalidText(`${place}.namespace`, namespace, checkDnsLabel)
          : [requiredValue(`${place}.namespace`)]),
      ];
    }),
  ];
}

/** What an update may not change: the source, but for a secret to grow the volume with where there was none. */
export function validateSourceUpdate(volume: KubernetesObject, old: KubernetesObject): FieldError[] {
  const secret = "controllerExpandSecretRef";
  const [now, before] = [volume, old].map((one) => valueAt(one, "spec", "csi"));
  const gains = isJsonObject(before) && !isJsonObject(before[secret]);
  const { [secret]: _, ...kept } = objectAt(now);
  const same = sources.every((kind) => {
    const value: Json | undefined = valueAt(volume, "spec", kind);
    const written = kind === "csi" && gains && isJsonObject(value) ? kept : (value ?? null);
    return equalJson(written, valueAt(old, "spec", kind) ?? null);
  });
  if (same) return [];
  return [
    forbiddenValue("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"),
  ];
}

/** Sources that are mounted with options. */
const mounted =
  "gcePersistentDisk awsElasticBlockStore glusterfs nfs rbd quobyte iscsi cinder cephfs azureFile vsphereVolume azureDisk photonPersistentDisk".split(
    " ",
  );

/** Options of a mount by the annotation that said them first. */
export function validateMountOptions({ metadata, spec }: KubernetesObject): FieldError[] {
  const name = "volume.beta.kubernetes.io/mount-options";
  if (metadata.annotations?.[name] === undefined) return [];
  if (mounted.some((source) => isJsonObject(valueAt(spec, source)))) return [];
  const detail = "may not specify mount options for this volume type";
  return [forbiddenValue(`metadata.annotations.${name}`, detail)];
}
