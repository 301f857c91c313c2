// Advice about Services, what they are made of, and about accounts and secrets (kubernetes pkg/api/service/warnings.go
// and the strategies of the other kinds).
import type { KubernetesObject } from "@slipway/kubernetes";
import { objectAt, objectsAt, textAt, textsAt } from "../../admission/read-json.ts";
import { isHeadless } from "../service-needs.ts";
import { addressWarnings } from "../validation/network/addresses.ts";
import { rangeWarnings } from "../validation/network/ranges.ts";
import { keyPairProblem } from "./key-pair.ts";
import type { Warn } from "./storage-warnings.ts";

const hints = "service.kubernetes.io/topology-aware-hints";

const service: Warn = (object) => {
  const spec = objectAt(object, "spec");
  const external = spec.type === "ExternalName";
  const addresses = textsAt(spec, "externalIPs").length > 0;
  const warnings: string[] = [];
  if (annotation(object, hints) !== undefined) {
    warnings.push(
      `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    );
  }
  const warnAddresses = (list: string) =>
    textsAt(spec, list).flatMap((address, index) => addressWarnings(address, `spec.${list}[${index}]`));
  if (!external) warnings.push(...warnAddresses("clusterIPs"));
  if (isHeadless(spec)) {
    const ignored = "is ignored for headless services";
    if (textAt(spec, "loadBalancerIP")) warnings.push(`spec.loadBalancerIP ${ignored}`);
    if (addresses) warnings.push(`spec.externalIPs ${ignored}`);
    if (spec.sessionAffinity !== "None") warnings.push(`spec.SessionAffinity ${ignored}`);
  }
  warnings.push(...warnAddresses("externalIPs"));
  if (addresses && !isHeadless(spec) && !external) {
    warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  }
  warnings.push(
    ...addressWarnings(textAt(spec, "loadBalancerIP") ?? "", "spec.loadBalancerIP"),
    ...textsAt(spec, "loadBalancerSourceRanges").flatMap((range, index) =>
      rangeWarnings(range, `spec.loadBalancerSourceRanges[${index}]`),
    ),
  );
  if (external && addresses) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!external && textAt(spec, "externalName")) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === "PreferClose") {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
};

const ingress: Warn = (object, old) => {
  const name = "kubernetes.io/ingress.class";
  const isOld =
    annotation(object, name) !== undefined && textAt(object, "spec", "ingressClassName") === undefined;
  if (old || !isOld) return [];
  return [`annotation ${JSON.stringify(name)} is deprecated, please use 'spec.ingressClassName' instead`];
};

const endpointSlice: Warn = (object, old) =>
  old || object.addressType !== "FQDN" ? [] : ["spec.addressType: FQDN endpoints are deprecated"];

const endpoints: Warn = (object) => {
  // Of addresses that its own controller wrote the real server knows that they are right.
  if (object.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return [];
  return objectsAt(object, "subsets").flatMap((subset, index) =>
    ["addresses", "notReadyAddresses"].flatMap((list) =>
      objectsAt(subset, list).flatMap((address, place) =>
        addressWarnings(textAt(address, "ip") ?? "", `subsets[${index}].${list}[${place}].ip`),
      ),
    ),
  );
};

const networkPolicy: Warn = (object) =>
  [
    ["ingress", "from"],
    ["egress", "to"],
  ].flatMap(([direction = "", peers = ""]) =>
    objectsAt(object, "spec", direction).flatMap((rule, index) =>
      objectsAt(rule, peers).flatMap(({ ipBlock }, place) => {
        const path = `spec.${direction}[${index}].${peers}[${place}].ipBlock`;
        return [
          ...rangeWarnings(textAt(ipBlock, "cidr") ?? "", `${path}.cidr`),
          ...textsAt(ipBlock, "except").flatMap((range, at) => rangeWarnings(range, `${path}.except[${at}]`)),
        ];
      }),
    ),
  );

const serviceAccount: Warn = (object, old) => {
  const name = "kubernetes.io/enforce-mountable-secrets";
  if (annotation(object, name) === undefined || (old && annotation(old, name) !== undefined)) return [];
  return [
    `metadata.annotations[${name}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ];
};

const secret: Warn = (object) => {
  if (object.type !== "kubernetes.io/tls") return [];
  const [certificate = "", key = ""] = ["tls.crt", "tls.key"].map((name) =>
    Buffer.from(textAt(object, "data", name) ?? "", "base64").toString("latin1"),
  );
  const problem = keyPairProblem(certificate, key);
  return problem === undefined ? [] : [problem];
};

function annotation({ metadata }: KubernetesObject, name: string): string | undefined {
  return metadata.annotations?.[name];
}

/** By collection. */
export const networkWarnings: Readonly<Record<string, Warn>> = {
  "/endpoints": endpoints,
  "/secrets": secret,
  "/serviceaccounts": serviceAccount,
  "/services": service,
  "discovery.k8s.io/endpointslices": endpointSlice,
  "networking.k8s.io/ingresses": ingress,
  "networking.k8s.io/networkpolicies": networkPolicy,
};
