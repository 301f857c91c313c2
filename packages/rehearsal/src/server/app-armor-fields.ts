// AppArmor profiles that stand in annotations become fields of a new pod (KEP-24, version skew strategy).
import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../admission/read-json.ts";

const prefix = "container.apparmor.security.beta.kubernetes.io/";

/**
 * Gives each container whose profile stands in an annotation only the field, and returns what the server warns of
 * (kubernetes pkg/registry/core/pod/strategy.go `applyAppArmorVersionSkew`). Changes its argument.
 */
export function fillAppArmorFields(pod: KubernetesObject): string[] {
  if (textAt(pod, "spec", "os", "name") === "windows") return [];
  const annotations = objectAt(pod, "metadata", "annotations");
  const podProfile = objectAt(pod, "spec", "securityContext").appArmorProfile;
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(pod, "spec", list).flatMap((container) => {
      const key = `${prefix}${String(container.name)}`;
      const annotation = annotations[key];
      const security = objectAt(container, "securityContext");
      if (typeof annotation !== "string" || security.appArmorProfile) return [];
      const profile = profileOf(annotation);
      if (profile && isDeepStrictEqual(profile, podProfile)) return [];
      if (profile) container.securityContext = { ...security, appArmorProfile: profile };
      return [
        `metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
      ];
    }),
  );
}

function profileOf(annotation: string): JsonObject | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const [, profile] = /^localhost\/(.+)$/s.exec(annotation) ?? [];
  return profile === undefined || profile.trim() !== profile || profile.length > 4095
    ? undefined
    : { type: "Localhost", localhostProfile: profile };
}
