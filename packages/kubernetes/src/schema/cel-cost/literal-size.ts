import type { Expression } from "../cel-check/expression.ts";

const escapes = /\\(?:[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)/gs;

/** The size of what is written out: characters of a text, bytes of bytes, 1 for what has no size. */
export function literalSize({ type, text }: Expression & { kind: "literal" }): number {
  if (type !== "string" && type !== "bytes") return 1;
  const [, prefix = "", quote = ""] = /^([bBrR]*)("""|'''|"|')/.exec(text) ?? [];
  const inner = text.slice(prefix.length + quote.length, text.length - quote.length);
  const value = /r/i.test(prefix) ? inner : inner.replace(escapes, "_");
  return type === "string" ? [...value].length : Buffer.byteLength(value);
}
