// Runs scenarios on whatever a transport reaches, each in a namespace of its own.
import { type Clock, createMapper, type KubernetesObject, type Transport } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { buildRequest } from "./build-request.ts";
import type { EnteredHooks, HookServer } from "./hook-server.ts";
import { type Answer, observe, readAnswer, valueAt, warningsOf } from "./observe.ts";
import type { Scenario, Step } from "./scenario.ts";

/** A server to run on; its clock says how long `sleep` and `until` wait. */
export interface Server {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Where the webhooks of scenarios answer. */
  readonly hooks?: HookServer;
  /** Definitions that it has besides those that a scenario creates. */
  readonly definitions?: readonly KubernetesObject[];
  /** True for an API server alone, where no controller fills a new namespace. */
  readonly bare?: boolean;
}

const pollMs = 100;
/** Long enough for a real namespace controller that has the namespaces of hundreds of scenarios to empty. */
const untilMs = 90_000;

/**
 * Runs the steps one after the other and gives what was observed at each: of the last, or with `every` of each,
 * the whole object. `namespace` must be new on the server; it and what the steps created outside of it are deleted
 * afterwards.
 */
export async function runScenario(
  scenario: Scenario,
  { server, namespace, every = false }: { server: Server; namespace: string; every?: boolean },
): Promise<JsonObject[]> {
  const hooks = scenario.hooks.size > 0 ? server.hooks?.enter(namespace, scenario.hooks) : undefined;
  const send = (step: Step, mapper: ReturnType<typeof createMapper>) =>
    step.verb === "asked"
      ? askHook(hooks, step.target)
      : ask(server, buildRequest(step, { mapper, namespace }), step.verb === "watch");
  await enterNamespace(server, namespace);
  const saved = new Map([["NS", namespace], ...(hooks?.placeholders ?? [])]);
  const made: string[] = [];
  const definitions: KubernetesObject[] = [...(server.definitions ?? [])];
  let mapper = createMapper({ crds: definitions });
  const observations: JsonObject[] = [];
  try {
    for (const [index, written] of scenario.steps.entries()) {
      const step = fillIn(written, saved);
      if (step.verb === "sleep") {
        await server.clock.sleep(Number(step.target) * 1000);
        observations.push({});
        continue;
      }
      if (step.target.startsWith("CustomResourceDefinition/") && isJsonObject(step.body)) {
        definitions.push({
          apiVersion: "apiextensions.k8s.io/v1",
          kind: "CustomResourceDefinition",
          ...step.body,
        } as KubernetesObject);
        mapper = createMapper({ crds: definitions });
      }
      let answer = await send(step, mapper);
      const isWanted = () => !isStarting(answer) && (!step.until || holds(answer, step.until));
      for (let waited = 0; !isWanted() && waited < untilMs; waited += pollMs) {
        await server.clock.sleep(pollMs);
        answer = await send(step, mapper);
      }
      if (answer.code === 201)
        noteClusterScoped(answer, buildRequest(step, { mapper, namespace }).path, made);
      for (const [name, path] of Object.entries(step.save)) {
        saved.set(name, String(valueAt(answer.body, path) ?? ""));
      }
      const observation = observe(answer, {
        step,
        whole: every || index === scenario.steps.length - 1,
        owners: every,
        placeholders: placeholdersFor(saved),
      });
      if (step.until && !holds(answer, step.until)) observation.timedOut = true;
      observations.push(observation);
    }
  } finally {
    hooks?.leave();
    for (const path of [...made.reverse(), `/api/v1/namespaces/${namespace}`]) {
      await ask(server, { method: "DELETE", path }, false);
    }
  }
  return observations;
}

/** Texts that the steps saved, longest first, so that no name hides in another. */
function placeholdersFor(saved: ReadonlyMap<string, string>): Map<string, string> {
  const named = [...saved].filter(([, value]) => value !== "");
  return new Map(named.sort((a, b) => b[1].length - a[1].length).map(([name, value]) => [value, `$${name}`]));
}

/** What a hook was sent, as if a server had answered it. */
/** A real server fills its cache of a kind when it is first asked for it, and tells clients to try again. */
function isStarting({ code, body }: Answer): boolean {
  return code === 429 && JSON.stringify(body).includes("storage is (re)initializing");
}

async function askHook(hooks: EnteredHooks | undefined, name: string): Promise<Answer> {
  return { code: 200, headers: {}, body: hooks?.takeAsked(name) ?? [] };
}

async function ask(server: Server, request: Parameters<Transport>[0], stream: boolean): Promise<Answer> {
  return readAnswer(await server.transport(request), { stream });
}

/** Makes the namespace and waits for what a cluster puts into every one. */
async function enterNamespace(server: Server, namespace: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const headers = { "content-type": "application/json" };
  const { code, body: status } = await ask(
    server,
    { method: "POST", path: "/api/v1/namespaces", headers, body },
    false,
  );
  if (code !== 201) throw new Error(`namespace ${namespace}: ${code} ${JSON.stringify(status)}`);
  if (server.bare) {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await ask(server, { method: "POST", path, headers, body: JSON.stringify(account) }, false);
    return;
  }
  for (const thing of ["serviceaccounts/default", "configmaps/kube-root-ca.crt"]) {
    const path = `/api/v1/namespaces/${namespace}/${thing}`;
    for (let waited = 0; (await ask(server, { method: "GET", path }, false)).code !== 200; waited += pollMs) {
      if (waited > untilMs) throw new Error(`${path} did not come`);
      await server.clock.sleep(pollMs);
    }
  }
}

function noteClusterScoped({ body }: Answer, path: string, made: string[]): void {
  const metadata = isJsonObject(body) && isJsonObject(body.metadata) ? body.metadata : {};
  if (metadata.namespace !== undefined || typeof metadata.name !== "string") return;
  if (!path.includes("/namespaces/"))
    made.push(`${path.replace(/[?].*/, "").replace(`/${metadata.name}`, "")}/${metadata.name}`);
}

function holds(answer: Answer, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([path, value]) => {
    const actual = /^(code|warnings)\b/.test(path)
      ? valueAt({ code: answer.code, warnings: warningsOf(answer.headers) }, path)
      : valueAt(answer.body, path);
    return JSON.stringify(actual ?? null) === JSON.stringify(value);
  });
}

function fillIn(step: Step, saved: ReadonlyMap<string, string>): Step {
  const names = [...saved.keys()].sort((a, b) => b.length - a.length);
  const text = (value: string): string =>
    names.reduce((filled, name) => filled.replaceAll(`$${name}`, saved.get(name) ?? ""), value);
  const map = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
  const json = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(json);
    if (!isJsonObject(value)) return typeof value === "string" ? text(value) : value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item ?? null)]));
  };
  return {
    ...step,
    target: text(step.target),
    body: step.body === undefined ? undefined : json(step.body),
    until: step.until && (json(step.until) as JsonObject),
    query: map(step.query),
    headers: map(step.headers),
  };
}
