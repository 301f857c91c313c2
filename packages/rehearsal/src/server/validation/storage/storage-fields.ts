// What volumes, claims and storage classes have in common (kubernetes pkg/apis/core/validation).
import type { FieldError } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, unsupportedValue } from "../../field-error.ts";
import { checkDnsSubdomain, invalidText } from "../names.ts";

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
/** How a volume is given to a container. */
export const volumeModes = ["Block", "Filesystem"];

/** How a volume may be mounted, and by how many. */
export function validateModes(spec: JsonObject, parent = "spec"): FieldError[] {
  const modes = textsAt(spec, "accessModes");
  const path = `${parent}.accessModes`;
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => unsupportedValue(path, mode, accessModes));
  const others = modes.some((mode) => mode !== "ReadWriteOncePod" && accessModes.includes(mode));
  if (modes.includes("ReadWriteOncePod") && others) {
    errors.push(forbiddenValue(path, "may not use ReadWriteOncePod with other access modes"));
  }
  return errors;
}

/** The name of a class, where there is one. */
export function validateClassName(value: Json | undefined, path: string): FieldError[] {
  return typeof value === "string" && value !== "" ? invalidText(path, value, checkDnsSubdomain) : [];
}
