// Labels of nodes that were replaced (kubernetes pkg/api/node/util.go).
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt, textsAt } from "../../admission/read-json.ts";
import { checkLabelValue } from "../validation/names.ts";

const deprecated: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods":
    "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What to use in the place of a label; undefined for one that is in use. */
export function deprecatedLabel(label: string): string | undefined {
  return Object.hasOwn(deprecated, label) ? deprecated[label] : undefined;
}

/** Advice about a term of a node selector at `path`; about its values only where `values` says so. */
export function selectorTermWarnings(term: JsonObject, path: string, values: boolean): string[] {
  return objectsAt(term, "matchExpressions").flatMap((expression, index) => {
    const place = `${path}.matchExpressions[${index}]`;
    const key = textAt(expression, "key") ?? "";
    const advice = deprecatedLabel(key);
    return [
      ...(advice ? [`${place}.key: ${key} is ${advice}`] : []),
      ...(values ? textsAt(expression, "values") : []).flatMap((value, number) =>
        checkLabelValue(value).map((wrong) => `${place}.values[${number}]: ${value} is invalid, ${wrong}`),
      ),
    ];
  });
}
