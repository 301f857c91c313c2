import type { Json, JsonObject } from "@slipway/yaml";

/** A field that a controller fills, and when it is left out of what is applied. */
export interface UnownedField {
  /** `group/Kind` */
  readonly kinds: readonly string[];
  /** From the object's root; `*` is every item of a list. */
  readonly path: readonly string[];
  readonly omit: (value: Json, object: JsonObject) => boolean;
  readonly because: string;
}

const isEmpty = (value: Json): boolean =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** Generators write a lone line end (`Cg==`) where a CA certificate is to come. */
const isNoCertificate = (value: Json): boolean => isEmpty(value) || value === "Cg==";

/**
 * To send such a field, even empty, is to own it: every later apply would blank what the controller wrote, and
 * a webhook without its CA refuses all that it admits.
 */
export const unownedFields: readonly UnownedField[] = [
  {
    kinds: [
      "admissionregistration.k8s.io/MutatingWebhookConfiguration",
      "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
    ],
    path: ["webhooks", "*", "clientConfig", "caBundle"],
    omit: isNoCertificate,
    because: "a CA injector or the webhook itself writes it",
  },
  {
    kinds: ["apiextensions.k8s.io/CustomResourceDefinition"],
    path: ["spec", "conversion", "webhook", "clientConfig", "caBundle"],
    omit: isNoCertificate,
    because: "a CA injector or the webhook itself writes it",
  },
  {
    kinds: ["apiregistration.k8s.io/APIService"],
    path: ["spec", "caBundle"],
    omit: isNoCertificate,
    because: "a CA injector writes it",
  },
  {
    kinds: ["rbac.authorization.k8s.io/ClusterRole"],
    path: ["rules"],
    omit: (_, object) => object.aggregationRule !== undefined && object.aggregationRule !== null,
    because: "the ClusterRole aggregation controller writes the rules of aggregated roles",
  },
  {
    kinds: ["/Secret"],
    path: ["data"],
    omit: isEmpty,
    because: "whoever uses the empty Secret fills it",
  },
];
