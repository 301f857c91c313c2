import { isJsonObject } from "@slipway/yaml";
import { parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { answerObject } from "../verbs/get.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";

/** PUT of a namespace's `finalize`: changes nothing but `spec.finalizers`. */
export async function finalize(context: RequestContext): Promise<ApiAnswer> {
  const { dryRun } = parseWriteOptions(context);
  const object = parseObject(context, context.request.body);
  const spec = isJsonObject(object.spec) ? object.spec : {};
  const finalizers = Array.isArray(spec.finalizers) ? spec.finalizers : [];
  const options = admissionOptions("UpdateOptions", context);
  const result = await commitUpdate(
    context,
    (live) => {
      const old = isJsonObject(live.spec) ? live.spec : {};
      const { finalizers: _, ...rest } = old;
      return { ...live, spec: finalizers.length > 0 ? { ...rest, finalizers } : rest };
    },
    { options, dryRun },
  );
  return answerObject(context, 200, result);
}
