// The checks of the baseline, in the words of pod-security-admission's package policy.
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt, valueAt } from "../read-json.ts";
import {
  type Check,
  type CheckPod,
  nameContainers,
  type PodView,
  plural,
  quoteAll,
  settersOf,
  sortedOnce,
} from "./check.ts";

const appArmor: CheckPod = (pod) => {
  const typeOf = (context: Json | undefined) => textAt(context, "appArmorProfile", "type");
  const isBad = (context: Json | undefined) =>
    typeOf(context) !== undefined && typeOf(context) !== "RuntimeDefault" && typeOf(context) !== "Localhost";
  const annotations = Object.entries(pod.annotations)
    .filter(
      ([key, value]) =>
        key.startsWith("container.apparmor.security.beta.kubernetes.io/") &&
        !/^($|runtime\/default$|localhost\/)/.test(String(value)),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const setters = settersOf(pod, isBad);
  const all = [
    ...(setters ? [setters] : []),
    ...(annotations.length > 0 ? [plural("annotation", annotations.length)] : []),
  ];
  if (all.length === 0) return undefined;
  const contexts = [pod.security, ...pod.containers.map((one) => one.securityContext)].filter(isBad);
  const values = [...sortedOnce(contexts.map((context) => String(typeOf(context)))), ...annotations];
  return {
    reason: plural("forbidden AppArmor profile", values.length),
    detail: `${all.join(" and ")} must not set AppArmor profile type to ${quoteAll(values)}`,
  };
};

const defaultCapabilities = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);

const capabilities: CheckPod = ({ containers }) => {
  const added = (one: JsonObject) =>
    textsAt(one, "securityContext", "capabilities", "add").filter((name) => !defaultCapabilities.has(name));
  const bad = containers.filter((one) => added(one).length > 0);
  if (bad.length === 0) return undefined;
  const names = quoteAll(sortedOnce(bad.flatMap(added)));
  return {
    reason: "non-default capabilities",
    detail: `${nameContainers(bad)} must not include ${names} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = ({ spec }) => {
  const used = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
  if (used.length === 0) return undefined;
  return { reason: "host namespaces", detail: used.map((field) => `${field}=true`).join(", ") };
};

const hostPathVolumes: CheckPod = ({ spec }) => {
  const bad = objectsAt(spec, "volumes").filter((volume) => volume.hostPath);
  if (bad.length === 0) return undefined;
  const names = quoteAll(bad.map(({ name }) => String(name)));
  return { reason: "hostPath volumes", detail: `${plural("volume", bad.length)} ${names}` };
};

const hostPorts: CheckPod = ({ containers }) => {
  const portsOf = (one: JsonObject) =>
    objectsAt(one, "ports").flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const bad = containers.filter((one) => portsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sortedOnce(bad.flatMap(portsOf));
  const use = bad.length === 1 ? "uses" : "use";
  return {
    reason: "hostPort",
    detail: `${nameContainers(bad)} ${use} ${plural("hostPort", ports.length)} ${ports.join(", ")}`,
  };
};

const handlers = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

const hostsOfHandlers: CheckPod = ({ containers }) => {
  const hostsOf = (one: JsonObject) =>
    handlers.flatMap((path) =>
      ["httpGet", "tcpSocket"].flatMap((action) => textAt(one, ...path, action, "host") ?? []),
    );
  const bad = containers.filter((one) => hostsOf(one).length > 0);
  if (bad.length === 0) return undefined;
  const names = sortedOnce(bad.map(({ name }) => String(name)));
  const hosts = sortedOnce(bad.flatMap(hostsOf));
  const use = names.length === 1 ? "uses" : "use";
  return {
    reason: "probe or lifecycle host",
    detail: `${plural("container", names.length)} ${quoteAll(names)} ${use} ${plural("probe or lifecycle host", hosts.length)} ${quoteAll(hosts)}`,
  };
};

const privileged: CheckPod = ({ containers }) => {
  const bad = containers.filter((one) => valueAt(one, "securityContext", "privileged") === true);
  if (bad.length === 0) return undefined;
  return {
    reason: "privileged",
    detail: `${nameContainers(bad)} must not set securityContext.privileged=true`,
  };
};

/** Also a check of its own among the restricted ones. */
export const procMount: CheckPod = ({ containers }) => {
  const typeOf = (one: JsonObject) => textAt(one, "securityContext", "procMount") ?? "Default";
  const bad = containers.filter((one) => typeOf(one) !== "Default");
  if (bad.length === 0) return undefined;
  const types = quoteAll(sortedOnce(bad.map(typeOf)));
  return {
    reason: "procMount",
    detail: `${nameContainers(bad)} must not set securityContext.procMount to ${types}`,
  };
};

const seLinuxTypes = ["container_t", "container_init_t", "container_kvm_t"];

const seLinux =
  (allowed: readonly string[]): CheckPod =>
  (pod) => {
    const typesOf = (options: JsonObject) => {
      const type = textAt(options, "type");
      return type === undefined || allowed.includes(type) ? [] : [type];
    };
    const isBad = (context: Json | undefined) => {
      const options = objectAt(context, "seLinuxOptions");
      return Boolean(typesOf(options).length > 0 || options.user || options.role);
    };
    const setters = settersOf(pod, isBad);
    if (!setters) return undefined;
    const options = [pod.security, ...pod.containers.map((one) => one.securityContext)].map((context) =>
      objectAt(context, "seLinuxOptions"),
    );
    const types = sortedOnce(options.flatMap(typesOf));
    const data = [
      ...(types.length > 0 ? [`${plural("type", types.length)} ${quoteAll(types)}`] : []),
      ...(options.some(({ user }) => user) ? ["user may not be set"] : []),
      ...(options.some(({ role }) => role) ? ["role may not be set"] : []),
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}`,
    };
  };

const seccompAnnotations: CheckPod = ({ annotations, containers }) => {
  const keys = [
    "seccomp.security.alpha.kubernetes.io/pod",
    ...containers.map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${String(name)}`),
  ];
  const bad = sortedOnce(keys)
    .filter((key) => annotations[key] !== undefined)
    .filter((key) => !/^(runtime\/default$|docker\/default$|localhost\/)/.test(String(annotations[key])));
  if (bad.length === 0) return undefined;
  const shown = bad.map((key) => `${key}=${JSON.stringify(annotations[key])}`).join(", ");
  return { reason: "seccompProfile", detail: `forbidden ${plural("annotation", bad.length)} ${shown}` };
};

/** The type of a seccomp profile, if there is one. */
export function seccompType(context: Json | undefined): string | undefined {
  return textAt(context, "seccompProfile", "type");
}

export function isGoodSeccomp(type: string | undefined): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}

/** What sets a forbidden type; the restricted check begins with it. */
export const seccomp: CheckPod = (pod) => {
  const isBad = (context: Json | undefined) =>
    seccompType(context) !== undefined && !isGoodSeccomp(seccompType(context));
  const setters = settersOf(pod, isBad);
  if (!setters) return undefined;
  const contexts = [pod.security, ...pod.containers.map((one) => one.securityContext)].filter(isBad);
  const types = quoteAll(sortedOnce(contexts.map((context) => String(seccompType(context)))));
  return {
    reason: "seccompProfile",
    detail: `${setters} must not set securityContext.seccompProfile.type to ${types}`,
  };
};

/** Names of sysctls by the minor version from which they are allowed. */
const safeSysctls: ReadonlyMap<number, readonly string[]> = new Map([
  [
    0,
    [
      "kernel.shm_rmid_forced",
      "net.ipv4.ip_local_port_range",
      "net.ipv4.tcp_syncookies",
      "net.ipv4.ping_group_range",
      "net.ipv4.ip_unprivileged_port_start",
    ],
  ],
  [27, ["net.ipv4.ip_local_reserved_ports"]],
  [
    29,
    [
      "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
    ],
  ],
  [32, ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]],
]);

const sysctls =
  (version: number): CheckPod =>
  ({ security }) => {
    const allowed = [...safeSysctls].flatMap(([since, names]) => (since <= version ? names : []));
    const bad = objectsAt(security, "sysctls")
      .map(({ name }) => String(name))
      .filter((name) => !allowed.includes(name));
    return bad.length > 0 ? { reason: "forbidden sysctls", detail: bad.join(", ") } : undefined;
  };

const windowsHostProcess: CheckPod = (pod) => {
  const setters = settersOf(pod, (context) => valueAt(context, "windowsOptions", "hostProcess") === true);
  if (!setters) return undefined;
  return {
    reason: "hostProcess",
    detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true`,
  };
};

/** Pods with users of their own may do more since 1.35 (KEP-127). */
export function hasOwnUsers({ spec }: PodView): boolean {
  return spec.hostUsers === false;
}

const always = (check: CheckPod) => [{ since: 0, check }];

/** In the order of their identifiers, which is that of the messages. */
export const baselineChecks: readonly Check[] = [
  { id: "appArmorProfile", versions: always(appArmor) },
  { id: "capabilities_baseline", versions: always(capabilities) },
  { id: "hostNamespaces", versions: always(hostNamespaces) },
  { id: "hostPathVolumes", versions: always(hostPathVolumes) },
  { id: "hostPorts", versions: always(hostPorts) },
  { id: "hostProbesAndHostLifecycle", versions: [{ since: 34, check: hostsOfHandlers }] },
  { id: "privileged", versions: always(privileged) },
  {
    id: "procMount",
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: (pod) => (hasOwnUsers(pod) ? undefined : procMount(pod)) },
    ],
  },
  {
    id: "seLinuxOptions",
    versions: [
      { since: 0, check: seLinux(seLinuxTypes) },
      { since: 31, check: seLinux([...seLinuxTypes, "container_engine_t"]) },
    ],
  },
  {
    id: "seccompProfile_baseline",
    versions: [
      { since: 0, check: seccompAnnotations },
      { since: 19, check: seccomp },
    ],
  },
  { id: "sysctls", versions: [...safeSysctls.keys()].map((since) => ({ since, check: sysctls(since) })) },
  { id: "windowsHostProcess", versions: always(windowsHostProcess) },
];
