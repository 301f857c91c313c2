// What all steps of one build share.
import { type Problem, positionOf, sourceLineOf, type YamlNode } from "@slipway/yaml";
import type { BuildMemory } from "./build-memory.ts";
import { type BuildSchema, makeBuildSchema } from "./merge/build-schema.ts";
import type { Recorder } from "./recorder.ts";

/** A build's warnings and the schema that its patches follow. */
export interface BuildScope {
  readonly warnings: Problem[];
  readonly schema: BuildSchema;
  /** Whether origins and transformations are tracked, for `buildMetadata`. */
  tracksOrigins: boolean;
  /** Nodes that kustomize can't print if they are still as they are in the end. */
  readonly unprintable: YamlNode[];
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
export function makeScope(memory: ScopeMemory | null = null): BuildScope {
  const warnings: Problem[] = [];
  return {
    warnings,
    schema: makeBuildSchema(),
    tracksOrigins: false,
    unprintable: [],
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
