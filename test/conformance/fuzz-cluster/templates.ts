// The objects that sequences begin with: those of a release and those of the scenario files, made nameless.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createMapper, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject, readYaml } from "@slipway/yaml";
import { loadScenarios, ownScenarios } from "../../scenarios/runner/files.ts";
import { fixture } from "../../support/fixtures.ts";
import { widgetDefinition, widgets } from "./widgets.ts";

/** An object without a name, and how a step names its kind. */
export interface Template {
  /** `Kind`, or `Kind.version.group` for a custom kind. */
  readonly kind: string;
  readonly namespaced: boolean;
  readonly custom: boolean;
  /** The object without apiVersion, kind and name. */
  readonly body: JsonObject;
}

/** What sequences are drawn from. */
export interface Pool {
  /** Every template, by kind. */
  readonly byKind: ReadonlyMap<string, readonly Template[]>;
  /** Definitions that both servers get before anything else. */
  readonly definitions: readonly KubernetesObject[];
}

/**
 * Kinds that are left out, because what one sequence writes would change the answers to the next, or because a
 * component beside the API server answers for them.
 */
const excluded: Readonly<Record<string, string>> = {
  APIService: "the aggregator asks the server behind it, at a moment of its own",
  FlowSchema: "it decides how the server treats other requests",
  PriorityLevelConfiguration: "it decides how the server treats other requests",
  MutatingWebhookConfiguration: "it is called for the requests of other sequences",
  ValidatingWebhookConfiguration: "it is called for the requests of other sequences",
  MutatingAdmissionPolicy: "it applies to the requests of other sequences",
  MutatingAdmissionPolicyBinding: "it applies to the requests of other sequences",
  ValidatingAdmissionPolicy:
    "it applies to the requests of other sequences, and a controller checks its types",
  ValidatingAdmissionPolicyBinding: "it applies to the requests of other sequences",
  Namespace: "its contents are removed by a controller",
  Node: "the kubelet's own kind; pods and quotas follow from it",
  TokenRequest: "a token is different each time",
  Event: "it expires by itself",
  CertificateSigningRequest: "it names who made it, who is another one on each server",
};

/** Reads the pool; without the fixtures of a release it is made of the scenario files alone. */
export function loadPool(): Pool {
  const release = readRelease();
  const isDefinition = ({ kind }: KubernetesObject) => kind === "CustomResourceDefinition";
  const definitions = [...release.filter(isDefinition), widgetDefinition];
  const mapper = createMapper({ crds: definitions });
  const byKind = new Map<string, Template[]>();
  const add = (kind: string, object: JsonObject, namespaced: boolean, custom: boolean) => {
    const { apiVersion: _, kind: __, metadata, ...rest } = object;
    const { name: ___, namespace: ____, ...kept } = isJsonObject(metadata) ? metadata : {};
    const body: JsonObject = Object.keys(kept).length > 0 ? { metadata: kept, ...rest } : rest;
    byKind.set(kind, [...(byKind.get(kind) ?? []), { kind, namespaced, custom, body }]);
  };
  for (const object of [...release, ...widgets]) {
    if (excluded[object.kind]) continue;
    const type = mapper.findFor(object);
    if (!type || JSON.stringify(object).length > 20_000) continue;
    const custom = type.source === "crd";
    add(custom ? `${type.kind}.${type.version}.${type.group}` : type.kind, object, type.namespaced, custom);
  }
  for (const { steps } of loadScenarios(ownScenarios)) {
    for (const { verb, target, body, subresource, query } of steps) {
      const [kind = "", name = ""] = target.split("/");
      const type = mapper.resolve(kind)[0];
      const usable = type?.source === "builtin" && type.kind === kind && !excluded[kind] && !subresource;
      if (!usable || !["create", "apply"].includes(verb) || query.dryRun || !isJsonObject(body)) continue;
      if (name && !mentionsSaved(body) && !isFatal(body)) add(kind, body, type.namespaced, false);
    }
  }
  const used = new Set(
    [...byKind.keys()]
      .map((kind) => mapper.resolve(kind)[0])
      .map((type) => `${type?.resource}.${type?.group}`),
  );
  return { byKind, definitions: definitions.filter(({ metadata }) => used.has(metadata.name)) };
}

/** The pool with only the kinds whose names match. */
export function ofKinds(pool: Pool, names: RegExp): Pool {
  return { ...pool, byKind: new Map([...pool.byKind].filter(([kind]) => names.test(kind))) };
}

/** Whether an object uses what an earlier step saved; `$NS` is always there. */
function mentionsSaved(body: Json): boolean {
  return /\$(?!NS)[A-Za-z]/.test(JSON.stringify(body));
}

/**
 * Whether a change of an object can make the real server panic and end the connection: a Job with a success policy,
 * once its completions are taken away (kubernetes pkg/apis/batch/validation validateSuccessPolicyRule).
 */
function isFatal({ spec }: JsonObject): boolean {
  return isJsonObject(spec) && spec.successPolicy !== undefined;
}

function readRelease(): KubernetesObject[] {
  const file = fixture("golden/26.03/example.yaml.gz");
  if (!existsSync(file)) return [];
  const text = gunzipSync(readFileSync(file)).toString("utf8");
  return readYaml(text).map(({ value }) => value as KubernetesObject);
}
