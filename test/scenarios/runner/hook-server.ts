// A webhook server of the tests: what it answers is written in the scenario that names it.
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { systemClock } from "@slipway/kubernetes";
import { createCertificateAuthority, createRandom, issueCertificate } from "@slipway/rehearsal";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { applyPatch, type Operation } from "rfc6902";

/** One webhook of a scenario: what it answers to any review. */
export interface Hook {
  /** Laid over `response: { uid, allowed: true }`; a null takes a field away. */
  readonly answer: JsonObject;
  /** A JSON patch, which is sent as one. */
  readonly patch: Json | undefined;
  /** Laid over the whole review that is answered. */
  readonly review: JsonObject;
  /** For each apiVersion that a conversion may want, the JSON patch that each object gets. */
  readonly convert: JsonObject;
  /** HTTP status and text instead of a review. */
  readonly code: number;
  readonly text: string | undefined;
  /** Never answers. */
  readonly silent: boolean;
}

/** The hooks of one scenario while it runs. */
export interface EnteredHooks {
  /** Names that steps may use: `$HOOKS/NAME` is a hook's address, `$CA` the bundle that vouches for it. */
  readonly placeholders: ReadonlyMap<string, string>;
  /** The `request` of each review that a hook was sent since this was asked last. */
  takeAsked(name: string): JsonObject[];
  leave(): void;
}

/** A server on the loopback address that any API server of this machine can call. */
export interface HookServer {
  enter(namespace: string, hooks: ReadonlyMap<string, Hook>): EnteredHooks;
  close(): Promise<void>;
}

const day = 86_400_000;

/** Starts it, with an authority and a certificate for 127.0.0.1 of its own. */
export async function startHookServer(): Promise<HookServer> {
  const random = createRandom(1);
  const now = systemClock.now() - day;
  const authority = createCertificateAuthority({ commonName: "hooks", now, random });
  const other = createCertificateAuthority({ commonName: "others", now, random });
  const names = { commonName: "hooks", dnsNames: ["127.0.0.1"] };
  const serving = issueCertificate({
    ...names,
    notBefore: now,
    notAfter: now + 9 * day,
    random,
    issuer: authority,
  });
  const entered = new Map<string, ReadonlyMap<string, Hook>>();
  const asked = new Map<string, JsonObject[]>();

  const server = createServer({ key: serving.key, cert: serving.certificate }, (request, response) => {
    void answer(request, response);
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, namespace = "", name = ""] = (request.url ?? "").replace(/\?.*/, "").split("/");
    const hook = entered.get(namespace)?.get(name);
    if (!hook) return void response.writeHead(404).end();
    const review = await readReview(request);
    const question = isJsonObject(review.request) ? review.request : {};
    const key = `${namespace}/${name}`;
    asked.set(key, [...(asked.get(key) ?? []), question]);
    if (hook.silent) return;
    const text = hook.text ?? JSON.stringify(answerOf(hook, review, question));
    response.writeHead(hook.code, { "content-type": "application/json" }).end(text);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    enter(namespace, hooks) {
      entered.set(namespace, hooks);
      const base64 = (text: string) => Buffer.from(text).toString("base64");
      return {
        placeholders: new Map([
          ["HOOKS", `https://127.0.0.1:${port}/${namespace}`],
          ["LOCALHOOKS", `https://localhost:${port}/${namespace}`],
          ["CA", base64(authority.certificate)],
          ["OTHERCA", base64(other.certificate)],
        ]),
        takeAsked(name) {
          const key = `${namespace}/${name}`;
          const requests = asked.get(key) ?? [];
          asked.delete(key);
          return requests;
        },
        leave: () => entered.delete(namespace),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(hook: Hook, review: JsonObject, question: JsonObject): JsonObject {
  const { apiVersion = null, kind = null } = review;
  const uid = question.uid ?? null;
  const patch =
    hook.patch === undefined
      ? {}
      : { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(hook.patch)).toString("base64") };
  const plain =
    kind === "ConversionReview"
      ? { uid, convertedObjects: convertAll(hook, question), result: { status: "Success" } }
      : { uid, allowed: true, ...patch };
  return layOver({ apiVersion, kind, response: layOver(plain, hook.answer) }, hook.review);
}

function convertAll(hook: Hook, question: JsonObject): Json[] {
  const apiVersion = String(question.desiredAPIVersion);
  const patch = hook.convert[apiVersion.split("/").at(-1) ?? ""];
  return (Array.isArray(question.objects) ? question.objects : []).map((object) => {
    const converted = { ...structuredClone(object as JsonObject), apiVersion };
    applyPatch(converted, (Array.isArray(patch) ? patch : []) as unknown as Operation[]);
    return converted;
  });
}

/** A null in `changes` takes the field away. */
function layOver(value: JsonObject, changes: JsonObject): JsonObject {
  const result: JsonObject = { ...value, ...changes };
  for (const [key, item] of Object.entries(changes)) if (item === null) delete result[key];
  return result;
}

async function readReview(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const review: Json = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  return isJsonObject(review) ? review : {};
}
