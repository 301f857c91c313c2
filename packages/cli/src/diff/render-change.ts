import { placeOf, wordFor } from "../explain/field-history.ts";
import type { Paint } from "../output/paint.ts";
import type { FieldSide, ObjectChange } from "./compare-builds.ts";

/** One object's change for people: the object, then each field with both sides and where each comes from. */
export function renderChange(change: ObjectChange, { green, red, yellow, dim }: Paint): string {
  if (change.change !== "changed") {
    const sign = change.change === "added" ? green("+") : red("-");
    return `${sign} ${change.object}  ${dim(`${change.file}:${change.line}`)}\n`;
  }
  const side = (sign: string, value: FieldSide | undefined) =>
    value
      ? [`      ${sign} ${JSON.stringify(value.value)}  ${dim(`${placeOf(value)} ${wordFor(value.step)}`)}`]
      : [];
  const lines = change.fields.flatMap(({ field, before, after }) => [
    `    ${field}`,
    ...side(red("-"), before),
    ...side(green("+"), after),
  ]);
  const name = change.renamedTo ? `${change.object} -> ${change.renamedTo}` : change.object;
  return `${yellow("~")} ${name}\n${lines.join("\n")}\n`;
}
