import { isJsonObject } from "@slipway/yaml";
import { answerJson } from "../answers.ts";
import { parseObject } from "../body.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { deleteNamed } from "../verbs/delete.ts";

/** POST of an Eviction: deletes the pod. Disruption budgets are not asked. */
export async function eviction(context: RequestContext): Promise<ApiAnswer> {
  const object = parseObject(context, context.request.body);
  const options = isJsonObject(object.deleteOptions) ? object.deleteOptions : {};
  const { subresource: _, ...rest } = context.info;
  await deleteNamed({
    ...context,
    info: { ...rest, subresource: undefined, verb: "delete" },
    request: { ...context.request, body: JSON.stringify(options) },
  });
  return answerJson(201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
}
