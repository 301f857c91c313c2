import { type JsonObject, printNode, type YamlNode } from "@slipway/yaml";
import { clusterNamespace, effectiveNamespace, splitApiVersion } from "./identity.ts";
import { metadataText } from "./resource.ts";

/**
 * One file for each object, by name, as `kustomize build -o DIRECTORY` writes them: `GROUP_VERSION_KIND_NAME.yaml`
 * in small letters, with the namespace in front once the objects are in more than one (kustomize's
 * kustomize/commands/build/writer.go). Of objects with the same name the last one stays.
 */
export function resourceFiles(
  resources: readonly { readonly object: JsonObject; readonly root: YamlNode }[],
): ReadonlyMap<string, string> {
  const placed = resources.map(({ object, root }) => {
    const { group, version } = splitApiVersion(String(object.apiVersion));
    const kind = String(object.kind);
    const name = metadataText(root, "name");
    const namespace = effectiveNamespace({
      group,
      version,
      kind,
      name,
      namespace: metadataText(root, "namespace"),
    });
    const type = [group, version, kind].filter((part) => part !== "").join("_");
    return { namespace, file: `${type}_${name}.yaml`, root };
  });
  const namespaces = new Set(placed.map(({ namespace }) => namespace));
  namespaces.delete(clusterNamespace);
  return new Map(
    placed.map(({ namespace, file, root }) => {
      const prefix = namespaces.size > 1 && namespace !== clusterNamespace ? `${namespace}_` : "";
      return [`${prefix}${file}`.toLowerCase(), printNode(root)];
    }),
  );
}
