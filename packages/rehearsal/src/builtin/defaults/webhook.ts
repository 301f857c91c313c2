// Webhook configurations and admission policies (kubernetes pkg/apis/admissionregistration/v1/defaults.go).
import { type DefaultHook, fill, fillMap } from "./hook.ts";

const webhook: DefaultHook = (webhook) => {
  fill(webhook, "failurePolicy", "Fail");
  fill(webhook, "matchPolicy", "Equivalent");
  fillMap(webhook, "namespaceSelector");
  fillMap(webhook, "objectSelector");
  fill(webhook, "timeoutSeconds", 10);
};

const matchResources: DefaultHook = (match) => {
  fill(match, "matchPolicy", "Equivalent");
  fillMap(match, "namespaceSelector");
  fillMap(match, "objectSelector");
};

const scope: DefaultHook = (rule) => fill(rule, "scope", "*");

/** Defaults by type name. */
export const webhookDefaults: Readonly<Record<string, DefaultHook>> = {
  "admissionregistration.v1.ValidatingWebhook": webhook,
  "admissionregistration.v1.MutatingWebhook": (hook) => {
    webhook(hook);
    fill(hook, "reinvocationPolicy", "Never");
  },
  "admissionregistration.v1.RuleWithOperations": scope,
  "admissionregistration.v1.NamedRuleWithOperations": scope,
  "admissionregistration.v1.ServiceReference": (service) => fill(service, "port", 443),
  "admissionregistration.v1.ValidatingAdmissionPolicySpec": (spec) => fill(spec, "failurePolicy", "Fail"),
  "admissionregistration.v1.MutatingAdmissionPolicySpec": (spec) => fill(spec, "failurePolicy", "Fail"),
  "admissionregistration.v1.MatchResources": matchResources,
};
