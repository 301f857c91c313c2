/** Sets of components to start from. */
export const presets = ["standard", "minimal"] as const;
export type Preset = (typeof presets)[number];

/** Login, dashboard and profiles: what every other component is reached through. */
export const minimalComponents: readonly string[] = [
  "cert-manager",
  "istio-crds",
  "istio-namespace",
  "istio-install",
  "oauth2-proxy",
  "dex",
  "kubeflow-namespace",
  "network-policies",
  "kubeflow-roles",
  "kubeflow-istio-resources",
  "centraldashboard",
  "admission-webhook",
  "profiles",
  "user-namespace",
];
