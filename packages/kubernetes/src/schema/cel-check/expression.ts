/**
 * A part of an expression; `offset` is where cel-go complains about it: at its operator, dot or bracket, and for what a
 * macro wrote at the macro's bracket. No part stands in a tree twice.
 */
export type Expression = { readonly offset: number } & (
  | {
      readonly kind: "literal";
      readonly type: "bool" | "null" | "int" | "uint" | "double" | "string" | "bytes";
      readonly text: string;
    }
  | { readonly kind: "identifier"; readonly name: string }
  | {
      readonly kind: "select";
      readonly operand: Expression;
      readonly field: string;
      readonly optional: boolean;
      /** Whether it is only asked for (`has`). */
      readonly test?: boolean;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly target: Expression | undefined;
      readonly parameters: readonly Expression[];
    }
  | { readonly kind: "list"; readonly items: readonly Item[] }
  | { readonly kind: "map"; readonly entries: readonly Entry[] }
  | { readonly kind: "message"; readonly name: string; readonly fields: readonly MessageField[] }
  | ({ readonly kind: "comprehension" } & Comprehension)
);

/** A field of a message that is made; `offset` is that of its colon. */
export interface MessageField {
  readonly name: string;
  readonly value: Expression;
  readonly offset: number;
}

/** An item of a list, left out when it is `optional` and there is none. */
export interface Item {
  readonly value: Expression;
  readonly optional: boolean;
}

/** An entry of a map. */
export interface Entry extends Item {
  readonly key: Expression;
}

/** A loop that changes a value with each item of a list, or entry of a map. */
export interface Comprehension {
  readonly range: Expression;
  /** One name stands for an item or key; two for index and item, or key and value. */
  readonly variables: readonly string[];
  readonly accumulator: string;
  readonly initial: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/** `a.b` for what is written so. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === "identifier") return expression.name;
  if (expression.kind !== "select" || expression.optional || expression.test) return undefined;
  const prefix = qualifiedName(expression.operand);
  return prefix === undefined ? undefined : `${prefix}.${expression.field}`;
}
