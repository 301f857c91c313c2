import type { Expression } from "../cel-check/expression.ts";

const escapes =
  /\\(?:(?<hex>[xX][0-9a-fA-F]{2})|u(?<short>[0-9a-fA-F]{4})|U(?<long>[0-9a-fA-F]{8})|(?<octal>[0-3][0-7]{2})|.)/gs;

/** The size of what is written out: characters of a text, bytes of bytes, 1 for what has no size. */
export function literalSize({ type, text }: Expression & { kind: "literal" }): number {
  if (type !== "string" && type !== "bytes") return 1;
  const [, prefix = "", quote = ""] = /^([bBrR]*)("""|'''|"|')/.exec(text) ?? [];
  const inner = text.slice(prefix.length + quote.length, text.length - quote.length);
  if (type === "string") {
    return [...(/r/i.test(prefix) ? inner : inner.replace(escapes, "_"))].length;
  }
  if (/r/i.test(prefix)) return Buffer.byteLength(inner);
  return Buffer.byteLength(
    inner.replace(escapes, (_all, _hex, short?: string, long?: string) => {
      const code = short ?? long;
      return code === undefined ? "_" : String.fromCodePoint(Number.parseInt(code, 16));
    }),
  );
}
