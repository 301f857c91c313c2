/** Where releases of Kubeflow are published; it was called kubeflow/manifests before 26.03. */
export const defaultRepository = "https://github.com/kubeflow/community-distribution";

/** What its vendored copies are filed under. */
export const defaultVendorFolder = "vendor/kubeflow";
