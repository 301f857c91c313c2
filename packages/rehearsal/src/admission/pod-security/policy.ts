// What the labels of a namespace say about Pod Security (pod-security-admission, api/helpers.go).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { invalidValue } from "../../server/field-error.ts";

const levels = ["privileged", "baseline", "restricted"] as const;
export type PodSecurityLevel = (typeof levels)[number];

export interface LevelVersion {
  readonly level: PodSecurityLevel;
  /** The minor version, as 25 for `v1.25`. */
  readonly version: number | "latest";
}

export interface PodSecurityPolicy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
  /** Labels that can't be read. */
  readonly errors: readonly FieldError[];
}

/**
 * The policy of a namespace. What can't be read is taken for the strictest where it is enforced and for nothing where
 * it is warned of; what is enforced is also warned of where no label says otherwise.
 */
export function policyOf(namespace: KubernetesObject | undefined): PodSecurityPolicy {
  const labels = namespace?.metadata.labels ?? {};
  const errors: FieldError[] = [];
  const read = <T>(mode: string, parse: (text: string) => T | undefined, why: string, otherwise: T) => {
    const label = `pod-security.kubernetes.io/${mode}`;
    const text = labels[label];
    if (text === undefined) return { value: undefined, isGood: false };
    const value = parse(text);
    if (value === undefined) errors.push(invalidValue(`metadata.labels[${label}]`, text, why));
    return { value: value ?? otherwise, isGood: value !== undefined };
  };
  const level = (mode: string, otherwise: PodSecurityLevel) =>
    read(mode, parseLevel, `must be one of ${levels.join(", ")}`, otherwise);
  const version = (mode: string) =>
    read<LevelVersion["version"]>(`${mode}-version`, parseVersion, 'must be "latest" or "v1.x"', "latest");

  const enforceLevel = level("enforce", "restricted");
  const enforce: LevelVersion = {
    level: enforceLevel.value ?? "privileged",
    version: version("enforce").value ?? "latest",
  };
  level("audit", "privileged");
  version("audit");
  const warnLevel = level("warn", "privileged").value;
  const warnVersion = version("warn").value;
  const follows = warnLevel === undefined && enforceLevel.isGood && enforce.level !== "privileged";
  const warn: LevelVersion = {
    level: follows ? enforce.level : (warnLevel ?? "privileged"),
    version: warnVersion ?? (follows ? enforce.version : "latest"),
  };
  return { enforce, warn, errors };
}

/** `baseline:latest`, `restricted:v1.25`. */
export function showLevel({ level, version }: LevelVersion): string {
  return `${level}:${version === "latest" ? version : `v1.${version}`}`;
}

/** Above 0 when the first level is the stricter one. */
export function compareLevels(left: PodSecurityLevel, right: PodSecurityLevel): number {
  return levels.indexOf(left) - levels.indexOf(right);
}

function parseLevel(text: string): PodSecurityLevel | undefined {
  return levels.find((level) => level === text);
}

function parseVersion(text: string): LevelVersion["version"] | undefined {
  if (text === "latest") return text;
  const [, minor] = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(text) ?? [];
  return minor === undefined ? undefined : Number(minor);
}
