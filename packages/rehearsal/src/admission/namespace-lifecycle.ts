// NamespaceLifecycle: content needs a namespace that exists and is not going away.
import { builtin } from "@slipway/kubernetes";
import { notFound } from "../server/status-errors.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { textAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

const namespaces = builtin("", "Namespace");
const immortal: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** Refuses what the API server's plugin of this name refuses (plugin/namespace/lifecycle). */
export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  async admit(attributes, reader) {
    const { type, operation } = attributes;
    if (type.group === "" && type.resource === "namespaces") {
      if (operation === "DELETE" && !attributes.subresource && immortal.has(attributes.name)) {
        throw refuse(attributes, "this namespace may not be deleted");
      }
      return undefined;
    }
    if (!type.namespaced || !attributes.namespace || operation === "DELETE") return undefined;
    if (type.resource === "localsubjectaccessreviews") return undefined;
    const namespace = reader.get(namespaces, undefined, attributes.namespace);
    if (!namespace) throw notFound(namespaces, attributes.namespace);
    if (operation !== "CREATE") return undefined;
    if (namespace.metadata.deletionTimestamp || textAt(namespace, "status", "phase") === "Terminating") {
      const name = attributes.namespace;
      throw refuse(
        attributes,
        `unable to create new content in namespace ${name} because it is being terminated`,
        {
          causes: [
            {
              reason: "NamespaceTerminating",
              message: `namespace ${name} is being terminated`,
              field: "metadata.namespace",
            },
          ],
        },
      );
    }
    return undefined;
  },
};
