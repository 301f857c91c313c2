// On whose behalf a request is made (apiserver endpoints/filters impersonation.go).
import { findPermission } from "./authorize.ts";
import type { ServerContext } from "./context.ts";
import type { ApiRequest, UserInfo } from "./request.ts";
import { badRequest, forbidden } from "./status-errors.ts";

const extraHeader = "impersonate-extra-";

/**
 * The request as made by whom its `Impersonate-*` headers name; the request itself without them. Who makes it must be
 * allowed to `impersonate` the user, or it is refused with 403.
 */
export function impersonate(server: ServerContext, request: ApiRequest): ApiRequest {
  const { headers, user } = request;
  const name = headers["impersonate-user"];
  if (name === undefined) {
    const alone = headers["impersonate-group"];
    if (alone === undefined) return request;
    const groups = alone.split(", ").map((group) => JSON.stringify(group));
    throw badRequest(
      `requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{${groups.join(", ")}}, Extra:map[string][]string(nil)} without impersonating a user name`,
    );
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const resource = account ? "serviceaccounts" : "users";
  const namespace = account?.[1] ?? "";
  const wanted = { verb: "impersonate", group: "", resource, namespace, name: account?.[2] ?? name };
  if (findPermission(server, user, wanted) === undefined) {
    const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : "at the cluster scope";
    const cause = `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(resource)} in API group "" ${where}`;
    throw forbidden({ group: "", resource }, wanted.name, cause);
  }
  return { ...request, user: userOf(name, headers) };
}

function userOf(name: string, headers: ApiRequest["headers"]): UserInfo {
  const given = headers["impersonate-group"];
  const groups = given === undefined ? groupsOf(name) : given.split(", ");
  const authenticated = "system:authenticated";
  const uid = headers["impersonate-uid"];
  const extra = Object.entries(headers)
    .filter(([header]) => header.startsWith(extraHeader))
    .map(([header, value]) => [header.slice(extraHeader.length), value.split(", ")] as const);
  return {
    name,
    groups: groups.includes(authenticated) ? groups : [...groups, authenticated],
    ...(uid ? { uid } : {}),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  };
}

/** The groups that somebody is in by their name: service accounts are. */
function groupsOf(name: string): string[] {
  const namespace = /^system:serviceaccount:([^:]+):/.exec(name)?.[1];
  return namespace ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : [];
}
