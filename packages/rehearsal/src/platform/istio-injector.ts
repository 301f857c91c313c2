// Imitates istiod's sidecar injector: a proxy as a native sidecar and a validation container, with the volumes
// that they mount. Leaves out the proxy's settings, probe rewriting, custom templates and hold options.
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../admission/read-json.ts";
import type { WebhookBackend } from "../webhooks/backend.ts";
import type { ClusterReader } from "../webhooks/service-route.ts";

const configMaps = builtin("", "ConfigMap");
const statusAnnotation = "sidecar.istio.io/status";

/** What the proxy mounts, and where. */
const mounted: readonly { readonly path: string; readonly volume: JsonObject }[] = [
  { path: "/etc/istio/proxy", volume: { name: "istio-envoy", emptyDir: { medium: "Memory" } } },
  { path: "/var/lib/istio/data", volume: { name: "istio-data", emptyDir: {} } },
  {
    path: "/etc/istio/pod",
    volume: {
      name: "istio-podinfo",
      downwardAPI: {
        items: ["labels", "annotations"].map((path) => ({
          path,
          fieldRef: { fieldPath: `metadata.${path}` },
        })),
      },
    },
  },
  {
    path: "/var/run/secrets/tokens",
    volume: {
      name: "istio-token",
      projected: {
        sources: [
          { serviceAccountToken: { audience: "istio-ca", expirationSeconds: 43_200, path: "istio-token" } },
        ],
      },
    },
  },
  {
    path: "/var/run/secrets/istio",
    volume: { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
  },
];
const volumes = mounted.map(({ volume }) => volume);

/** Answers for the Service `istiod`: `/inject` changes pods, everything else is allowed. */
export const istioInjector: WebhookBackend = {
  async admit({ object, namespace }, { path, reader }) {
    if (!path.startsWith("/inject") || !object || object.kind !== "Pod" || !wantsProxy(object)) {
      return { allowed: true };
    }
    const image = await proxyImage(reader);
    return { allowed: true, patch: injection(object, namespace ?? "", image) };
  },
};

/** The annotation, which selectors cannot see, and the host's network speak against a proxy. */
function wantsProxy(pod: KubernetesObject): boolean {
  const annotations = pod.metadata.annotations ?? {};
  if (annotations["sidecar.istio.io/inject"] === "false" || annotations[statusAnnotation]) return false;
  return objectAt(pod, "spec").hostNetwork !== true;
}

async function proxyImage(reader: ClusterReader): Promise<string> {
  return sidecarImageFrom(await reader.get(configMaps, "istio-system", "istio-sidecar-injector"));
}

/** The sidecar's image, from the values that a release renders for the injector (its ConfigMap). */
export function sidecarImageFrom(injectorConfig: KubernetesObject | undefined): string {
  const values = parse(textAt(injectorConfig, "data", "values") ?? "{}");
  const image = textAt(values, "global", "proxy", "image") ?? "proxyv2";
  if (image.includes("/")) return image;
  const hub = textAt(values, "global", "hub") ?? "docker.io/istio";
  return `${hub}/${image}:${textAt(values, "global", "tag") ?? "latest"}`;
}

function injection(pod: KubernetesObject, namespace: string, image: string): JsonObject[] {
  const spec = objectAt(pod, "spec");
  const labels = pod.metadata.labels ?? {};
  const app = labels["app.kubernetes.io/name"] ?? labels.app ?? pod.metadata.name;
  const set = (path: string, value: Json): JsonObject => ({ op: "add", path, value });
  const containers = [validation(image), proxy(image, namespace)];
  const status = {
    initContainers: containers.map(({ name }) => name),
    containers: null,
    volumes: volumes.map(({ name }) => name),
    imagePullSecrets: null,
    revision: "default",
  };
  return [
    set("/metadata/labels", {
      ...labels,
      "security.istio.io/tlsMode": "istio",
      "service.istio.io/canonical-name": app,
      "service.istio.io/canonical-revision": labels["app.kubernetes.io/version"] ?? "latest",
    }),
    set("/metadata/annotations", { ...pod.metadata.annotations, [statusAnnotation]: JSON.stringify(status) }),
    set("/spec/initContainers", [...containers, ...objectsAt(spec, "initContainers")]),
    set("/spec/volumes", [...volumes, ...objectsAt(spec, "volumes")]),
  ];
}

const securityContext: JsonObject = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsGroup: 1337,
  runAsNonRoot: true,
  runAsUser: 1337,
  seccompProfile: { type: "RuntimeDefault" },
};

const resources: JsonObject = {
  limits: { cpu: "2", memory: "1Gi" },
  requests: { cpu: "10m", memory: "40Mi" },
};

/** With the CNI plugin the first container only checks that traffic is redirected. */
function validation(image: string): JsonObject {
  return {
    name: "istio-validation",
    image,
    args: [
      "istio-iptables",
      "-p",
      "15001",
      "-z",
      "15006",
      "-u",
      "1337",
      "-m",
      "REDIRECT",
      "--run-validation",
    ],
    resources,
    securityContext,
  };
}

function proxy(image: string, namespace: string): JsonObject {
  return {
    name: "istio-proxy",
    image,
    args: ["proxy", "sidecar", "--domain", `${namespace}.svc.cluster.local`],
    ports: [{ name: "http-envoy-prom", containerPort: 15090, protocol: "TCP" }],
    readinessProbe: { httpGet: { path: "/healthz/ready", port: 15021 }, periodSeconds: 15 },
    resources,
    restartPolicy: "Always",
    securityContext,
    volumeMounts: mounted.map(({ path, volume }) => ({ name: volume.name, mountPath: path })),
  };
}

function parse(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
