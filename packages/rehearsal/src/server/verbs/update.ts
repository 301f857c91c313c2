import type { KubernetesObject } from "@slipway/kubernetes";
import { checkName, duplicatesOf, parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import type { ApiAnswer } from "../request.ts";
import { invalid } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** PUT of an object or of its status. */
export async function update(context: RequestContext): Promise<ApiAnswer> {
  const write = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  requireName(context.info);
  checkName(object, context.info);
  const { type } = context;
  if (type.custom && !object.metadata.resourceVersion) {
    const error = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
    throw invalid({ group: type.group, kind: type.resource }, object.metadata.name, [error]);
  }
  const options = admissionOptions("UpdateOptions", context);
  const decoded = decodeObject(context, object, write, duplicatesOf(context));
  const build = (live: KubernetesObject) => recordWrite(context, live, decoded, write.manager);
  return answerObject(context, 200, await commitUpdate(context, build, { options, dryRun: write.dryRun }));
}
