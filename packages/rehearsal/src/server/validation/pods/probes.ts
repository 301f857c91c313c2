// Probes and lifecycle hooks of containers (kubernetes pkg/apis/core/validation validateHandler).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, textAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { notNegative } from "../numbers.ts";
import { validatePort, validatePortNumber } from "../ports.ts";

/** What is wrong with the probes of a container. */
export function validateProbes(container: JsonObject, path: string): FieldError[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((field) => {
    const probe = container[field];
    if (!isJsonObject(probe)) return [];
    const at = `${path}.${field}`;
    const errors = validateProbe(probe, at);
    const grace = numberAt(probe, "terminationGracePeriodSeconds");
    if (field === "readinessProbe") {
      const detail = "must not be set for readinessProbes";
      if (grace !== undefined) {
        errors.push(invalidValue(`${at}.terminationGracePeriodSeconds`, grace, detail));
      }
    } else if ((numberAt(probe, "successThreshold") ?? 1) !== 1) {
      errors.push(invalidValue(`${at}.successThreshold`, probe.successThreshold, "must be 1"));
    }
    return errors;
  });
}

/** What is done when a container has started and before it is stopped; `graceSeconds` is the pod's time to stop. */
export function validateLifecycle(
  lifecycle: JsonObject,
  path: string,
  graceSeconds: number | undefined,
): FieldError[] {
  return ["postStart", "preStop"].flatMap((moment) => {
    const action = lifecycle[moment];
    return isJsonObject(action) ? validateHandlers(action, `${path}.${moment}`, graceSeconds) : [];
  });
}

/** The one thing that is done: a command, a request, a connection or, in a lifecycle, waiting. */
function validateHandlers(action: JsonObject, path: string, graceSeconds?: number): FieldError[] {
  const kinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
  const [first, ...others] = kinds.filter((kind) => isJsonObject(action[kind]));
  if (first === undefined) return [requiredValue(path, "must specify a handler type")];
  return [
    ...validateHandler(first, objectAt(action, first), `${path}.${first}`, graceSeconds),
    ...others.map((other) => forbiddenValue(`${path}.${other}`, "may not specify more than 1 handler type")),
  ];
}

function validateProbe(probe: JsonObject, path: string): FieldError[] {
  const errors = validateHandlers(probe, path);
  for (const field of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ]) {
    errors.push(...notNegative(probe, field, path));
  }
  const grace = numberAt(probe, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace <= 0) {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  }
  return errors;
}

function validateHandler(
  kind: string,
  handler: JsonObject,
  path: string,
  graceSeconds: number | undefined,
): FieldError[] {
  switch (kind) {
    case "exec":
      return Array.isArray(handler.command) && handler.command.length > 0
        ? []
        : [requiredValue(`${path}.command`)];
    case "httpGet": {
      const scheme = textAt(handler, "scheme") ?? "HTTP";
      return [
        ...(textAt(handler, "path") === "" ? [requiredValue(`${path}.path`)] : []),
        ...validatePort(handler.port, `${path}.port`),
        ...(["HTTP", "HTTPS"].includes(scheme)
          ? []
          : [unsupportedValue(`${path}.scheme`, scheme, ["HTTP", "HTTPS"])]),
      ];
    }
    case "sleep": {
      const seconds = numberAt(handler, "seconds") ?? 0;
      if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return [];
      const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
      return [invalidValue(path, seconds, detail)];
    }
    case "tcpSocket":
      return validatePort(handler.port, `${path}.port`);
    default:
      return validatePortNumber(numberAt(handler, "port") ?? 0, `${path}.port`);
  }
}
