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
  /** With its namespace: `sets.contains`. */
  readonly name: string;
  readonly isMember: boolean;
  /** `string.(string)bool`, by which to tell the overloads of a name from each other. */
  readonly signature: string;
  /** A member's first argument is what it is called on. */
  readonly instantiate: () => { readonly parameters: readonly CelType[]; readonly result: CelType };
}

const numbers = ["int", "uint", "double"];
const ordered = ["bool", ...numbers, "string", "bytes", "timestamp", "duration"];
const crossed = numbers.flatMap((a) => numbers.filter((b) => a !== b).map((b) => [a, b]));
const each = (names: readonly string[], one: (name: string) => string) => names.map(one);
const named = (names: readonly string[], signatures: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, signatures]));
const dates = ["timestamp.()int", "timestamp.(string)int"];
const nameFormats =
  "dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix labelValue uri uuid byte date datetime".split(
    " ",
  );
const authorization = "kubernetes.authorization";
const decision = `${authorization}.Decision`;

/** `target.(arguments) result` for members; A and B are parameters. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  "_?_:_": ["(bool,A,A)A"],
  "_&&_": ["(bool,bool)bool"],
  "_||_": ["(bool,bool)bool"],
  "!_": ["(bool)bool"],
  "@not_strictly_false": ["(bool)bool"],
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
  "cel.@mapInsert": ["(map(A,B),A,B)map(A,B)", "(map(A,B),map(A,B))map(A,B)"],
  type: ["(A)type(A)"],
  dyn: ["(A)dyn"],
  int: each(["int", "uint", "double", "string", "timestamp", "duration"], (type) => `(${type})int`),
  uint: each(["uint", "int", "double", "string"], (type) => `(${type})uint`),
  double: each(["double", "int", "uint", "string"], (type) => `(${type})double`),
  bool: each(["bool", "string"], (type) => `(${type})bool`),
  bytes: each(["bytes", "string"], (type) => `(${type})bytes`),
  string: each(
    ["string", "bool", "bytes", "double", "int", "uint", "timestamp", "duration", "net.IP", "net.CIDR"],
    (type) => `(${type})string`,
  ),
  duration: each(["duration", "int", "string"], (type) => `(${type})duration`),
  timestamp: each(["timestamp", "int", "string"], (type) => `(${type})timestamp`),
  contains: ["string.(string)bool"],
  startsWith: ["string.(string)bool"],
  endsWith: ["string.(string)bool"],
  matches: ["(string,string)bool", "string.(string)bool"],
  ...named(["getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth", "getDate", "getDayOfWeek"], dates),
  ...named(["getHours", "getMinutes", "getSeconds", "getMilliseconds"], [...dates, "duration.()int"]),
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
  format: ["string.(list(dyn))string"],
  "strings.quote": ["(string)string"],
  find: ["string.(string)string"],
  findAll: ["string.(string)list(string)", "string.(string,int)list(string)"],
  isSorted: each(ordered, (type) => `list(${type}).()bool`),
  sum: each([...numbers, "duration"], (type) => `list(${type}).()${type}`),
  ...named(
    ["min", "max"],
    each(ordered, (type) => `list(${type}).()${type}`),
  ),
  ...named(["sets.contains", "sets.equivalent", "sets.intersects"], ["(list(A),list(A))bool"]),
  slice: ["list(A).(int,int)list(A)"],
  flatten: ["list(list(A)).()list(A)", "list(dyn).(int)list(dyn)"],
  sort: each(ordered, (type) => `list(${type}).()list(${type})`),
  "@sortByAssociatedKeys": each(ordered, (type) => `list(A).(list(${type}))list(A)`),
  "lists.range": ["(int)list(int)"],
  ...named(["reverse", "distinct"], ["list(A).()list(A)"]),
  isURL: ["(string)bool"],
  url: ["(string)kubernetes.URL"],
  ...named(["getScheme", "getHost", "getHostname", "getPort", "getEscapedPath"], ["kubernetes.URL.()string"]),
  getQuery: ["kubernetes.URL.()map(string,list(string))"],
  ...named(["isIP", "ip.isCanonical", "isCIDR", "isQuantity"], ["(string)bool"]),
  ip: ["(string)net.IP", "net.CIDR.()net.IP"],
  family: ["net.IP.()int"],
  ...named(
    ["isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast"],
    ["net.IP.()bool"],
  ),
  cidr: ["(string)net.CIDR"],
  containsIP: ["net.CIDR.(string)bool", "net.CIDR.(net.IP)bool"],
  containsCIDR: ["net.CIDR.(string)bool", "net.CIDR.(net.CIDR)bool"],
  prefixLength: ["net.CIDR.()int"],
  masked: ["net.CIDR.()net.CIDR"],
  quantity: ["(string)kubernetes.Quantity"],
  sign: ["(kubernetes.Quantity)int"],
  ...named(
    ["isGreaterThan", "isLessThan"],
    each(["kubernetes.Quantity", "kubernetes.Semver"], (type) => `${type}.(${type})bool`),
  ),
  compareTo: each(["kubernetes.Quantity", "kubernetes.Semver"], (type) => `${type}.(${type})int`),
  asApproximateFloat: ["kubernetes.Quantity.()double"],
  asInteger: ["kubernetes.Quantity.()int"],
  isInteger: ["kubernetes.Quantity.()bool"],
  ...named(
    ["add", "sub"],
    each(["kubernetes.Quantity", "int"], (type) => `kubernetes.Quantity.(${type})kubernetes.Quantity`),
  ),
  semver: ["(string)kubernetes.Semver", "(string,bool)kubernetes.Semver"],
  isSemver: ["(string)bool", "(string,bool)bool"],
  ...named(["major", "minor", "patch"], ["kubernetes.Semver.()int"]),
  "format.named": ["(string)optional(kubernetes.NamedFormat)"],
  ...named(
    each(nameFormats, (name) => `format.${name}`),
    ["()kubernetes.NamedFormat"],
  ),
  validate: ["kubernetes.NamedFormat.(string)optional(list(string))"],
  "jsonpatch.escapeKey": ["(string)string"],
  hasValue: ["optional(A).()bool"],
  value: ["optional(A).()A"],
  orValue: ["optional(A).(A)A"],
  or: ["optional(A).(optional(A))optional(A)"],
  "optional.of": ["(A)optional(A)"],
  "optional.ofNonZeroValue": ["(A)optional(A)"],
  "optional.none": ["()optional(A)"],
  "optional.unwrap": ["(list(optional(A)))list(A)"],
  unwrapOpt: ["list(optional(A)).()list(A)"],
  ...named(["first", "last"], ["list(A).()optional(A)"]),
  path: [`${authorization}.Authorizer.(string)${authorization}.PathCheck`],
  group: [`${authorization}.Authorizer.(string)${authorization}.GroupCheck`],
  serviceAccount: [`${authorization}.Authorizer.(string,string)${authorization}.Authorizer`],
  resource: [`${authorization}.GroupCheck.(string)${authorization}.ResourceCheck`],
  ...named(
    ["subresource", "namespace", "name", "fieldSelector", "labelSelector"],
    [`${authorization}.ResourceCheck.(string)${authorization}.ResourceCheck`],
  ),
  check: each(["PathCheck", "ResourceCheck"], (type) => `${authorization}.${type}.(string)${decision}`),
  ...named(["errored", "allowed"], [`${decision}.()bool`]),
  ...named(["error", "reason"], [`${decision}.()string`]),
};

/** The ways to call a function; undefined for one that there is not. */
export function overloadsOf(name: string): readonly Overload[] | undefined {
  let overloads = read.get(name);
  if (!overloads && Object.hasOwn(signatures, name)) {
    overloads = signatures[name]?.map((signature) => readSignature(name, signature)) ?? [];
    read.set(name, overloads);
  }
  return overloads;
}

const read = new Map<string, readonly Overload[]>();

function readSignature(name: string, signature: string): Overload {
  const member = /^(.+?)\.\((.*?)\)([^)].*)$/.exec(signature);
  const [, target, rest = "", result = ""] = member ?? ["", undefined, ...splitCall(signature)];
  const names = [...(target === undefined ? [] : [target]), ...splitTypes(rest)];
  return {
    name,
    signature,
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
  if (outer === "type") return { kind: "type", of };
  if (outer === "optional") return optionalOf(of[0] ?? dyn);
  if (name !== "A" && name !== "B") return shared[name] ?? simpleType(name);
  const found = known.get(name) ?? parameter();
  known.set(name, found);
  return found;
}
