// Where `buildMetadata` says that the work of a plugin was asked for.
import type { Origin } from "./origin.ts";
import { apiVersionOf, kindOf, nameOf, namespaceOf, type Resource } from "./resource.ts";

/** The origin that a plugin gives to what it makes or changes; null when nothing tracks origins. */
export function pluginOrigin(plugin: Resource): Origin | null {
  if (plugin.origin === null) return null;
  return {
    ...plugin.origin,
    path: "",
    configuredIn: plugin.origin.path,
    configuredBy: {
      apiVersion: apiVersionOf(plugin),
      kind: kindOf(plugin),
      name: nameOf(plugin),
      namespace: namespaceOf(plugin),
    },
  };
}
