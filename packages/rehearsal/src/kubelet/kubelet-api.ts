// What a simulated kubelet answers when the API server asks it about a container.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../admission/read-json.ts";

/** A kubelet's answer: plain text, as it writes it for its errors too. */
export interface KubeletAnswer {
  readonly status: number;
  readonly text: string;
  /** The log goes on for as long as the container runs. */
  readonly follows?: boolean;
}

/**
 * Answers `/containerLogs/NAMESPACE/POD/CONTAINER`, `/exec/…`, `/attach/…` and `/portForward/NAMESPACE/POD` for the
 * pod that the path names, in the words of a real kubelet (pkg/kubelet/server) as far as it has any. A simulated
 * container's log is one line which says that it is simulated; there is no process to run a command in. (Refusals
 * of streams hold no ": ": clients would read them as a YAML object.)
 */
export function answerKubelet(
  path: string,
  query: URLSearchParams,
  { pod, now }: { readonly pod: KubernetesObject | undefined; readonly now: number },
): KubeletAnswer {
  const [, what, , podName = "", container = ""] = path.split("/");
  switch (what) {
    case "containerLogs":
      if (!pod) return { status: 404, text: `pod "${podName}" does not exist` };
      return readLog(pod, container, { query, now });
    case "exec":
    case "attach":
      if (!pod) return { status: 404, text: "pod does not exist" };
      return {
        status: 500,
        text: `container not found ("${container}") as it is simulated and runs no process`,
      };
    case "portForward":
      if (!pod) return { status: 404, text: "pod does not exist" };
      return { status: 500, text: `pod "${podName}" is simulated and listens on no port` };
    default:
      return { status: 404, text: "404 page not found\n" };
  }
}

/** The namespace and name of the pod that a kubelet's path is about. */
export function podInPath(path: string): { readonly namespace: string; readonly name: string } {
  const [, , namespace = "", name = ""] = path.split("/");
  return { namespace, name };
}

function readLog(
  pod: KubernetesObject,
  container: string,
  { query, now }: { readonly query: URLSearchParams; readonly now: number },
): KubeletAnswer {
  const started = startOf(pod, container, query.get("previous") === "true");
  if ("refusal" in started) return { status: 400, text: started.refusal };
  const { at, ended } = started;
  const since = sinceOf(query, now);
  const tail = query.get("tailLines");
  const shown = tail === "0" || Date.parse(at) < since ? "" : formatLine(container, at, query);
  const limit = query.get("limitBytes");
  const text = limit === null ? shown : shown.slice(0, Number(limit));
  return { status: 200, text, ...(query.get("follow") === "true" && !ended ? { follows: true } : {}) };
}

function formatLine(container: string, at: string, query: URLSearchParams): string {
  const time = query.get("timestamps") === "true" ? `${at} ` : "";
  return `${time}container "${container}" is simulated: no process runs in it, and nothing more is logged\n`;
}

function sinceOf(query: URLSearchParams, now: number): number {
  const seconds = query.get("sinceSeconds");
  if (seconds !== null) return now - Number(seconds) * 1000;
  return Date.parse(query.get("sinceTime") ?? "") || 0;
}

/** When the container whose log is wanted started, or why it has none (kubelet validateContainerLogStatus). */
function startOf(
  pod: KubernetesObject,
  container: string,
  previous: boolean,
): { readonly at: string; readonly ended: boolean } | { readonly refusal: string } {
  const named = `container "${container}" in pod "${pod.metadata.name}"`;
  const status = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
    .flatMap((list) => objectsAt(pod, "status", list))
    .find(({ name }) => name === container);
  if (!status) return { refusal: `${named} is not available` };
  const last = textAt(status, "lastState", "terminated", "startedAt");
  if (previous)
    return last ? { at: last, ended: true } : { refusal: `previous terminated ${named} not found` };
  const running = textAt(status, "state", "running", "startedAt");
  if (running) return { at: running, ended: false };
  const terminated = textAt(status, "state", "terminated", "startedAt") ?? last;
  if (terminated) return { at: terminated, ended: true };
  const waiting: JsonObject = objectAt(status, "state", "waiting");
  const reason = textAt(waiting, "reason");
  return { refusal: `${named} is waiting to start${reason ? `: ${reason}` : " - no logs yet"}` };
}
