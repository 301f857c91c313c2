// PriorityLevelConfigurations (kubernetes pkg/apis/flowcontrol/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt, objectAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import type { Validator } from "../validator.ts";
import { fixedSpecOf } from "./fixed-specs.ts";

const MAX_QUEUES = 10_000_000;
/** How many bits of its hash a request may use to be dealt its queues (apiserver pkg/util/shufflesharding). */
const MAX_HASH_BITS = 60;

/** What is wrong with a priority level. */
function validatePriorityLevel(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  if ((object.metadata.name === "exempt") !== (spec.type === "Exempt")) {
    const detail = "must be 'Exempt' if and only if `name` is 'exempt'";
    errors.push(invalidValue("spec.type", spec.type ?? "", detail));
  }
  if (spec.type === "Exempt") {
    if (spec.limited !== undefined) {
      errors.push(forbiddenValue("spec.limited", "must be nil if the type is not Limited"));
    }
    errors.push(...validateShares(objectAt(spec, "exempt"), "spec.exempt"));
  } else if (spec.type === "Limited") {
    if (spec.exempt !== undefined) {
      errors.push(forbiddenValue("spec.exempt", "must be nil if the type is Limited"));
    }
    if (spec.limited === undefined) {
      errors.push(requiredValue("spec.limited", "must not be empty when type is Limited"));
    } else errors.push(...validateLimited(objectAt(spec, "limited")));
  } else errors.push(unsupportedValue("spec.type", spec.type ?? "", ["Exempt", "Limited"]));
  return [...errors, ...validateFixedSpec(object, spec)];
}

/** Of `exempt` only the part of that name may change, of `catch-all` nothing. */
function validateFixedSpec(object: KubernetesObject, spec: JsonObject): FieldError[] {
  const { name } = object.metadata;
  if (name !== "exempt" && name !== "catch-all") return [];
  const fixed = fixedSpecOf(object);
  const same = name === "exempt" ? { ...spec, exempt: objectAt(fixed, "exempt") } : spec;
  if (equalJson(fixed, same)) return [];
  const except = name === "exempt" ? " except the 'spec.exempt' field" : "";
  return [invalidValue("spec", showSpec(spec), `spec of '${name}'${except} must equal the fixed value`)];
}

/** The Go struct, which the real server shows. */
function showSpec(spec: JsonObject): Json {
  const limited = objectAt(spec, "limited");
  const response = objectAt(limited, "limitResponse");
  const queuing = objectAt(response, "queuing");
  const exempt = objectAt(spec, "exempt");
  return {
    Type: spec.type ?? "",
    Limited: spec.limited
      ? {
          NominalConcurrencyShares: limited.nominalConcurrencyShares ?? 0,
          LimitResponse: {
            Type: response.type ?? "",
            Queuing: response.queuing
              ? {
                  Queues: queuing.queues ?? 0,
                  HandSize: queuing.handSize ?? 0,
                  QueueLengthLimit: queuing.queueLengthLimit ?? 0,
                }
              : null,
          },
          LendablePercent: limited.lendablePercent ?? null,
          BorrowingLimitPercent: limited.borrowingLimitPercent ?? null,
        }
      : null,
    Exempt: spec.exempt
      ? {
          NominalConcurrencyShares: exempt.nominalConcurrencyShares ?? null,
          LendablePercent: exempt.lendablePercent ?? null,
        }
      : null,
  };
}

function validateLimited(limited: JsonObject): FieldError[] {
  const path = "spec.limited";
  const [shares, lendable] = [validateCount(limited, path), validateLendable(limited, path)];
  const borrowing = numberAt(limited, "borrowingLimitPercent");
  const borrowed =
    borrowing !== undefined && borrowing < 0
      ? [
          invalidValue(
            `${path}.borrowingLimitPercent`,
            borrowing,
            "if specified, must be a non-negative integer",
          ),
        ]
      : [];
  return [...shares, ...validateResponse(objectAt(limited, "limitResponse")), ...lendable, ...borrowed];
}

function validateShares(level: JsonObject, path: string): FieldError[] {
  return [...validateCount(level, path), ...validateLendable(level, path)];
}

function validateCount(level: JsonObject, path: string): FieldError[] {
  const shares = numberAt(level, "nominalConcurrencyShares");
  if (shares === undefined || shares >= 0) return [];
  return [invalidValue(`${path}.nominalConcurrencyShares`, shares, "must be a non-negative integer")];
}

function validateLendable(level: JsonObject, path: string): FieldError[] {
  const percent = numberAt(level, "lendablePercent");
  if (percent === undefined || (percent >= 0 && percent <= 100)) return [];
  return [invalidValue(`${path}.lendablePercent`, percent, "must be between 0 and 100, inclusive")];
}

function validateResponse(response: JsonObject): FieldError[] {
  const path = "spec.limited.limitResponse";
  const { type, queuing } = response;
  if (type === "Reject") {
    const detail = "must be nil if limited.limitResponse.type is not Limited";
    return queuing === undefined ? [] : [forbiddenValue(`${path}.queuing`, detail)];
  }
  if (type !== "Queue") return [unsupportedValue(`${path}.type`, type ?? "", ["Queue", "Reject"])];
  if (queuing !== undefined) return validateQueuing(objectAt(response, "queuing"), `${path}.queuing`);
  return [requiredValue(`${path}.queuing`, "must not be empty if limited.limitResponse.type is Limited")];
}

function validateQueuing(queuing: JsonObject, path: string): FieldError[] {
  const limit = numberAt(queuing, "queueLengthLimit") ?? 0;
  const queues = numberAt(queuing, "queues") ?? 0;
  const handSize = numberAt(queuing, "handSize") ?? 0;
  const errors: FieldError[] = [];
  if (limit <= 0) errors.push(invalidValue(`${path}.queueLengthLimit`, limit, "must be positive"));
  if (queues <= 0) errors.push(invalidValue(`${path}.queues`, queues, "must be positive"));
  else if (queues > MAX_QUEUES) {
    errors.push(invalidValue(`${path}.queues`, queues, `must not be greater than ${MAX_QUEUES}`));
  }
  const field = `${path}.handSize`;
  if (handSize <= 0) errors.push(invalidValue(field, handSize, "must be positive"));
  else if (handSize > queues) {
    errors.push(invalidValue(field, handSize, `should not be greater than queues (${queues})`));
  } else if (Math.ceil(Math.log2(queues) * handSize) > MAX_HASH_BITS) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`;
    errors.push(invalidValue(field, handSize, detail));
  }
  return errors;
}

/** By collection. */
export const priorityLevelValidators: Readonly<Record<string, Validator>> = {
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": { validate: validatePriorityLevel },
};
