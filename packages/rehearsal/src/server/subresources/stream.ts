import { textAt } from "../../admission/read-json.ts";
import { answerKubelet } from "../../kubelet/kubelet-api.ts";
import { answerText } from "../answers.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest } from "../status-errors.ts";
import { readNamed } from "../verbs/get.ts";
import { chooseContainer } from "./pod-container.ts";

/** What the kubelet calls each. */
const kubeletPaths: Readonly<Record<string, string>> = {
  attach: "attach",
  exec: "exec",
  portforward: "portForward",
};

/** WebSocket protocols that the API server speaks itself; in others it hands the kubelet's answer through. */
const closableStream = "v5.channel.k8s.io";

/**
 * `exec`, `attach` and `portforward` of a pod, up to where a kubelet would open the stream; a simulated one refuses.
 * Over a WebSocket the API server has accepted by then, so the refusal comes as the stream's final Status: an answer
 * 101 with that Status for a body.
 */
export async function stream(context: RequestContext): Promise<ApiAnswer> {
  const { request, info, server } = context;
  const subresource = info.subresource ?? "";
  const pod = await readNamed(context);
  const { namespace, name } = pod.metadata;
  const container =
    subresource === "portforward" ? "" : `/${chooseContainer(pod, request.query.get("container"))}`;
  if (!textAt(pod, "spec", "nodeName")) throw badRequest(`pod ${name} does not have a host assigned`);
  if (!request.headers.upgrade) throw badRequest("Upgrade request required");
  const path = `/${kubeletPaths[subresource]}/${namespace}/${name}${container}`;
  const { status, text } = answerKubelet(path, request.query, { pod, now: server.clock.now() });
  const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(/, */);
  if (!protocols.includes(closableStream)) return answerText(status, text);
  const message = `Internal error occurred: unable to upgrade connection: ${text}`;
  const refusal = new StatusError(500, "InternalError", message, {
    causes: [{ message: `unable to upgrade connection: ${text}` }],
  });
  const headers = { "sec-websocket-protocol": closableStream };
  return { status: 101, headers, body: JSON.stringify(refusal.toStatus()) };
}
