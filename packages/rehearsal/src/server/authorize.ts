// Who may do what, by the roles and bindings that are there (kubernetes plugin/pkg/auth/authorizer/rbac).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";
import { storeKey } from "../store/store.ts";
import type { ServerContext } from "./context.ts";
import { type ApiRequest, controllerManager, type RequestInfo, type UserInfo } from "./request.ts";
import { StatusError } from "./status-error.ts";
import { forbidden } from "./status-errors.ts";

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
  for (const { rule, source } of rulesFor(server, user, namespace)) {
    if (allows(rule, wanted)) return `RBAC: allowed by ${source}`;
  }
  return undefined;
}

/**
 * The rules that hold for a user in a namespace ("" for none), each with the binding that gives it: first those of
 * the cluster's bindings, then those of the namespace's own.
 */
export function* rulesFor(
  server: ServerContext,
  user: UserInfo,
  namespace: string,
): Generator<{ readonly rule: JsonObject; readonly source: string }> {
  const own = bindings(server, "rolebindings").filter(({ metadata }) => metadata.namespace === namespace);
  for (const binding of [...bindings(server, "clusterrolebindings"), ...own]) {
    const { name, namespace: place } = binding.metadata;
    const subject = objectsAt(binding, "subjects").find((one) => matchesSubject(one, user, place));
    if (!subject) continue;
    const role = objectAt(binding, "roleRef");
    const shown = place ? `RoleBinding "${name}/${place}"` : `ClusterRoleBinding "${name}"`;
    const source = `${shown} of ${role.kind} "${role.name}" to ${describeSubject(subject, place)}`;
    for (const rule of roleRules(server, role, place)) yield { rule, source };
  }
}

function bindings(server: ServerContext, resource: string): KubernetesObject[] {
  return server.store.snapshot(`${group}/${resource}`).entries.map(([, object]) => object);
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

/** The rules of the role that a `roleRef` names, a Role's in the namespace given; none when it is not there. */
export function roleRules(
  server: ServerContext,
  role: JsonObject,
  namespace: string | undefined,
): JsonObject[] {
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

/** Whether a rule allows all that a right of one verb, and one resource or path, is for. */
export function covers(rule: JsonObject, right: JsonObject): boolean {
  const [verb = ""] = textsAt(right, "verbs");
  const [path] = textsAt(right, "nonResourceURLs");
  if (path !== undefined) return allows(rule, { verb, path });
  const [group = "", resource = "", name = ""] = ["apiGroups", "resources", "resourceNames"].map(
    (field) => textsAt(right, field)[0] ?? "",
  );
  return allows(rule, { verb, group, resource, namespace: "", name });
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

/** Refuses a request that its user may not make with 403. The cluster's own controllers may make all of theirs. */
export function authorizeRequest(
  server: ServerContext,
  { user, method, path }: ApiRequest,
  info: RequestInfo | undefined,
): void {
  if (user === controllerManager) return;
  if (!info) {
    const verb = method.toLowerCase();
    if (findPermission(server, user, { verb, path }) !== undefined) return;
    const message = `forbidden: User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`;
    throw new StatusError(403, "Forbidden", message, {});
  }
  const { verb, group: apiGroup, namespace = "", name = "", subresource } = info;
  const resource = subresource ? `${info.resource}/${subresource}` : info.resource;
  if (findPermission(server, user, { verb, group: apiGroup, resource, namespace, name }) !== undefined)
    return;
  const what = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)}`;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : "at the cluster scope";
  const cause = `${what} in API group ${JSON.stringify(apiGroup)} ${where}`;
  throw forbidden({ group: apiGroup, resource: info.resource }, name, cause);
}
