// Nobody gives rights that they do not have (kubernetes pkg/registry/rbac escalation_check.go, ConfirmNoEscalation).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";
import { covers, findPermission, roleRules, rulesFor } from "./authorize.ts";
import type { RequestContext } from "./context.ts";
import { controllerManager } from "./request.ts";
import { forbidden } from "./status-errors.ts";

const group = "rbac.authorization.k8s.io";

/** One right: a verb on a resource of a group, or on a path. */
type Right = JsonObject;

/**
 * Refuses a role with rules, or a binding to a role whose rules, the user does not hold themselves, unless they may
 * `escalate` such roles or `bind` that one.
 */
export function refuseEscalation(
  { server, type, info, request }: RequestContext,
  object: KubernetesObject,
): void {
  const { user } = request;
  if (type.group !== group || user === controllerManager || user.groups.includes("system:masters")) return;
  const namespace = type.namespaced ? (info.namespace ?? "") : "";
  const may = (verb: string, resource: string, name: string) =>
    findPermission(server, user, { verb, group, resource, namespace, name }) !== undefined;
  const { name } = object.metadata;
  let rules: JsonObject[];
  if (type.resource === "roles" || type.resource === "clusterroles") {
    if (may("escalate", type.resource, name)) return;
    rules = objectsAt(object, "rules");
  } else {
    const role = objectAt(object, "roleRef");
    const resource = role.kind === "Role" ? "roles" : "clusterroles";
    if (may("bind", resource, textAt(role, "name") ?? "")) return;
    rules = roleRules(server, role, namespace);
  }
  const held = [...rulesFor(server, user, namespace)].map(({ rule }) => rule);
  const missing = rules.flatMap(rightsOf).filter((right) => !held.some((rule) => covers(rule, right)));
  if (missing.length === 0) return;
  const groups = user.groups.map((one) => JSON.stringify(one)).join(" ");
  const lines = compact(missing).map(describe).join("\n");
  const cause = `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${lines}`;
  throw forbidden(type, name, cause);
}

function rightsOf(rule: JsonObject): Right[] {
  const all: Right[] = [];
  for (const verb of textsAt(rule, "verbs")) {
    for (const url of textsAt(rule, "nonResourceURLs")) all.push({ nonResourceURLs: [url], verbs: [verb] });
    for (const apiGroup of textsAt(rule, "apiGroups")) {
      for (const resource of textsAt(rule, "resources")) {
        const right = { apiGroups: [apiGroup], resources: [resource], verbs: [verb] };
        const names = textsAt(rule, "resourceNames");
        if (names.length === 0) all.push(right);
        for (const name of names) all.push({ ...right, resourceNames: [name] });
      }
    }
  }
  return all;
}

/** Rights that differ in nothing but their verbs, together. */
function compact(rights: readonly Right[]): Right[] {
  const byPlace = new Map<string, Right>();
  for (const right of rights) {
    const { verbs, ...place } = right;
    const key = JSON.stringify(place);
    const known = byPlace.get(key);
    byPlace.set(
      key,
      known ? { ...known, verbs: [...textsAt(known, "verbs"), ...textsAt(right, "verbs")] } : right,
    );
  }
  return [...byPlace.values()];
}

function describe(right: Right): string {
  const parts = [
    ["APIGroups", "apiGroups"],
    ["Resources", "resources"],
    ["ResourceNames", "resourceNames"],
    ["NonResourceURLs", "nonResourceURLs"],
    ["Verbs", "verbs"],
  ].flatMap(([label, field = ""]) => {
    const values = textsAt(right, field);
    return values.length > 0 ? [`${label}:[${values.map((one) => JSON.stringify(one)).join(" ")}]`] : [];
  });
  return `{${parts.join(", ")}}`;
}
