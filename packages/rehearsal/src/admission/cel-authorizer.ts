// What the `authorizer` of an admission expression answers.
import { CelAuthorizer } from "@slipway/kubernetes";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";

/** Asks about whoever makes the request, or about the service account that the expression names. */
export function authorizerFor(attributes: AdmissionAttributes, reader: AdmissionReader): CelAuthorizer {
  const { user, type, subresource = "", namespace = "", name } = attributes;
  const requested = { group: type.group, resource: type.resource, subresource, namespace, name };
  return new CelAuthorizer(
    ({ path, group, resource, subresource, namespace, name, verb, account }) => {
      const asked = account
        ? {
            name: `system:serviceaccount:${account.namespace}:${account.name}`,
            groups: [
              "system:serviceaccounts",
              `system:serviceaccounts:${account.namespace}`,
              "system:authenticated",
            ],
          }
        : user;
      if (path !== undefined) return reader.permit(asked, { verb, path });
      const full = subresource ? `${resource}/${subresource}` : resource;
      return reader.permit(asked, { verb, group, resource: full, namespace, name });
    },
    { requested },
  );
}
