import type { ObjectIdentity } from "@slipway/kubernetes/objects";
import { mapsAt, textAt } from "../fields.ts";
import type { ObjectNode, ObjectSet } from "../object-set.ts";
import { edge, type Rule } from "./rule.ts";

const rbac = "rbac.authorization.k8s.io";

/** A binding needs its role; its subjects come first where that is possible. */
export const bindingRule: Rule = ({ set, add, miss }) => {
  for (const binding of bindings(set)) {
    const kind = textAt(binding.object, "roleRef", "kind") ?? "";
    const name = textAt(binding.object, "roleRef", "name") ?? "";
    const namespace = kind === "Role" ? binding.id.namespace : undefined;
    const roleId: ObjectIdentity = { group: rbac, kind, name, ...(namespace ? { namespace } : {}) };
    const role = set.find(roleId);
    const reason = `roleRef names ${kind} ${name}`;
    if (role) add(edge(binding, role, { kind: "hard", until: "exists", rule: "role", reason }));
    else if (!isBuiltinRole(name)) miss({ from: binding.key, id: roleId, reason });
    for (const [index, account] of subjectsOf(set, binding)) {
      add(
        edge(binding, account, {
          kind: "soft",
          until: "exists",
          rule: "subject",
          reason: `subjects[${index}] is ServiceAccount ${account.id.namespace}/${account.id.name}`,
        }),
      );
    }
  }
};

/** A workload's pods should find the rights of their service account in place when they start. */
export const rightsRule: Rule = ({ set, add }) => {
  const byAccount = new Map<string, ObjectNode[]>();
  for (const binding of bindings(set)) {
    for (const [, account] of subjectsOf(set, binding)) {
      const list = byAccount.get(account.key);
      if (list) list.push(binding);
      else byAccount.set(account.key, [binding]);
    }
  }
  for (const { node, pods } of set.workloads) {
    const name = textAt(pods.spec, "serviceAccountName");
    const account = name && set.find(accountId(node.id.namespace, name));
    if (!account) continue;
    for (const binding of byAccount.get(account.key) ?? []) {
      add(
        edge(node, binding, {
          kind: "soft",
          until: "exists",
          rule: "rights",
          reason: `${pods.path}.serviceAccountName is ${name}, which ${binding.id.kind} ${binding.id.name} gives its rights`,
        }),
      );
    }
  }
};

/** Pods are refused while their service account does not exist. */
export const serviceAccountRule: Rule = ({ set, add, miss, resolve }) => {
  for (const { node, pods } of set.workloads) {
    const named = textAt(pods.spec, "serviceAccountName") ?? textAt(pods.spec, "serviceAccount");
    const id = accountId(node.id.namespace, named ?? "default");
    const account = resolve(id);
    const reason = named
      ? `${pods.path}.serviceAccountName is ${named}`
      : `${pods.path}.serviceAccountName is not set, so its pods use ServiceAccount default`;
    if (account) {
      add(edge(node, account, { kind: "hard", until: "exists", rule: "service-account", reason }));
    } else if (named) miss({ from: node.key, id, reason });
  }
  for (const account of set.ofKind("", "ServiceAccount")) {
    for (const field of ["secrets", "imagePullSecrets"]) {
      for (const [index, entry] of mapsAt(account.object, field).entries()) {
        const name = textAt(entry, "name");
        const secret = name && set.find(namespaced("Secret", account.id.namespace, name));
        if (!secret) continue;
        add(
          edge(account, secret, {
            kind: "soft",
            until: "exists",
            rule: "account-secret",
            reason: `${field}[${index}] names Secret ${name}`,
          }),
        );
      }
    }
  }
};

function* bindings(set: ObjectSet): Iterable<ObjectNode> {
  yield* set.ofKind(rbac, "RoleBinding");
  yield* set.ofKind(rbac, "ClusterRoleBinding");
}

function* subjectsOf(set: ObjectSet, binding: ObjectNode): Iterable<readonly [number, ObjectNode]> {
  for (const [index, subject] of mapsAt(binding.object, "subjects").entries()) {
    if (textAt(subject, "kind") !== "ServiceAccount") continue;
    const namespace = textAt(subject, "namespace") ?? binding.id.namespace;
    const account = set.find(accountId(namespace, textAt(subject, "name") ?? ""));
    if (account) yield [index, account];
  }
}

function accountId(namespace: string | undefined, name: string): ObjectIdentity {
  return namespaced("ServiceAccount", namespace, name);
}

function namespaced(kind: string, namespace: string | undefined, name: string): ObjectIdentity {
  return { group: "", kind, name, ...(namespace ? { namespace } : {}) };
}

/** Roles that the API server itself makes at its start (kubernetes.io/bootstrapping=rbac-defaults). */
function isBuiltinRole(name: string): boolean {
  return name.startsWith("system:") || ["cluster-admin", "admin", "edit", "view"].includes(name);
}
