// Volumes over iSCSI, of pods and of the cluster (kubernetes pkg/apis/core/validation validateISCSIVolumeSource and
// validateISCSIPersistentVolumeSource).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, stringAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../../field-error.ts";

const initiators: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/,
  eui: /^eui.[A-Za-z0-9]{16}$/s,
  naa: /^naa.[A-Za-z0-9]{32}$/s,
};

const MAX_LUN = 255;
/** How long a volume's name, a colon and a portal may be, which the interface of an initiator is called by. */
export const LONGEST_PORTAL = 64;
/** What is said of longer ones. */
export const longPortal =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

/** A target or an initiator of iSCSI; `unknown` is said of one whose kind is none of the three. */
function validateInitiator(name: string, path: string, unknown: string): FieldError[] {
  const form = initiators[name.slice(0, 3)];
  if (!form) return [invalidValue(path, name, unknown)];
  return form.test(name) ? [] : [invalidValue(path, name, "must be valid format")];
}

/** The source of a pod's volume, which is told more of a wrong name, or of the PersistentVolume called `volume`. */
export function validateIscsi(source: JsonObject, path: string, volume?: string): FieldError[] {
  const ofPod = volume === undefined;
  const unknown = `must be valid format${ofPod ? " starting with iqn, eui, or naa" : ""}`;
  const [portal, target] = [textAt(source, "targetPortal"), textAt(source, "iqn")];
  const [initiator, lun] = [stringAt(source, "initiatorName"), numberAt(source, "lun") ?? 0];
  const { secretRef } = source;
  const authenticates = source.chapAuthDiscovery === true || source.chapAuthSession === true;
  const errors = portal === undefined ? [requiredValue(`${path}.targetPortal`)] : [];
  if (!ofPod && initiator !== undefined && `${volume}:${portal ?? ""}`.length > LONGEST_PORTAL) {
    errors.push(invalidValue(`${path}.targetportal`, portal ?? "", longPortal));
  }
  if (target === undefined) errors.push(requiredValue(`${path}.iqn`));
  else errors.push(...validateInitiator(target, `${path}.iqn`, unknown));
  if (lun < 0 || lun > MAX_LUN) {
    errors.push(invalidValue(`${path}.lun`, lun, `must be between 0 and ${MAX_LUN}, inclusive`));
  }
  if (!isJsonObject(secretRef)) {
    if (authenticates) errors.push(requiredValue(`${path}.secretRef`));
  } else if (!ofPod && !textAt(secretRef, "name")) errors.push(requiredValue(`${path}.secretRef.name`));
  if (initiator !== undefined) {
    errors.push(...validateInitiator(initiator, `${path}.initiatorname`, unknown));
  }
  return errors;
}
