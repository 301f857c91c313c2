import type { JsonObject } from "@slipway/yaml";
import { answerJson } from "../answers.ts";
import { parseObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";

const everything: JsonObject = {
  resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  incomplete: false,
};

/** Questions that are asked by creating an object which is never stored. Everybody may do everything here. */
const reviews: Readonly<Record<string, (context: RequestContext) => JsonObject>> = {
  "authorization.k8s.io/selfsubjectaccessreviews": () => ({ allowed: true }),
  "authorization.k8s.io/subjectaccessreviews": () => ({ allowed: true }),
  "authorization.k8s.io/localsubjectaccessreviews": () => ({ allowed: true }),
  "authorization.k8s.io/selfsubjectrulesreviews": () => everything,
  "authentication.k8s.io/selfsubjectreviews": ({ request }) => ({ userInfo: userInfo(request.user) }),
  "authentication.k8s.io/tokenreviews": () => ({ user: {}, error: "no tokens are known here" }),
};

/** Whether the resource is such a question. */
export function isReview(collection: string): boolean {
  return collection in reviews;
}

/** POST of a review: the object with its answer in `status`. */
export async function review(context: RequestContext): Promise<ApiAnswer> {
  const object = parseObject(context, context.request.body);
  const status = reviews[context.type.collection]?.(context) ?? {};
  return answerJson(201, { ...object, status });
}

function userInfo({ name, groups }: RequestContext["request"]["user"]): JsonObject {
  return { username: name, groups: [...groups] };
}
