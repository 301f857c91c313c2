// The functions that rules may call, with the types that they take (cel-go's standard library, its extensions for
// strings, lists, sets and optional values, and apiserver pkg/cel/library).
import {
  bool,
  type CelType,
  dyn,
  int,
  listOf,
  mapOf,
  optionalOf,
  parameter,
  simpleType,
  text,
} from "./types.ts";

/** One way to call a function; each use has parameters of its own. */
export interface Overload {
  readonly isMember: boolean;
  /** A member's first argument is what it is called on. */
  readonly instantiate: () => { readonly parameters: readonly CelType[]; readonly result: CelType };
}

const numbers = ["int", "uint", "double"];
const ordered = ["bool", ...numbers, "string", "bytes", "timestamp", "duration"];
const crossed = numbers.flatMap((a) => numbers.filter((b) => a !== b).map((b) => [a, b]));
const each = (names: readonly string[], one: (name: string) => string) => names.map(one);
const alike = (...members: string[]) => members;

/** `target.(arguments) result` for members; A and B are parameters. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  "_?_:_": ["(bool,A,A)A"],
  "!_": ["(bool)bool"],
  "-_": ["(int)int", "(double)double"],
  "_==_": ["(A,A)bool"],
  "_!=_": ["(A,A)bool"],
  ...Object.fromEntries(
    ["_<_", "_<=_", "_>_", "_>=_"].map((name) => [
      name,
      [...each(ordered, (type) => `(${type},${type})bool`), ...crossed.map((pair) => `(${pair.join()})bool`)],
    ]),
  ),
  "_+_": [
    ...each([...numbers, "string", "bytes", "duration"], (type) => `(${type},${type})${type}`),
    "(list(A),list(A))list(A)",
    "(timestamp,duration)timestamp",
    "(duration,timestamp)timestamp",
  ],
  "_-_": [
    ...each([...numbers, "duration"], (type) => `(${type},${type})${type}`),
    "(timestamp,duration)timestamp",
    "(timestamp,timestamp)duration",
  ],
  "_*_": each(numbers, (type) => `(${type},${type})${type}`),
  "_/_": each(numbers, (type) => `(${type},${type})${type}`),
  "_%_": each(["int", "uint"], (type) => `(${type},${type})${type}`),
  "@in": ["(A,list(A))bool", "(A,map(A,B))bool"],
  "_[_]": [
    "(list(A),int)A",
    "(map(A,B),A)B",
    "(optional(list(A)),int)optional(A)",
    "(optional(map(A,B)),A)optional(B)",
  ],
  "_[?_]": [
    "(list(A),int)optional(A)",
    "(map(A,B),A)optional(B)",
    "(optional(list(A)),int)optional(A)",
    "(optional(map(A,B)),A)optional(B)",
  ],
  size: each(["string", "bytes", "list(A)", "map(A,B)"], (type) => `(${type})int`).concat(
    each(["string", "bytes", "list(A)", "map(A,B)"], (type) => `${type}.()int`),
  ),
  dyn: ["(A)dyn"],
  int: each(["int", "uint", "double", "string", "timestamp", "duration"], (type) => `(${type})int`),
  uint: each(["uint", "int", "double", "string"], (type) => `(${type})uint`),
  double: each(["double", "int", "uint", "string"], (type) => `(${type})double`),
  bool: each(["bool", "string"], (type) => `(${type})bool`),
  bytes: each(["bytes", "string"], (type) => `(${type})bytes`),
  string: each(
    ["string", "bool", "bytes", "double", "int", "uint", "timestamp", "duration"],
    (type) => `(${type})string`,
  ),
  duration: each(["duration", "int", "string"], (type) => `(${type})duration`),
  timestamp: each(["timestamp", "int", "string"], (type) => `(${type})timestamp`),
  contains: ["string.(string)bool"],
  startsWith: ["string.(string)bool"],
  endsWith: ["string.(string)bool"],
  matches: ["(string,string)bool", "string.(string)bool"],
  charAt: ["string.(int)string"],
  indexOf: ["string.(string)int", "string.(string,int)int", "list(A).(A)int"],
  lastIndexOf: ["string.(string)int", "string.(string,int)int", "list(A).(A)int"],
  join: ["list(string).()string", "list(string).(string)string"],
  lowerAscii: ["string.()string"],
  upperAscii: ["string.()string"],
  replace: ["string.(string,string)string", "string.(string,string,int)string"],
  split: ["string.(string)list(string)", "string.(string,int)list(string)"],
  substring: ["string.(int)string", "string.(int,int)string"],
  trim: ["string.()string"],
  find: ["string.(string)string"],
  findAll: ["string.(string)list(string)", "string.(string,int)list(string)"],
  isURL: ["(string)bool"],
  url: ["(string)kubernetes.URL"],
  ...Object.fromEntries(
    alike("getScheme", "getHost", "getHostname", "getPort", "getEscapedPath").map((name) => [
      name,
      ["kubernetes.URL.()string"],
    ]),
  ),
  getQuery: ["kubernetes.URL.()map(string,list(string))"],
  isQuantity: ["(string)bool"],
  quantity: ["(string)kubernetes.Quantity"],
  hasValue: ["optional(A).()bool"],
  value: ["optional(A).()A"],
  orValue: ["optional(A).(A)A"],
  or: ["optional(A).(optional(A))optional(A)"],
  "optional.of": ["(A)optional(A)"],
  "optional.none": ["()optional(A)"],
};

/** Functions that are there, whose types are not looked at. */
const unchecked = new Set(
  `type format strings.quote reverse isSorted sum min max sets.contains sets.equivalent sets.intersects ip isIP
  ip.isCanonical family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast cidr isCIDR
  containsIP containsCIDR masked prefixLength isGreaterThan isLessThan compareTo add sub sign asInteger
  isInteger asApproximateFloat semver isSemver major minor patch validate optional.ofNonZeroValue
  getFullYear getMonth getDayOfYear getDayOfMonth getDate getDayOfWeek getHours getMinutes getSeconds getMilliseconds
  path group serviceAccount resource subresource namespace name check allowed reason errored error fieldSelector
  labelSelector slice flatten lists.range distinct sort optMap optFlatMap jsonpatch.escapeKey
  first last unwrap unwrapOpt math.greatest math.least`.split(/\s+/),
);

/** True for a function whose call may be anything. */
export function isUnchecked(name: string): boolean {
  return unchecked.has(name) || name.startsWith("format.");
}

/** The ways to call a function; undefined for one that there is not. */
export function overloadsOf(name: string): readonly Overload[] | undefined {
  let overloads = read.get(name);
  if (!overloads && Object.hasOwn(signatures, name)) {
    overloads = signatures[name]?.map(readSignature) ?? [];
    read.set(name, overloads);
  }
  return overloads;
}

const read = new Map<string, readonly Overload[]>();

function readSignature(signature: string): Overload {
  const member = /^(.+?)\.\((.*?)\)([^)].*)$/.exec(signature);
  const [, target, rest = "", result = ""] = member ?? ["", undefined, ...splitCall(signature)];
  const names = [...(target === undefined ? [] : [target]), ...splitTypes(rest)];
  return {
    isMember: target !== undefined,
    instantiate: () => {
      const known = new Map<string, CelType>();
      const make = (name: string) => makeType(name, known);
      return { parameters: names.map(make), result: make(result) };
    },
  };
}

/** The arguments and the result of `(A,list(A))bool`. */
function splitCall(signature: string): [string, string] {
  let depth = 0;
  for (const [index, character] of [...signature].entries()) {
    if (character === "(") depth++;
    if (character === ")" && --depth === 0) return [signature.slice(1, index), signature.slice(index + 1)];
  }
  return ["", signature];
}

function splitTypes(list: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of list) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) {
      types.push(current);
      current = "";
    } else current += character;
  }
  return current === "" ? types : [...types, current];
}

const shared: Readonly<Record<string, CelType>> = { bool, int, string: text, dyn };

function makeType(name: string, known: Map<string, CelType>): CelType {
  const [, outer, inner = ""] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
  const of = splitTypes(inner).map((each) => makeType(each, known));
  if (outer === "list") return listOf(of[0] ?? dyn);
  if (outer === "map") return mapOf(of[0] ?? dyn, of[1] ?? dyn);
  if (outer === "optional") return optionalOf(of[0] ?? dyn);
  if (name !== "A" && name !== "B") return shared[name] ?? simpleType(name);
  const found = known.get(name) ?? parameter();
  known.set(name, found);
  return found;
}
