// Turns what zod found into problems with a place in the file and a word of help.
import { suggest } from "@slipway/kubernetes/objects";
import type { Problem, YamlDocument } from "@slipway/yaml";
import type { z } from "zod";
import { catalogue } from "../catalogue/catalogue.ts";
import { platformFileSchema } from "./schema.ts";

type Path = (string | number)[];

/** One problem for each thing that the issue names. */
export function explainIssue(issue: z.core.$ZodIssue, document: YamlDocument): Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const at = (place: Path) => ({
    position: document.position(place),
    sourceLine: document.sourceLine(place),
  });
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ ...unknownKey(path, key), ...at([...path, key]) }));
  }
  const invalidKey = issue.code === "invalid_key" ? path.at(-1) : undefined;
  if (invalidKey !== undefined) {
    return [{ ...unknownKey(path.slice(0, -1), String(invalidKey)), ...at(path) }];
  }
  const value = valueAt(document, path);
  if (value === undefined) {
    return [
      {
        code: "platform/missing-key",
        message: `${formatPath(path)} is missing${issue.code === "invalid_value" ? `: ${oneOf(issue.values)}` : ""}`,
        ...at(path),
      },
    ];
  }
  return [
    { code: "platform/invalid-value", message: `${formatPath(path)}: ${wrong(issue, value)}`, ...at(path) },
  ];
}

function unknownKey(path: Path, key: string): Problem {
  const where = path.length === 0 ? "the file" : formatPath(path);
  const known = knownKeys(path);
  const [near] = suggest(key, known);
  return {
    code: "platform/unknown-key",
    message: `${where} has no key ${JSON.stringify(key)}`,
    next: near ? `did you mean ${near}?` : `it may hold ${known.join(", ")}`,
  };
}

/** The keys that the schema allows at a path. */
function knownKeys(path: Path): string[] {
  if (path.join(".") === "spec.timeouts") return ["default", ...catalogue.map(({ name }) => name)];
  let schema: unknown = platformFileSchema;
  for (const step of path) schema = shapeOf(schema)[step];
  return Object.keys(shapeOf(schema));
}

function shapeOf(schema: unknown): Record<string, unknown> {
  let current = schema as { shape?: Record<string, unknown>; def?: { innerType?: unknown } } | undefined;
  while (current && !current.shape && current.def?.innerType) {
    current = current.def.innerType as typeof current;
  }
  return current?.shape ?? {};
}

function wrong(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "invalid_type") {
    const quotable = issue.expected === "string" && ["number", "boolean"].includes(typeof value);
    return `expected ${article(issue.expected)}, found ${describe(value)}${quotable ? "; put it in quotes" : ""}`;
  }
  if (issue.code === "invalid_union") return 'expected a time such as "90s" or "5m"';
  if (issue.code === "invalid_value") {
    const near = typeof value === "string" ? suggest(value, issue.values.map(String))[0] : undefined;
    const short = issue.values.length < 5;
    const what = short
      ? `expected ${oneOf(issue.values)}, found ${describe(value)}`
      : `there is no component ${describe(value)}`;
    if (near) return `${what}; did you mean ${near}?`;
    return short ? what : `${what}; there are ${issue.values.join(", ")}`;
  }
  if (issue.code === "too_small") return "must not be empty";
  return issue.message;
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return JSON.stringify(value);
}

function article(type: string): string {
  const names: Record<string, string> = {
    object: "a map",
    record: "a map",
    array: "a list",
    string: "a text",
  };
  return names[type] ?? `a ${type}`;
}

function formatPath(path: Path): string {
  return (
    path.reduce<string>(
      (text, step) =>
        typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
      "",
    ) || "the file"
  );
}

function valueAt(document: YamlDocument, path: Path): unknown {
  let value: unknown = document.value;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value;
}
