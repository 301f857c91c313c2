import type { ObjectIdentity } from "@slipway/kubernetes/objects";
import type { JsonObject } from "@slipway/yaml";
import { mapAt, mapsAt, textAt, valueAt } from "../fields.ts";
import type { Workload } from "../object-set.ts";
import type { PodTemplate } from "../pods.ts";
import { edge, type Rule, type RuleContext } from "./rule.ts";

/** A name in a pod's spec: what it names, where it stands, and whether the pod starts without it. */
interface PodReference {
  readonly kind: "ConfigMap" | "Secret" | "PersistentVolumeClaim";
  readonly name: string;
  readonly optional: boolean;
  readonly rule: string;
  readonly reason: string;
}

/** A kubelet starts no container before the ConfigMaps, Secrets and claims that its pod names exist. */
export const podReferenceRule: Rule = (context) => {
  for (const workload of context.set.workloads) {
    for (const reference of podReferences(workload.pods)) connect(context, workload, reference);
    connectClass(context, workload, "priorityClassName", "scheduling.k8s.io", "PriorityClass");
    connectClass(context, workload, "runtimeClassName", "node.k8s.io", "RuntimeClass");
    connectPullSecrets(context, workload);
  }
};

function connect({ add, miss, resolve }: RuleContext, { node }: Workload, reference: PodReference): void {
  const { kind, name, optional, rule, reason } = reference;
  const namespace = node.id.namespace;
  const id: ObjectIdentity = { group: "", kind, name, ...(namespace ? { namespace } : {}) };
  const target = resolve(id);
  if (!target) {
    if (!optional) miss({ from: node.key, id, reason });
    return;
  }
  const ownWork = target.type === "created" && target.by === node.key;
  if (ownWork) return;
  add(
    edge(node, target, {
      kind: optional ? "soft" : "hard",
      until: "exists",
      rule,
      reason: optional ? `${reason} (optional)` : reason,
    }),
  );
}

function connectClass(
  { set, add }: RuleContext,
  { node, pods }: Workload,
  field: string,
  group: string,
  kind: string,
): void {
  const name = textAt(pods.spec, field);
  const target = name && set.find({ group, kind, name });
  if (!target) return;
  add(
    edge(node, target, {
      kind: "hard",
      until: "exists",
      rule: field === "priorityClassName" ? "priority-class" : "runtime-class",
      reason: `${pods.path}.${field} is ${name}`,
    }),
  );
}

/** Only those in the set: a pull secret that is not there is a warning to the kubelet, no more. */
function connectPullSecrets({ set, add }: RuleContext, { node, pods }: Workload): void {
  for (const [index, entry] of mapsAt(pods.spec, "imagePullSecrets").entries()) {
    const name = textAt(entry, "name");
    const namespace = node.id.namespace;
    const target = name && set.find({ group: "", kind: "Secret", name, ...(namespace ? { namespace } : {}) });
    if (!target) continue;
    add(
      edge(node, target, {
        kind: "hard",
        until: "exists",
        rule: "pull-secret",
        reason: `${pods.path}.imagePullSecrets[${index}] names Secret ${name}`,
      }),
    );
  }
}

function* podReferences({ spec, path }: PodTemplate): Iterable<PodReference> {
  for (const volume of mapsAt(spec, "volumes")) {
    const at = `${path}.volumes[${textAt(volume, "name")}]`;
    const direct = volumeSource(volume, at, "secretName");
    if (direct) yield direct;
    for (const source of mapsAt(volume, "projected", "sources")) {
      const projected = volumeSource(source, `${at}.projected`, "name");
      if (projected) yield projected;
    }
    const claim = textAt(volume, "persistentVolumeClaim", "claimName");
    if (claim) {
      yield {
        kind: "PersistentVolumeClaim",
        name: claim,
        optional: false,
        rule: "volume-claim",
        reason: `${at} mounts PersistentVolumeClaim ${claim}`,
      };
    }
  }
  for (const field of ["initContainers", "containers"]) {
    for (const container of mapsAt(spec, field)) {
      yield* environment(container, `${path}.${field}[${textAt(container, "name")}]`);
    }
  }
}

function volumeSource(volume: JsonObject, at: string, secretField: string): PodReference | undefined {
  const secret = mapAt(volume, "secret");
  const configMap = mapAt(volume, "configMap");
  const source = secret ?? configMap;
  const name = secret ? textAt(secret, secretField) : textAt(configMap, "name");
  if (!source || !name) return undefined;
  const kind = secret ? "Secret" : "ConfigMap";
  return {
    kind,
    name,
    optional: valueAt(source, "optional") === true,
    rule: secret ? "volume-secret" : "volume-config",
    reason: `${at} mounts ${kind} ${name}`,
  };
}

function* environment(container: JsonObject, at: string): Iterable<PodReference> {
  for (const variable of mapsAt(container, "env")) {
    const where = `${at}.env[${textAt(variable, "name")}]`;
    const secret = mapAt(variable, "valueFrom", "secretKeyRef");
    const configMap = mapAt(variable, "valueFrom", "configMapKeyRef");
    if (secret) yield* environmentSource("Secret", secret, where);
    if (configMap) yield* environmentSource("ConfigMap", configMap, where);
  }
  for (const [index, entry] of mapsAt(container, "envFrom").entries()) {
    const where = `${at}.envFrom[${index}]`;
    const secret = mapAt(entry, "secretRef");
    const configMap = mapAt(entry, "configMapRef");
    if (secret) yield* environmentSource("Secret", secret, where);
    if (configMap) yield* environmentSource("ConfigMap", configMap, where);
  }
}

function* environmentSource(
  kind: "ConfigMap" | "Secret",
  source: JsonObject,
  where: string,
): Iterable<PodReference> {
  const name = textAt(source, "name");
  if (!name) return;
  const key = textAt(source, "key");
  yield {
    kind,
    name,
    optional: valueAt(source, "optional") === true,
    rule: kind === "Secret" ? "env-secret" : "env-config",
    reason: `${where} reads ${key ? `key ${key} of ` : ""}${kind} ${name}`,
  };
}
