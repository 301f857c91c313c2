// Reads YAML text into documents of nodes.
import { YAMLException } from "js-yaml";
import { constructDocuments } from "./construct.ts";
import { type ParsedText, parseContinuations } from "./indent-continuation.ts";
import { sourceNode, type YamlNode } from "./node.ts";
import { ProblemError } from "./problem.ts";
import type { Dialect } from "./resolve-scalar.ts";
import { lineTextAt, positionAt, type SourceFile, sourceFile } from "./source-file.ts";

/** How to read. */
export interface ReadOptions {
  /** Whose reading of scalars, keys and repeated keys to follow; `kubectl` when left out. */
  readonly dialect?: Dialect;
  /** The path that errors and positions name. */
  readonly file?: string;
  /** Lines above the text in the real file, for YAML inside YAML. */
  readonly lineOffset?: number;
}

const maxDepth = 1_000;

/**
 * Reads all documents of a text; one that holds nothing is a null node. Throws a ProblemError
 * (`yaml/syntax`, `yaml/duplicate-key`, `yaml/unsupported`) that names file, line and column.
 */
export function readNodes(text: string, options: ReadOptions = {}): YamlNode[] {
  const path = options.file ?? "<input>";
  const given = sourceFile(path, withoutMark(text), options.lineOffset ?? 0);
  const parsed = parse(given);
  const file = parsed.text === given.text ? given : sourceFile(path, parsed.text, given.lineOffset);
  return constructDocuments(parsed.events, file, options.dialect ?? "kubectl");
}

/** Reads a text that must hold at most one document; an empty text is a null node. */
export function readNode(text: string, options: ReadOptions = {}): YamlNode {
  const documents = readNodes(text, options);
  const second = documents[1];
  if (second) {
    throw new ProblemError({
      code: "yaml/several-documents",
      message: `expected one YAML document, found ${documents.length}`,
      ...placeOf(second),
    });
  }
  return documents[0] ?? emptyDocument(options.file ?? "<input>");
}

function emptyDocument(path: string): YamlNode {
  return sourceNode("null", "", sourceFile(path, ""), 0);
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parse(file: SourceFile): ParsedText {
  try {
    return parseContinuations(file.text, { filename: file.path, maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    throw new ProblemError(
      {
        code: "yaml/syntax",
        message: `this is not valid YAML: ${error.reason}`,
        position: positionAt(file, offset),
        sourceLine: lineTextAt(file, offset),
      },
      { cause: error },
    );
  }
}

function placeOf(node: YamlNode): { position?: ReturnType<typeof positionAt>; sourceLine?: string } {
  if (!node.source) return {};
  return {
    position: positionAt(node.source, node.offset),
    sourceLine: lineTextAt(node.source, node.offset),
  };
}
