// What the engine says of an evaluation that fails, in cel-go's words (common/types, interpreter).
import type { EvaluationError } from "@marcbachmann/cel-js";

const byCode: Readonly<Record<string, string>> = {
  no_such_overload: "no such overload",
  no_matching_overload: "no such overload",
  invalid_condition_type: "no such overload",
  invalid_logical_operand: "no such overload",
  division_by_zero: "division by zero",
  modulo_by_zero: "modulus by zero",
  int_conversion_error: "type conversion error from 'string' to 'int'",
  uint_conversion_error: "type conversion error from 'string' to 'uint'",
  double_conversion_error: "type conversion error from 'string' to 'double'",
  bool_conversion_error: "type conversion error from 'string' to 'bool'",
  invalid_timestamp: "type conversion error from 'string' to 'google.protobuf.Timestamp'",
  invalid_duration: "type conversion error from 'string' to 'google.protobuf.Duration'",
  optional_value_missing: "optional.none() dereference",
};

const goTypes: Readonly<Record<string, string>> = {
  string: "types.String",
  int: "types.Int",
  double: "types.Double",
  bool: "types.Bool",
  null: "types.Null",
};

/** The text of the error. */
export function runtimeWords({ code, summary }: EvaluationError): string {
  const known = byCode[code];
  if (known !== undefined) return known;
  const text = summary.trim();
  switch (code) {
    case "numeric_overflow":
      return /unsigned/i.test(text) ? "unsigned integer overflow" : "integer overflow";
    case "index_out_of_bounds":
      return `index out of bounds: ${/index (-?\d+)/.exec(text)?.[1] ?? ""}`;
    case "invalid_comprehension_range": {
      const type = /'(\w+)'/.exec(text)?.[1] ?? "";
      return `got '${goTypes[type] ?? type}', expected iterable type`;
    }
    case "no_such_key":
      return text.replace(/^No such key/, "no such key");
    case "unknown_variable":
      return text.replace(/^Unknown variable: /, "no such attribute(s): ");
    default:
      return text;
  }
}
