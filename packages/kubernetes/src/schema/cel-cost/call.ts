import type { Expression } from "../cel-check/expression.ts";
import type { CelType } from "../cel-check/types.ts";
import { type Size, unknownSize } from "./amount.ts";

/** What a function is called on or with. */
export interface Argument {
  readonly expression: Expression;
  readonly type: CelType;
  /** Undefined where nothing is known of it. */
  readonly size: Size | undefined;
  /** Its items where it is a list, or whatever it is made of. */
  readonly items: { readonly type: CelType; readonly size: Size | undefined } | undefined;
}

/** A call of one overload of a function. */
export interface Call {
  readonly name: string;
  readonly signature: string;
  readonly target: Argument | undefined;
  readonly parameters: readonly Argument[];
}

/** What a call costs beside what it is called with, and the size of its result where the call tells it. */
export interface CallCost {
  readonly cost: number;
  readonly size?: Size;
}

/** The size of an argument; any where it is not known. */
export function sizeOf(argument: { readonly size: Size | undefined } | undefined): Size {
  return argument?.size ?? unknownSize;
}

/** An int that is written out. */
export function writtenInt(argument: Argument | undefined): number | undefined {
  const expression = argument?.expression;
  return expression?.kind === "literal" && expression.type === "int" ? Number(expression.text) : undefined;
}
