// A file that was read, as bytes and as text.
import { lineTextAt, ProblemError, positionAt, sourceFile } from "@slipway/yaml";
import { failure } from "./problem.ts";

/** A file's bytes and the path under which it is shown. */
export interface LoadedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Far more than any cluster would take, and as much as can be read without trouble. */
const maxTextBytes = 64 * 1024 * 1024;

/** A file's text. Invalid UTF-8, and a file that is too large to be YAML for a cluster, are errors. */
export function textOf(file: LoadedFile): string {
  if (file.bytes.length > maxTextBytes) {
    const size = Math.round(file.bytes.length / 1024 / 1024);
    throw failure("too-large", `${file.path} has ${size} MiB; YAML files of more than 64 MiB are not read`, {
      next: "Split it, or take it out of the kustomization.",
    });
  }
  try {
    return decoder.decode(file.bytes);
  } catch (cause) {
    throw invalidUtf8(file, cause);
  }
}

/** Names the place of the first byte that is no UTF-8: lenient decoding puts U+FFFD there. */
function invalidUtf8(file: LoadedFile, cause: unknown): ProblemError {
  const text = new TextDecoder().decode(file.bytes);
  const source = sourceFile(file.path, text);
  const offset = Math.max(0, text.indexOf("\uFFFD"));
  return new ProblemError(
    {
      code: "kustomize/invalid-utf8",
      message: `${file.path} is not valid UTF-8`,
      position: positionAt(source, offset),
      sourceLine: lineTextAt(source, offset),
      next: "Save it as UTF-8. A ConfigMap takes other bytes only from files of a generator.",
    },
    { cause },
  );
}
