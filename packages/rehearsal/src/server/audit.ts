import type { AuditEvent } from "../cluster.ts";
import type { ApiAnswer, ApiRequest, RequestInfo } from "./request.ts";

/** The audit line of a request that was answered at `at` (milliseconds since the epoch). */
export function auditEvent(
  at: number,
  request: ApiRequest,
  info: RequestInfo | undefined,
  answer: ApiAnswer,
  annotations: { readonly [key: string]: string } = {},
): AuditEvent {
  return {
    at,
    user: request.user.name,
    userAgent: request.headers["user-agent"] ?? "",
    verb: info?.verb ?? request.method.toLowerCase(),
    group: info?.group ?? "",
    resource: info?.resource ?? request.path,
    ...(info?.subresource ? { subresource: info.subresource } : {}),
    ...(info?.namespace ? { namespace: info.namespace } : {}),
    ...(info?.name ? { name: info.name } : {}),
    code: answer.status,
    ...refusalOf(answer),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

function refusalOf({ status, headers, body }: ApiAnswer): { reason?: string; message?: string } {
  if (status < 400 || typeof body !== "string") return {};
  if (headers["content-type"] !== "application/json") return { message: body.trim() };
  const { reason, message } = JSON.parse(body);
  return { reason, message };
}
