// An object that admission changed, as the API server goes on with it.
import { findBuiltin, type KubernetesObject } from "@slipway/kubernetes";
import { decodeBuiltin } from "../builtin/decode.ts";
import { StatusError } from "../server/status-error.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { internalError } from "./refuse.ts";

/** The patched object as the API server reads it; of a custom kind, what is unknown goes away later. */
export function readPatched(
  patched: KubernetesObject,
  { type, objectKind }: AdmissionAttributes,
): KubernetesObject {
  const { group, version, kind } = objectKind ?? type;
  if (!findBuiltin(group, kind, version)) return patched;
  if (patched.kind !== kind) {
    const internal = group === "" ? "core" : group.split(".")[0];
    const message = `converting (${version}.${patched.kind}) to (${internal}.${kind}): unknown conversion`;
    throw new StatusError(500, "", message);
  }
  try {
    return decodeBuiltin(patched).object;
  } catch (error) {
    throw internalError((error as Error).message.replace(/^.* cannot be handled as a \S+: /, ""));
  }
}
