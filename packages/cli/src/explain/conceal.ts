import { createHash, randomBytes } from "node:crypto";
import type { FieldPart } from "@slipway/kustomize";
import { isJsonObject, type Json } from "@slipway/yaml";

/** Shows a value as it is, or as a digest when it is the data of a Secret. */
export type Conceal = (value: Json, kind: string, path: readonly FieldPart[]) => Json;

/**
 * Makes a {@link Conceal} with a salt of its own: equal values have equal digests within one run, and nobody can
 * find a short password by hashing all of them.
 */
export function createConceal(): Conceal {
  const salt = randomBytes(16);
  const digest = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(digest);
    if (isJsonObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, digest(each)]));
    }
    const hash = createHash("sha256").update(salt).update(String(value)).digest("hex");
    return `hidden (${hash.slice(0, 8)})`;
  };
  const show = (value: Json | undefined, kind: string, path: readonly FieldPart[]): Json => {
    if (value === undefined) return null;
    if (kind !== "Secret") return value;
    if (isHidden(path)) return digest(value);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, show(each, kind, [...path, key])]),
    );
  };
  return show;
}

/** `data`, `stringData`, and every annotation: kubectl and others copy whole objects into them. */
function isHidden([first, second]: readonly FieldPart[]): boolean {
  return first === "data" || first === "stringData" || (first === "metadata" && second === "annotations");
}
