// The schema that a build's patches follow: the built-in one, one of the user's, or both.
import type { YamlNode } from "@slipway/yaml";
import { hasKnownScope, type KindScopes, useOwnScopes } from "../kind-scopes.ts";
import { apiVersionOf, kindOf, type Resource } from "../resource.ts";
import { builtInSchema, builtInSource, lookupIn, type SchemaLookup } from "./merge-schema.ts";
import { openApiScopes, openApiSource } from "./openapi-schema.ts";

/**
 * What a build knows of schemas. kustomize reads its built-in schema as late as it can and adds to what it has
 * read already, so that the two mix in a way that depends on what came before the `openapi` field: a patch has
 * read the built-in schema, an object of a kind that kustomize doesn't know has made sure that it is read later
 * (kyaml/openapi `initSchema`).
 */
export interface BuildSchema {
  builtIn: "unasked" | "later" | "read";
  /** True once a kustomization has said `openapi`: later ones say it in vain. */
  isDecided: boolean;
  /** The definitions in use. */
  definitions: SchemaLookup;
  /** Looks up schemas for a patch. */
  readonly lookup: SchemaLookup;
}

/** The state at the start of a build. */
export function makeBuildSchema(): BuildSchema {
  useOwnScopes(new Map());
  const schema: BuildSchema = {
    builtIn: "unasked",
    isDecided: false,
    definitions: builtInSchema,
    lookup: {
      ofKind: (apiVersion, kind) => {
        schema.builtIn = "read";
        return schema.definitions.ofKind(apiVersion, kind);
      },
      named: (name) => {
        schema.builtIn = "read";
        return schema.definitions.named(name);
      },
    },
  };
  return schema;
}

/** Notes objects that were read: kustomize looks up the scope of kinds that it doesn't know. */
export function noteKinds(schema: BuildSchema, resources: readonly Resource[]): void {
  if (schema.builtIn !== "unasked") return;
  if (resources.every((resource) => hasKnownScope(apiVersionOf(resource), kindOf(resource)))) return;
  schema.builtIn = "later";
}

/** Takes the schema of a file: for what both define, that which was read last counts. */
export function useOwnSchema(schema: BuildSchema, root: YamlNode): void {
  const own = openApiSource(root);
  const sources = {
    unasked: [own],
    later: [own, builtInSource],
    read: [builtInSource, own],
  } as const;
  schema.definitions = lookupIn(sources[schema.builtIn]);
  const scopes: KindScopes = openApiScopes(root);
  useOwnScopes(scopes);
}
