// Columns of services and of the network's kinds.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../admission/read-json.ts";
import {
  ageColumn,
  type ColumnTable,
  column,
  formatLabels,
  formatSelector,
  formatSome,
  nameColumn,
  wide,
} from "./column.ts";

export const networkColumns: ColumnTable = {
  "/services": [
    nameColumn,
    column("Type", (service) => textAt(service, "spec", "type") ?? ""),
    column("Cluster-IP", (service) => textAt(service, "spec", "clusterIP") ?? "<none>"),
    column("External-IP", externalAddress),
    column("Port(s)", servicePorts),
    ageColumn,
    wide("Selector", (service) => formatLabels(objectAt(service, "spec").selector)),
  ],
  "/endpoints": [nameColumn, column("Endpoints", endpointAddresses), ageColumn],
  "discovery.k8s.io/endpointslices": [
    nameColumn,
    column("AddressType", (slice) => textAt(slice, "addressType") ?? ""),
    column("Ports", slicePorts),
    column("Endpoints", (slice) => {
      const addresses = objectsAt(slice, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses"));
      return addresses.length === 0 ? "<unset>" : formatSome(addresses);
    }),
    ageColumn,
  ],
  "networking.k8s.io/networkpolicies": [
    nameColumn,
    column("Pod-Selector", (policy) => formatSelector(objectAt(policy, "spec").podSelector)),
    ageColumn,
  ],
  "networking.k8s.io/ingresses": [
    nameColumn,
    column("Class", (ingress) => textAt(ingress, "spec", "ingressClassName") ?? "<none>"),
    column("Hosts", (ingress) => {
      const hosts = objectsAt(ingress, "spec", "rules").map((rule) => textAt(rule, "host") ?? "*");
      return hosts.length === 0 ? "*" : formatSome(hosts);
    }),
    column("Address", (ingress) => balancerAddresses(ingress)),
    column("Ports", (ingress) => (objectsAt(ingress, "spec", "tls").length > 0 ? "80, 443" : "80")),
    ageColumn,
  ],
  "networking.k8s.io/ingressclasses": [
    nameColumn,
    column("Controller", (object) => textAt(object, "spec", "controller") ?? ""),
    column("Parameters", (object) => {
      const { apiGroup, kind, name } = objectAt(object, "spec", "parameters");
      return kind ? `${kind}${apiGroup ? `.${apiGroup}` : ""}/${name}` : "<none>";
    }),
    ageColumn,
  ],
  "networking.k8s.io/ipaddresses": [
    nameColumn,
    column("ParentRef", (object) => {
      const { group, resource, namespace, name } = objectAt(object, "spec", "parentRef");
      return [group, resource, namespace, name].filter(Boolean).join("/");
    }),
  ],
  "networking.k8s.io/servicecidrs": [
    nameColumn,
    column("CIDRs", (object) => textsAt(object, "spec", "cidrs").join(",")),
    ageColumn,
  ],
};

function balancerAddresses(object: KubernetesObject): string {
  return objectsAt(object, "status", "loadBalancer", "ingress")
    .map((ingress) => textAt(ingress, "ip") ?? textAt(ingress, "hostname") ?? "")
    .filter((text) => text !== "")
    .join(",");
}

function externalAddress(service: KubernetesObject): string {
  const external = textsAt(service, "spec", "externalIPs");
  switch (textAt(service, "spec", "type")) {
    case "LoadBalancer": {
      const addresses = [balancerAddresses(service), ...external].filter((text) => text !== "");
      return addresses.length === 0 ? "<pending>" : addresses.join(",");
    }
    case "ExternalName":
      return textAt(service, "spec", "externalName") ?? "<none>";
    default:
      return external.length === 0 ? "<none>" : external.join(",");
  }
}

function servicePorts(service: KubernetesObject): string {
  const ports = objectsAt(service, "spec", "ports").map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.length === 0 ? "<none>" : ports.join(",");
}

function endpointAddresses(endpoints: KubernetesObject): string {
  const texts = objectsAt(endpoints, "subsets").flatMap((subset) => {
    const ports = objectsAt(subset, "ports");
    const addresses = objectsAt(subset, "addresses").map(({ ip }) => String(ip));
    return ports.length === 0
      ? addresses
      : ports.flatMap(({ port }) => addresses.map((address) => `${address}:${port}`));
  });
  return formatSome(texts);
}

function slicePorts(slice: KubernetesObject): string {
  const ports = objectsAt(slice, "ports").map((port) =>
    String(isJsonObject(port) ? (port.port ?? "*") : "*"),
  );
  return ports.length === 0 ? "<unset>" : formatSome(ports);
}
