import { builtin, type KubernetesObject, matchesLabelSelector } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { storeKey } from "../../store/store.ts";
import { mutateByAdmission, validateByAdmission } from "../admit.ts";
import { answerJson } from "../answers.ts";
import { parseObject } from "../body.ts";
import { createReader, type RequestContext, timestamp } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest } from "../status-errors.ts";
import { deleteNamed } from "../verbs/delete.ts";
import { readNamed } from "../verbs/get.ts";
import { admissionOptions } from "../write-options.ts";

const budgets = builtin("policy", "PodDisruptionBudget");
const budgetCollection = "policy/poddisruptionbudgets";

/** POST of an Eviction: deletes the pod if the budget that covers it allows (registry/core/pod EvictionREST). */
export async function eviction(context: RequestContext): Promise<ApiAnswer> {
  const object = parseObject(context, context.request.body);
  if (object.metadata.name && object.metadata.name !== context.info.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  const options = isJsonObject(object.deleteOptions) ? object.deleteOptions : {};
  const dryRun = context.request.query.get("dryRun") !== null;
  const input = {
    operation: "CREATE",
    name: context.info.name ?? "",
    objectKind: { group: "policy", version: "v1", kind: "Eviction" },
    object: { ...object, metadata: { ...object.metadata, namespace: context.info.namespace ?? "" } },
    options: admissionOptions("CreateOptions", context),
    dryRun,
  } as const;
  await mutateByAdmission(context, input);
  await validateByAdmission(context, input);
  spendBudget(context, await readNamed(context), dryRun);
  const { subresource: _, ...rest } = context.info;
  await deleteNamed({
    ...context,
    info: { ...rest, subresource: undefined, verb: "delete" },
    request: {
      ...context.request,
      body: JSON.stringify({ ...options, ...(dryRun ? { dryRun: ["All"] } : {}) }),
    },
  });
  return answerJson(
    201,
    { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    context.warnings,
  );
}

/** Takes one disruption from the pod's budget; none left, or several budgets, refuse the eviction. */
function spendBudget(context: RequestContext, pod: KubernetesObject, dryRun: boolean): void {
  const { server, warnings } = context;
  // A pod that does not run, or is going already, disturbs nobody.
  if (pod.metadata.deletionTimestamp || textAt(pod, "status", "phase") !== "Running") return;
  const { namespace } = pod.metadata;
  const covering = createReader(server, warnings)
    .list(budgets, namespace)
    .filter((one) => matchesLabelSelector(objectAt(one, "spec").selector, pod.metadata.labels));
  const [budget, second] = covering;
  if (!budget) return;
  if (second) {
    const message =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new StatusError(500, "", message);
  }
  const status = objectAt(budget, "status");
  const isReady = objectsAt(pod, "status", "conditions").some(
    (condition) => condition.type === "Ready" && condition.status === "True",
  );
  const healthy = numberAt(status, "currentHealthy") ?? 0;
  const desired = numberAt(status, "desiredHealthy") ?? 0;
  if (!isReady && healthy >= desired && desired > 0) return;
  const allowed = numberAt(status, "disruptionsAllowed") ?? 0;
  if (allowed <= 0) throw violatesBudget(budget.metadata.name, desired, healthy);
  if (dryRun) return;
  const disruptedPods = {
    ...objectAt(status, "disruptedPods"),
    [pod.metadata.name]: timestamp(server.clock),
  };
  server.store.put(budgetCollection, storeKey(namespace, budget.metadata.name), {
    ...budget,
    status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods },
  });
}

function violatesBudget(name: string, desired: number, healthy: number): StatusError {
  const cause = `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`;
  return new StatusError(
    429,
    "TooManyRequests",
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: "DisruptionBudget", message: cause }] },
  );
}
