import type { KubernetesObject } from "@slipway/kubernetes";
import { textAt } from "../../admission/read-json.ts";
import { answerKubelet, type KubeletAnswer } from "../../kubelet/kubelet-api.ts";
import { storeKey } from "../../store/store.ts";
import { answerText } from "../answers.ts";
import type { RequestContext } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, invalid } from "../status-errors.ts";
import { readNamed } from "../verbs/get.ts";
import { chooseContainer } from "./pod-container.ts";

/** GET of a pod's log: what the kubelet of its node gives, its refusals as a Status. */
export async function log(context: RequestContext): Promise<ApiAnswer> {
  const { query } = context.request;
  const pod = await readNamed(context);
  checkOptions(pod, query);
  const container = chooseContainer(pod, query.get("container"));
  // Before a pod has a node the real server answers with nothing, too.
  if (!textAt(pod, "spec", "nodeName")) return { status: 204, headers: {}, body: "" };
  const { namespace, name } = pod.metadata;
  const path = `/containerLogs/${namespace}/${name}/${container}`;
  const ask = (current: KubernetesObject | undefined) =>
    answerKubelet(path, query, { pod: current, now: context.server.clock.now() });
  const { status, text, follows } = ask(pod);
  if (status === 400) throw badRequest(text);
  if (status !== 200) throw new StatusError(status, "", text);
  return follows ? { ...answerText(200, ""), body: followLog(context, text, ask) } : answerText(200, text);
}

function checkOptions(pod: KubernetesObject, query: URLSearchParams): void {
  const errors = ["tailLines", "limitBytes", "sinceSeconds"].flatMap((option) => {
    const given = query.get(option);
    const least = option === "tailLines" ? 0 : 1;
    if (given === null || Number(given) >= least) return [];
    return [
      invalidValue(option, Number(given), `must be greater than ${least === 0 ? "or equal to " : ""}0`),
    ];
  });
  if (errors.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, pod.metadata.name, errors);
}

/** The lines of a log, and then nothing until the container has ended. */
async function* followLog(
  { server, request, type }: RequestContext,
  text: string,
  ask: (pod: KubernetesObject | undefined) => KubeletAnswer,
): AsyncGenerator<string> {
  if (text !== "") yield text.trimEnd();
  const [, , , , namespace, , name = ""] = request.path.split("/");
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (ask(server.store.get(type.collection, storeKey(namespace, name))).follows) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = server.store.subscribe(type.collection, look);
    request.signal?.addEventListener("abort", () => resolve(), { once: true });
    look();
  });
}
