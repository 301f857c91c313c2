import type { KubernetesObject } from "@slipway/kubernetes";
import { objectsAt, textAt } from "../../admission/read-json.ts";
import { badRequest } from "../status-errors.ts";

/** The container that a log or a stream is wanted of: the named one, else the only one (registry/core/pod). */
export function chooseContainer(pod: KubernetesObject, wanted: string | null): string {
  const { name } = pod.metadata;
  const named = (list: string) => objectsAt(pod, "spec", list).map((one) => textAt(one, "name") ?? "");
  const regular = named("containers");
  const all = [...named("initContainers"), ...regular, ...named("ephemeralContainers")];
  if (wanted) {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only, ...others] = regular;
  if (only !== undefined && others.length === 0) return only;
  const choice = `choose one of: [${all.join(" ")}]`;
  throw badRequest(`a container name must be specified for pod ${name}, ${choice}`);
}
