// The Pod Security Standards as checks of a pod's spec, in the words of pod-security-admission's policy package.
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt, valueAt } from "./read-json.ts";

export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** A check gives the sentence of its violation, or undefined. */
type Check = (pod: PodView) => string | undefined;

interface PodView {
  readonly template: JsonObject;
  readonly spec: JsonObject;
  readonly security: JsonObject;
  /** Init, ordinary and ephemeral containers. */
  readonly containers: readonly JsonObject[];
}

/**
 * What a pod (or pod template) violates at a level, in the real checks' order and words; empty when nothing.
 * Checks of Windows host processes, and rules that concern pods of user namespaces, are left out.
 */
export function checkPod(level: PodSecurityLevel, template: JsonObject): string[] {
  if (level === "privileged") return [];
  const spec = objectAt(template, "spec");
  const pod: PodView = {
    template,
    spec,
    security: objectAt(spec, "securityContext"),
    containers: ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
      objectsAt(spec, list),
    ),
  };
  const checks = level === "baseline" ? baseline : restricted;
  return checks.map((check) => check(pod)).filter((text) => text !== undefined);
}

const baselineCapabilities = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);
const selinuxTypes = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);
const restrictedVolumes = new Set(
  "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split(" "),
);

const hostNamespaces: Check = ({ spec }) => {
  const used = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
  return used.length > 0 ? `host namespaces (${used.map((field) => `${field}=true`).join(", ")})` : undefined;
};

const privileged: Check = ({ containers }) => {
  const bad = containers.filter((one) => valueAt(one, "securityContext", "privileged") === true);
  return bad.length > 0
    ? `privileged (${named(bad)} must not set securityContext.privileged=true)`
    : undefined;
};

const capabilities: Check = ({ containers }) => {
  const added = (one: JsonObject) =>
    textsAt(one, "securityContext", "capabilities", "add").filter((name) => !baselineCapabilities.has(name));
  const bad = containers.filter((one) => added(one).length > 0);
  if (bad.length === 0) return undefined;
  const names = [...new Set(bad.flatMap(added))].sort();
  return `non-default capabilities (${named(bad)} must not include ${quoted(names)} in securityContext.capabilities.add)`;
};

const hostPathVolumes: Check = ({ spec }) => {
  const bad = objectsAt(spec, "volumes").filter((volume) => volume.hostPath);
  const names = bad.map((volume) => JSON.stringify(volume.name)).join(", ");
  return bad.length > 0 ? `hostPath volumes (${plural("volume", bad.length)} ${names})` : undefined;
};

const hostPorts: Check = ({ containers }) => {
  const portsOf = (one: JsonObject) =>
    objectsAt(one, "ports").flatMap(({ hostPort }) =>
      typeof hostPort === "number" && hostPort !== 0 ? [hostPort] : [],
    );
  const bad = containers.filter((one) => portsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const ports = [...new Set(bad.flatMap(portsOf))].sort((a, b) => a - b);
  return `hostPort (${named(bad)} ${bad.length === 1 ? "uses" : "use"} ${plural("hostPort", ports.length)} ${ports.join(", ")})`;
};

const appArmor: Check = ({ template, security, containers }) => {
  const isBad = (context: Json | undefined) => textAt(context, "appArmorProfile", "type") === "Unconfined";
  const bad = containers.filter((one) => isBad(one.securityContext));
  const annotations = Object.entries(objectAt(template, "metadata", "annotations")).filter(
    ([key, value]) =>
      key.startsWith("container.apparmor.security.beta.kubernetes.io/") && value === "unconfined",
  );
  if (!isBad(security) && bad.length === 0 && annotations.length === 0) return undefined;
  const setters = [
    ...(isBad(security) ? ["pod"] : []),
    ...(bad.length > 0 ? [named(bad)] : []),
    ...(annotations.length > 0 ? [plural("annotation", annotations.length)] : []),
  ];
  return `forbidden AppArmor profile (${setters.join(" and ")} must not set AppArmor profile type to "Unconfined")`;
};

const seLinux: Check = ({ security, containers }) => {
  const isBad = (context: Json | undefined) =>
    !selinuxTypes.has(textAt(context, "seLinuxOptions", "type") ?? "") ||
    textAt(context, "seLinuxOptions", "user") !== undefined ||
    textAt(context, "seLinuxOptions", "role") !== undefined;
  const bad = containers.filter((one) => isBad(one.securityContext));
  if (!isBad(security) && bad.length === 0) return undefined;
  const setters = [...(isBad(security) ? ["pod"] : []), ...(bad.length > 0 ? [named(bad)] : [])];
  return `seLinuxOptions (${setters.join(" and ")} set forbidden securityContext.seLinuxOptions)`;
};

const procMount: Check = ({ containers }) => {
  const bad = containers.filter(
    (one) => (textAt(one, "securityContext", "procMount") ?? "Default") !== "Default",
  );
  return bad.length > 0
    ? `procMount (${named(bad)} must not set securityContext.procMount to "Unmasked")`
    : undefined;
};

const seccompBaseline: Check = ({ security, containers }) => {
  const isBad = (context: Json | undefined) => textAt(context, "seccompProfile", "type") === "Unconfined";
  const bad = containers.filter((one) => isBad(one.securityContext));
  if (!isBad(security) && bad.length === 0) return undefined;
  const setters = [...(isBad(security) ? ["pod"] : []), ...(bad.length > 0 ? [named(bad)] : [])];
  return `seccompProfile (${setters.join(" and ")} must not set securityContext.seccompProfile.type to "Unconfined")`;
};

const sysctls: Check = ({ security }) => {
  const names = objectsAt(security, "sysctls").map((one) => String(one.name));
  const bad = names.filter((name) => !safeSysctls.has(name));
  return bad.length > 0 ? `forbidden sysctls (${bad.join(", ")})` : undefined;
};

const volumeTypes: Check = ({ spec }) => {
  const typeOf = (volume: JsonObject) => Object.keys(volume).find((key) => key !== "name") ?? "emptyDir";
  const bad = objectsAt(spec, "volumes").filter((volume) => !restrictedVolumes.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const names = bad.map((volume) => JSON.stringify(volume.name)).join(", ");
  const types = [...new Set(bad.map(typeOf))].sort();
  return `restricted volume types (${plural("volume", bad.length)} ${names} ${bad.length === 1 ? "uses" : "use"} restricted volume ${plural("type", types.length)} ${quoted(types)})`;
};

const privilegeEscalation: Check = ({ containers }) => {
  const bad = containers.filter(
    (one) => valueAt(one, "securityContext", "allowPrivilegeEscalation") !== false,
  );
  return bad.length > 0
    ? `allowPrivilegeEscalation != false (${named(bad)} must set securityContext.allowPrivilegeEscalation=false)`
    : undefined;
};

const restrictedCapabilities: Check = ({ containers }) => {
  const added = (one: JsonObject) =>
    textsAt(one, "securityContext", "capabilities", "add").filter((name) => name !== "NET_BIND_SERVICE");
  const keeping = containers.filter(
    (one) => !textsAt(one, "securityContext", "capabilities", "drop").includes("ALL"),
  );
  const adding = containers.filter((one) => added(one).length > 0);
  const parts: string[] = [];
  if (keeping.length > 0) parts.push(`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  if (adding.length > 0) {
    const names = [...new Set(adding.flatMap(added))].sort();
    parts.push(`${named(adding)} must not include ${quoted(names)} in securityContext.capabilities.add`);
  }
  return parts.length > 0 ? `unrestricted capabilities (${parts.join("; ")})` : undefined;
};

const runAsNonRoot: Check = ({ security, containers }) => {
  const said = (one: JsonObject) => valueAt(one, "securityContext", "runAsNonRoot");
  const explicit = containers.filter((one) => said(one) === false);
  if (security.runAsNonRoot === false || explicit.length > 0) {
    const setters = [
      ...(security.runAsNonRoot === false ? ["pod"] : []),
      ...(explicit.length > 0 ? [named(explicit)] : []),
    ];
    return `runAsNonRoot != true (${setters.join(" and ")} must not set securityContext.runAsNonRoot=false)`;
  }
  const silent = security.runAsNonRoot === true ? [] : containers.filter((one) => said(one) !== true);
  return silent.length > 0
    ? `runAsNonRoot != true (pod or ${named(silent)} must set securityContext.runAsNonRoot=true)`
    : undefined;
};

const runAsUser: Check = ({ security, containers }) => {
  const bad = containers.filter((one) => valueAt(one, "securityContext", "runAsUser") === 0);
  if (security.runAsUser !== 0 && bad.length === 0) return undefined;
  const setters = [...(security.runAsUser === 0 ? ["pod"] : []), ...(bad.length > 0 ? [named(bad)] : [])];
  return `runAsUser=0 (${setters.join(" and ")} must not set runAsUser=0)`;
};

const seccompRestricted: Check = (pod) => {
  const explicit = seccompBaseline(pod);
  if (explicit) return explicit;
  const isGood = (context: Json | undefined) => {
    const type = textAt(context, "seccompProfile", "type");
    return type === "RuntimeDefault" || type === "Localhost";
  };
  if (isGood(pod.security)) return undefined;
  const silent = pod.containers.filter((one) => !isGood(one.securityContext));
  return silent.length > 0
    ? `seccompProfile (pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`
    : undefined;
};

// In the order of the real checks' identifiers.
const baseline: readonly Check[] = [
  appArmor,
  capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  seLinux,
  seccompBaseline,
  sysctls,
];
// The baseline's first, without those that a stricter check of the same thing takes the place of.
const restricted: readonly Check[] = [
  appArmor,
  hostNamespaces,
  hostPorts,
  privileged,
  procMount,
  seLinux,
  sysctls,
  privilegeEscalation,
  restrictedCapabilities,
  volumeTypes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];

function named(containers: readonly JsonObject[]): string {
  const names = containers.map((one) => JSON.stringify(one.name)).join(", ");
  return `${plural("container", containers.length)} ${names}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}
