import { objectsAt, textAt } from "../../admission/read-json.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest } from "../status-errors.ts";
import { readNamed } from "../verbs/get.ts";

/** GET of a pod's log. Simulated containers write none, which is said rather than shown as an empty one. */
export async function log(context: RequestContext): Promise<ApiAnswer> {
  const pod = await readNamed(context);
  const { name } = pod.metadata;
  const containers = [...objectsAt(pod, "spec", "containers"), ...objectsAt(pod, "spec", "initContainers")];
  const wanted = context.request.query.get("container");
  if (wanted && !containers.some((container) => container.name === wanted)) {
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  // Before a pod has a node the real server answers with nothing, too.
  if (!textAt(pod, "spec", "nodeName")) return { status: 204, headers: {}, body: "" };
  throw badRequest(`pod ${name} is simulated: no process runs in it, and nothing writes a log`);
}
