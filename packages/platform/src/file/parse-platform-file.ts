import { type Problem, ProblemError, readYamlDocument, type YamlDocument } from "@slipway/yaml";
import { explainIssue } from "./explain-issue.ts";
import { type PlatformFile, platformFileSchema } from "./schema.ts";

/** A slipway.yaml that was read, and the places in it. */
export interface ParsedPlatformFile {
  readonly content: PlatformFile;
  readonly document: YamlDocument;
}

/**
 * Reads the text of a slipway.yaml; `file` is the path that errors name. Throws a ProblemError with every
 * problem of the file: alone (`platform/…` or `yaml/…`), or as the `related` of one `platform/invalid`.
 */
export function parsePlatformFile(text: string, file: string): ParsedPlatformFile {
  const document = readYamlDocument(text, { file });
  if (document.value === null) {
    throw new ProblemError({
      code: "platform/empty",
      message: `${file} is empty`,
      position: document.position(),
      next: "write the smallest one: apiVersion, kind, metadata.name and spec.release",
    });
  }
  const result = platformFileSchema.safeParse(document.value);
  if (result.success) return { content: result.data, document };
  throw oneError(
    file,
    result.error.issues.flatMap((issue) => explainIssue(issue, document)),
    document,
  );
}

function oneError(file: string, problems: readonly Problem[], document: YamlDocument): ProblemError {
  const inOrder = [...problems].sort(
    (a, b) =>
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
  const [first] = inOrder;
  if (first && inOrder.length === 1) return new ProblemError(first);
  return new ProblemError({
    code: "platform/invalid",
    message: `${file} has ${inOrder.length} problems`,
    position: first?.position ?? document.position(),
    ...(first?.sourceLine === undefined ? {} : { sourceLine: first.sourceLine }),
    related: inOrder.map(({ message, position, next }) => ({
      message: next ? `${message}; ${next}` : message,
      ...(position ? { position } : {}),
    })),
  });
}
