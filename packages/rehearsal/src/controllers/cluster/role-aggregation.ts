// ClusterRoles whose rules are the union of others' (pkg/controller/clusterroleaggregation).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import type { LabelSelector } from "../kinds/meta.ts";
import { CLUSTER_ROLES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";
import { matchesSelector } from "../selectors.ts";
import { canonicalJson } from "../template-hash.ts";

interface AggregationRule extends JsonObject {
  clusterRoleSelectors?: LabelSelector[];
}

interface ClusterRole extends KubernetesObject {
  rules?: Json[];
  aggregationRule?: AggregationRule;
}

const MANAGER = "clusterrole-aggregation-controller";

/** Starts the controller that fills the rules of ClusterRoles with an aggregationRule. */
export function startRoleAggregationController(environment: Environment): void {
  const { caches, client } = environment;
  const roles = caches.follow<ClusterRole>(CLUSTER_ROLES);
  const controller = runController(environment, {
    name: MANAGER,
    manager: MANAGER,
    async reconcile(name) {
      const role = roles.get(name);
      if (!role?.aggregationRule) return;
      const rules = aggregateRules(role, roles.list());
      if (canonicalJson(rules) === canonicalJson(role.rules ?? [])) return;
      const { apiVersion, kind } = role;
      const applied = await client.apply(
        CLUSTER_ROLES,
        { apiVersion, kind, metadata: { name }, rules },
        { fieldManager: MANAGER, force: true },
      );
      await roles.reached(Number(applied.metadata.resourceVersion));
    },
  });
  controller.watch(roles, (role) => {
    const wholes = roles.list().filter((whole) => selects(whole, role));
    return [role, ...wholes]
      .filter(({ aggregationRule }) => aggregationRule)
      .map(({ metadata }) => metadata.name);
  });
}

/** Whether `whole` takes up the rules of `part`. */
function selects({ metadata, aggregationRule }: ClusterRole, part: ClusterRole): boolean {
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  return (
    metadata.name !== part.metadata.name &&
    selectors.some((selector) => matchesSelector(selector, part.metadata.labels))
  );
}

/** The rules of all roles that the aggregation selects, by role name, each rule once. */
export function aggregateRules(role: ClusterRole, roles: readonly ClusterRole[]): Json[] {
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  const rules = new Map<string, Json>();
  for (const selector of selectors) {
    const selected = roles
      .filter((other) => other.metadata.name !== role.metadata.name)
      .filter((other) => matchesSelector(selector, other.metadata.labels))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const other of selected) {
      for (const rule of other.rules ?? []) {
        const key = textOf(rule);
        if (!rules.has(key)) rules.set(key, rule);
      }
    }
  }
  return [...rules.values()];
}

const texts = new WeakMap<object, string>();

/** A rule as text, written once: objects of the caches do not change. */
function textOf(rule: Json): string {
  if (typeof rule !== "object" || rule === null) return canonicalJson(rule);
  let text = texts.get(rule);
  if (text === undefined) {
    text = canonicalJson(rule);
    texts.set(rule, text);
  }
  return text;
}
