// Paths of fields as people write them: `spec.containers[name=main].image`, `args[0]`, `labels["a.b/c"]`.
import type { FieldPart } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";

const token = /\.?\[\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]]*))\s*\]|\.?((?:[^.[\]\\]|\\.)+)/y;

/**
 * Reads a path. In brackets stands an index, `key=value` for the list item whose key has that value, or a key,
 * which may be in quotes; elsewhere a dot in a key is written `\.`. Throws a ProblemError (`usage/field`).
 */
export function parseFieldPath(text: string): FieldPart[] {
  const parts: FieldPart[] = [];
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match || match[3] === "" || (at > 0 && !/^[.[]/.test(match[0]))) throw badPath(text, at);
    const [whole, double, single, bare, plain] = match;
    parts.push(partOf({ quoted: double ?? single, bare, plain }));
    at += whole.length;
  }
  if (parts.length === 0) throw badPath(text, 0);
  return parts;
}

/** A path in the same notation; the root is "". */
export function formatFieldPath(path: readonly FieldPart[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (typeof part !== "string") return `[${part.key}=${part.value}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

function partOf(found: {
  readonly quoted?: string;
  readonly bare?: string;
  readonly plain?: string;
}): FieldPart {
  const { quoted, bare, plain = "" } = found;
  if (quoted !== undefined) return unescaped(quoted);
  if (bare === undefined) return unescaped(plain);
  if (/^\d+$/.test(bare)) return Number(bare);
  const equals = bare.indexOf("=");
  return equals < 0 ? bare : { key: bare.slice(0, equals), value: unquoted(bare.slice(equals + 1)) };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

function badPath(text: string, at: number): ProblemError {
  return new ProblemError({
    code: "usage/field",
    message: `"${text}" is no path of a field: it can't be read from character ${at + 1} on`,
    next: "write it as spec.template.spec.containers[name=main].image",
  });
}
