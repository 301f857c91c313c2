// What calls of the libraries' functions cost (apiserver cel/library/cost.go, cel-go ext/lists.go and ext/sets.go).
import { isSame } from "../cel-check/types.ts";
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
  times,
} from "./amount.ts";
import { type Argument, type Call, type CallCost, sizeOf, writtenInt } from "./call.ts";
import { replacedSize } from "./replaced-size.ts";

/** The cost of calling a function of a library; undefined for one that is the language's own. */
export function libraryCost(call: Call): CallCost | undefined {
  return Object.hasOwn(costs, call.name) ? costs[call.name]?.(call) : undefined;
}

type Cost = (call: Call) => CallCost | undefined;

const named = (names: string, cost: Cost): Readonly<Record<string, Cost>> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, cost]));

const traverse = (size: Size, times = 1) => scale(size.max, times * perCharacter);
const firstOf = ({ parameters }: Call) => sizeOf(parameters[0]);
/** The cost of one that reads a text from its begin to its end. */
const parsed: Cost = (call) => ({ cost: traverse(firstOf(call)) });
const nominal: Cost = () => ({ cost: 1 });

function isText(argument: Argument["items"]): boolean {
  return argument?.type.kind === "simple" && ["string", "bytes"].includes(argument.type.name);
}

/** One that goes over a list, and over the texts in it. */
function gone({ target }: Call): CallCost | undefined {
  if (!target) return undefined;
  const { items } = target;
  if (!items) return { cost: traverse(sizeOf(target)) };
  const each = isText(items) ? add(1, traverse(sizeOf(items))) : 1;
  return { cost: multiply(sizeOf(target).max, each) };
}

/** A call that makes a list of this size. */
function listMade(size: Size, factor = 1): CallCost {
  return { cost: add(scale(size.max, factor), 11), size };
}

/** One that compares the items of a list with each other. */
function selfCompared(list: Argument | undefined, factor: number): CallCost {
  const size = sizeOf(list);
  return listMade(times(size, size), factor);
}

const sorted = (list: Argument | undefined, texts: boolean) =>
  selfCompared(list, texts ? 2 + perCharacter : 2);
const count = (argument: Argument | undefined, otherwise: number) =>
  Math.max(0, writtenInt(argument) ?? otherwise);

const compareSets =
  (factor: number): Cost =>
  ({ parameters: [left, right] }) => ({
    cost: add(scale(multiply(sizeOf(left).max, sizeOf(right).max), factor), 1),
  });

/** An address has 4 or 16 bytes, and so many are held against as many. */
const addressBytes = 16;

function contained(call: Call, base: number): CallCost {
  const isRead = call.signature === "net.CIDR.(string)bool";
  return { cost: isRead ? add(base, traverse(firstOf(call))) : base };
}

function equalled({ parameters: [left, right] }: Call): CallCost | undefined {
  if (!left || !right || left.type.kind !== "simple" || !isSame(left.type, right.type)) return undefined;
  switch (left.type.name) {
    case "net.IP":
    case "net.CIDR":
    case "kubernetes.Quantity":
    case "kubernetes.Semver":
      return { cost: 1 };
    case "kubernetes.NamedFormat":
      return { cost: scale(64, perCharacter) };
    case "kubernetes.URL":
      return { cost: scale(right.size?.max ?? 1, perCharacter) };
    default:
      return undefined;
  }
}

const costs: Readonly<Record<string, Cost>> = {
  ...named("isSorted sum max min indexOf lastIndexOf", gone),
  ...named("url jsonpatch.escapeKey", (call) => ({ cost: traverse(firstOf(call)), size: firstOf(call) })),
  ...named("lowerAscii upperAscii substring trim", ({ target }) => ({
    cost: traverse(sizeOf(target)),
    size: sizeOf(target),
  })),
  replace: ({ target, parameters: [old, fresh] }) => ({
    cost: traverse(sizeOf(target), 2),
    size: replacedSize(sizeOf(target), sizeOf(old), sizeOf(fresh)),
  }),
  split: ({ target, parameters: [, limit] }) => {
    const size = sizeOf(target);
    const pieces = writtenInt(limit) ?? size.max;
    // A negative limit is none.
    return { cost: traverse(size, 2), size: { min: 0, max: pieces < 0 ? most : pieces } };
  },
  join: ({ target, parameters: [separator] }) => {
    const list = sizeOf(target);
    let size = target?.items ? times(list, sizeOf(target.items)) : exactly(0);
    if (separator) {
      const between = { min: Math.max(0, list.min - 1), max: Math.max(0, list.max - 1) };
      size = joined(size, times(sizeOf(separator), between));
    }
    return { cost: traverse(size), size };
  },
  ...named("find findAll", ({ target, parameters: [pattern] }) => {
    const size = sizeOf(target);
    const cost = multiply(
      traverse(joined(size, exactly(1))),
      scale(sizeOf(pattern).max, perPatternCharacter),
    );
    return { cost, size: { min: 0, max: size.max } };
  }),
  ...named("cidr isIP isCIDR quantity isQuantity semver isSemver", parsed),
  ip: (call) => (call.target ? nominal(call) : parsed(call)),
  "ip.isCanonical": (call) => ({ cost: traverse(firstOf(call), 2) }),
  ...named(
    "masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast",
    nominal,
  ),
  containsIP: (call) => contained(call, scale(2 * addressBytes, perCharacter)),
  containsCIDR: (call) => {
    const compare = scale(2 * addressBytes, perCharacter);
    return contained(call, add(compare, scale(addressBytes, perCharacter) + 1));
  },
  // As if of the longest pattern that a format may have.
  validate: (call) => ({ cost: scale(traverse(firstOf(call)), 128 * perPatternCharacter) }),
  ...named("format.named sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan", nominal),
  ...named("compareTo add sub major minor patch", nominal),
  ...named("getScheme getHostname getHost getPort getEscapedPath getQuery", nominal),
  "_==_": equalled,
  ...named("sets.contains sets.intersects", compareSets(1)),
  "sets.equivalent": compareSets(2),
  slice: ({ target, parameters: [start, end] }) => {
    const length = count(end, sizeOf(target).max) - count(start, 0);
    return listMade(exactly(length < 0 ? most : length));
  },
  flatten: ({ target, parameters }) =>
    listMade(sizeOf(target), parameters.length === 0 ? 1 : count(parameters[0], most)),
  "lists.range": ({ parameters }) => listMade(exactly(count(parameters[0], most))),
  reverse: ({ target }) => listMade(sizeOf(target)),
  distinct: ({ target }) => selfCompared(target, 2),
  sort: ({ target, signature }) => sorted(target, /\((?:string|bytes)\)$/.test(signature)),
  "@sortByAssociatedKeys": ({ parameters, signature }) =>
    sorted(parameters[0], /\.\(list\((?:string|bytes)\)/.test(signature)),
};
