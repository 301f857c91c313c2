// Runs a real control plane until it is interrupted: `npm run control-plane`. Prints the kubeconfig's path.
import { buildControlPlane, kubernetesVersion } from "./build.ts";
import { startControlPlane } from "./control-plane.ts";

const binary = buildControlPlane((line) => console.error(line));
const controlPlane = await startControlPlane({ binary });
console.error(
  `Kubernetes ${kubernetesVersion()} at ${controlPlane.url}, data and logs in ${controlPlane.folder}`,
);
console.log(controlPlane.kubeconfig);
await new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
await controlPlane.stop();
