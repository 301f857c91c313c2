// Columns of roles, bindings and certificate requests.
import type { KubernetesObject } from "@slipway/kubernetes";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { formatSpan } from "./age.ts";
import { ageColumn, type ColumnTable, column, createdAtColumn, nameColumn, wide } from "./column.ts";

const bindingColumns = [
  nameColumn,
  column("Role", (binding) => {
    const { kind, name } = objectAt(binding, "roleRef");
    return `${kind}/${name}`;
  }),
  ageColumn,
  wide("Users", (binding) => subjects(binding, "User")),
  wide("Groups", (binding) => subjects(binding, "Group")),
  wide("ServiceAccounts", (binding) => subjects(binding, "ServiceAccount")),
];

export const accessColumns: ColumnTable = {
  "rbac.authorization.k8s.io/roles": [nameColumn, createdAtColumn],
  "rbac.authorization.k8s.io/clusterroles": [nameColumn, createdAtColumn],
  "rbac.authorization.k8s.io/rolebindings": bindingColumns,
  "rbac.authorization.k8s.io/clusterrolebindings": bindingColumns,
  "certificates.k8s.io/certificatesigningrequests": [
    nameColumn,
    ageColumn,
    column("SignerName", (request) => textAt(request, "spec", "signerName") ?? "<none>"),
    column("Requestor", (request) => textAt(request, "spec", "username") ?? ""),
    column("RequestedDuration", (request) => {
      const seconds = numberAt(request, "spec", "expirationSeconds");
      return seconds === undefined ? "<none>" : formatSpan(seconds * 1000);
    }),
    column("Condition", (request) => {
      const types = objectsAt(request, "status", "conditions").map(({ type }) => String(type));
      const verdict = ["Denied", "Approved"].find((type) => types.includes(type)) ?? "Pending";
      const issued = textAt(request, "status", "certificate") ? ",Issued" : "";
      return `${verdict}${issued}`;
    }),
  ],
};

function subjects(binding: KubernetesObject, kind: string): string {
  return objectsAt(binding, "subjects")
    .filter((subject) => subject.kind === kind)
    .map(({ namespace, name }) => (kind === "ServiceAccount" ? `${namespace ?? ""}/${name}` : String(name)))
    .join(", ");
}
