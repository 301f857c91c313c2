import { createHash } from "node:crypto";
import { builtin, type Client, isApiError, type KubernetesObject } from "@slipway/kubernetes";
import { ProblemError } from "@slipway/yaml";
import { fieldManager } from "./write-object.ts";

/** On every member: which set it belongs to (KEP-3659). The label, not the parent, says what may be deleted. */
export const membershipLabel = "applyset.kubernetes.io/part-of";

const idLabel = "applyset.kubernetes.io/id";
const toolingAnnotation = "applyset.kubernetes.io/tooling";
const kindsAnnotation = "applyset.kubernetes.io/contains-group-kinds";
const namespacesAnnotation = "applyset.kubernetes.io/additional-namespaces";
const tooling = "slipway/v1";

/** One set of applied objects, identified by its parent object. */
export interface Membership {
  /** The parent ConfigMap. */
  readonly namespace: string;
  readonly name: string;
  /** The value of the membership label. */
  readonly id: string;
}

/** What the parent says of its set. */
export interface RecordedMembership extends Membership {
  readonly groupKinds: readonly { readonly group: string; readonly kind: string }[];
}

const configMaps = builtin("", "ConfigMap");

/**
 * The set with the given name. Its parent is a ConfigMap in the namespace `default`, which every cluster has:
 * it can be written before anything else exists and outlives all namespaces of the platform.
 */
export function membershipOf(name = "slipway"): Membership {
  const namespace = "default";
  // The KEP's id: name, namespace, kind and group of the parent, hashed, in unpadded URL-safe base64.
  const hash = createHash("sha256").update(`${name}.${namespace}.ConfigMap.`).digest("base64url");
  return { namespace, name, id: `applyset-${hash}-v1` };
}

/**
 * Writes the parent before the first member: kinds and namespaces that it named before stay named, so that what
 * an interrupted or older run applied is found again. Throws a ProblemError when another tool owns the set.
 */
export async function recordMembership(options: {
  readonly client: Client;
  readonly membership: Membership;
  readonly objects: Iterable<{ readonly group: string; readonly kind: string; readonly namespace?: string }>;
  readonly release: string;
}): Promise<void> {
  const { client, membership } = options;
  const before = await readParent(client, membership);
  const kinds = new Set(annotationList(before, kindsAnnotation));
  const namespaces = new Set(annotationList(before, namespacesAnnotation));
  for (const { group, kind, namespace } of options.objects) {
    kinds.add(group === "" ? kind : `${kind}.${group}`);
    if (namespace && namespace !== membership.namespace) namespaces.add(namespace);
  }
  await client.apply(
    configMaps,
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: membership.name,
        namespace: membership.namespace,
        labels: { [idLabel]: membership.id },
        annotations: {
          [toolingAnnotation]: tooling,
          [kindsAnnotation]: [...kinds].sort().join(","),
          [namespacesAnnotation]: [...namespaces].sort().join(","),
        },
      },
      data: { release: options.release },
    },
    { fieldManager, force: true },
  );
}

/** Reads what the set holds; undefined when there is no such set on the cluster. */
export async function readMembership(
  client: Client,
  membership: Membership,
): Promise<RecordedMembership | undefined> {
  const parent = await readParent(client, membership);
  if (!parent) return undefined;
  const groupKinds = annotationList(parent, kindsAnnotation).map((text) => {
    const dot = text.indexOf(".");
    return dot < 0 ? { group: "", kind: text } : { group: text.slice(dot + 1), kind: text.slice(0, dot) };
  });
  return { ...membership, groupKinds };
}

/** Deletes the parent, when no member is left. */
export async function forgetMembership(client: Client, { name, namespace }: Membership): Promise<void> {
  try {
    await client.delete(configMaps, { name, namespace });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

async function readParent(
  client: Client,
  { name, namespace, id }: Membership,
): Promise<KubernetesObject | undefined> {
  let parent: KubernetesObject;
  try {
    parent = await client.get(configMaps, { name, namespace });
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
  const owner = parent.metadata.annotations?.[toolingAnnotation];
  if (parent.metadata.labels?.[idLabel] === id && owner?.startsWith("slipway/")) return parent;
  throw new ProblemError({
    code: "deploy/foreign-set",
    message: `ConfigMap ${namespace}/${name} is not Slipway's: ${owner ? `it belongs to ${owner}` : "it is no record of a deployment"}`,
    object: `ConfigMap/${namespace}/${name}`,
    next: "rename or delete it, or remove what that tool deployed first",
  });
}

function annotationList(object: KubernetesObject | undefined, annotation: string): string[] {
  return (object?.metadata.annotations?.[annotation] ?? "").split(",").filter(Boolean);
}
