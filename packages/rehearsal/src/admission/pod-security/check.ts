// What a check of the Pod Security Standards looks at and says (pod-security-admission, package policy).
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../read-json.ts";

/** A pod or a pod template, taken apart for checks. */
export interface PodView {
  readonly spec: JsonObject;
  readonly security: JsonObject;
  readonly annotations: JsonObject;
  /** Init, ordinary and ephemeral containers. */
  readonly containers: readonly JsonObject[];
}

/** Why a check forbids a pod. */
export interface Violation {
  /** A few words, which are enough where many pods are spoken of. */
  readonly reason: string;
  /** Which containers, fields and values. */
  readonly detail: string;
}

export type CheckPod = (pod: PodView) => Violation | undefined;

/** A check and how it has changed over the versions of Kubernetes. */
export interface Check {
  readonly id: string;
  /** The minor version from which each form holds, ascending. */
  readonly versions: readonly { readonly since: number; readonly check: CheckPod }[];
  /** Checks of the baseline whose place it takes where it holds. */
  readonly overrides?: readonly string[];
}

export function viewPod(template: JsonObject): PodView {
  const spec = objectAt(template, "spec");
  return {
    spec,
    security: objectAt(spec, "securityContext"),
    annotations: objectAt(template, "metadata", "annotations"),
    containers: ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
      objectsAt(spec, list),
    ),
  };
}

/** `pod`, `container "a"` or `pod and containers "a", "b"`: whoever sets what it must not; undefined when nobody does. */
export function settersOf(
  { security, containers }: PodView,
  isBad: (securityContext: Json | undefined) => boolean,
): string | undefined {
  const bad = containers.filter(({ securityContext }) => isBad(securityContext));
  const setters = [...(isBad(security) ? ["pod"] : []), ...(bad.length > 0 ? [nameContainers(bad)] : [])];
  return setters.length > 0 ? setters.join(" and ") : undefined;
}

export function nameContainers(containers: readonly JsonObject[]): string {
  return `${plural("container", containers.length)} ${quoteAll(containers.map(({ name }) => String(name)))}`;
}

export function quoteAll(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** Each text once, in order of its bytes. */
export function sortedOnce(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
