// The embedded server's admission chain, in the API server's order (kubeapiserver options AllOrderedPlugins).
import type { Clock } from "@slipway/kubernetes";
import type { AdmissionPlugin } from "./admission.ts";
import { validatingAdmissionPolicy } from "./admission-policy.ts";
import { defaultIngressClass } from "./ingress-class.ts";
import { limitRanger } from "./limit-ranger.ts";
import { mutatingAdmissionPolicy } from "./mutating-policy.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { taintNodes } from "./node-taints.ts";
import { defaultTolerationSeconds, priority } from "./pod-defaults.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { resourceQuota } from "./resource-quota.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccountPlugin } from "./service-account.ts";
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
} from "./signing-requests.ts";
import { claimResize, defaultStorageClass, storageObjectInUseProtection } from "./storage.ts";
import {
  mutatingAdmissionWebhook,
  validatingAdmissionWebhook,
  type WebhookAdmissionOptions,
} from "./webhook-admission.ts";

/**
 * All plugins, in order. `call` reaches webhooks; `random` makes generated names and uids.
 */
export function admissionPlugins(
  options: WebhookAdmissionOptions & { readonly clock: Clock },
): AdmissionPlugin[] {
  const inTree = [
    namespaceLifecycle,
    limitRanger,
    serviceAccountPlugin(options),
    taintNodes,
    podSecurity,
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    storageObjectInUseProtection,
    claimResize,
    runtimeClass,
    certificateApproval,
    certificateSigning,
    certificateSubjectRestriction,
    defaultIngressClass,
  ];
  const reinvoke = inTree.filter((plugin) => plugin.admit !== undefined);
  const policies = mutatingAdmissionPolicy({ reinvoke });
  return [
    ...inTree,
    policies,
    mutatingAdmissionWebhook({ ...options, reinvoke: [...reinvoke, policies.again] }),
    validatingAdmissionPolicy,
    validatingAdmissionWebhook(options),
    resourceQuota,
  ];
}
