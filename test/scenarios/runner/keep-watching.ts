// A real server stops watching the kind of policies' parameters with the last policy that names it, and never starts
// again for a built-in kind (apiserver pkg/admission/plugin/policy/generic, policy_source.go): later policies find no
// parameters that came meanwhile. So one policy, which matches nothing, stays for as long as the server runs.
import { builtin, createClient, type Transport } from "@slipway/kubernetes";

const apiVersion = "admissionregistration.k8s.io/v1";
const metadata = { name: "keep-watching-config-maps" };
const nowhere = { matchLabels: { "scenarios.example.com/none": "none" } };

/** Makes that policy for ConfigMaps, with the binding without which it is not looked at. */
export async function keepWatchingConfigMaps(transport: Transport): Promise<void> {
  const client = createClient({ transport, userAgent: "scenarios" });
  await client.create(builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"), {
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: {
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      matchConstraints: {
        namespaceSelector: nowhere,
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
        ],
      },
      validations: [{ expression: "true" }],
    },
  });
  await client.create(builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"), {
    apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata,
    spec: {
      policyName: metadata.name,
      validationActions: ["Deny"],
      paramRef: { name: "none", namespace: "default", parameterNotFoundAction: "Allow" },
    },
  });
}
