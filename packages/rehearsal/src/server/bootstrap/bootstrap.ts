// What a cluster holds before anybody has asked for anything.
import type { KubernetesObject } from "@slipway/kubernetes";
import { randomUuid } from "../../clock/random.ts";
import { storeKey } from "../../store/store.ts";
import { type ServerContext, timestamp } from "../context.ts";
import { ownApiServices } from "./api-services.ts";
import { defaultFlowControl } from "./flow-control.ts";

/** Namespaces of every cluster. */
const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Puts the objects that the API server makes of itself into the store. */
export function bootstrap(server: ServerContext): void {
  const now = timestamp(server.clock);
  for (const name of namespaces) {
    add(server, "/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  }
  for (const name of ["controller-manager", "etcd-0", "scheduler"]) {
    add(server, "/componentstatuses", {
      apiVersion: "v1",
      kind: "ComponentStatus",
      metadata: { name },
      conditions: [{ type: "Healthy", status: "True", message: "ok" }],
    });
  }
  for (const object of ownApiServices(server.registry, now)) {
    add(server, "apiregistration.k8s.io/apiservices", object);
  }
  for (const object of defaultFlowControl(now)) {
    const resource = object.kind === "FlowSchema" ? "flowschemas" : "prioritylevelconfigurations";
    add(server, `flowcontrol.apiserver.k8s.io/${resource}`, object);
  }
}

function add(server: ServerContext, collection: string, object: KubernetesObject): void {
  const { name, namespace } = object.metadata;
  const uid = randomUuid(server.random);
  const metadata = { ...object.metadata, uid, creationTimestamp: timestamp(server.clock) };
  server.store.put(collection, storeKey(namespace, name), { ...object, metadata });
}
