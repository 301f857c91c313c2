// Pods and pod templates (kubernetes pkg/apis/core/v1/defaults.go and its generated caller).
import type { JsonObject } from "@slipway/yaml";
import { type DefaultHook, fill, fillMap, items, mapAt } from "./hook.ts";
import { settlePodResources } from "./pod-resources.ts";

const podSpec: DefaultHook = (spec) => {
  fill(spec, "dnsPolicy", "ClusterFirst");
  fill(spec, "restartPolicy", "Always");
  fillMap(spec, "securityContext");
  fill(spec, "terminationGracePeriodSeconds", 30);
  fill(spec, "schedulerName", "default-scheduler");
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account !== undefined) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  if (spec.hostNetwork !== true) return;
  for (const container of [...items(spec, "containers"), ...items(spec, "initContainers")]) {
    for (const port of items(container, "ports")) {
      if (!port.hostPort && port.containerPort !== undefined) port.hostPort = port.containerPort;
    }
  }
};

const pod: DefaultHook = (pod) => {
  const spec = mapAt(pod, "spec");
  if (!spec) return;
  for (const container of [...items(spec, "containers"), ...items(spec, "initContainers")]) {
    const resources = mapAt(container, "resources");
    const limits = mapAt(resources, "limits");
    if (resources && limits) resources.requests = { ...limits, ...mapAt(resources, "requests") };
  }
  settlePodResources(spec);
  fill(spec, "enableServiceLinks", true);
  // Not a default but a conversion, which a template is not put through (core/v1/conversion.go).
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
};

const container: DefaultHook = (container) => {
  fill(container, "imagePullPolicy", pullPolicyOf(container.image));
  fill(container, "terminationMessagePath", "/dev/termination-log");
  fill(container, "terminationMessagePolicy", "File");
};

const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
/** What names an image (distribution/reference): host, path, tag, digest. */
const imageReference = new RegExp(
  `^(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,})?$`,
);

/** `Always` for the tag `latest`, said or implied; a digest pins the image, and what names none has no tag. */
function pullPolicyOf(image: unknown): string {
  const text = typeof image === "string" ? image : "";
  if (!imageReference.test(text)) return "IfNotPresent";
  const [reference = "", digest] = text.split("@");
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const tag = name.includes(":") ? name.slice(name.indexOf(":") + 1) : digest ? "" : "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

const volume: DefaultHook = (volume) => {
  if (Object.keys(volume).every((key) => key === "name")) volume.emptyDir = {};
};

const probe: DefaultHook = (probe) => {
  fillZero(probe, "timeoutSeconds", 1);
  fillZero(probe, "periodSeconds", 10);
  fillZero(probe, "successThreshold", 1);
  fillZero(probe, "failureThreshold", 3);
};

function fillZero(object: JsonObject, key: string, value: number): void {
  if (!object[key]) object[key] = value;
}

const defaultMode: DefaultHook = (source) => fill(source, "defaultMode", 420);
const protocol: DefaultHook = (port) => fill(port, "protocol", "TCP");

const iscsi: DefaultHook = (source) => fill(source, "iscsiInterface", "default");
const rbd: DefaultHook = (source) => {
  fill(source, "pool", "rbd");
  fill(source, "user", "admin");
  fill(source, "keyring", "/etc/ceph/keyring");
};
const scaleIo: DefaultHook = (source) => {
  fill(source, "storageMode", "ThinProvisioned");
  fill(source, "fsType", "xfs");
};

/** Defaults by type name. */
export const podDefaults: Readonly<Record<string, DefaultHook>> = {
  "core.v1.Pod": pod,
  "core.v1.PodSpec": podSpec,
  "core.v1.Container": container,
  "core.v1.EphemeralContainer": container,
  "core.v1.ContainerPort": protocol,
  "core.v1.Probe": probe,
  "core.v1.Volume": volume,
  "core.v1.SecretVolumeSource": defaultMode,
  "core.v1.ConfigMapVolumeSource": defaultMode,
  "core.v1.DownwardAPIVolumeSource": defaultMode,
  "core.v1.ProjectedVolumeSource": defaultMode,
  "core.v1.ServiceAccountTokenProjection": (source) => fill(source, "expirationSeconds", 3600),
  "core.v1.ObjectFieldSelector": (selector) => fill(selector, "apiVersion", "v1"),
  "core.v1.FileKeySelector": (selector) => fill(selector, "optional", false),
  "core.v1.HTTPGetAction": (action) => {
    fill(action, "path", "/");
    fill(action, "scheme", "HTTP");
  },
  "core.v1.GRPCAction": (action) => {
    action.service ??= "";
  },
  "core.v1.HostPathVolumeSource": (source) => {
    source.type ??= "";
  },
  "core.v1.ImageVolumeSource": (source) => fill(source, "pullPolicy", pullPolicyOf(source.reference)),
  "core.v1.ISCSIVolumeSource": iscsi,
  "core.v1.ISCSIPersistentVolumeSource": iscsi,
  "core.v1.RBDVolumeSource": rbd,
  "core.v1.RBDPersistentVolumeSource": rbd,
  "core.v1.ScaleIOVolumeSource": scaleIo,
  "core.v1.ScaleIOPersistentVolumeSource": scaleIo,
  "core.v1.AzureDiskVolumeSource": (source) => {
    fill(source, "cachingMode", "ReadWrite");
    fill(source, "fsType", "ext4");
    fill(source, "readOnly", false);
    fill(source, "kind", "Shared");
  },
};
