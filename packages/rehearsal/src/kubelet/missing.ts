// What a pod mounts or reads into its environment and is not there yet, in the kubelet's words.
import type { KeyedData } from "../controllers/kinds/cluster.ts";
import type { Container, Pod, Volume } from "../controllers/kinds/pod.ts";

/** How a ConfigMap or Secret of the pod's namespace is found. */
export type FindData = (kind: "ConfigMap" | "Secret", name: string) => KeyedData | undefined;

/** A volume that cannot be set up, or a container whose environment cannot be made. */
export interface Missing {
  readonly volumes: readonly { readonly volume: string; readonly message: string }[];
  readonly containers: readonly { readonly container: string; readonly message: string }[];
}

/** `Secret/name` and `ConfigMap/name` of everything that the pod refers to, optional or not. */
export function dataReferences(pod: Pod): string[] {
  const names = new Set<string>();
  const note: FindData = (kind, name) => {
    names.add(`${kind}/${name}`);
    return undefined;
  };
  for (const volume of pod.spec.volumes ?? []) findVolumeProblem(volume, note, true);
  for (const container of containersOf(pod)) {
    for (const reference of environmentOf(container)) note(reference.kind, reference.name);
  }
  return [...names];
}

/** Everything that keeps the pod from starting; both lists are empty when nothing does. */
export function findMissing(pod: Pod, find: FindData): Missing {
  const volumes: { volume: string; message: string }[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const message = findVolumeProblem(volume, find, false);
    if (message) volumes.push({ volume: volume.name, message });
  }
  const containers: { container: string; message: string }[] = [];
  for (const container of containersOf(pod)) {
    const message = findEnvironmentProblem(container, find, pod.metadata.namespace ?? "");
    if (message) containers.push({ container: container.name, message });
  }
  return { volumes, containers };
}

/** Init containers and containers, in the order in which they start. */
export function containersOf(pod: Pod): Container[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}

interface VolumeSource {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly optional: boolean;
  readonly keys: readonly string[];
}

/** The first problem of a volume; with `all`, every source is asked for and none is reported. */
function findVolumeProblem(volume: Volume, find: FindData, all: boolean): string | undefined {
  for (const source of volumeSources(volume)) {
    const data = find(source.kind, source.name);
    if (all || source.optional) continue;
    if (!data) return `${source.kind.toLowerCase()} "${source.name}" not found`;
    if (source.keys.some((key) => !hasKey(data, key))) {
      return `references non-existent ${source.kind === "Secret" ? "secret" : "config"} key: ${source.keys.find((key) => !hasKey(data, key))}`;
    }
  }
  return undefined;
}

function volumeSources({ configMap, secret, projected }: Volume): VolumeSource[] {
  const sources: VolumeSource[] = [];
  const keys = (items: readonly { key: string }[] | undefined) => (items ?? []).map(({ key }) => key);
  const add = (
    kind: VolumeSource["kind"],
    name: string | undefined,
    source: { optional?: boolean; items?: { key: string }[] },
  ) => {
    if (name) sources.push({ kind, name, optional: source.optional === true, keys: keys(source.items) });
  };
  if (configMap) add("ConfigMap", configMap.name, configMap);
  if (secret) add("Secret", secret.secretName, secret);
  for (const source of projected?.sources ?? []) {
    if (source.configMap) add("ConfigMap", source.configMap.name, source.configMap);
    if (source.secret) add("Secret", source.secret.name, source.secret);
  }
  return sources;
}

interface EnvironmentReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly optional: boolean;
  /** Absent for `envFrom`. */
  readonly key?: string;
}

function environmentOf(container: Container): EnvironmentReference[] {
  const references: EnvironmentReference[] = [];
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef?.name) {
      references.push({
        kind: "ConfigMap",
        name: configMapRef.name,
        optional: configMapRef.optional === true,
      });
    }
    if (secretRef?.name) {
      references.push({ kind: "Secret", name: secretRef.name, optional: secretRef.optional === true });
    }
  }
  for (const { valueFrom } of container.env ?? []) {
    const config = valueFrom?.configMapKeyRef;
    const secret = valueFrom?.secretKeyRef;
    if (config?.name) {
      references.push({
        kind: "ConfigMap",
        name: config.name,
        key: config.key,
        optional: config.optional === true,
      });
    }
    if (secret?.name) {
      references.push({
        kind: "Secret",
        name: secret.name,
        key: secret.key,
        optional: secret.optional === true,
      });
    }
  }
  return references;
}

function findEnvironmentProblem(container: Container, find: FindData, namespace: string): string | undefined {
  for (const { kind, name, key, optional } of environmentOf(container)) {
    if (optional) continue;
    const data = find(kind, name);
    if (!data) return `${kind.toLowerCase()} "${name}" not found`;
    if (key !== undefined && !hasKey(data, key))
      return `couldn't find key ${key} in ${kind} ${namespace}/${name}`;
  }
  return undefined;
}

function hasKey(object: KeyedData, key: string): boolean {
  return object.data?.[key] !== undefined || object.binaryData?.[key] !== undefined;
}
