// A kustomization that uses all that is done differently without Node: digests, base64, paths, a disk that is none.
import { build, memoryFileSystem } from "@slipway/kustomize";

const files = {
  "/app/base/kustomization.yaml": `resources: [deployment.yaml]
configMapGenerator:
- name: settings
  literals: ["motto=schön ⇒ gut"]
  files: [logo.bin]
secretGenerator:
- name: token
  literals: [token=s3cret]
`,
  "/app/base/logo.bin": Uint8Array.from({ length: 200 }, (_, index) => 255 - index),
  "/app/base/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx
        envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: token}}]
`,
  "/app/overlays/production/kustomization.yaml": `namePrefix: prod-
namespace: shop
resources: [../.././base/]
images: [{name: nginx, newTag: "1.27"}]
patches: [{path: patches/replicas.yaml}]
`,
  "/app/overlays/production/patches/replicas.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 3}
`,
};

/** What the sample comes to, and what is said of a build that names no file system. */
export function buildSample(): { readonly yaml: string; readonly withoutFiles: string } {
  const { yaml } = build("/app/overlays/production", { fileSystem: memoryFileSystem(files) });
  return { yaml: yaml(), withoutFiles: failureOf(() => build("/app/overlays/production")) };
}

function failureOf(action: () => unknown): string {
  try {
    action();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
