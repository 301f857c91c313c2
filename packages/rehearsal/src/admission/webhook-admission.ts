// MutatingAdmissionWebhook and ValidatingAdmissionWebhook: asks the webhooks that the cluster's objects configure.
import { builtin, equalJson, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { asWritten } from "../builtin/empty-values.ts";
import { randomUuid } from "../clock/random.ts";
import { applyJsonPatch } from "../fields/json-patch.ts";
import { StatusError } from "../server/status-error.ts";
import { badRequest } from "../server/status-errors.ts";
import type { CallWebhook } from "../webhooks/call-webhook.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { verifyResponse } from "./admission-response.ts";
import { createReview, inVersion, reviewRequest } from "./admission-review.ts";
import { matchWebhook } from "./match-webhook.ts";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "./read-json.ts";
import { readPatched } from "./read-patched.ts";
import { internalError } from "./refuse.ts";

/** What both plugins need: a way to call, chance for the reviews' uids. */
export interface WebhookAdmissionOptions {
  readonly call: CallWebhook;
  readonly random: () => number;
}

/** One webhook of one configuration. */
interface Hook {
  readonly id: string;
  readonly webhook: JsonObject;
}

const mutating = builtin("admissionregistration.k8s.io", "MutatingWebhookConfiguration");
const validating = builtin("admissionregistration.k8s.io", "ValidatingWebhookConfiguration");

/** A call that failed, as opposed to one that was answered with a refusal. */
class CallFailure extends Error {}

/**
 * Calls mutating webhooks one after another, in the order of their configurations' names. When one changed the
 * object, `reinvoke` (the mutating plugins before it) run once more, and so do the webhooks called before that
 * ask for it with `reinvocationPolicy: IfNeeded`.
 */
export function mutatingAdmissionWebhook(
  options: WebhookAdmissionOptions & { readonly reinvoke: readonly AdmissionPlugin[] },
): AdmissionPlugin {
  return {
    name: "MutatingAdmissionWebhook",
    async admit(attributes, reader) {
      const hooks = hooksOf(mutating, reader);
      const again = new Set<string>();
      const called: string[] = [];
      let current = attributes;

      const runHooks = async (only: ReadonlySet<string> | undefined) => {
        for (const { id, webhook } of hooks) {
          if (only && !only.has(id)) continue;
          const changed = await callMutating(options, webhook, current, reader);
          if (changed) {
            for (const earlier of called) if (earlier !== id) again.add(earlier);
            current = { ...current, object: changed };
          }
          if (!only && textAt(webhook, "reinvocationPolicy") === "IfNeeded") called.push(id);
        }
      };

      await runHooks(undefined);
      if (current === attributes) return undefined;
      const afterHooks = current.object;
      for (const plugin of options.reinvoke) {
        const object = await plugin.admit?.(current, reader);
        if (object) current = { ...current, object };
      }
      if (!equalJson(afterHooks, current.object)) for (const id of called) again.add(id);
      if (again.size > 0) await runHooks(new Set(again));
      return current.object;
    },
  };
}

/** Calls all validating webhooks that match at once; the first refusal in the configurations' order counts. */
export function validatingAdmissionWebhook(options: WebhookAdmissionOptions): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionWebhook",
    async validate(attributes, reader) {
      const questions = hooksOf(validating, reader).flatMap(({ webhook }) => {
        const request = questionFor(options, webhook, attributes, reader);
        return request ? [{ webhook, request }] : [];
      });
      const calls = questions.map(({ webhook, request }) =>
        ask(options, { webhook, attributes, reader, request, mutating: false }),
      );
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === "rejected") throw outcome.reason;
      }
    },
  };
}

/** The webhooks of each configuration, read once per state of it. */
const hooksByConfiguration = new WeakMap<KubernetesObject, readonly Hook[]>();

function hooksOf(type: ResourceType, reader: AdmissionReader): Hook[] {
  return reader
    .list(type)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((configuration) => {
      let hooks = hooksByConfiguration.get(configuration);
      if (!hooks) {
        hooks = objectsAt(configuration, "webhooks").map((webhook) => ({
          id: `${configuration.metadata.name}/${webhook.name}`,
          webhook,
        }));
        hooksByConfiguration.set(configuration, hooks);
      }
      return hooks;
    });
}

/** The object as the webhook changed it, or undefined when it did not. */
async function callMutating(
  options: WebhookAdmissionOptions,
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): Promise<KubernetesObject | undefined> {
  const request = questionFor(options, webhook, attributes, reader);
  if (!request) return undefined;
  const patch = await ask(options, { webhook, attributes, reader, request, mutating: true });
  if (!patch) return undefined;
  const { object } = attributes;
  if (!object) {
    throw internalError(
      `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`,
    );
  }
  const patched = inVersion(applyPatch(objectAt(request, "object"), patch), object.apiVersion);
  const decoded = readPatched(patched, attributes);
  return equalJson(asWritten(decoded), asWritten(object)) ? undefined : decoded;
}

/** What is wrong with a webhook's patch is no fault of the client's. */
function applyPatch(object: JsonObject, patch: Json): KubernetesObject {
  try {
    return applyJsonPatch(object, patch) as KubernetesObject;
  } catch (error) {
    const { cause, message } = error as Error;
    throw internalError(cause instanceof Error ? cause.message : message);
  }
}

/** `request` of the review to send; undefined when the webhook does not want to see this write. */
function questionFor(
  { random }: WebhookAdmissionOptions,
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): JsonObject | undefined {
  const wanted = matchWebhook(webhook, attributes, reader);
  return wanted && reviewRequest(attributes, wanted, randomUuid(random));
}

/** One webhook and what it is asked. */
interface Question {
  readonly webhook: JsonObject;
  readonly attributes: AdmissionAttributes;
  readonly reader: AdmissionReader;
  readonly request: JsonObject;
  readonly mutating: boolean;
}

/**
 * Asks one webhook and returns its patch; undefined when it has none, or failed and may (`failurePolicy: Ignore`).
 * Throws what the API server answers.
 */
async function ask(options: WebhookAdmissionOptions, question: Question): Promise<Json[] | undefined> {
  const { webhook, reader } = question;
  try {
    const response = await callOne(options, question);
    for (const text of textsAt(response, "warnings")) reader.warn(text);
    refuseUnlessAllowed(webhook, response);
    return patchOf(response);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (textAt(webhook, "failurePolicy") === "Ignore") return undefined;
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${error.message}`);
  }
}

async function callOne(
  { call }: WebhookAdmissionOptions,
  { webhook, attributes, reader, request, mutating }: Question,
): Promise<JsonObject> {
  const sideEffects = textAt(webhook, "sideEffects");
  if (attributes.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun") {
    throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  }
  const review = createReview(request, textsAt(webhook, "admissionReviewVersions"));
  if (!review)
    throw new CallFailure(
      "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)",
    );
  const answer = await call({
    reader,
    clientConfig: objectAt(webhook, "clientConfig"),
    review,
    timeoutSeconds: numberAt(webhook, "timeoutSeconds") ?? 10,
  }).catch((error: Error) => {
    throw new CallFailure(`failed to call webhook: ${error.message}`, { cause: error });
  });
  try {
    return verifyResponse(answer, { uid: String(request.uid), mutating });
  } catch (error) {
    throw new CallFailure(`received invalid webhook response: ${(error as Error).message}`, { cause: error });
  }
}

/** A JSON patch without operations changes nothing, of whatever type it says it is. */
function patchOf(response: JsonObject): Json[] | undefined {
  const encoded = textAt(response, "patch");
  if (!encoded) return undefined;
  const failed = (message: string) =>
    new CallFailure(`received undecodable patch in webhook response: ${message}`);
  let patch: Json;
  const text = Buffer.from(encoded, "base64").toString();
  try {
    patch = JSON.parse(text);
  } catch {
    throw failed(`invalid character '${text[0] ?? ""}' looking for beginning of value`);
  }
  if (!Array.isArray(patch))
    throw failed("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  if (patch.length === 0) return undefined;
  const type = textAt(response, "patchType");
  if (type !== "JSONPatch") throw new CallFailure(`unsupported patch type ${JSON.stringify(type)}`);
  return patch;
}

/** A refusal in the API server's words (admission/plugin/webhook/errors ToStatusErr). */
function refuseUnlessAllowed(webhook: JsonObject, response: JsonObject): void {
  if (response.allowed === true) return;
  const deniedBy = `admission webhook ${JSON.stringify(webhook.name)} denied the request`;
  const said = textAt(response, "status", "message") ?? textAt(response, "status", "reason");
  const code = numberAt(response, "status", "code") ?? 0;
  throw new StatusError(
    Math.max(code, 400),
    textAt(response, "status", "reason") ?? "",
    said ? `${deniedBy}: ${said}` : `${deniedBy} without explanation`,
    objectAt(response, "status", "details"),
  );
}
