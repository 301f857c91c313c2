// `crds`: field specs read from OpenAPI definitions with kustomize's extensions (internal/accumulator).
import { getChild, type YamlNode } from "@slipway/yaml";
import {
  emptyConfig,
  type FieldSpec,
  fieldSpec,
  mergeConfigs,
  type TransformerConfig,
} from "./transformer-config.ts";

/** The field specs that a file of definitions by type name asks for. */
export function configFromCrds(root: YamlNode): TransformerConfig {
  let config = emptyConfig;
  if (root.type !== "map") return config;
  for (const definition of root.children) {
    const properties = propertiesOf(definition);
    const isObject = ["kind", "apiVersion", "metadata"].every(
      (key) => getChild(properties, key) !== undefined,
    );
    if (!isObject) continue;
    const kind = definition.key.split(".").at(-1) ?? "";
    config = mergeConfigs(config, collect(root, definition.key, kind, [], 0));
  }
  return config;
}

function propertiesOf(definition: YamlNode | undefined): YamlNode | undefined {
  return getChild(getChild(definition, "Schema") ?? getChild(definition, "schema"), "properties");
}

const maxDepth = 64;

function collect(
  root: YamlNode,
  name: string,
  kind: string,
  path: readonly string[],
  depth: number,
): TransformerConfig {
  let config = emptyConfig;
  if (depth > maxDepth) return config;
  const add = (part: Partial<TransformerConfig>) => {
    config = mergeConfigs(config, { ...emptyConfig, ...part });
  };
  for (const property of propertiesOf(getChild(root, name))?.children ?? []) {
    const here = [...path, property.key];
    const spec = (extra: readonly string[] = []): FieldSpec =>
      fieldSpec({ kind, path: [...here, ...extra].join("/") });
    const extension = (key: string) => getChild(property, key)?.text;
    if (extension("x-kubernetes-annotation") !== undefined) add({ commonAnnotations: [spec()] });
    if (extension("x-kubernetes-label-selector") !== undefined) add({ commonLabels: [spec()] });
    if (extension("x-kubernetes-identity") !== undefined) add({ namePrefix: [spec()] });
    const version = extension("x-kubernetes-object-ref-api-version");
    const target = extension("x-kubernetes-object-ref-kind");
    if (version !== undefined && target !== undefined) {
      const key = extension("x-kubernetes-object-ref-name-key") ?? "name";
      add({ nameReference: [{ group: "", version, kind: target, referrers: [spec([key])] }] });
    }
    const reference = extension("$ref");
    if (reference !== undefined) {
      config = mergeConfigs(config, collect(root, reference, kind, here, depth + 1));
    }
  }
  return config;
}
