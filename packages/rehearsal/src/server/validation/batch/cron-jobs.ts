// CronJobs (kubernetes pkg/apis/batch/validation ValidateCronJobCreate and ValidateCronJobUpdate).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt, valueAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { notNegative } from "../numbers.ts";
import type { Validator } from "../validator.ts";
import { isTimeZone, scheduleFault } from "./cron-schedules.ts";
import { validateJobSpec } from "./jobs.ts";

function validateCronJob(object: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = validateSchedule(spec, old);
  errors.push(...notNegative(spec, "startingDeadlineSeconds", "spec"));
  const { timeZone: zone } = spec;
  if (typeof zone === "string" && !(old && zone === valueAt(old, "spec", "timeZone"))) {
    errors.push(...validateTimeZone(zone));
  }
  const policy = textAt(spec, "concurrencyPolicy") ?? "Allow";
  const policies = ["Allow", "Forbid", "Replace"];
  if (!policies.includes(policy)) errors.push(unsupportedValue("spec.concurrencyPolicy", policy, policies));
  const job = objectAt(spec, "jobTemplate", "spec");
  errors.push(...validateJobSpec(job, "spec.jobTemplate.spec"));
  if (job.selector !== undefined) {
    const detail = "`selector` will be auto-generated";
    errors.push(invalidValue("spec.jobTemplate.spec.selector", job.selector, detail));
  }
  if (job.manualSelector === true) {
    errors.push(unsupportedValue("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]));
  }
  for (const field of ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) {
    errors.push(...notNegative(spec, field, "spec"));
  }
  if (!old && object.metadata.name.length > 52) {
    const detail = "must be no more than 52 characters";
    errors.push(invalidValue("metadata.name", object.metadata.name, detail));
  }
  return errors;
}

function validateTimeZone(zone: string): FieldError[] {
  if (zone === "") return [invalidValue("spec.timeZone", zone, "timeZone must be nil or non-empty string")];
  const unknown = invalidValue("spec.timeZone", zone, `unknown time zone ${zone}`);
  if (zone.split("/").some((part) => !zonePart.test(part) || part === "." || part === "..")) return [unknown];
  if (zone.toLowerCase() === "local") {
    const detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    // Go knows the machine's own zone by one of its spellings.
    return [invalidValue("spec.timeZone", zone, detail), ...(zone === "Local" ? [] : [unknown])];
  }
  return isTimeZone(zone) ? [] : [unknown];
}

/** What a part of a zone's name consists of. */
const zonePart = /^(?!-)[A-Za-z.\-_0-9+]{1,14}$/;

/** A schedule; one that named a time zone in itself before may go on doing so. */
function validateSchedule(spec: JsonObject, old: KubernetesObject | undefined): FieldError[] {
  const schedule = textAt(spec, "schedule");
  if (!schedule) return [requiredValue("spec.schedule")];
  const fail = (detail: string) => invalidValue("spec.schedule", schedule, detail);
  const fault = scheduleFault(schedule);
  const errors = fault === undefined ? [] : [fail(fault)];
  if (!schedule.includes("TZ")) return errors;
  if (!textAt(old?.spec, "schedule")?.includes("TZ")) {
    return [...errors, fail("cannot use TZ or CRON_TZ in schedule, use timeZone field instead")];
  }
  if (spec.timeZone === undefined) return errors;
  return [...errors, fail("cannot use both timeZone field and TZ or CRON_TZ in schedule")];
}

/** By collection. */
export const cronJobValidators: Readonly<Record<string, Validator>> = {
  "batch/cronjobs": { validate: validateCronJob },
};
