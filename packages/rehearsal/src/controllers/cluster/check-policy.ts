// What does not go together in a policy's expressions, for each kind that it is about (apiserver
// admission/plugin/policy/validating typechecking.go).
import {
  admissionVariables,
  anyType,
  type CelType,
  compileAdmission,
  type KubernetesObject,
  typeExpression,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../admission/read-json.ts";

/** A kind by group, version and name. */
export interface CheckedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What the cluster serves, as far as a check asks. */
export interface KindTypes {
  /** The kinds of a resource; of one in the core group, those of every group that has it in this version. */
  kindsOf(group: string, version: string, resource: string): readonly CheckedKind[];
  /** The type of a kind's objects; undefined when its schema is not known. */
  typeOf(kind: CheckedKind): CelType | undefined;
}

/** A warning of a policy's status. */
export type ExpressionWarning = { readonly fieldRef: string; readonly warning: string };

const mostKinds = 10;

/** The warnings, in the order of the expressions. */
export function checkPolicy(policy: KubernetesObject, types: KindTypes): ExpressionWarning[] {
  const spec = objectAt(policy, "spec");
  const kinds = kindsToCheck(spec, types).flatMap((kind) => {
    const type = types.typeOf(kind);
    return type ? [{ kind, scope: scopeFor(spec, type, types) }] : [];
  });
  const warn = (fieldRef: string, expression: string | undefined): ExpressionWarning[] => {
    if (expression === undefined) return [];
    const found = kinds.flatMap(({ kind, scope }) => {
      const { failure } = typeExpression(expression, scope);
      return failure === undefined ? [] : [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${failure}\n`];
    });
    return found.length === 0 ? [] : [{ fieldRef, warning: found.join("\n") }];
  };
  return objectsAt(spec, "validations").flatMap((validation, index) => {
    const path = `spec.validations[${index}]`;
    return [
      ...warn(`${path}.expression`, textAt(validation, "expression")),
      ...warn(`${path}.messageExpression`, textAt(validation, "messageExpression")),
    ];
  });
}

/** The variables of the expressions where objects are of this type. */
function scopeFor(spec: JsonObject, object: CelType, types: KindTypes) {
  const composed = new Map<string, CelType>();
  const params = paramTypeOf(spec, types);
  const scope = { object, ...(params ? { params } : {}), authorizer: true, composed };
  const variables = new Map(admissionVariables(scope));
  // Which the real check forgot.
  variables.delete("authorizer.requestResource");
  for (const { name, expression } of objectsAt(spec, "variables")) {
    composed.set(String(name), compileAdmission(String(expression), "variable", variables).type);
  }
  return variables;
}

function paramTypeOf(spec: JsonObject, types: KindTypes): CelType | undefined {
  const kind = textAt(spec, "paramKind", "kind");
  if (!kind) return undefined;
  const [version = "", group = ""] = (textAt(spec, "paramKind", "apiVersion") ?? "").split("/").reverse();
  return types.typeOf({ group, version, kind }) ?? anyType;
}

/** Kinds of the rules that name their groups, versions and resources; after ten of one rule no more are looked for. */
function kindsToCheck(spec: JsonObject, types: KindTypes): CheckedKind[] {
  const found = new Map<string, CheckedKind>();
  for (const rule of objectsAt(spec, "matchConstraints", "resourceRules")) {
    const resources = names(rule, "resources").filter((name) => !/[*/]/.test(name));
    let count = 0;
    for (const kind of named(rule, resources, types)) {
      found.set(`${kind.group} ${kind.version} ${kind.kind}`, kind);
      if (++count === mostKinds) return [...found.values()].sort(byName);
    }
  }
  return [...found.values()].sort(byName);
}

function named(rule: JsonObject, resources: readonly string[], types: KindTypes): CheckedKind[] {
  const [groups, versions] = [names(rule, "apiGroups"), names(rule, "apiVersions")];
  if ([...groups, ...versions].some((name) => name.includes("*"))) return [];
  return groups.flatMap((group) =>
    versions.flatMap((version) => resources.flatMap((resource) => types.kindsOf(group, version, resource))),
  );
}

function names(rule: Json, field: string): string[] {
  return textsAt(rule, field).toSorted();
}

function byName(a: CheckedKind, b: CheckedKind): number {
  const [first, second] = [a, b].map(({ group, version, kind }) => [group, version, kind].join("\0"));
  return (first as string) < (second as string) ? -1 : 1;
}
