// Runs a write through the admission plugins.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionAttributes, ObjectKind } from "../admission/admission.ts";
import { createReader, type RequestContext } from "./context.ts";
import { decodeObject } from "./object-rules.ts";

/** The parts of an admission request that the caller knows. */
export interface AdmissionInput {
  readonly operation: AdmissionAttributes["operation"];
  readonly objectKind?: ObjectKind;
  readonly name: string;
  readonly object?: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  readonly options: JsonObject;
  readonly dryRun: boolean;
}

function attributesOf(context: RequestContext, input: AdmissionInput): AdmissionAttributes {
  const { type, info, request } = context;
  return {
    ...input,
    type,
    ...(info.subresource ? { subresource: info.subresource } : {}),
    ...(info.namespace ? { namespace: info.namespace } : {}),
    user: request.user,
  };
}

/** Lets the plugins change the object, one after the other; returns what came out. */
export async function mutateByAdmission(
  context: RequestContext,
  input: AdmissionInput,
): Promise<KubernetesObject | undefined> {
  const reader = createReader(context.server, context.warnings, context.annotations);
  let { object } = input;
  for (const plugin of context.server.admission) {
    if (!plugin.admit) continue;
    const attributes = attributesOf(context, object ? { ...input, object } : input);
    object = (await plugin.admit(attributes, reader)) ?? object;
  }
  // What a webhook adds to a custom object is pruned and completed like what a client sends.
  const { type } = context;
  if (object && object !== input.object && type.custom && !input.objectKind)
    return decodeObject({ ...context, warnings: [] }, object, { fieldValidation: "Ignore" });
  return object;
}

/** Lets the plugins refuse the object as it will be stored. */
export async function validateByAdmission(context: RequestContext, input: AdmissionInput): Promise<void> {
  const reader = createReader(context.server, context.warnings, context.annotations);
  const attributes = attributesOf(context, input);
  for (const plugin of context.server.admission) await plugin.validate?.(attributes, reader);
}
