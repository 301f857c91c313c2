// What may be written into the status of a Job (kubernetes pkg/apis/batch/validation ValidateJobUpdateStatus, with
// the options of pkg/registry/batch/job getStatusValidationOptions).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { numberAt, objectsAt, textAt, textsAt, valueAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-error.ts";
import { countIndexes, sharedIndex } from "./index-lists.ts";

/** What the checks look at, before and after. */
interface State {
  readonly complete: boolean;
  readonly failed: boolean;
  readonly failureTarget: boolean;
  readonly successCriteria: boolean;
  readonly finished: boolean;
  readonly active: number;
  readonly startTime: string | undefined;
  readonly completionTime: string | undefined;
  readonly status: KubernetesObject["status"];
}

/** What is wrong with a Job's status; most of it only when what it is about changes. */
export function validateJobStatus(job: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [now, before] = [stateOf(job), stateOf(old)];
  return [
    ...countErrors(job),
    ...podErrors(job),
    ...conditionErrors(now, before),
    ...finishedErrors(job, now, before),
    ...indexErrors(job, now, before),
    ...successErrors(job, now),
    ...transitionErrors(job, now, before),
  ];
}

function stateOf({ status }: KubernetesObject): State {
  const conditions = objectsAt(status, "conditions");
  const isTrue = (type: string) => conditions.some((one) => one.type === type && one.status === "True");
  const [complete, failed] = [isTrue("Complete"), isTrue("Failed")];
  return {
    complete,
    failed,
    failureTarget: isTrue("FailureTarget"),
    successCriteria: isTrue("SuccessCriteriaMet"),
    finished: complete || failed,
    active: numberAt(status, "active") ?? 0,
    startTime: textAt(status, "startTime"),
    completionTime: textAt(status, "completionTime"),
    status,
  };
}

const path = "status.conditions";

function ofConditions(wrong: boolean, detail: string): FieldError[] {
  return wrong ? [{ field: path, reason: "FieldValueInvalid", message: `Invalid value: ${detail}` }] : [];
}

function changed(field: string, now: State, before: State): boolean {
  return !equalJson(valueAt(now.status, field) ?? null, valueAt(before.status, field) ?? null);
}

function countErrors({ status }: KubernetesObject): FieldError[] {
  return ["active", "succeeded", "failed", "ready", "terminating"].flatMap((field) => {
    const count = numberAt(status, field) ?? 0;
    return count >= 0 ? [] : [invalidValue(`status.${field}`, count, "must be greater than or equal to 0")];
  });
}

function podErrors({ status }: KubernetesObject): FieldError[] {
  const seen = new Set<string>();
  return ["succeeded", "failed"].flatMap((list) =>
    textsAt(status, "uncountedTerminatedPods", list).flatMap((uid, index) => {
      const place = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === "") return [invalidValue(place, uid, "must not be empty")];
      if (seen.has(uid)) return [duplicateValue(place, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

function conditionErrors(now: State, before: State): FieldError[] {
  const completed = now.complete !== before.complete;
  const ended = completed || changed("completionTime", now, before);
  const errors = [
    ...ofConditions(
      (completed || now.failed !== before.failed) && now.complete && now.failed,
      "cannot set Complete=True and Failed=true conditions",
    ),
    ...ofConditions(
      (completed || now.failureTarget !== before.failureTarget) && now.complete && now.failureTarget,
      "cannot set Complete=True and FailureTarget=true conditions",
    ),
  ];
  const field = "status.completionTime";
  if (ended && now.completionTime && !now.complete) {
    const detail = "cannot set completionTime when there is no Complete=True condition";
    errors.push(invalidValue(field, now.completionTime, detail));
  }
  if (ended && !now.completionTime && now.complete) {
    errors.push(requiredValue(field, "completionTime is required for Complete jobs"));
  }
  const moved = changed("startTime", now, before) || changed("completionTime", now, before);
  if (moved && now.startTime && now.completionTime && now.completionTime < now.startTime) {
    errors.push(invalidValue(field, now.completionTime, "must be equal to or after `startTime`"));
  }
  return [
    ...errors,
    ...ofConditions(
      (now.failed !== before.failed || changed("failedIndexes", now, before)) &&
        now.failed &&
        !now.failureTarget,
      "cannot set Failed=True condition without the FailureTarget=true condition",
    ),
    ...ofConditions(
      (completed || now.successCriteria !== before.successCriteria) && now.complete && !now.successCriteria,
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    ),
  ];
}

function finishedErrors(job: KubernetesObject, now: State, before: State): FieldError[] {
  if (!now.finished) return [];
  const errors: FieldError[] = [];
  const isNew = now.finished !== before.finished;
  if ((isNew || now.active !== before.active) && now.active > 0) {
    errors.push(invalidValue("status.active", now.active, "active>0 is invalid for finished job"));
  }
  const never = valueAt(job, "spec", "suspend") === true && numberAt(job, "spec", "completions") === 0;
  if ((isNew || changed("startTime", now, before)) && !never && !now.startTime) {
    errors.push(requiredValue("status.startTime", "startTime is required for finished job"));
  }
  const field = "uncountedTerminatedPods";
  const uncounted = ["succeeded", "failed"].some((list) => textsAt(now.status, field, list).length > 0);
  if ((isNew || changed(field, now, before)) && uncounted) {
    const value = valueAt(now.status, field);
    errors.push(invalidValue(`status.${field}`, value, "must be empty for finished job"));
  }
  return errors;
}

function indexErrors(job: KubernetesObject, now: State, before: State): FieldError[] {
  const completions = numberAt(job, "spec", "completions");
  const indexed = textAt(job, "spec", "completionMode") === "Indexed";
  const limited = numberAt(job, "spec", "backoffLimitPerIndex") !== undefined;
  const completed = textAt(now.status, "completedIndexes") ?? "";
  // An empty list is not the same as none.
  const failed = textOf(now.status, "failedIndexes");
  const [completes, fails] = ["completedIndexes", "failedIndexes"].map((field) =>
    changed(field, now, before),
  );
  const errors: FieldError[] = [];
  if (completes) errors.push(...listErrors("completedIndexes", completed, completions));
  if (fails && limited) errors.push(...listErrors("failedIndexes", failed, completions));
  if (completes && completed !== "" && !indexed) {
    const detail = "cannot set non-empty completedIndexes when non-indexed completion mode";
    errors.push(invalidValue("status.completedIndexes", completed, detail));
  }
  if (fails && failed !== undefined && !limited) {
    const detail = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
    errors.push(invalidValue("status.failedIndexes", failed, detail));
  }
  if ((completes || fails) && completions !== undefined && failed !== undefined) {
    const shared = sharedIndex(completed, failed, completions);
    const detail = `failedIndexes and completedIndexes overlap at index: ${shared}`;
    if (shared !== undefined) errors.push(invalidValue("status.failedIndexes", failed, detail));
  }
  return [...errors, ...terminatingErrors(now, before), ...readyErrors(now, before)];
}

function textOf(status: Json | undefined, field: string): string | undefined {
  const value = valueAt(status, field);
  return typeof value === "string" ? value : undefined;
}

function listErrors(field: string, text: string | undefined, completions: number | undefined): FieldError[] {
  if (text === undefined || completions === undefined) return [];
  const problem = countIndexes(text, completions);
  if (typeof problem === "number") return [];
  return [invalidValue(`status.${field}`, text, `error parsing ${field}: ${problem}`)];
}

function terminatingErrors(now: State, before: State): FieldError[] {
  const terminating = numberAt(now.status, "terminating") ?? 0;
  const ends = now.finished !== before.finished || changed("terminating", now, before);
  if (ends && terminating > 0 && now.finished) {
    return [invalidValue("status.terminating", terminating, "terminating>0 is invalid for finished job")];
  }
  return [];
}

function readyErrors(now: State, before: State): FieldError[] {
  const ready = numberAt(now.status, "ready");
  const moved = changed("ready", now, before) || now.active !== before.active;
  if (moved && ready !== undefined && ready > now.active) {
    return [invalidValue("status.ready", ready, "cannot set more ready pods than active")];
  }
  return [];
}

function successErrors(job: KubernetesObject, { successCriteria, failed, failureTarget, complete }: State) {
  const hasPolicy = valueAt(job, "spec", "successPolicy") !== undefined;
  return [
    ...ofConditions(
      successCriteria && failed,
      "cannot set SuccessCriteriaMet=True and Failed=true conditions",
    ),
    ...ofConditions(
      successCriteria && failureTarget,
      "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
    ),
    ...ofConditions(
      hasPolicy && !successCriteria && complete,
      "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
    ),
  ];
}

function transitionErrors(job: KubernetesObject, now: State, before: State): FieldError[] {
  const errors = [
    ...ofConditions(before.failed && !now.failed, "cannot disable the terminal Failed=True condition"),
    ...ofConditions(before.complete && !now.complete, "cannot disable the terminal Complete=True condition"),
    ...ofConditions(
      before.failureTarget && !now.failureTarget,
      "cannot disable the terminal FailureTarget=True condition",
    ),
  ];
  const indexed = textAt(job, "spec", "completionMode") === "Indexed";
  // An indexed job that runs all at once may be made smaller.
  const elastic = indexed && numberAt(job, "spec", "completions") === numberAt(job, "spec", "parallelism");
  for (const field of elastic ? ["failed"] : ["failed", "succeeded"]) {
    const [count, earlier] = [now, before].map(({ status }) => numberAt(status, field) ?? 0);
    if (Number(count) >= Number(earlier)) continue;
    errors.push(invalidValue(`status.${field}`, count, `cannot decrease the ${field} counter`));
  }
  if (now.completionTime && before.completionTime && now.completionTime !== before.completionTime) {
    errors.push(invalidValue("status.completionTime", now.completionTime, "field is immutable"));
  }
  const resumes =
    conditionIs(before.status, "Suspended", "True") && conditionIs(now.status, "Suspended", "False");
  const suspended = valueAt(job, "spec", "suspend") === true;
  if (before.startTime && before.startTime !== now.startTime && !resumes && !suspended) {
    const detail = "field is immutable for unsuspended job once set";
    errors.push(invalidValue("status.startTime", now.startTime ?? null, detail));
  }
  return [
    ...errors,
    ...ofConditions(
      before.successCriteria && !now.successCriteria,
      "cannot disable the SuccessCriteriaMet=True condition",
    ),
    ...ofConditions(
      before.complete && !before.successCriteria && now.successCriteria,
      "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions",
    ),
  ];
}

function conditionIs(status: Json | undefined, type: string, value: string): boolean {
  return objectsAt(status, "conditions").some((one) => one.type === type && one.status === value);
}
