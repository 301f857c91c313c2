// What calls of CEL's own functions cost (cel-go checker/cost.go, functionCost).
import {
  add,
  exactly,
  joined,
  most,
  multiply,
  perCharacter,
  perPatternCharacter,
  type Size,
  scale,
} from "./amount.ts";
import { type Call, type CallCost, sizeOf } from "./call.ts";

/** The cost of calling a function of the language, which is 1 for those that take no time by the size of a value. */
export function standardCost(call: Call): CallCost {
  return Object.hasOwn(costs, key(call)) ? (costs[key(call)]?.(call) ?? { cost: 1 }) : { cost: 1 };
}

function key({ name, signature }: Call): string {
  return `${name} ${signature}`;
}

type Costs = Readonly<Record<string, (call: Call) => CallCost>>;

const traverse = (size: Size) => scale(size.max, perCharacter);
const traversed = ({ parameters }: Call) => ({ cost: traverse(sizeOf(parameters[0])) });

/** The larger one does not count: the comparison ends where the smaller does. */
function compared({ parameters }: Call): CallCost {
  const [left, right] = parameters;
  return { cost: scale(Math.min(sizeOf(left).max, sizeOf(right).max), perCharacter) };
}

function concatenated({ parameters }: Call): CallCost {
  const size = joined(sizeOf(parameters[0]), sizeOf(parameters[1]));
  return { cost: traverse(size), size };
}

const costs: Costs = {
  "format string.(list(dyn))string": ({ target }) => ({ cost: traverse(sizeOf(target)) }),
  "bytes (string)bytes": ({ parameters }) => {
    const { min, max } = sizeOf(parameters[0]);
    return { cost: scale(max, perCharacter), size: { min, max: Math.min(max * 4, most) } };
  },
  "string (bytes)string": ({ parameters }) => {
    const { min, max } = sizeOf(parameters[0]);
    return { cost: scale(max, perCharacter), size: { min: Math.floor(min / 4), max } };
  },
  "strings.quote (string)string": ({ parameters }) => {
    const { min, max } = sizeOf(parameters[0]);
    // The real sum wraps around.
    return { cost: scale(max, perCharacter), size: { min: min + 2, max: max >= most / 2 ? 0 : max * 2 + 2 } };
  },
  "startsWith string.(string)bool": traversed,
  "endsWith string.(string)bool": traversed,
  "@in (A,list(A))bool": ({ parameters }) => ({ cost: sizeOf(parameters[1]).max }),
  "matches string.(string)bool": ({ target, parameters }) => {
    const text = traverse(joined(sizeOf(target), exactly(1)));
    return { cost: multiply(text, scale(sizeOf(parameters[0]).max, perPatternCharacter)) };
  },
  "contains string.(string)bool": ({ target, parameters }) => ({
    cost: multiply(traverse(sizeOf(target)), traverse(sizeOf(parameters[0]))),
  }),
  "_+_ (string,string)string": concatenated,
  "_+_ (bytes,bytes)bytes": concatenated,
  "_+_ (list(A),list(A))list(A)": (call) => ({ ...concatenated(call), cost: 1 }),
  "_==_ (A,A)bool": compared,
  "_!=_ (A,A)bool": compared,
  ...Object.fromEntries(
    ["_<_", "_<=_", "_>_", "_>=_"].flatMap((name) => [
      [`${name} (string,string)bool`, compared],
      [`${name} (bytes,bytes)bool`, compared],
    ]),
  ),
};

/** The cost of what is called with. */
export function sum(costs: readonly number[]): number {
  return costs.reduce(add, 0);
}
