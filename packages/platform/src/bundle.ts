import type { KubernetesObject } from "@slipway/kubernetes/objects";
import type { SourcePosition, YamlNode } from "@slipway/yaml";

/** One object of the platform with where it was written and which component of the catalogue it belongs to. */
export interface BundleResource {
  readonly object: KubernetesObject;
  readonly origin: SourcePosition;
  readonly component?: string | undefined;
  /** Kustomization files that it passed through, innermost first, as the release knows them. */
  readonly trail?: readonly string[];
  /** Its tree, in which every field knows its place and its history. */
  readonly root?: YamlNode;
  /** The object as kustomize prints it. */
  readonly text?: string;
}

/** What is to be deployed: everything after it is a pure function of it and of what a cluster says. */
export interface Bundle {
  readonly name: string;
  readonly release: string;
  readonly resources: readonly BundleResource[];
  /** What the person who asked for it should know. */
  readonly warnings: readonly string[];
  /** What the build remarks on kustomizations, with the place: patches and images that match nothing, unused vars. */
  readonly notes: readonly string[];
  /** Deprecated fields of kustomizations, each once with how often and where first. */
  readonly deprecations?: readonly string[];
  /** The same objects as kustomize prints them, in UTF-8. */
  readonly yaml: Uint8Array;
  /** A source file of a field's history as the release knows it. */
  readonly nameFile?: (file: string) => string;
}
