// The value of a field as Go reads and writes it (kyaml/yaml `GetFieldValue`, api/filters/refvar).
import { booleanValue, formatShortest, isScalar, type ReadType, type YamlNode } from "@slipway/yaml";

/** A value's text alone and among other text, and its type; null for a map or list. */
export interface PrimitiveValue {
  readonly text: string;
  readonly inText?: string;
  readonly type: ReadType | null;
}

/** Undefined for a number that YAML knows and Go's parsers don't, such as `0o17`, the integer `1_000` and `.inf`. */
export function primitiveValue(node: YamlNode): PrimitiveValue | undefined {
  if (!isScalar(node)) return { text: "", type: null };
  switch (node.type) {
    case "boolean":
      return { text: String(booleanValue(node.text)), type: "boolean" };
    case "integer": {
      if (!/^[-+]?[0-9]+$/.test(node.text)) return undefined;
      const value = BigInt(node.text.replace("+", ""));
      return BigInt.asIntN(64, value) === value ? { text: String(value), type: "integer" } : undefined;
    }
    case "float": {
      const isSplit = /(^|[^0-9])_|_([^0-9]|$)/.test(node.text);
      const value = isSplit ? Number.NaN : Number(node.text.replaceAll("_", ""));
      if (Number.isNaN(value)) return undefined;
      const inText = Object.is(value, -0) ? "-0" : formatShortest(value);
      return { text: withoutExponent(value), inText, type: "float" };
    }
    default:
      return { text: node.text, type: "string" };
  }
}

/** The shortest digits that give the number back, all of them written out. */
function withoutExponent(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  const sign = digits.startsWith("-") ? "-" : "";
  const plain = digits.replace(/[-.]/g, "");
  const point = Number(exponent) + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${plain}`;
  if (plain.length <= point) return sign + plain.padEnd(point, "0");
  return `${sign}${plain.slice(0, point)}.${plain.slice(point)}`;
}
