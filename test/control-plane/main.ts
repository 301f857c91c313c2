// Runs a real control plane until it is interrupted and prints its kubeconfig's path:
// `npm run control-plane [-- --version 1.34]`. With `--build` every version is built and none started.
import { parseArgs } from "node:util";
import { buildControlPlane, kubernetesMinors, kubernetesVersion, newestMinor } from "./build.ts";
import { startControlPlane } from "./control-plane.ts";

const { values } = parseArgs({
  options: { version: { type: "string", default: newestMinor }, build: { type: "boolean", default: false } },
});
const minor = kubernetesMinors.find((known) => known === values.version);
if (!minor) {
  console.error(`no version ${values.version}; there are: ${kubernetesMinors.join(", ")}`);
  process.exit(64);
}
const log = (line: string): void => console.error(line);
if (values.build) {
  for (const each of kubernetesMinors) console.log(buildControlPlane(each, log));
  process.exit();
}

const controlPlane = await startControlPlane({ binary: buildControlPlane(minor, log), keep: true });
console.error(
  `Kubernetes ${kubernetesVersion(minor)} at ${controlPlane.url}, data and logs in ${controlPlane.folder}`,
);
console.log(controlPlane.kubeconfig);
await new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
await controlPlane.stop();
