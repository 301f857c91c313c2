import type { KubernetesObject } from "@slipway/kubernetes";
import { duplicatesOf, parseObject } from "../body.ts";
import { commitCreate } from "../commit.ts";
import type { RequestContext } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import { dropRepeatedOwners } from "../owner-references.ts";
import type { ApiAnswer } from "../request.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** POST to a collection. */
export async function create(context: RequestContext): Promise<ApiAnswer> {
  const write = parseWriteOptions(context);
  const object = decodeObject(context, parseObject(context, context.request.body), write, {
    duplicates: duplicatesOf(context),
  });
  dropRepeatedOwners(object, { warnings: context.warnings, admitted: false });
  const options = admissionOptions("CreateOptions", context);
  const build = (named: KubernetesObject) => recordWrite(context, undefined, named, write.manager);
  return answerObject(
    context,
    201,
    await commitCreate(context, object, { options, dryRun: write.dryRun, build }),
  );
}
