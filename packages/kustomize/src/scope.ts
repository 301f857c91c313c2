// What all steps of one build share.
import { type Problem, positionOf, sourceLineOf, type YamlNode } from "@slipway/yaml";
import type { SchemaLookup } from "./merge/merge-schema.ts";

/** A build's warnings and the schema that its patches follow. */
export interface BuildScope {
  readonly warnings: Problem[];
  /** Set by the first kustomization that says `openapi`, as in kustomize. */
  schema: SchemaLookup;
  /** True once a kustomization has said `openapi`. */
  hasOwnSchema: boolean;
  /** Whether origins and transformations are tracked, for `buildMetadata`. */
  tracksOrigins: boolean;
  /** Nodes that were given a text that their type can't have. */
  readonly mistyped: YamlNode[];
  readonly warn: (code: string, message: string, node?: YamlNode | null, next?: string) => void;
}

/** An empty scope. */
export function makeScope(schema: SchemaLookup): BuildScope {
  const warnings: Problem[] = [];
  return {
    warnings,
    schema,
    hasOwnSchema: false,
    tracksOrigins: false,
    mistyped: [],
    warn: (code, message, node, next) => {
      const position = positionOf(node ?? undefined);
      const sourceLine = sourceLineOf(node ?? undefined);
      warnings.push({
        code: `kustomize/${code}`,
        message,
        ...(position ? { position } : {}),
        ...(sourceLine === undefined ? {} : { sourceLine }),
        ...(next === undefined ? {} : { next }),
      });
    },
  };
}
