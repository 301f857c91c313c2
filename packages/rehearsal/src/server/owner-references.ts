import { equalJson, type KubernetesObject } from "@slipway/kubernetes";

/**
 * Leaves one of owners that are said twice, and advises against it (apiserver endpoints/handlers/rest.go
 * dedupOwnerReferencesAndAddWarning). `admitted`: whether admission has already changed the object. Changes it.
 */
export function dropRepeatedOwners(
  { metadata }: KubernetesObject,
  { warnings, admitted }: { readonly warnings: string[]; readonly admitted: boolean },
): void {
  const owners = metadata.ownerReferences ?? [];
  const isRepeated = owners.map((owner, index) =>
    owners.slice(0, index).some((other) => equalJson({ ...other }, { ...owner })),
  );
  if (!isRepeated.includes(true)) return;
  const uids = owners.filter((_, index) => isRepeated[index]).map(({ uid }) => uid);
  const when = admitted ? " after mutating admission happens" : "";
  const text = `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids.join(", ")}`;
  if (!warnings.includes(text)) warnings.push(text);
  metadata.ownerReferences = owners.filter((_, index) => !isRepeated[index]);
}
