// Which certificate does the pod behind a webhook's Service serve?
import { builtin, type Clock, type KubernetesObject } from "@slipway/kubernetes";
import { objectsAt, textAt } from "../admission/read-json.ts";
import { issueCertificate, type KeyedCertificate } from "../pki/certificate.ts";
import type { ClusterReader, ServiceReference } from "./service-route.ts";

/**
 * A webhook server that does not serve a certificate from a mounted Secret: it makes its own and keeps it in a
 * Secret that nobody mounts.
 */
export interface OwnCertificate {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly secret: { readonly namespace: string; readonly name: string };
  /** The Secret's keys that hold the served certificate and its private key (PEM)… */
  readonly certificateKey?: string;
  readonly privateKeyKey?: string;
  /** …or the keys of an authority in whose name the process signs its serving certificate, in memory. */
  readonly authority?: { readonly certificateKey: string; readonly privateKey: string };
}

/**
 * - a certificate in PEM, as the pod serves it, and its private key where that is known;
 * - `absent`: it has none yet, so it does not listen;
 * - `unknown`: nothing on the cluster says where it would come from.
 */
export type Serving = { readonly certificate: string; readonly key?: string } | "absent" | "unknown";

/** Finds the certificate that a pod serves under the name of a Service. */
export type FindServing = (
  reader: ClusterReader,
  service: ServiceReference,
  pod: KubernetesObject | undefined,
) => Promise<Serving>;

const secrets = builtin("", "Secret");
const day = 86_400_000;

/**
 * The finder for an embedded cluster: `own` lists the servers that keep their certificate themselves; all others
 * serve `tls.crt` of a Secret that they mount.
 */
export function createServingFinder(options: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly own: readonly OwnCertificate[];
}): FindServing {
  const signed = new Map<string, { authority: string; leaf: KeyedCertificate }>();

  /** Signed once per authority, as the process would when it starts. */
  function signFor(service: ServiceReference, authority: KeyedCertificate): KeyedCertificate {
    const { namespace, name } = service;
    const key = `${namespace}/${name}`;
    const known = signed.get(key);
    if (known?.authority === authority.certificate) return known.leaf;
    const now = options.clock.now();
    const leaf = issueCertificate({
      dnsNames: [name, `${name}.${namespace}`, `${name}.${namespace}.svc`],
      notBefore: now - day,
      notAfter: now + 90 * day,
      random: options.random,
      issuer: authority,
    });
    signed.set(key, { authority: authority.certificate, leaf });
    return leaf;
  }

  return async (reader, service, pod) => {
    const own = options.own.find(
      (entry) => entry.service.namespace === service.namespace && entry.service.name === service.name,
    );
    if (own) {
      const secret = await reader.get(secrets, own.secret.namespace, own.secret.name);
      if (own.authority) {
        const certificate = decodeSecret(secret, own.authority.certificateKey);
        const key = decodeSecret(secret, own.authority.privateKey);
        return certificate && key ? signFor(service, { certificate, key }) : "absent";
      }
      const certificate = decodeSecret(secret, own.certificateKey ?? "tls.crt");
      const key = decodeSecret(secret, own.privateKeyKey ?? "tls.key");
      return certificate ? withKey(certificate, key) : "absent";
    }
    const mounted = pod ? mountedSecrets(pod) : [];
    for (const name of mounted) {
      const secret = await reader.get(secrets, service.namespace, name);
      const certificate = decodeSecret(secret, "tls.crt");
      if (certificate) return withKey(certificate, decodeSecret(secret, "tls.key"));
    }
    return mounted.length > 0 ? "absent" : "unknown";
  };
}

function withKey(certificate: string, key: string | undefined): Serving {
  return key ? { certificate, key } : { certificate };
}

/** The names of the Secrets that a pod (or a pod template) cannot start without. */
export function mountedSecrets(pod: KubernetesObject): string[] {
  return objectsAt(pod, "spec", "volumes").flatMap((volume) => {
    const name = textAt(volume, "secret", "secretName");
    const optional = typeof volume.secret === "object" && (volume.secret as { optional?: unknown })?.optional;
    return name && optional !== true ? [name] : [];
  });
}

/** A Secret's value as text; undefined when it is not there or empty. */
export function decodeSecret(secret: KubernetesObject | undefined, key: string): string | undefined {
  const encoded = textAt(secret, "data", key);
  return encoded ? Buffer.from(encoded, "base64").toString() : undefined;
}
