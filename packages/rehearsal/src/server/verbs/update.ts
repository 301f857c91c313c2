import type { KubernetesObject } from "@slipway/kubernetes";
import { checkName, checkNamespace, duplicatesOf, parseObject } from "../body.ts";
import { commitCreate, commitUpdate, createsByUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import { dropRepeatedOwners } from "../owner-references.ts";
import type { ApiAnswer } from "../request.ts";
import { admissionOptions, parseWriteOptions, type WriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** PUT of an object or of its status. */
export async function update(context: RequestContext): Promise<ApiAnswer> {
  const write = parseWriteOptions(context);
  requireName(context.info);
  const options = admissionOptions("UpdateOptions", context);
  const decoded = readUpdate(context, write);
  dropRepeatedOwners(decoded, { warnings: context.warnings, admitted: false });
  const { uid } = decoded.metadata;
  const commit = { options, dryRun: write.dryRun, uid };
  if (createsByUpdate(context)) {
    const build = (named: KubernetesObject) => recordWrite(context, undefined, named, write.manager);
    const created = await commitCreate(context, decoded, { ...commit, build });
    return answerObject(context, 201, created);
  }
  const build = (live: KubernetesObject) => recordWrite(context, live, decoded, write.manager);
  return answerObject(context, 200, await commitUpdate(context, build, commit));
}

/** The object in the body of a PUT; refused where it is not the one that the path names. */
export function readUpdate(context: RequestContext, write: WriteOptions): KubernetesObject {
  const object = parseObject(context, context.request.body);
  const decoded = decodeObject(context, object, write, { duplicates: duplicatesOf(context) });
  checkNamespace(decoded, context);
  checkName(decoded, context.info);
  return decoded;
}
