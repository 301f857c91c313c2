// The model registry and its options: in no release's default set. Paths read from releases v1.11.0 and 26.03.
import type { CatalogueComponent } from "./component.ts";

const home = "applications/model-registry/upstream";

export const modelRegistry: readonly CatalogueComponent[] = [
  {
    name: "model-registry",
    description: "keeps models, their versions and where they lie, with a MySQL of its own",
    phase: "applications",
    layouts: [[`${home}/overlays/db`]],
    variants: [`${home}/overlays/postgres`, `${home}/base`],
    sources: [home],
    namespace: "kubeflow",
    requires: ["kubeflow-namespace", "istio-install"],
  },
  {
    name: "model-registry-istio",
    description: "the model registry's place behind the gateway",
    phase: "applications",
    layouts: [[`${home}/options/istio`]],
    sources: [`${home}/options/istio`],
    namespace: "kubeflow",
    requires: ["istio-crds", "kubeflow-namespace", "model-registry"],
  },
  {
    name: "model-registry-ui",
    description: "the page of the model registry",
    phase: "applications",
    layouts: [[`${home}/options/ui/overlays/istio`]],
    variants: [`${home}/options/ui/overlays/kubeflow`, `${home}/options/ui/overlays/standalone`],
    sources: [`${home}/options/ui`],
    namespace: "kubeflow",
    requires: ["istio-crds", "kubeflow-namespace", "istio-install", "model-registry"],
  },
  {
    name: "model-catalog",
    description: "a catalogue of models to choose from, with a PostgreSQL of its own",
    phase: "applications",
    layouts: [[`${home}/options/catalog/base`]],
    sources: [`${home}/options/catalog`],
    namespace: "kubeflow",
    requires: ["kubeflow-namespace", "istio-install"],
  },
  {
    name: "model-registry-controller",
    description: "writes what KServe serves into the model registry",
    phase: "applications",
    layouts: [[`${home}/options/controller/overlays/base`]],
    sources: [`${home}/options/controller`],
    namespace: "kubeflow",
    requires: ["kubeflow-namespace", "istio-install", "kserve", "model-registry"],
  },
  {
    name: "model-registry-csi",
    description: "lets KServe load models by model-registry:// addresses",
    phase: "applications",
    layouts: [[`${home}/options/csi`]],
    sources: [`${home}/options/csi`],
    requires: ["kserve", "model-registry"],
  },
];
