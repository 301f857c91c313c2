// Imitates cert-manager's controller: Issuers and ClusterIssuers become Ready, Certificates get their Secret and
// status. Self-signed and CA issuers sign as they do; all others (ACME, Vault, …) sign with an authority made up
// for the cluster. Leaves out CertificateRequests, Orders, Challenges, renewal and keystores.
import { X509Certificate } from "node:crypto";
import { builtin, type KubernetesObject, parseDuration } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt, textsAt, valueAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { formatTime } from "../controllers/runtime/time.ts";
import { controllerSteps } from "../kubelet/time-model.ts";
import { createCertificateAuthority, issueCertificate, type KeyedCertificate } from "../pki/certificate.ts";
import { decodeSecret } from "../webhooks/serving-certificate.ts";
import { hasCondition, type NewCondition, withConditions } from "./conditions.ts";
import { type CustomResources, followCustomResources } from "./custom-resources.ts";
import { clusterResourceNamespace, workloads } from "./facts.ts";
import { createWorkloadGate } from "./workload-gate.ts";

const secrets = builtin("", "Secret");
const group = "cert-manager.io";
const manager = "cert-manager";
const ninetyDays = 90 * 86_400_000;

/** Issues certificates while the cert-manager Deployment is available. */
export function runCertManager(environment: Environment): void {
  const { caches, client, clock, random, signal } = environment;
  const secretCache = caches.follow(secrets);
  const gate = createWorkloadGate(environment, [workloads.certManager]);
  const resources: Readonly<Record<string, CustomResources>> = {
    Issuer: followCustomResources(environment, { group, resource: "issuers" }),
    ClusterIssuer: followCustomResources(environment, { group, resource: "clusterissuers" }),
    Certificate: followCustomResources(environment, { group, resource: "certificates" }),
  };
  let madeUp: KeyedCertificate | undefined;

  // What takes a certificate its time passes between cert-manager's controllers, and holds none of their workers.
  const controller = runController(environment, { name: "cert-manager", manager, workers: 50, reconcile });
  const enqueue = ({ kind, metadata }: KubernetesObject) =>
    controller.enqueue(`${kind}/${metadata.namespace ?? ""}/${metadata.name}`);
  const enqueueAll = (kind: string) => {
    for (const object of resources[kind]?.list() ?? []) enqueue(object);
  };
  for (const [kind, { onChange }] of Object.entries(resources)) {
    onChange((object) => {
      enqueue(object);
      if (kind !== "Certificate") enqueueAll("Certificate");
    });
  }
  gate.onChange(() => {
    for (const kind of Object.keys(resources)) enqueueAll(kind);
  });
  controller.watch(secretCache, (secret) => {
    const { namespace = "", name, annotations } = secret.metadata;
    const certificate = annotations?.["cert-manager.io/certificate-name"];
    const issuers = ["Issuer", "ClusterIssuer"].flatMap((kind) => resources[kind]?.list() ?? []);
    return [
      ...(certificate ? [`Certificate/${namespace}/${certificate}`] : []),
      ...issuers
        .filter((issuer) => textAt(issuer, "spec", "ca", "secretName") === name)
        .map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`),
    ];
  });

  async function reconcile(key: string, tools: ControllerTools): Promise<void> {
    if (!gate.isOpen()) return;
    const [kind = "", namespace = "", name = ""] = key.split("/");
    const object = resources[kind]?.get(name, namespace || undefined);
    if (!object || object.metadata.deletionTimestamp) return;
    if (kind === "Certificate") await reconcileCertificate(object, tools);
    else await reconcileIssuer(object);
  }

  async function setStatus(
    object: KubernetesObject,
    conditions: readonly NewCondition[],
    more: JsonObject = {},
  ): Promise<void> {
    const next = withConditions(object, conditions, clock);
    const type = resources[object.kind]?.type();
    if (!next || !type) return;
    const patch = { status: { conditions: next, ...more } };
    await client.patch(
      type,
      object.metadata,
      { type: "merge", patch },
      { subresource: "status", fieldManager: manager },
    );
  }

  async function reconcileIssuer(issuer: KubernetesObject): Promise<void> {
    if (hasCondition(issuer, "Ready")) return;
    const caSecret = textAt(issuer, "spec", "ca", "secretName");
    if (caSecret && !authorityOf(issuer)) {
      const message = `Error getting keypair for CA issuer: secrets "${caSecret}" not found`;
      await setStatus(issuer, [{ type: "Ready", status: "False", reason: "ErrGetKeyPair", message }]);
      return;
    }
    await clock.sleep(controllerSteps.issuerMs, signal);
    const said = caSecret
      ? { reason: "KeyPairVerified", message: "Signing CA verified" }
      : { reason: "IsReady", message: "" };
    await setStatus(issuer, [{ type: "Ready", status: "True", ...said }]);
  }

  async function reconcileCertificate(certificate: KubernetesObject, tools: ControllerTools): Promise<void> {
    const issuer = issuerOf(certificate);
    if (!issuer || !hasCondition(issuer, "Ready")) {
      const message = "Issuing certificate as Secret does not exist";
      await setStatus(certificate, [
        { type: "Issuing", status: "True", reason: "DoesNotExist", message },
        { type: "Ready", status: "False", reason: "DoesNotExist", message },
      ]);
      return;
    }
    const { namespace } = certificate.metadata;
    const name = textAt(certificate, "spec", "secretName") ?? "";
    const present = secretCache.get(name, namespace);
    let issued = decodeSecret(present, "tls.crt");
    if (!fits(certificate, present)) {
      await clock.sleep(controllerSteps.certificateMs, signal);
      const made = makeSecret(certificate, issuer);
      issued = decodeSecret(made, "tls.crt");
      if (present) {
        const { labels, annotations } = made.metadata;
        const patch = { metadata: { labels, annotations }, data: made.data } as JsonObject;
        await tools.write.patch(secrets, present, { type: "merge", patch });
      } else await tools.write.create(secrets, made);
    }
    if (!issued || hasCondition(certificate, "Ready")) return;
    const message = "Certificate is up to date and has not expired";
    // The condition "Issuing" goes with it.
    const settled = { ...certificate, status: { ...objectAt(certificate, "status"), conditions: [] } };
    await setStatus(settled, [{ type: "Ready", status: "True", reason: "Ready", message }], {
      ...validityOf(issued),
      revision: 1,
    });
  }

  function issuerOf(certificate: KubernetesObject): KubernetesObject | undefined {
    const kind = textAt(certificate, "spec", "issuerRef", "kind") ?? "Issuer";
    const name = textAt(certificate, "spec", "issuerRef", "name") ?? "";
    return resources[kind]?.get(name, kind === "Issuer" ? certificate.metadata.namespace : undefined);
  }

  /** Who signs for an issuer; undefined for a self-signed one, and for a CA whose Secret is not there. */
  function authorityOf(issuer: KubernetesObject): KeyedCertificate | undefined {
    const name = textAt(issuer, "spec", "ca", "secretName");
    if (name) {
      const secret = secretCache.get(name, issuer.metadata.namespace ?? clusterResourceNamespace);
      const certificate = decodeSecret(secret, "tls.crt");
      const key = decodeSecret(secret, "tls.key");
      return certificate && key ? { certificate, key } : undefined;
    }
    if (valueAt(issuer, "spec", "selfSigned")) return undefined;
    madeUp ??= createCertificateAuthority({ commonName: "simulated-issuer", now: clock.now(), random });
    return madeUp;
  }

  function makeSecret(certificate: KubernetesObject, issuer: KubernetesObject): KubernetesObject {
    const spec = objectAt(certificate, "spec");
    const now = clock.now();
    const authority = authorityOf(issuer);
    const commonName = textAt(spec, "commonName");
    const made = issueCertificate({
      ...(commonName ? { commonName } : {}),
      dnsNames: [...textsAt(spec, "dnsNames"), ...textsAt(spec, "ipAddresses")],
      isCa: spec.isCA === true,
      notBefore: now,
      notAfter: now + lifetimeOf(certificate),
      random,
      ...(authority ? { issuer: authority } : {}),
    });
    const encode = (text: string) => Buffer.from(text).toString("base64");
    const { name, namespace } = certificate.metadata;
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: textAt(spec, "secretName") ?? "",
        ...(namespace ? { namespace } : {}),
        labels: {
          ...stringsAt(spec, "secretTemplate", "labels"),
          "controller.cert-manager.io/fao": "true",
        },
        annotations: {
          ...stringsAt(spec, "secretTemplate", "annotations"),
          ...identityAnnotations(certificate, name),
        },
      },
      type: "kubernetes.io/tls",
      data: {
        "ca.crt": encode((authority ?? made).certificate),
        "tls.crt": encode(made.certificate),
        "tls.key": encode(made.key),
      },
    };
  }
}

/** What cert-manager writes on a Secret to know it again. */
function identityAnnotations(certificate: KubernetesObject, name: string): { [key: string]: string } {
  const spec = objectAt(certificate, "spec");
  const prefix = "cert-manager.io/";
  return {
    [`${prefix}alt-names`]: textsAt(spec, "dnsNames").join(","),
    [`${prefix}certificate-name`]: name,
    [`${prefix}common-name`]: textAt(spec, "commonName") ?? "",
    [`${prefix}ip-sans`]: textsAt(spec, "ipAddresses").join(","),
    [`${prefix}issuer-group`]: textAt(spec, "issuerRef", "group") ?? group,
    [`${prefix}issuer-kind`]: textAt(spec, "issuerRef", "kind") ?? "Issuer",
    [`${prefix}issuer-name`]: textAt(spec, "issuerRef", "name") ?? "",
    [`${prefix}uri-sans`]: textsAt(spec, "uris").join(","),
  };
}

/** Whether a Secret was issued for the Certificate as it is now. */
function fits(certificate: KubernetesObject, secret: KubernetesObject | undefined): boolean {
  if (!secret || !decodeSecret(secret, "tls.crt") || !decodeSecret(secret, "tls.key")) return false;
  const wanted = identityAnnotations(certificate, certificate.metadata.name);
  return Object.entries(wanted).every(([key, value]) => secret.metadata.annotations?.[key] === value);
}

/** Times of an issued certificate; it would be renewed after two thirds of its life. */
function validityOf(pem: string): JsonObject {
  const { validFromDate, validToDate } = new X509Certificate(pem);
  const from = validFromDate.getTime();
  const to = validToDate.getTime();
  return {
    notBefore: formatTime(from),
    notAfter: formatTime(to),
    renewalTime: formatTime(from + ((to - from) * 2) / 3),
  };
}

function lifetimeOf(certificate: KubernetesObject): number {
  return parseDuration(textAt(certificate, "spec", "duration") ?? "2160h") ?? ninetyDays;
}

function stringsAt(value: JsonObject, ...path: string[]): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(objectAt(value, ...path)).map(([key, text]) => [key, String(text)]),
  );
}
