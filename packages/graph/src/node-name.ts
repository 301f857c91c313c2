import { formatIdentity } from "@slipway/kubernetes/objects";
import type { GraphNode } from "./types.ts";

/** A node as a person names it. */
export function nodeName(node: GraphNode): string {
  if (node.type === "object") return formatIdentity(node.id);
  if (node.type === "created") return `${formatIdentity(node.id)} (made at run time)`;
  return `webhook ${node.webhook} (${formatIdentity(node.configuration)})`;
}
