// Columns of the kinds that configure the API server and the scheduler.
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import { ageColumn, type ColumnTable, column, createdAtColumn, nameColumn } from "./column.ts";

const webhookColumns = [
  nameColumn,
  column("Webhooks", (object) => objectsAt(object, "webhooks").length, "integer"),
  ageColumn,
];

const paramKind = column("ParamKind", (object) => {
  const { apiVersion, kind } = objectAt(object, "spec", "paramKind");
  return kind ? `${apiVersion}/${kind}` : "<unset>";
});

const policyBindingColumns = [
  nameColumn,
  column("PolicyName", (object) => textAt(object, "spec", "policyName") ?? ""),
  column("ParamRef", (object) => {
    const { namespace, name } = objectAt(object, "spec", "paramRef");
    return name ? (namespace ? `${namespace}/${name}` : `*/${name}`) : "<unset>";
  }),
  ageColumn,
];

export const serverColumns: ColumnTable = {
  "apiregistration.k8s.io/apiservices": [
    nameColumn,
    column("Service", (object) => {
      const { namespace, name } = objectAt(object, "spec", "service");
      return name ? `${namespace}/${name}` : "Local";
    }),
    column("Available", (object) => {
      const found = objectsAt(object, "status", "conditions").find(({ type }) => type === "Available");
      if (!found) return "Unknown";
      return found.status === "True" ? "True" : `${found.status} (${found.reason})`;
    }),
    ageColumn,
  ],
  "apiextensions.k8s.io/customresourcedefinitions": [nameColumn, createdAtColumn],
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": webhookColumns,
  "admissionregistration.k8s.io/validatingwebhookconfigurations": webhookColumns,
  "admissionregistration.k8s.io/mutatingadmissionpolicies": [
    nameColumn,
    column("Mutations", (object) => objectsAt(object, "spec", "mutations").length, "integer"),
    paramKind,
    ageColumn,
  ],
  "admissionregistration.k8s.io/validatingadmissionpolicies": [
    nameColumn,
    column("Validations", (object) => objectsAt(object, "spec", "validations").length, "integer"),
    paramKind,
    ageColumn,
  ],
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings": policyBindingColumns,
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": policyBindingColumns,
  "scheduling.k8s.io/priorityclasses": [
    nameColumn,
    column("Value", (object) => numberAt(object, "value") ?? 0, "integer"),
    column("Global-Default", (object) => valueAt(object, "globalDefault") === true, "boolean"),
    ageColumn,
    column("PreemptionPolicy", (object) => textAt(object, "preemptionPolicy") ?? ""),
  ],
  "coordination.k8s.io/leases": [
    nameColumn,
    column("Holder", (object) => textAt(object, "spec", "holderIdentity") ?? ""),
    ageColumn,
  ],
  "node.k8s.io/runtimeclasses": [
    nameColumn,
    column("Handler", (object) => textAt(object, "handler") ?? ""),
    ageColumn,
  ],
  "resource.k8s.io/resourceclaims": [
    nameColumn,
    column("State", (object) => {
      if (object.metadata.deletionTimestamp) return "deleted";
      if (!valueAt(object, "status", "allocation")) return "pending";
      return objectsAt(object, "status", "reservedFor").length > 0 ? "allocated,reserved" : "allocated";
    }),
    ageColumn,
  ],
  "resource.k8s.io/resourceslices": [
    nameColumn,
    column("Node", (object) => textAt(object, "spec", "nodeName") ?? ""),
    column("Driver", (object) => textAt(object, "spec", "driver") ?? ""),
    column("Pool", (object) => textAt(object, "spec", "pool", "name") ?? ""),
    ageColumn,
  ],
  "flowcontrol.apiserver.k8s.io/flowschemas": [
    nameColumn,
    column("PriorityLevel", (object) => textAt(object, "spec", "priorityLevelConfiguration", "name") ?? ""),
    column("MatchingPrecedence", (object) => numberAt(object, "spec", "matchingPrecedence") ?? 0),
    column(
      "DistinguisherMethod",
      (object) => textAt(object, "spec", "distinguisherMethod", "type") ?? "<none>",
    ),
    ageColumn,
    column("MissingPL", (object) => {
      const found = objectsAt(object, "status", "conditions").find(({ type }) => type === "Dangling");
      return textAt(found, "status") ?? "?";
    }),
  ],
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": [
    nameColumn,
    column("Type", (object) => textAt(object, "spec", "type") ?? ""),
    column(
      "NominalConcurrencyShares",
      (object) => numberAt(object, "spec", "limited", "nominalConcurrencyShares") ?? "<none>",
    ),
    ...(
      [
        ["Queues", "queues"],
        ["HandSize", "handSize"],
        ["QueueLengthLimit", "queueLengthLimit"],
      ] as const
    ).map(([name, field]) =>
      column(
        name,
        (object) => numberAt(object, "spec", "limited", "limitResponse", "queuing", field) ?? "<none>",
      ),
    ),
    ageColumn,
  ],
};
