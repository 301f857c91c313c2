// Who may say what of signing requests, and what may not be asked for (plugin/pkg/admission/certificates).
import { equalJson } from "@slipway/kubernetes";
import { organizationsOf } from "../pki/signing-request.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { objectAt, textAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

const group = "certificates.k8s.io";

/** CertificateApproval: whoever approves or denies may `approve` for the signer that was asked. */
export const certificateApproval: AdmissionPlugin = {
  name: "CertificateApproval",
  async validate(attributes, reader) {
    if (isOf(attributes, "approval")) refuseUnlessAllowed(attributes, reader, "approve");
  },
};

/** CertificateSigning: whoever writes a certificate or conditions may `sign` for the signer that was asked. */
export const certificateSigning: AdmissionPlugin = {
  name: "CertificateSigning",
  async validate(attributes, reader) {
    if (!isOf(attributes, "status")) return;
    const [now, before] = [attributes.object, attributes.oldObject].map((one) => {
      const { certificate = "", conditions = [] } = objectAt(one, "status");
      return { certificate, conditions };
    });
    if (now && before && !equalJson(now, before)) refuseUnlessAllowed(attributes, reader, "sign");
  },
};

const clientSigner = "kubernetes.io/kube-apiserver-client";

/** CertificateSubjectRestriction: nobody becomes a master by a certificate. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  async validate(attributes) {
    const { object } = attributes;
    if (!isOf(attributes, undefined) || textAt(object, "spec", "signerName") !== clientSigner) return;
    const request = Buffer.from(textAt(object, "spec", "request") ?? "", "base64").toString("latin1");
    if (!organizationsOf(request).includes("system:masters")) return;
    throw refuse(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`);
  },
};

function isOf({ type, subresource, object }: AdmissionAttributes, wanted: string | undefined): boolean {
  return (
    type.group === group &&
    type.resource === "certificatesigningrequests" &&
    (subresource || undefined) === wanted &&
    object !== undefined
  );
}

/** Allowed is who may do it for the signer, or for all signers of its domain. */
function refuseUnlessAllowed(attributes: AdmissionAttributes, reader: AdmissionReader, verb: string): void {
  const signer = textAt(attributes.oldObject, "spec", "signerName") ?? "";
  const names = [signer, `${signer.split("/")[0]}/*`];
  const wanted = { verb, group, resource: "signers", namespace: "" };
  if (names.some((name) => reader.permit(attributes.user, { ...wanted, name }) !== undefined)) return;
  throw refuse(
    attributes,
    `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`,
  );
}
