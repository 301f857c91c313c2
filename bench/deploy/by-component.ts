import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { BundleResource } from "@slipway/platform";
import { runProcess, type Way } from "./ways.ts";

/** One step of upstream's installation: what is applied, what is waited for, and the pause after it. */
interface Step {
  readonly components: readonly string[];
  /** Namespaces of which all pods must be ready. */
  readonly podsOf?: readonly string[];
  /** Its CustomResourceDefinitions go first and must be established. */
  readonly definitionsFirst?: boolean;
  /** Its issuers and runtimes are applied only when its pods are ready. */
  readonly last?: readonly string[];
  readonly sleepSeconds?: number;
}

/**
 * The order, the waits and the pauses of upstream's own installation (kubeflow/manifests 26.03,
 * .github/workflows/full_kubeflow_integration_test.yaml and tests/*_install.sh), for what the example holds.
 */
const steps: readonly Step[] = [
  { components: ["kubeflow-namespace"] },
  { components: ["cert-manager"], podsOf: ["cert-manager"], last: ["Issuer", "ClusterIssuer"] },
  { components: ["istio-crds", "istio-namespace", "istio-install"], podsOf: ["istio-system"] },
  { components: ["oauth2-proxy"], podsOf: ["oauth2-proxy"] },
  { components: ["kubeflow-istio-resources", "kubeflow-roles", "profiles"], podsOf: ["kubeflow"] },
  { components: ["dex"], podsOf: ["auth"] },
  { components: ["centraldashboard"], podsOf: ["kubeflow"] },
  { components: ["knative-serving", "cluster-local-gateway"], podsOf: ["knative-serving"] },
  { components: ["kserve", "kserve-models-web-app"], podsOf: ["kubeflow"] },
  { components: ["pipelines"], definitionsFirst: true, podsOf: ["kubeflow"], sleepSeconds: 60 },
  { components: ["user-namespace"], sleepSeconds: 30 },
  {
    components: [
      "notebook-controller",
      "jupyter-web-app",
      "admission-webhook",
      "volumes-web-app",
      "pvcviewer-controller",
      "tensorboard-controller",
      "tensorboards-web-app",
    ],
    podsOf: ["kubeflow"],
  },
  { components: ["katib"], podsOf: ["kubeflow"] },
  {
    components: ["trainer"],
    definitionsFirst: true,
    podsOf: ["kubeflow-system"],
    last: ["ClusterTrainingRuntime"],
    sleepSeconds: 5,
  },
  { components: ["spark-operator"], podsOf: ["kubeflow"], sleepSeconds: 10 },
];

const pauseAfterRefusalMs = 10_000;

/** Component after component with kubectl, each once those before it are ready. */
export function byComponent(resources: readonly BundleResource[]): Way {
  const installed = new Set(steps.flatMap(({ components }) => components));
  const forgotten = new Set(
    resources.map(({ component = "" }) => component).filter((component) => !installed.has(component)),
  );
  if (forgotten.size > 0) throw new Error(`no step installs ${[...forgotten].join(", ")}`);
  return {
    name: "kubectl, component after component with upstream's waits",
    userAgent: "kubectl/",
    async run({ kubeconfig }) {
      let unmatched = 0;
      const kubectl = async (args: readonly string[], objects?: readonly KubernetesObject[]) => {
        const input = objects && JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
        const report = await runProcess(
          "kubectl",
          ["--kubeconfig", kubeconfig, ...args],
          input ? { input } : {},
        );
        unmatched += report.unmatched;
      };
      const untilAccepted = async (args: readonly string[], objects?: readonly KubernetesObject[]) => {
        for (let tries = 1; ; tries += 1) {
          try {
            return await kubectl(args, objects);
          } catch (error) {
            if (tries === 30) throw error;
            await sleep(objects ? pauseAfterRefusalMs : 1_000);
          }
        }
      };
      const apply = async (objects: readonly KubernetesObject[]) => {
        if (objects.length > 0)
          await untilAccepted(["apply", "--server-side", "--force-conflicts", "-f", "-"], objects);
      };

      for (const { components, podsOf = [], definitionsFirst, last = [], sleepSeconds = 0 } of steps) {
        const objects = resources
          .filter(({ component = "" }) => components.includes(component))
          .map(({ object }) => object);
        const isDefinition = ({ kind }: KubernetesObject) => kind === "CustomResourceDefinition";
        const isLast = ({ kind }: KubernetesObject) => last.includes(kind);
        if (definitionsFirst) {
          await apply(objects.filter(isDefinition));
          await untilAccepted(["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]);
        }
        await apply(
          objects.filter((object) => !isLast(object) && !(definitionsFirst && isDefinition(object))),
        );
        for (const namespace of podsOf) {
          await untilAccepted([
            "wait",
            "--for=condition=Ready",
            "--timeout=300s",
            "pods",
            "--all",
            "-n",
            namespace,
          ]);
        }
        await apply(objects.filter(isLast));
        await sleep(sleepSeconds * 1_000);
      }
      return { unmatched };
    },
  };
}
