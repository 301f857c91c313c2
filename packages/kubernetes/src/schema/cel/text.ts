import type { Environment } from "@marcbachmann/cel-js";
import { compareCel } from "./lists.ts";

/** String functions of cel-go's extensions and of Kubernetes that the engine lacks. */
export function registerText(env: Environment): void {
  env.registerFunction("string.charAt(int): string", (text: string, index: bigint) => {
    const letters = [...text];
    if (index < 0n || index > BigInt(letters.length)) throw new Error(`index out of range: ${index}`);
    return letters[Number(index)] ?? "";
  });
  env.registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) =>
    text.split(from).join(to),
  );
  env.registerFunction(
    "string.replace(string, string, int): string",
    (text: string, from: string, to: string, limit: bigint) => {
      const parts = text.split(from);
      const count = limit < 0n ? parts.length : Number(limit);
      return parts
        .slice(1)
        .reduce((all, part, index) => all + (index < count ? to : from) + part, parts[0] ?? "");
    },
  );
  env.registerFunction("string.reverse(): string", (text: string) => [...text].reverse().join(""));
  env.registerFunction("string.find(string): string", (text: string, pattern: string) => {
    return new RegExp(pattern, "u").exec(text)?.[0] ?? "";
  });
  env.registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
    findAll(text, pattern),
  );
  env.registerFunction(
    "string.findAll(string, int): list<string>",
    (text: string, pattern: string, limit: bigint) => {
      const found = findAll(text, pattern);
      return limit < 0n ? found : found.slice(0, Number(limit));
    },
  );
  env.registerFunction("matches(string, string): bool", (text: string, pattern: string) =>
    new RegExp(pattern, "u").test(text),
  );
  env.registerType("StringsNamespace", StringsNamespace);
  env.registerConstant("strings", "StringsNamespace", new StringsNamespace());
  env.registerFunction("StringsNamespace.quote(string): string", (_: unknown, text: string) => quote(text));
  env.registerFunction("string.format(list): string", (text: string, values: unknown[]) =>
    format(text, values),
  );
}

class StringsNamespace {}

const escapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

function quote(text: string): string {
  return `"${[...text].map((character) => escapes[character] ?? character).join("")}"`;
}

function findAll(text: string, pattern: string): string[] {
  return [...text.matchAll(new RegExp(pattern, "gu"))].map((match) => match[0]);
}

/** cel-go's `format`: %s %d %f %e %b %o %x %X %%. */
function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%(?:\.(\d+))?([sdfeboxX%])/g, (_, precision: string | undefined, verb: string) => {
    if (verb === "%") return "%";
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    return formatOne(values[next++], verb, Number(precision ?? 6));
  });
}

function formatOne(value: unknown, verb: string, precision: number): string {
  switch (verb) {
    case "s":
      return show(value);
    case "f":
      return Number(value).toFixed(precision);
    case "e":
      return Number(value)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, "e$10$2");
    case "d":
      return String(value);
    case "b":
      return typeof value === "boolean" ? (value ? "1" : "0") : BigInt(value as bigint).toString(2);
    case "o":
      return BigInt(value as bigint).toString(8);
    default: {
      const text =
        typeof value === "string" ? Buffer.from(value).toString("hex") : BigInt(value as bigint).toString(16);
      return verb === "X" ? text.toUpperCase() : text;
    }
  }
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value === null || typeof value !== "object" || value.constructor !== Object) return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => compareCel(a, b));
  return `{${entries.map(([key, item]) => `${key}: ${show(item)}`).join(", ")}}`;
}
