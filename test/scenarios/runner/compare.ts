// Where two observations differ.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** One line for each place where the observations of a scenario differ; none when they agree. */
export function compareObservations(
  expected: readonly JsonObject[],
  actual: readonly JsonObject[],
): string[] {
  return expected.flatMap((value, index) => compareValues(value, actual[index], `step ${index + 1}`));
}

function compareValues(expected: Json | undefined, actual: Json | undefined, path: string): string[] {
  if (isJsonObject(expected) && isJsonObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => compareValues(expected[key], actual[key], `${path}.${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => compareValues(item, actual[index], `${path}[${index}]`));
  }
  const [left, right] = [expected, actual].map((value) => JSON.stringify(value) ?? "nothing");
  return left === right ? [] : [`${path}\n      expected ${left}\n      answered ${right}`];
}
