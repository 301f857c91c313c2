// The names of types, which are values of an expression, too (cel-go common/stdlib). Of the libraries' types, few
// have one.
import { bool, type CelType, dyn, int, listOf, mapOf, nothing, simpleType, text } from "./types.ts";

const simple = "uint double bytes timestamp duration net.IP net.CIDR";

const named: ReadonlyMap<string, CelType> = new Map([
  ...simple.split(" ").map((name) => [name, simpleType(name)] as const),
  ["bool", bool],
  ["int", int],
  ["string", text],
  ["dyn", dyn],
  ["list", listOf(dyn)],
  ["map", mapOf(dyn, dyn)],
  ["null_type", nothing],
  ["type", { kind: "type", of: [] }],
  ["optional_type", { kind: "optional_type", of: [] }],
  ["google.protobuf.Timestamp", simpleType("timestamp")],
  ["google.protobuf.Duration", simpleType("duration")],
]);

/** The type of the name of a type, which is `type(…)`; undefined for other names. */
export function typeOfName(name: string): CelType | undefined {
  const type = named.get(name);
  return type && { kind: "type", of: [type] };
}
