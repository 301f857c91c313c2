// Who may do what, by the roles and bindings that are there (kubernetes plugin/pkg/auth/authorizer/rbac).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";
import { storeKey } from "../store/store.ts";
import type { ServerContext } from "./context.ts";
import type { UserInfo } from "./request.ts";

/** What somebody wants to do: with a resource, or with a path that is none. */
export type WantedAccess =
  | {
      readonly verb: string;
      readonly group: string;
      /** `pods`, or `pods/log` for a subresource. */
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

const group = "rbac.authorization.k8s.io";

/**
 * Why the user may, as the server's own authorizer words it; undefined when no binding says so. Members of
 * `system:masters` may do everything without a reason (the empty text).
 */
export function findPermission(
  server: ServerContext,
  user: UserInfo,
  wanted: WantedAccess,
): string | undefined {
  if (user.groups.includes("system:masters")) return "";
  const namespace = "path" in wanted ? "" : wanted.namespace;
  for (const binding of bindings(server, "clusterrolebindings")) {
    const reason = permit(server, binding, user, wanted);
    if (reason !== undefined) return reason;
  }
  if (namespace === "") return undefined;
  for (const binding of bindings(server, "rolebindings")) {
    if (binding.metadata.namespace !== namespace) continue;
    const reason = permit(server, binding, user, wanted);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function bindings(server: ServerContext, resource: string): KubernetesObject[] {
  return server.store.snapshot(`${group}/${resource}`).entries.map(([, object]) => object);
}

function permit(
  server: ServerContext,
  binding: KubernetesObject,
  user: UserInfo,
  wanted: WantedAccess,
): string | undefined {
  const { namespace, name } = binding.metadata;
  const subject = objectsAt(binding, "subjects").find((one) => matchesSubject(one, user, namespace));
  if (!subject) return undefined;
  const role = objectAt(binding, "roleRef");
  if (!rulesOf(server, role, namespace).some((rule) => allows(rule, wanted))) return undefined;
  const shown = namespace ? `RoleBinding "${name}/${namespace}"` : `ClusterRoleBinding "${name}"`;
  return `RBAC: allowed by ${shown} of ${role.kind} "${role.name}" to ${describeSubject(subject, namespace)}`;
}

function matchesSubject(subject: JsonObject, user: UserInfo, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === user.name;
    case "Group":
      return user.groups.includes(String(subject.name));
    default:
      return `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}` === user.name;
  }
}

function describeSubject(subject: JsonObject, namespace: string | undefined): string {
  const { kind, name } = subject;
  if (kind !== "ServiceAccount") return `${kind} "${name}"`;
  return `ServiceAccount "${name}/${subject.namespace ?? namespace}"`;
}

function rulesOf(server: ServerContext, role: JsonObject, namespace: string | undefined): JsonObject[] {
  const resource = role.kind === "Role" ? "roles" : "clusterroles";
  const key = storeKey(role.kind === "Role" ? namespace : undefined, String(role.name));
  const found = server.store.get(`${group}/${resource}`, key);
  return found ? objectsAt(found, "rules") : [];
}

function allows(rule: JsonObject, wanted: WantedAccess): boolean {
  const has = (field: string, value: string) => {
    const values = textsAt(rule, field);
    return values.includes("*") || values.includes(value);
  };
  if (!has("verbs", wanted.verb)) return false;
  if ("path" in wanted) {
    return textsAt(rule, "nonResourceURLs").some((url) =>
      url.endsWith("*") ? wanted.path.startsWith(url.slice(0, -1)) : url === wanted.path,
    );
  }
  const names = textsAt(rule, "resourceNames");
  const [, subresource] = wanted.resource.split("/");
  const anyResource = subresource !== undefined && has("resources", `*/${subresource}`);
  return (
    has("apiGroups", wanted.group) &&
    (has("resources", wanted.resource) || anyResource) &&
    (names.length === 0 || names.includes(wanted.name))
  );
}

/** What the `spec` of an access review asks. */
export function wantedBy(spec: JsonObject, namespace?: string): WantedAccess {
  if (spec.nonResourceAttributes) {
    const { path, verb } = objectAt(spec, "nonResourceAttributes");
    return { verb: String(verb ?? ""), path: String(path ?? "") };
  }
  const attributes = objectAt(spec, "resourceAttributes");
  const subresource = textAt(attributes, "subresource");
  const resource = textAt(attributes, "resource") ?? "";
  return {
    verb: textAt(attributes, "verb") ?? "",
    group: textAt(attributes, "group") ?? "",
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace: textAt(attributes, "namespace") ?? namespace ?? "",
    name: textAt(attributes, "name") ?? "",
  };
}
