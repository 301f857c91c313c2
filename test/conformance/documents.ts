// Documents of a case's text that hold anything.
import { ProblemError, type ReadOptions, readNodes, type YamlNode } from "@slipway/yaml";

/** All documents but the empty ones; `anyKeys` takes keys that are no strings, as some filters do. */
export function documentsOf(text: string, anyKeys = false): YamlNode[] {
  const documents = anyKeys ? readLeniently(text) : readNodes(text, { dialect: "kustomize" });
  return documents.filter((node) => node.type !== "null");
}

function readLeniently(text: string): YamlNode[] {
  const read = (dialect: ReadOptions["dialect"]) => readNodes(text, dialect ? { dialect } : {});
  try {
    return read("kustomize");
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "yaml/unsupported") return read("kubectl");
    throw error;
  }
}
