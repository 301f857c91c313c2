// Role-based access control (kubernetes pkg/apis/rbac/v1/defaults.go).
import { type DefaultHook, fill, fillMap, fillText } from "./hook.ts";

const group = "rbac.authorization.k8s.io";
const binding: DefaultHook = (binding) => fillText(fillMap(binding, "roleRef"), "apiGroup", group);

/** Defaults by type name. */
export const roleDefaults: Readonly<Record<string, DefaultHook>> = {
  "rbac.v1.ClusterRoleBinding": binding,
  "rbac.v1.RoleBinding": binding,
  "rbac.v1.Subject": (subject) => {
    if (subject.kind === "User" || subject.kind === "Group") fill(subject, "apiGroup", group);
  },
};
