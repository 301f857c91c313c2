// The making of messages, `Object.spec{replicas: 1}` (cel-go checker/checker.go checkCreateStruct).
import type { Checker } from "./check.ts";
import type { Expression } from "./expression.ts";
import { NotModelled } from "./parse.ts";
import { type CelType, formatType, resolve, wrong } from "./types.ts";

type Message = Expression & { readonly kind: "message" };

/** The type of a message, by the declared type of its name; `NAME.*` declares all names below NAME. */
export function checkMessage(checker: Checker, { name, fields, offset }: Message): CelType {
  const type = typeOfMessage(checker, name, offset);
  for (const field of fields) {
    const given = checker.typeOf(field.value);
    if (type.kind !== "object") continue;
    const wanted = checker.field(type, field.name, field.offset);
    if (checker.fits(given, wanted)) continue;
    const names = [wanted, given].map((one) => `'${formatType(resolve(one, checker.known, true))}'`);
    const text = `expected type of field '${field.name}' is ${names[0]} but provided type is ${names[1]}`;
    checker.complain(field.offset, text);
  }
  return type;
}

function typeOfMessage(checker: Checker, name: string, offset: number): CelType {
  const declared = checker.lookup(name) ?? checker.lookup(`${name.split(".")[0]}.*`);
  if (declared?.kind === "type") {
    const [type = wrong] = declared.of;
    return type.kind === "object" ? { ...type, name } : type;
  }
  if (declared) return checker.complain(offset, `'${formatType(declared)}' is not a type`);
  // Wrappers, timestamps and the like can be made, too.
  if (name.startsWith("google.protobuf.")) throw new NotModelled();
  return checker.complain(offset, `undeclared reference to '${name}' (in container '')`);
}
