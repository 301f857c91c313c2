// Answers of which the real server gives one of several, brought into a form in which all of them are the same.
import type { JsonObject } from "@slipway/yaml";

/**
 * - A typed patch with several mistakes is told of some of them: the walk through a map has no order and ends at the
 *   first field that is not declared. Its verdict counts, and the mistakes only when there is one kind of them.
 * - Causes about the keys of a map come in no order, and so do those that a custom schema finds; the message is made
 *   of the causes.
 * - A patch that leaves something unreadable is told with the whole object, in the order of Go's fields.
 * - A template without labels is told as `null` or as `{}`, by how the empty map was sent.
 * - Numbers that a server gives by itself stand in some messages: node ports, and an object's version in a refused
 *   precondition.
 * - The type of a rule's value is named by a number that is another one each time.
 * - A forbidden change of a spec is told with its Go value, or with a difference of Go values behind it.
 */
export function comparable(observation: JsonObject): JsonObject {
  const { message, causes } = observation;
  const result: JsonObject = { ...observation };
  if (Array.isArray(causes)) {
    result.causes = causes.map((cause) => shortened(String(cause))).sort();
    if (observation.reason === "Invalid" && typeof message === "string") {
      result.message = message.replace(/ is invalid: .*$/s, " is invalid");
    }
  } else if (typeof message === "string") {
    result.message = shortened(message.replace(typedPatch, "$1"));
  }
  return result;
}

const typedPatch = /^(failed to create typed patch object \([^)]*\)): .*$/s;

function shortened(text: string): string {
  return text
    .replace(/(metadata\.labels: Invalid value: )(null|\{\}): /, "$1none: ")
    .replace(/^(\S+ patch: Invalid value: )"(?:[^"\\]|\\.)*": /s, "$1")
    .replace(/(ResourceVersion in (?:the precondition \(|precondition: ))\d+/, "$1<version>")
    .replace(/\bselfType\d+/g, "selfType<number>")
    .replace(/nodePort:\d+/g, "nodePort:<port>")
    .replace(/(ResourceVersion in object meta: )\d+/g, "$1<version>")
    .replace(/\n.*$/s, "")
    .replace(
      /^(\S+ (?:spec(?:\.template(?:\.spec)?)?|status\.allocation): Invalid value: )\{.*\}(: field is immutable)$/s,
      "$1$2",
    );
}
