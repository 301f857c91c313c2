import type { AuditedRequest } from "@slipway/deploy";
import type { KubernetesObject } from "@slipway/kubernetes";

/** What an API server's audit log says of one client's writes. */
export interface WriteCounts {
  /** Writes of the objects that were answered with success, repeated ones included. */
  readonly written: number;
  /** Writes that the server refused. */
  readonly refused: number;
  /** Writes beyond the first successful one of each object, and refused ones. */
  readonly retries: number;
  /** Pods that controllers tried to create in vain. */
  readonly podsRefused: number;
}

const writeVerbs: ReadonlySet<string> = new Set(["create", "update", "patch"]);

/** Counts from a log the writes of a client, known by how its user agent begins, and controllers' refused pods. */
export function countWrites(
  audit: readonly AuditedRequest[],
  {
    userAgent,
    startedAt,
    objects,
  }: { userAgent: string; startedAt: number; objects: readonly KubernetesObject[] },
): WriteCounts {
  // Some objects of the release name a namespace although their kind has none.
  const names = new Set(
    objects.flatMap(({ metadata: { name, namespace = "" } }) => [`${namespace}/${name}`, `/${name}`]),
  );
  const writes = audit.filter(
    (request) =>
      request.at >= startedAt &&
      request.userAgent.startsWith(userAgent) &&
      writeVerbs.has(request.verb) &&
      request.subresource === undefined &&
      !request.dryRun &&
      names.has(`${request.resource === "namespaces" ? "" : (request.namespace ?? "")}/${request.name}`),
  );
  const succeeded = writes.filter(({ code }) => code < 400);
  const distinct = new Set(
    succeeded.map(({ group, resource, namespace, name }) => [group, resource, namespace, name].join("/")),
  );
  const podsRefused = audit.filter(
    ({ verb, resource, subresource, dryRun, code }) =>
      verb === "create" && resource === "pods" && subresource === undefined && !dryRun && code >= 400,
  );
  return {
    written: succeeded.length,
    refused: writes.length - succeeded.length,
    retries: writes.length - distinct.size,
    podsRefused: podsRefused.length,
  };
}
