import type { ObjectIdentity } from "@slipway/kubernetes/objects";
import { textAt } from "../fields.ts";
import type { ObjectNode, ObjectSet } from "../object-set.ts";
import { edge, type Rule } from "./rule.ts";

const group = "cert-manager.io";

/** cert-manager: a Certificate is issued by a ready issuer; a CA issuer signs with the Secret that it names. */
export const certificateRule: Rule = ({ set, add, miss, resolve }) => {
  for (const certificate of set.ofKind(group, "Certificate")) {
    const kind = textAt(certificate.object, "spec", "issuerRef", "kind") ?? "Issuer";
    const name = textAt(certificate.object, "spec", "issuerRef", "name");
    const foreign = (textAt(certificate.object, "spec", "issuerRef", "group") ?? group) !== group;
    if (!name || foreign) continue;
    const namespace = kind === "Issuer" ? certificate.id.namespace : undefined;
    const id: ObjectIdentity = { group, kind, name, ...(namespace ? { namespace } : {}) };
    const issuer = set.find(id);
    const reason = `spec.issuerRef names ${kind} ${name}, which must be Ready`;
    if (issuer) add(edge(certificate, issuer, { kind: "hard", until: "ready", rule: "issuer", reason }));
    else miss({ from: certificate.key, id, reason });
  }
  for (const issuer of [...set.ofKind(group, "Issuer"), ...set.ofKind(group, "ClusterIssuer")]) {
    const name = textAt(issuer.object, "spec", "ca", "secretName");
    if (!name) continue;
    const namespace = issuer.id.namespace ?? controllerNamespace(set);
    const id: ObjectIdentity = { group: "", kind: "Secret", name, ...(namespace ? { namespace } : {}) };
    const secret = resolve(id);
    const reason = `spec.ca.secretName names Secret ${namespace}/${name}`;
    if (secret) add(edge(issuer, secret, { kind: "hard", until: "exists", rule: "issuer-ca", reason }));
    else miss({ from: issuer.key, id, reason });
  }
};

/**
 * Where a ClusterIssuer's Secrets lie: cert-manager's own namespace, unless it is told otherwise
 * (its flag `--cluster-resource-namespace`).
 */
function controllerNamespace(set: ObjectSet): string {
  const fact = set.facts.orderings?.find(({ from }) => from.group === group && from.kind === "Certificate");
  return fact?.to.namespace ?? "cert-manager";
}

/** The Certificate behind an `inject-ca-from` annotation (`namespace/name`). */
export function injectedCertificate(
  set: ObjectSet,
  node: ObjectNode,
): { readonly certificate: ObjectNode; readonly reason: string } | undefined {
  const annotation = "cert-manager.io/inject-ca-from";
  const value = node.object.metadata.annotations?.[annotation];
  const [namespace, name] = value?.split("/") ?? [];
  const certificate = namespace && name && set.find({ group, kind: "Certificate", namespace, name });
  if (!certificate) return undefined;
  return {
    certificate,
    reason: `metadata.annotations[${annotation}] names Certificate ${value}, whose CA it is given`,
  };
}
