import { isJsonObject } from "@slipway/yaml";
import { textsAt } from "../../admission/read-json.ts";
import { randomUuid } from "../../clock/random.ts";
import { answerJson } from "../answers.ts";
import { parseObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import type { ApiAnswer } from "../request.ts";
import { invalid } from "../status-errors.ts";
import { readNamed } from "../verbs/get.ts";

const HOUR_SECONDS = 3600;

/**
 * POST of a TokenRequest for a service account. The token has a JWT's shape and claims but no signature that
 * anybody could check: nothing on the embedded cluster authenticates with it.
 */
export async function token(context: RequestContext): Promise<ApiAnswer> {
  const { server, info, request } = context;
  const account = await readNamed(context);
  const object = parseObject(context, request.body);
  const spec = isJsonObject(object.spec) ? object.spec : {};
  const asked = spec.expirationSeconds;
  if (typeof asked === "number" && asked < 600) {
    const error = invalidValue(
      "spec.expirationSeconds",
      asked,
      "may not specify a duration less than 10 minutes",
    );
    throw invalid({ group: "authentication.k8s.io", kind: "TokenRequest" }, "", [error]);
  }
  const seconds = typeof asked === "number" ? asked : HOUR_SECONDS;
  const given = textsAt(object, "spec", "audiences");
  const audiences = given.length > 0 ? given : ["https://kubernetes.default.svc.cluster.local"];
  const now = Math.floor(server.clock.now() / 1000);
  const { name, uid } = account.metadata;
  const claims = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: "https://kubernetes.default.svc.cluster.local",
    jti: randomUuid(server.random),
    "kubernetes.io": { namespace: info.namespace, serviceaccount: { name, uid } },
    nbf: now,
    sub: `system:serviceaccount:${info.namespace}:${name}`,
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return answerJson(201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace: info.namespace, creationTimestamp: null },
    spec: { ...spec, audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: {
      token: `${encode({ alg: "none" })}.${encode(claims)}.`,
      expirationTimestamp: `${new Date((now + seconds) * 1000).toISOString().slice(0, 19)}Z`,
    },
  });
}
