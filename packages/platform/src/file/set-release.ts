import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { getPath, readYamlDocument } from "@slipway/yaml";

/**
 * Writes another value for a key of `spec.release` into a slipway.yaml; everything else stays as it is, comments
 * too. False when the file has no such key.
 */
export function setReleaseKey(file: string, key: "version" | "ref" | "path", value: string): boolean {
  const text = readFileSync(file, "utf8");
  const fresh = replaceReleaseKey(text, key, value);
  if (fresh === undefined) return false;
  const making = `${file}.${process.pid}`;
  writeFileSync(making, fresh);
  renameSync(making, file);
  return true;
}

/** The same for the text of a file; undefined when it has no such key. */
export function replaceReleaseKey(text: string, key: string, value: string): string | undefined {
  const { root } = readYamlDocument(text);
  const node = getPath(root, "spec", "release", key);
  if (!node || node.offset < 0) return undefined;
  // The offset of a text in quotes is that of its first character.
  const start = /["']/.test(text[node.offset - 1] ?? "") ? node.offset - 1 : node.offset;
  const rest = text.slice(start);
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest)?.[0];
  const written = quoted ?? (rest.startsWith(node.text) ? node.text : undefined);
  if (written === undefined) return undefined;
  return text.slice(0, start) + JSON.stringify(value) + rest.slice(written.length);
}
