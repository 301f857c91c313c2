// Which checks make up a level of the Pod Security Standards in a version (pod-security-admission, policy/registry.go).
import type { JsonObject } from "@slipway/yaml";
import { baselineChecks } from "./baseline-checks.ts";
import { type Check, type CheckPod, type Violation, viewPod } from "./check.ts";
import type { LevelVersion } from "./policy.ts";
import { restrictedChecks } from "./restricted-checks.ts";

/** What a pod or a pod template violates at a level, in the order of the real checks; empty when nothing. */
export function checkPod({ level, version }: LevelVersion, template: JsonObject): readonly Violation[] {
  if (level === "privileged") return [];
  const pod = viewPod(template);
  const minor = version === "latest" ? Number.POSITIVE_INFINITY : version;
  return checksOf(level, minor)
    .map((check) => check(pod))
    .filter((violation) => violation !== undefined);
}

/** `reason (detail), reason (detail)`. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(", ");
}

function checksOf(level: "baseline" | "restricted", minor: number): CheckPod[] {
  const own = level === "baseline" ? [] : active(restrictedChecks, minor);
  const overridden = new Set(own.flatMap(({ overrides = [] }) => overrides));
  const baseline = active(baselineChecks, minor).filter(({ id }) => !overridden.has(id));
  return [...baseline, ...own].map(({ check }) => check);
}

/** The checks that hold in a version, each in its form for it. */
function active(checks: readonly Check[], minor: number): (Check & { check: CheckPod })[] {
  return checks.flatMap((one) => {
    const form = one.versions.findLast(({ since }) => since <= minor);
    return form ? [{ ...one, check: form.check }] : [];
  });
}
