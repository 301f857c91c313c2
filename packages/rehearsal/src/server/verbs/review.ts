import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt, textsAt } from "../../admission/read-json.ts";
import { answerJson } from "../answers.ts";
import { findPermission, rulesFor, wantedBy } from "../authorize.ts";
import { parseObject } from "../body.ts";
import { type RequestContext, timestamp } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import type { ApiAnswer, UserInfo } from "../request.ts";
import { badRequest, invalid } from "../status-errors.ts";

/** Questions that are asked by creating an object which is never stored. */
const reviews: Readonly<Record<string, (context: RequestContext, object: KubernetesObject) => JsonObject>> = {
  "authorization.k8s.io/selfsubjectaccessreviews": reviewOwnAccess,
  "authorization.k8s.io/subjectaccessreviews": reviewAccess,
  "authorization.k8s.io/localsubjectaccessreviews": reviewAccess,
  "authorization.k8s.io/selfsubjectrulesreviews": reviewOwnRules,
  "authentication.k8s.io/selfsubjectreviews": ({ request }) => {
    const { name, groups, uid, extra = {} } = request.user;
    const more = Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
    return {
      userInfo: {
        username: name,
        ...(uid ? { uid } : {}),
        groups: [...groups],
        ...(Object.keys(more).length > 0 ? { extra: more } : {}),
      },
    };
  },
  "authentication.k8s.io/tokenreviews": () => ({ user: {}, error: "no tokens are known here" }),
};

/** Whether the resource is such a question. */
export function isReview(collection: string): boolean {
  return collection in reviews;
}

/** POST of a review: the object with its answer in `status`. */
export async function review(context: RequestContext): Promise<ApiAnswer> {
  const object = parseObject(context, context.request.body);
  const { collection } = context.type;
  const status = reviews[collection]?.(context, object) ?? {};
  // The only one that is created like an object.
  const created = collection === "authentication.k8s.io/selfsubjectreviews";
  const more = created ? { creationTimestamp: timestamp(context.server.clock) } : {};
  return answerJson(201, { ...object, metadata: { ...object.metadata, ...more }, status });
}

/** All rules that hold for who asks, in the namespace that they name. */
function reviewOwnRules({ server, request }: RequestContext, object: KubernetesObject): JsonObject {
  const namespace = textAt(object, "spec", "namespace") ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  const resourceRules: JsonObject[] = [];
  const nonResourceRules: JsonObject[] = [];
  for (const { rule } of rulesFor(server, request.user, namespace)) {
    const { nonResourceURLs, verbs = [], ...rest } = rule;
    if (rest.resources) resourceRules.push({ verbs, ...rest });
    if (nonResourceURLs) nonResourceRules.push({ verbs, nonResourceURLs });
  }
  return { resourceRules, nonResourceRules, incomplete: false };
}

function reviewOwnAccess(context: RequestContext, object: KubernetesObject): JsonObject {
  return answerAccess(context, context.request.user, objectAt(object, "spec"));
}

function reviewAccess(context: RequestContext, object: KubernetesObject): JsonObject {
  const spec = objectAt(object, "spec");
  const user = { name: textAt(spec, "user") ?? "", groups: textsAt(spec, "groups") };
  const errors: FieldError[] = [];
  if (user.name === "" && user.groups.length === 0) {
    errors.push(invalidValue("spec.user", "", "at least one of user or group must be specified"));
  }
  if (spec.resourceAttributes && spec.nonResourceAttributes) {
    const { path: Path, verb: Verb } = objectAt(spec, "nonResourceAttributes");
    const detail = "cannot be specified in combination with resourceAttributes";
    errors.push(invalidValue("spec.nonResourceAttributes", { Path, Verb }, detail));
  } else if (!spec.resourceAttributes && !spec.nonResourceAttributes) {
    const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    errors.push(invalidValue("spec.resourceAttributes", null, detail));
  }
  const asked = textAt(spec, "resourceAttributes", "namespace");
  const { resource } = context.info;
  if (resource === "localsubjectaccessreviews" && asked !== undefined && asked !== context.info.namespace) {
    const field = "spec.resourceAttributes.namespace";
    errors.push(invalidValue(field, asked, "must match metadata.namespace"));
  }
  // The real server forgets the kind in this refusal.
  if (errors.length > 0) throw invalid({ group: "authorization.k8s.io", kind: "" }, "", errors);
  return answerAccess(context, user, spec);
}

function answerAccess({ server, info }: RequestContext, user: UserInfo, spec: JsonObject): JsonObject {
  const reason = findPermission(server, user, wantedBy(spec, info.namespace));
  if (reason === undefined) return { allowed: false };
  return reason === "" ? { allowed: true } : { allowed: true, reason };
}
