import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { valueAt } from "../../admission/read-json.ts";
import { withConditionTimes } from "../../builtin/strategy/signing-request.ts";
import { checkObject, parseObject } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, timestamp } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import type { ApiAnswer } from "../request.ts";
import { answerObject, get } from "../verbs/get.ts";
import { applyPatch } from "../verbs/patch.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";

type Handler = (context: RequestContext) => Promise<ApiAnswer>;

/** What becomes of the field that is sent in `wanted` for the object that is there. */
type Fill = (
  value: Json,
  request: { readonly wanted: KubernetesObject; readonly live: KubernetesObject; readonly now: string },
) => Json;

/** GET, PUT and PATCH of a subresource through which nothing but `field` of the object's `part` is written. */
function partOf(part: "spec" | "status", field: string, fill: Fill): Handler {
  return async (context) => {
    const { info, request, server } = context;
    if (info.verb === "get") return get(context);
    const write = parseWriteOptions(context);
    const sent = info.verb === "update" ? parseObject(context, request.body) : undefined;
    const options = admissionOptions("UpdateOptions", context);
    const build = async (live: KubernetesObject): Promise<KubernetesObject> => {
      const wanted = decodeObject(
        context,
        sent ?? checkObject(context, await applyPatch(context, live)),
        write,
      );
      const now = timestamp(server.clock);
      const value = fill(valueAt(wanted, part, field) ?? [], { wanted, live, now });
      const holder = live[part];
      const next = {
        ...live,
        metadata: { ...live.metadata, resourceVersion: wanted.metadata.resourceVersion ?? "" },
        [part]: { ...(isJsonObject(holder) ? holder : {}), [field]: value },
      };
      return recordWrite(context, live, next as KubernetesObject, write.manager);
    };
    const result = await commitUpdate(context, build, { options, dryRun: write.dryRun });
    return answerObject(context, 200, result);
  };
}

/** `pods/ephemeralcontainers`, which `kubectl debug` patches. */
export const ephemeralContainers: Handler = partOf("spec", "ephemeralContainers", (value) => value);

/** `certificatesigningrequests/approval`: conditions, whose times the server fills in. */
export const approval: Handler = partOf("status", "conditions", (_, { wanted, live, now }) =>
  withConditionTimes(wanted, live, now),
);
