import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { answerJson } from "../answers.ts";
import { parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, timestamp } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest, conflict } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";

/** POST of a Binding to its own collection: the same for the pod of its name. */
export async function bindingByName(context: RequestContext): Promise<ApiAnswer> {
  const { server, info, request } = context;
  const { metadata } = parseObject(context, request.body);
  const type = server.registry.find("", "v1", "pods");
  if (!type) throw badRequest("pods are not served");
  const named = { ...info, resource: "pods", name: metadata.name, subresource: "binding" };
  return binding({ ...context, type, info: named });
}

/** What a refused binding names instead of the pod. */
const bindings = { group: "", resource: "pods/binding" };

/** POST of a Binding: gives a pod its node, once (registry/core/pod BindingREST). */
export async function binding(context: RequestContext): Promise<ApiAnswer> {
  const { dryRun } = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  if (object.metadata.name !== context.info.name) {
    throw badRequest("name in URL does not match name in Binding object");
  }
  const target = isJsonObject(object.target) ? object.target : {};
  const node = target.name;
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  const options = admissionOptions("CreateOptions", context);
  await commitUpdate(
    context,
    (pod) => {
      const spec = isJsonObject(pod.spec) ? pod.spec : {};
      const { name } = pod.metadata;
      if (pod.metadata.deletionTimestamp) {
        throw conflict(bindings, name, `pod ${name} is being deleted, cannot be assigned to a host`);
      }
      if (spec.nodeName) {
        throw conflict(
          bindings,
          name,
          `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`,
        );
      }
      const status = isJsonObject(pod.status) ? pod.status : {};
      const scheduled: JsonObject = {
        type: "PodScheduled",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: timestamp(context.server.clock),
      };
      const others = Array.isArray(status.conditions)
        ? status.conditions.filter((entry) => isJsonObject(entry) && entry.type !== "PodScheduled")
        : [];
      const labels = topologyOf(context, node);
      return {
        ...pod,
        metadata: { ...pod.metadata, ...(labels ? { labels: { ...pod.metadata.labels, ...labels } } : {}) },
        spec: { ...spec, nodeName: node },
        status: { ...status, conditions: [...others, scheduled] },
      };
    },
    { options, dryRun },
  );
  return answerJson(201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
}

/** The node's zone and region, which a pod is labelled with as soon as it has a node (plugin PodTopologyLabels). */
function topologyOf({ server }: RequestContext, node: string): { [key: string]: string } | undefined {
  const { labels = {} } = server.store.get("/nodes", node)?.metadata ?? {};
  const keys = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"];
  const found = Object.entries(labels).filter(([key]) => keys.includes(key));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
