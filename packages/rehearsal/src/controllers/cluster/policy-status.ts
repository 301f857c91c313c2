// Whether the types in a policy's expressions go together (pkg/controller/validatingadmissionpolicystatus).
import {
  builtin,
  builtinResources,
  type CelType,
  declaredType,
  type KubernetesObject,
  schemaType,
  withMetadata,
} from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt } from "../../admission/read-json.ts";
import { builtinSchema, objectMetaSchema } from "../../builtin/schemas.ts";
import type { Cache } from "../runtime/cache.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";
import { type CheckedKind, checkPolicy, type KindTypes } from "./check-policy.ts";
import { type Definition, followDefinitions } from "./served-types.ts";

const POLICIES = builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicy");
const MANAGER = "validatingadmissionpolicy-status";

/** Starts the controller that says in each policy's status what is wrong with it. */
export function startPolicyStatusController(environment: Environment): void {
  const { caches, client } = environment;
  const policies = caches.follow<KubernetesObject>(POLICIES);
  const types = kindTypes(followDefinitions(caches));
  const controller = runController(environment, {
    name: MANAGER,
    manager: MANAGER,
    async reconcile(name) {
      const policy = policies.get(name);
      const { generation = 0 } = policy?.metadata ?? {};
      if (!policy || generation <= (numberAt(policy, "status", "observedGeneration") ?? 0)) return;
      const warnings = checkPolicy(policy, types);
      const typeChecking: JsonObject = warnings.length > 0 ? { expressionWarnings: [...warnings] } : {};
      const { apiVersion, kind } = policy;
      const status = { observedGeneration: generation, typeChecking };
      const applied = await client.apply(
        POLICIES,
        { apiVersion, kind, metadata: { name }, status },
        { fieldManager: MANAGER, force: true, subresource: "status" },
      );
      await policies.reached(Number(applied.metadata.resourceVersion));
    },
  });
  controller.watch(policies, ({ metadata }) => [metadata.name]);
}

/** The types of the built-in kinds and of those of the cluster's definitions. */
function kindTypes(definitions: Cache<Definition>): KindTypes {
  const custom = () => definitions.list();
  return {
    kindsOf(group, version, resource) {
      const builtins = builtinResources.filter(
        (one) =>
          one.resource === resource && one.version === version && (group === "" || one.group === group),
      );
      const own = custom().filter(
        ({ spec }) =>
          spec.names.plural === resource &&
          (group === "" || spec.group === group) &&
          spec.versions.some((one) => one.name === version && one.served === true),
      );
      return [...builtins, ...own.map(({ spec }) => ({ group: spec.group, version, kind: spec.names.kind }))];
    },
    typeOf: (kind) => builtinType(kind) ?? customType(kind, custom()),
  };
}

const builtinTypes = new Map<string, CelType | undefined>();

/** Made once: it has every field of the kind. */
function builtinType({ group, version, kind }: CheckedKind): CelType | undefined {
  const key = `${group}/${version}/${kind}`;
  if (!builtinTypes.has(key)) {
    const schema = builtinSchema(group, version, kind);
    builtinTypes.set(key, schema && schemaType(schema, `${kind}0`));
  }
  return builtinTypes.get(key);
}

function customType(
  { group, version, kind }: CheckedKind,
  definitions: readonly Definition[],
): CelType | undefined {
  const definition = definitions.find(({ spec }) => spec.group === group && spec.names.kind === kind);
  const found = objectsAt(definition, "spec", "versions").find((one) => one.name === version);
  const type = found && declaredType(objectAt(found, "schema", "openAPIV3Schema"), true, `${kind}0`);
  const metadata = schemaType(objectMetaSchema(), `${kind}0.metadata`);
  return type && metadata && withMetadata(type, metadata);
}
