/** A request as a server's audit log has it (audit.k8s.io/v1), as far as order can be told from it. */
export interface AuditedRequest {
  readonly at: number;
  readonly userAgent: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code: number;
  /** It only asked what would happen. */
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly message?: string;
}

/** A write that was refused because something was not there yet. */
export interface OrderRefusal {
  readonly missing: "kind" | "namespace" | "service account" | "webhook";
  readonly request: AuditedRequest;
}

const writes: ReadonlySet<string> = new Set(["create", "update", "patch", "apply"]);

/**
 * The proof of order from the server's own log: all writes, whoever made them, that were refused because a
 * kind, a namespace, a service account or a webhook was not there yet. A run in order has none.
 */
export function findOrderRefusals(audit: Iterable<AuditedRequest>): OrderRefusal[] {
  const refusals: OrderRefusal[] = [];
  for (const request of audit) {
    if (!writes.has(request.verb) || request.code < 400 || request.dryRun) continue;
    const missing = whatWasMissing(request);
    if (missing) refusals.push({ missing, request });
  }
  return refusals;
}

function whatWasMissing({ code, message = "" }: AuditedRequest): OrderRefusal["missing"] | undefined {
  if (/failed calling (?:admission )?webhook|conversion webhook for .* failed/.test(message))
    return "webhook";
  if (/service ?account .*not found/i.test(message)) return "service account";
  if (code !== 404) return undefined;
  if (/namespaces? "[^"]*" not found/.test(message)) return "namespace";
  return /could not find the requested resource|no matches for kind/.test(message) ? "kind" : undefined;
}
