import { parseObject } from "../body.ts";
import { commitCreate } from "../commit.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** POST to a collection. */
export async function create(context: RequestContext): Promise<ApiAnswer> {
  const { dryRun } = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  const options = admissionOptions("CreateOptions", context);
  return answerObject(context, 201, await commitCreate(context, object, { options, dryRun }));
}
