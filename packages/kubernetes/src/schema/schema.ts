import type { Json } from "@slipway/yaml";

/** What a value may be; `any` for int-or-string, untyped and preserved values. */
export type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "any";

/** One `x-kubernetes-validations` entry. */
export interface SchemaRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The constraints on a value that do not say what fields it has. */
export interface SchemaLimits {
  /** A type that there is not: no value is of it. */
  readonly unknownType?: string;
  readonly format?: string;
  readonly enum?: readonly Json[];
  readonly pattern?: RegExp;
  readonly patternText?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
}

/**
 * A structural schema in the form that Slipway works with: one node per place in the object, references
 * followed, so a recursive type is a cyclic graph. Serves CustomResourceDefinitions and built-in kinds alike.
 */
export interface Schema {
  readonly type: SchemaType;
  readonly intOrString: boolean;
  readonly nullable: boolean;
  /** `x-kubernetes-preserve-unknown-fields`. */
  readonly preserveUnknown: boolean;
  /** `x-kubernetes-embedded-resource`, and the root of a custom resource: apiVersion, kind and metadata are implied. */
  readonly embedded: boolean;
  readonly properties: ReadonlyMap<string, Schema> | undefined;
  /** Schema of the values under names that `properties` does not list; true when anything may stand there. */
  readonly additional: Schema | boolean;
  /** Names of the properties that have a default. */
  readonly defaulted: readonly string[];
  /**
   * Field management takes names that the schema does not list as they come: an object without properties, and
   * everything below `preserveUnknown`.
   */
  readonly open: boolean;
  readonly items: Schema | undefined;
  readonly required: readonly string[];
  readonly default: Json | undefined;
  /** `x-kubernetes-list-type`; `atomic` where the schema says nothing. */
  readonly listType: "atomic" | "set" | "map";
  readonly listKeys: readonly string[];
  /** `x-kubernetes-map-type`. */
  readonly mapType: "granular" | "atomic";
  readonly limits: SchemaLimits | undefined;
  readonly rules: readonly SchemaRule[];
  /** Strategic merge patch, built-in kinds only. */
  readonly patchStrategy: readonly string[];
  readonly patchMergeKey: string | undefined;
  /** Built-in kinds: how the server's own type writes this field when it holds nothing. */
  readonly empty: EmptyField;
  /** Built-in kinds: the API's name of the type, without the package's path (`core.v1.PodSpec`). */
  readonly typeName: string | undefined;
}

/**
 * What becomes of an empty value on its way through the server's Go types: `keep` (a pointer, or a custom
 * resource: as sent), `drop` (omitempty: zero values vanish), `zero` (always written, zero when absent),
 * `null` (a list or map that is written as null when absent).
 */
export type EmptyField = "keep" | "drop" | "zero" | "null";

/** A schema node from the attributes that differ from the plainest one: any value, nothing else said. */
export function makeSchema(attributes: Partial<Schema>): Schema {
  return {
    type: attributes.type ?? "any",
    intOrString: attributes.intOrString ?? false,
    nullable: attributes.nullable ?? false,
    preserveUnknown: attributes.preserveUnknown ?? false,
    embedded: attributes.embedded ?? false,
    properties: attributes.properties,
    additional: attributes.additional ?? false,
    defaulted: attributes.defaulted ?? [],
    open: attributes.open ?? attributes.properties === undefined,
    items: attributes.items,
    required: attributes.required ?? [],
    default: attributes.default,
    listType: attributes.listType ?? "atomic",
    listKeys: attributes.listKeys ?? [],
    mapType: attributes.mapType ?? "granular",
    limits: attributes.limits,
    rules: attributes.rules ?? [],
    patchStrategy: attributes.patchStrategy ?? [],
    patchMergeKey: attributes.patchMergeKey,
    empty: attributes.empty ?? "keep",
    typeName: attributes.typeName,
  };
}
