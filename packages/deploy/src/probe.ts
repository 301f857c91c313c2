import {
  type Client,
  groupOf,
  isApiError,
  type KubernetesObject,
  type ResourceMapper,
  type ResourceType,
} from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { webhookAway } from "./classify-error.ts";
import { fieldManager } from "./write-object.ts";

/**
 * Asks the webhooks that admit an object, by dry run: the object itself, and a pod of its template where it has
 * one. Returns undefined when all of them answered (a refusal is an answer), else what the server said.
 */
export async function probeWebhooks(options: {
  readonly client: Client;
  readonly mapper: ResourceMapper;
  readonly type: ResourceType;
  readonly object: KubernetesObject;
}): Promise<string | undefined> {
  const { client, type, object } = options;
  const answer = await ask(() => client.apply(type, object, { fieldManager, dryRun: true, force: true }));
  if (answer !== undefined) return answer;
  const pod = podOf(object);
  const pods = options.mapper.find("", "Pod");
  return pod && pods ? ask(() => client.create(pods, pod, { dryRun: true })) : undefined;
}

async function ask(request: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await request();
    return undefined;
  } catch (error) {
    if (!isApiError(error)) return error instanceof Error ? error.message : String(error);
    // Overload says nothing about the webhook; anything else than "could not call it" is an answer.
    return error.code === 429 || webhookAway(error.message) !== undefined ? error.message : undefined;
  }
}

/** A pod as the workload's controller would create it; undefined for kinds without a template. */
function podOf(object: KubernetesObject): KubernetesObject | undefined {
  if (!["apps", "batch"].includes(groupOf(object.apiVersion))) return undefined;
  const spec = mapAt(object, "spec");
  const holder = object.kind === "CronJob" ? mapAt(mapAt(spec, "jobTemplate"), "spec") : spec;
  const template = mapAt(holder, "template");
  const podSpec = mapAt(template, "spec");
  if (!podSpec || !Array.isArray(podSpec.containers)) return undefined;
  const metadata = mapAt(template, "metadata") ?? {};
  const isJob = object.kind === "Job" || object.kind === "CronJob";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      name: `${object.metadata.name}-probe`,
      ...(object.metadata.namespace ? { namespace: object.metadata.namespace } : {}),
    },
    spec: isJob ? { restartPolicy: "Never", ...podSpec } : podSpec,
  };
}

function mapAt(value: Json | undefined, key: string): JsonObject | undefined {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(inner) ? inner : undefined;
}
