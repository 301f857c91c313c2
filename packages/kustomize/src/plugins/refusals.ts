// Plugins that a build does not run.
import { getChild } from "@slipway/yaml";
import { failure } from "../problem.ts";
import { apiVersionOf, kindOf, nameOf, type Resource } from "../resource.ts";
import { placeOf } from "../resource-list.ts";

/** An error for a kind that is no built-in plugin of the wanted role. */
export function unknownPlugin(plugin: Resource, role: "generator" | "transformer", isOther: boolean): Error {
  const kind = kindOf(plugin);
  return failure(
    "wrong-plugin",
    isOther ? `plugin ${kind} not a ${role}` : `unable to load builtin ${kind}`,
    {
      node: placeOf(plugin),
    },
  );
}

/** Refuses plugins that run programs or containers. */
export function refuseForeign(plugin: Resource): void {
  if (apiVersionOf(plugin) === "builtin") return;
  const annotations = getChild(getChild(plugin.root, "metadata"), "annotations");
  const isFunction =
    getChild(annotations, "config.kubernetes.io/function") ?? getChild(annotations, "config.k8s.io/function");
  const feature = isFunction ? "functions" : "plugins";
  throw failure(
    `refused-${feature}`,
    `external plugins disabled; unable to load external plugin '${kindOf(plugin)}' (${nameOf(plugin)})`,
    {
      node: placeOf(plugin),
      next: "Run it beforehand and list what it prints under resources: a build runs no programs and no containers.",
    },
  );
}
