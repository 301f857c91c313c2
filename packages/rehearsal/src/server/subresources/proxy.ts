import { numberAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { storeKey } from "../../store/store.ts";
import { findRoute } from "../../webhooks/service-route.ts";
import { createReader, type RequestContext, requireName } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, notFound } from "../status-errors.ts";
import { readNamed } from "../verbs/get.ts";

/**
 * Any request through a pod's or Service's `proxy`: found as the API server finds it (ResourceLocation of
 * registry/core/pod and service), and refused there as a port is where nothing listens.
 */
export async function proxy(context: RequestContext): Promise<ApiAnswer> {
  const { info, type, server } = context;
  const asked = requireName(info);
  const [name = "", port = ""] = asked.split(":").slice(asked.split(":").length === 3 ? 1 : 0);
  if (type.resource === "services") throw unavailable(await serviceAddress(context, { asked, name, port }));
  const found = server.store.get(type.collection, storeKey(info.namespace, name));
  if (!found) throw notFound(type, name);
  if (type.resource === "nodes") throw unreachable(`${name}:10250`);
  const pod = await readNamed({ ...context, info: { ...info, name } });
  const address = textAt(pod, "status", "podIP");
  if (!address) throw badRequest("address not allowed");
  const declared = objectsAt(pod, "spec", "containers").flatMap((one) => objectsAt(one, "ports"));
  throw unreachable(`${address}:${port || (numberAt(declared[0], "containerPort") ?? 80)}`);
}

/** Why no endpoint is reached. */
async function serviceAddress(
  { server, info, type }: RequestContext,
  { asked, name, port }: { readonly asked: string; readonly name: string; readonly port: string },
): Promise<string> {
  const namespace = info.namespace ?? "";
  const service = server.store.get(type.collection, storeKey(namespace, name));
  const endpoints = server.store.get("/endpoints", storeKey(namespace, name));
  if (!service || !endpoints) {
    throw notFound({ group: "", resource: service ? "endpoints" : "services" }, name);
  }
  const ports = objectsAt(service, "spec", "ports");
  const chosen = ports.find((one) => String(one.port) === port || (textAt(one, "name") ?? "") === port);
  if (!chosen) {
    const isNumber = /^\d+$/.test(port);
    return isNumber
      ? `no service port ${port} found for service "${name}"`
      : `no endpoints available for service "${asked}"`;
  }
  const reader = createReader(server, []);
  const route = await findRoute(reader, { namespace, name, port: Number(chosen.port) });
  return "failure" in route ? route.failure : refused(route.address);
}

function refused(address: string): string {
  return `error trying to reach service: dial tcp ${address}: connect: connection refused`;
}

function unreachable(address: string): StatusError {
  return unavailable(refused(address));
}

function unavailable(message: string): StatusError {
  return new StatusError(503, "ServiceUnavailable", message);
}
