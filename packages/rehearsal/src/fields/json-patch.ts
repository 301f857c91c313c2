// JSON patch as the API server does it: RFC 6902 through evanphx/json-patch v4, whose two liberties are kept
// (replacing or testing a key that a map does not have, and indices from the end).
import { equalJson } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";

const maxOperations = 10_000;

/**
 * Applies a JSON patch and returns a new object that shares unchanged parts. Throws StatusError: 400 when the
 * patch is no list of operations, 413 when it is too long, 422 in the server's own words when an operation
 * cannot be done or a test fails; the error's cause then says which and why. `unescaped`: the patch was written with
 * `<`, `>` or `&` as they are.
 */
export function applyJsonPatch(object: JsonObject, patch: Json, { unescaped = false } = {}): JsonObject {
  if (isJsonObject(patch)) {
    const type = "[]handlers.jsonPatchOp";
    throw new StatusError(
      400,
      "BadRequest",
      `error decoding patch: json: cannot unmarshal object into Go value of type ${type}`,
    );
  }
  if (!Array.isArray(patch) || !patch.every(isJsonObject)) {
    throw new StatusError(
      400,
      "BadRequest",
      "error decoding patch: json: cannot unmarshal into Go value of type handlers.jsonPatchOp",
    );
  }
  if (patch.length > maxOperations) {
    throw new StatusError(
      413,
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`,
    );
  }
  try {
    const operations = patch as JsonObject[];
    return operations.reduce((document, operation, index) => {
      if (unescaped && operation.op === "test") testEscaped(operation, operations.slice(0, index));
      return applyOperation(document, operation);
    }, object);
  } catch (cause) {
    if (!(cause instanceof PatchError)) throw cause;
    const text = "the server rejected our request due to an error in our request";
    const refusal = new StatusError(422, "Invalid", text, {});
    refusal.cause = cause;
    throw refusal;
  }
}

class PatchError extends Error {}

function applyOperation(document: JsonObject, operation: JsonObject): JsonObject {
  const { op } = operation;
  const path = typeof operation.path === "string" ? operation.path : undefined;
  if (path === undefined) throw new PatchError(`${op} operation failed to decode path: missing value`);
  switch (op) {
    case "add":
      return write(document, path, "add", (parent, key) =>
        insert(parent, key, operand(operation), "add", path),
      );
    case "remove":
      return write(document, path, "remove", (parent, key) => drop(parent, key, "remove", path));
    case "replace":
      return path === ""
        ? replaceDocument(operand(operation))
        : write(document, path, "replace", (parent, key) => assign(parent, key, operand(operation), path));
    case "test":
      test(document, path, operation.value);
      return look(document, path);
    case "copy": {
      const source = from(operation);
      lookUp(document, source);
      // What is copied into itself is read on the way to its place, before it is copied.
      const looked = write(look(document, source), path, "copy", () => undefined);
      const value = read(looked, source);
      return write(looked, path, "copy", (parent, key) => insert(parent, key, value, "copy", path));
    }
    case "move": {
      const source = from(operation);
      const value = read(document, source);
      const rest = write(document, source, "move", (parent, key) => drop(parent, key, "move", source));
      return write(rest, path, "move", (parent, key) => insert(parent, key, value, "move", path));
    }
    default:
      throw new PatchError(`Unexpected kind: ${op}`);
  }
}

function operand(operation: JsonObject): Json {
  return operation.value ?? null;
}

function from(operation: JsonObject): string {
  if (typeof operation.from === "string") return operation.from;
  throw new PatchError(`${operation.op} operation failed to decode from: missing value`);
}

function replaceDocument(value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw new PatchError("replace operation value must be object or array");
}

type Parent = JsonObject | Json[];

/**
 * Copies the containers that a path leads through and lets `change` work on the copy of the last one. The library reads
 * what a path leads through into maps of its own, which it writes with their keys sorted; all else stays as it came.
 */
function write(
  document: JsonObject,
  path: string,
  verb: string,
  change: (parent: Parent, key: string) => void,
): JsonObject {
  const steps = stepsOf(path);
  const last = steps.pop();
  const missing = (shown: string) =>
    new PatchError(`${verb} operation does not apply: doc is missing path: ${shown}: missing value`);
  if (last === undefined) throw missing(path);
  const copy = (container: Parent, [step, ...rest]: readonly string[]): Parent => {
    const parent: Parent = Array.isArray(container) ? [...container] : { ...container };
    if (step === undefined) change(parent, last);
    else {
      const child: Json | undefined = childOf(parent, step);
      if (!isJsonObject(child) && !Array.isArray(child)) {
        throw missing(verb === "replace" ? path : JSON.stringify(path));
      }
      if (Array.isArray(parent)) parent[indexIn(step, parent.length)] = copy(child, rest);
      else parent[step] = copy(child, rest);
    }
    return Array.isArray(parent) ? parent : sortKeys(parent);
  };
  return copy(document, steps) as JsonObject;
}

/** The document after something in it was looked at. */
function look(document: JsonObject, path: string): JsonObject {
  return path === "" ? document : write(document, path, "test", () => undefined);
}

function sortKeys(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function read(document: JsonObject, path: string): Json {
  return structuredClone(lookUp(document, path));
}

/** What stands at a path; null for a field that an object lacks, while everything above it must be there. */
function lookUp(document: JsonObject, path: string): Json {
  let value: Json = document;
  const steps = stepsOf(path);
  for (const [index, step] of steps.entries()) {
    const child = childOf(value, step);
    const isLast = index === steps.length - 1;
    if (child === undefined && !(isLast && isJsonObject(value))) {
      throw new PatchError(`doc is missing path: ${path}: missing value`);
    }
    value = child ?? null;
  }
  return value;
}

function test(document: JsonObject, path: string, expected: Json | undefined): void {
  if (!equalJson(lookUp(document, path), expected ?? null)) {
    throw new PatchError(`testing value ${path} failed: test failed`);
  }
}

/**
 * The library compares texts as they are written, and Go writes an object with `<`, `>` and `&` escaped: one that is
 * not equals only what the same patch brought.
 */
function testEscaped({ path, value }: JsonObject, before: readonly JsonObject[]): void {
  if (typeof path !== "string" || !/[<>&]/.test(JSON.stringify(value ?? null))) return;
  const brought = before.some(({ op, path: to }) => (op === "add" || op === "replace") && overlap(to, path));
  if (!brought) throw new PatchError(`testing value ${path} failed: test failed`);
}

/** Whether one of two places is the other or within it. */
function overlap(one: Json | undefined, other: string): boolean {
  return typeof one === "string" && (`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`));
}

function childOf(parent: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(parent)) return /^-?\d+$/.test(step) ? parent.at(Number(step)) : undefined;
  return isJsonObject(parent) ? parent[step] : undefined;
}

function insert(parent: Parent, key: string, value: Json, verb: string, path: string): void {
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === "-") parent.push(value);
  else parent.splice(indexIn(key, parent.length + 1, `error in ${verb} for path: '${path}'`), 0, value);
}

function drop(parent: Parent, key: string, verb: string, path: string): void {
  const what = `error in ${verb} for path: '${path}'`;
  if (Array.isArray(parent)) parent.splice(indexIn(key, parent.length, what), 1);
  else if (parent[key] === undefined) {
    throw new PatchError(`${what}: Unable to remove nonexistent key: ${key}: missing value`);
  } else delete parent[key];
}

function assign(parent: Parent, key: string, value: Json, path: string): void {
  if (!Array.isArray(parent)) parent[key] = value;
  else {
    const what = `replace operation does not apply: doc is missing key: ${path}`;
    parent[indexIn(key, parent.length, what)] = value;
  }
}

function indexIn(key: string, size: number, what = "operation does not apply"): number {
  if (!/^-?\d+$/.test(key)) throw new PatchError(`${what}: value was not a proper array index: '${key}'`);
  const index = Number(key) < 0 ? Number(key) + size : Number(key);
  if (index >= 0 && index < size) return index;
  throw new PatchError(`${what}: Unable to access invalid index: ${key}: invalid index referenced`);
}

function stepsOf(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new PatchError(`operation does not apply: doc is missing path: ${path}`);
  return path
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
