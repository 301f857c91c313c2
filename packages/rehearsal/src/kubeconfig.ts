import type { Listener } from "./listen.ts";

/** A kubeconfig (YAML) for a cluster that listens. */
export function formatKubeconfig({ url, token, authority }: Listener): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: slipway
  cluster:
    server: ${url}
    certificate-authority-data: ${Buffer.from(authority).toString("base64")}
users:
- name: slipway
  user:
    token: ${token}
contexts:
- name: slipway
  context:
    cluster: slipway
    user: slipway
current-context: slipway
`;
}
