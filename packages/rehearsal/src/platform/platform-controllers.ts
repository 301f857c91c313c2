// The platform's own controllers and webhook servers, put together for a cluster that hosts the platform.
import type { Environment } from "../controllers/runtime/environment.ts";
import type { FindBackend, WebhookBackend } from "../webhooks/backend.ts";
import { runCaInjector } from "./ca-injector.ts";
import { runCertManager } from "./cert-manager.ts";
import { workloads } from "./facts.ts";
import { istioInjector } from "./istio-injector.ts";
import { runIstiod } from "./istiod.ts";
import { runPipelinesProfiles } from "./pipelines-profiles.ts";
import { runProfiles } from "./profiles.ts";
import { runWebhookCertificates } from "./webhook-certificates.ts";

/** Each works from its first call until the environment's signal aborts, and only while its pods are ready. */
export const platformControllers: readonly ((environment: Environment) => void)[] = [
  runWebhookCertificates,
  runCertManager,
  runCaInjector,
  runIstiod,
  runProfiles,
  runPipelinesProfiles,
];

/** Webhook servers that do more than allow, by `namespace/service`. */
const backends: Readonly<Record<string, WebhookBackend>> = {
  [`${workloads.istiod.namespace}/${workloads.istiod.name}`]: istioInjector,
};

/** The platform's backends; a Service that is not among them allows everything. */
export const findPlatformBackend: FindBackend = (namespace, service) => backends[`${namespace}/${service}`];
