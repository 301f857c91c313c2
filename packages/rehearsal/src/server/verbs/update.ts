import type { KubernetesObject } from "@slipway/kubernetes";
import { parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** PUT of an object or of its status. */
export async function update(context: RequestContext): Promise<ApiAnswer> {
  const write = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  const name = requireName(context.info);
  const given = object.metadata.name;
  if (given && given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
  const options = admissionOptions("UpdateOptions", context);
  const decoded = decodeObject(context, object, write);
  const build = (live: KubernetesObject) => recordWrite(context, live, decoded, write.manager);
  return answerObject(context, 200, await commitUpdate(context, build, { options, dryRun: write.dryRun }));
}
