// `buildMetadata`: where objects come from, as annotations in the output (kustomize: api/resource/origin.go).
import { joinPaths } from "./posix-path.ts";
import { parseRemoteDirectory } from "./remote-reference.ts";

/** Where an object or a transformation comes from. Empty fields are not written. */
export interface Origin {
  readonly path: string;
  readonly repo: string;
  readonly ref: string;
  readonly configuredIn: string;
  readonly configuredBy: ConfiguredBy | null;
}

/** The configuration that generated or transformed. */
export interface ConfiguredBy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export const rootOrigin: Origin = { path: "", repo: "", ref: "", configuredIn: "", configuredBy: null };

/** The origin one path further down. */
export function appendOrigin(origin: Origin, path: string): Origin {
  const remote = parseRemoteDirectory(path);
  if (!remote) return { ...origin, path: joined(origin.path, path) };
  const repo = `https://${remote.host}/${remote.repository}`;
  return { ...origin, repo, ref: remote.ref, path: joinPaths("", remote.path) };
}

/** The origin of what a built-in field of a kustomization makes. */
export function builtInOrigin(origin: Origin, fileName: string, kind: string): Origin {
  return {
    ...origin,
    path: "",
    configuredIn: joined(origin.path, fileName),
    configuredBy: { apiVersion: "builtin", kind, name: "", namespace: "" },
  };
}

function joined(left: string, right: string): string {
  return left === "" && right === "" ? "" : joinPaths(left, right);
}

/** One origin as the YAML text of an annotation. */
export function printOrigin(origin: Origin): string {
  return originLines(origin)
    .map((line) => `${line}\n`)
    .join("");
}

/** A list of origins as the YAML text of an annotation. */
export function printTransformations(origins: readonly Origin[]): string {
  return origins
    .map((origin) =>
      originLines(origin)
        .map((line, index) => `${index === 0 ? "- " : "  "}${line}\n`)
        .join(""),
    )
    .join("");
}

function originLines(origin: Origin): string[] {
  const lines: string[] = [];
  const add = (key: string, value: string, margin = "") => {
    if (value !== "") lines.push(`${margin}${key}: ${value}`);
  };
  add("path", origin.path);
  add("repo", origin.repo);
  add("ref", origin.ref);
  add("configuredIn", origin.configuredIn);
  const by = origin.configuredBy;
  if (by) {
    lines.push("configuredBy:");
    add("apiVersion", by.apiVersion, "  ");
    add("kind", by.kind, "  ");
    add("name", by.name, "  ");
    add("namespace", by.namespace, "  ");
  }
  return lines;
}
