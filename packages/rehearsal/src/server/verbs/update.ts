import { parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** PUT of an object or of its status. */
export async function update(context: RequestContext): Promise<ApiAnswer> {
  const { dryRun } = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  const name = requireName(context.info);
  const given = object.metadata.name;
  if (given && given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
  const options = admissionOptions("UpdateOptions", context);
  return answerObject(context, 200, await commitUpdate(context, () => object, { options, dryRun }));
}
