// What all steps of one build share.
import { type Problem, positionOf, sourceLineOf, type YamlNode } from "@slipway/yaml";
import type { BuildMemory } from "./build-memory.ts";
import type { SchemaLookup } from "./merge/merge-schema.ts";
import type { Recorder } from "./recorder.ts";

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
  /** What earlier builds have left; null when nothing is remembered. */
  readonly memory: ScopeMemory | null;
  readonly warn: (code: string, message: string, node?: YamlNode | null, next?: string) => void;
}

/** A memory and the recorder that knows what is asked. */
export interface ScopeMemory {
  readonly store: BuildMemory;
  readonly recorder: Recorder;
}

/** An empty scope. */
export function makeScope(schema: SchemaLookup, memory: ScopeMemory | null = null): BuildScope {
  const warnings: Problem[] = [];
  return {
    warnings,
    schema,
    hasOwnSchema: false,
    tracksOrigins: false,
    mistyped: [],
    memory,
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
