// Key-value pairs of generators: from env files, literals and files, in this order.
import type { YamlNode } from "@slipway/yaml";
import { type SourceFile, sourceFile } from "@slipway/yaml";
import type { Located } from "../decode.ts";
import type { GeneratorEntry } from "../kustomization.ts";
import type { LoadedFile } from "../loaded-file.ts";
import { type Loader, loadFile } from "../loader.ts";
import { failure } from "../problem.ts";

/** One pair. A value that is not UTF-8 stays bytes. */
export interface Pair {
  readonly key: string;
  readonly value: string | Uint8Array;
  /** The entry of the kustomization that it comes from. */
  readonly at: YamlNode;
  /** The file that the value is written in, and where in it. */
  readonly source: SourceFile | null;
  readonly offset: number;
}

/** All pairs of a generator; a key twice is an error. */
export function readPairs(entry: GeneratorEntry, loader: Loader): Pair[] {
  const envs = [...(entry.envs ?? []), ...(entry.env && entry.env.value !== "" ? [entry.env] : [])];
  const pairs = [
    ...envs.flatMap((source) => envPairs(source, loader)),
    ...(entry.literals ?? []).map(literalPair),
    ...(entry.files ?? []).map((source) => filePair(source, loader)),
  ];
  const seen = new Set<string>();
  for (const pair of pairs) {
    if (seen.has(pair.key)) {
      throw failure(
        "repeated-key",
        `configmap ${entry.name ?? ""} illegally repeats the key \`${pair.key}\``,
        {
          node: pair.at,
        },
      );
    }
    seen.add(pair.key);
  }
  return pairs;
}

function literalPair(source: Located<string>): Pair {
  const equals = source.value.indexOf("=");
  if (equals < 1) {
    throw failure("wrong-literal", `invalid literal source ${source.value}, expected key=value`, {
      node: source.node,
    });
  }
  const { node } = source;
  return {
    key: source.value.slice(0, equals),
    value: withoutQuotes(source.value.slice(equals + 1)),
    at: node,
    source: node.source,
    offset: isAsWritten(node) ? node.offset + equals + 1 : node.offset,
  };
}

/** False for scalars with escapes or line breaks, in which a place can't be counted out. */
function isAsWritten({ source, text, offset }: YamlNode): boolean {
  return source?.text.startsWith(text, offset) ?? false;
}

function withoutQuotes(text: string): string {
  const quoted = text.length >= 2 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'");
  return quoted ? text.slice(1, -1) : text;
}

function filePair(source: Located<string>, loader: Loader): Pair {
  const { key, path } = splitFileSource(source);
  const file = loadFile(loader, path, source.node);
  const text = utf8Text(file.bytes);
  return {
    key,
    value: text ?? file.bytes,
    at: source.node,
    source: sourceFile(file.path, text ?? ""),
    offset: 0,
  };
}

function splitFileSource(source: Located<string>): { key: string; path: string } {
  const pieces = source.value.split("=");
  const [first = "", second = ""] = pieces;
  if (pieces.length === 1) return { key: first.slice(first.lastIndexOf("/") + 1), path: first };
  const problem =
    pieces.length > 2
      ? `source "${source.value}" key name or file path contains '='`
      : first === ""
        ? `missing key name for file path "${second}" in source "${source.value}"`
        : second === ""
          ? `missing file path for key name "${first}" in source "${source.value}"`
          : "";
  if (problem !== "") throw failure("wrong-file-source", problem, { node: source.node });
  return { key: first, path: second };
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8Text(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

function envPairs(source: Located<string>, loader: Loader): Pair[] {
  if (source.value === "") return [];
  const file = loadFile(loader, source.value, source.node);
  const text = envText(file, source);
  const shown = sourceFile(file.path, text);
  const pairs: Pair[] = [];
  let offset = 0;
  for (const raw of text.split("\n")) {
    const mark = offset === 0 && raw.startsWith("\uFEFF") ? 1 : 0;
    const pair = envPair(raw.slice(mark).replace(/\r$/, ""), source, shown, offset + mark);
    if (pair) pairs.push(pair);
    offset += raw.length + 1;
  }
  return pairs;
}

function envText(file: LoadedFile, source: Located<string>): string {
  const text = utf8Text(file.bytes);
  if (text !== null) return text;
  throw failure("invalid-utf8", `${file.path} has invalid utf8 bytes`, { node: source.node });
}

function envPair(raw: string, source: Located<string>, shown: SourceFile, offset: number): Pair | null {
  const line = raw.trimStart();
  if (line === "" || line.startsWith("#")) return null;
  const equals = line.indexOf("=");
  const key = equals < 0 ? line : line.slice(0, equals);
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key) || key === "." || key.startsWith("..")) {
    throw failure(
      "wrong-key",
      `${JSON.stringify(key)} in ${source.value} is not a valid name of a variable`,
      {
        node: source.node,
      },
    );
  }
  return {
    key,
    value: equals < 0 ? "" : line.slice(equals + 1),
    at: source.node,
    source: shown,
    offset: offset + raw.length - line.length + (equals < 0 ? line.length : equals + 1),
  };
}
