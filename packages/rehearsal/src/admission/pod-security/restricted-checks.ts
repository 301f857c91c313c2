// What the restricted level checks beside the baseline, in the words of pod-security-admission's package policy.
import type { Json, JsonObject } from "@slipway/yaml";
import { objectsAt, textAt, textsAt, valueAt } from "../read-json.ts";
import { hasOwnUsers, isGoodSeccomp, procMount, seccomp, seccompType } from "./baseline-checks.ts";
import {
  type Check,
  type CheckPod,
  nameContainers,
  plural,
  quoteAll,
  settersOf,
  sortedOnce,
} from "./check.ts";

const privilegeEscalation: CheckPod = ({ containers }) => {
  const bad = containers.filter(
    (one) => valueAt(one, "securityContext", "allowPrivilegeEscalation") !== false,
  );
  if (bad.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${nameContainers(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = ({ containers }) => {
  const added = (one: JsonObject) =>
    textsAt(one, "securityContext", "capabilities", "add").filter((name) => name !== "NET_BIND_SERVICE");
  const keeping = containers.filter(
    (one) => !textsAt(one, "securityContext", "capabilities", "drop").includes("ALL"),
  );
  const adding = containers.filter((one) => added(one).length > 0);
  const parts: string[] = [];
  if (keeping.length > 0) {
    parts.push(`${nameContainers(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  }
  if (adding.length > 0) {
    const names = quoteAll(sortedOnce(adding.flatMap(added)));
    parts.push(`${nameContainers(adding)} must not include ${names} in securityContext.capabilities.add`);
  }
  return parts.length > 0 ? { reason: "unrestricted capabilities", detail: parts.join("; ") } : undefined;
};

const allowedVolumes =
  "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split(" ");

const volumeTypes: CheckPod = ({ spec }) => {
  const typeOf = (volume: JsonObject) => Object.keys(volume).find((key) => key !== "name") ?? "unknown";
  const bad = objectsAt(spec, "volumes").filter((volume) => !allowedVolumes.some((type) => volume[type]));
  if (bad.length === 0) return undefined;
  const names = quoteAll(bad.map(({ name }) => String(name)));
  const types = sortedOnce(bad.map(typeOf));
  const use = bad.length === 1 ? "uses" : "use";
  return {
    reason: "restricted volume types",
    detail: `${plural("volume", bad.length)} ${names} ${use} ${plural("restricted volume type", types.length)} ${quoteAll(types)}`,
  };
};

const runAsNonRoot: CheckPod = (pod) => {
  const said = (context: Json | undefined) => valueAt(context, "runAsNonRoot");
  const reason = "runAsNonRoot != true";
  const setters = settersOf(pod, (context) => said(context) === false);
  if (setters) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (said(pod.security) === true) return undefined;
  const silent = pod.containers.filter((one) => said(one.securityContext) !== true);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${nameContainers(silent)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (pod) => {
  const setters = settersOf(pod, (context) => valueAt(context, "runAsUser") === 0);
  return setters ? { reason: "runAsUser=0", detail: `${setters} must not set runAsUser=0` } : undefined;
};

const seccompProfile: CheckPod = (pod) => {
  const explicit = seccomp(pod);
  if (explicit) return explicit;
  if (isGoodSeccomp(seccompType(pod.security))) return undefined;
  const silent = pod.containers.filter((one) => seccompType(one.securityContext) === undefined);
  if (silent.length === 0) return undefined;
  return {
    reason: "seccompProfile",
    detail: `pod or ${nameContainers(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

/** A check that pods of Windows have been exempt from since 1.25: they can't set its fields. */
const linuxOnly = (since: number, check: CheckPod) => [
  { since, check },
  {
    since: 25,
    check: ((pod) => (textAt(pod.spec, "os", "name") === "windows" ? undefined : check(pod))) as CheckPod,
  },
];

/** A check that pods with users of their own have been exempt from since 1.35. */
const hostUsersOnly = (since: number, check: CheckPod) => [
  { since, check },
  { since: 35, check: ((pod) => (hasOwnUsers(pod) ? undefined : check(pod))) as CheckPod },
];

/** In the order of their identifiers, which is that of the messages. */
export const restrictedChecks: readonly Check[] = [
  { id: "allowPrivilegeEscalation", versions: linuxOnly(8, privilegeEscalation) },
  {
    id: "capabilities_restricted",
    versions: linuxOnly(22, capabilities),
    overrides: ["capabilities_baseline"],
  },
  {
    id: "procMount_restricted",
    versions: [{ since: 35, check: procMount }],
    overrides: ["procMount"],
  },
  {
    id: "restrictedVolumes",
    versions: [{ since: 0, check: volumeTypes }],
    overrides: ["hostPathVolumes"],
  },
  { id: "runAsNonRoot", versions: hostUsersOnly(0, runAsNonRoot) },
  { id: "runAsUser", versions: hostUsersOnly(23, runAsUser) },
  {
    id: "seccompProfile_restricted",
    versions: linuxOnly(19, seccompProfile),
    overrides: ["seccompProfile_baseline"],
  },
];
