// CRDs and API services (apiextensions and kube-aggregator, pkg/apis/*/v1/defaults.go).
import { type DefaultHook, fill, fillMap, items } from "./hook.ts";

const definition: DefaultHook = (crd) => {
  const spec = fillMap(crd, "spec");
  const names = fillMap(spec, "names");
  const kind = typeof names.kind === "string" ? names.kind : "";
  fill(names, "singular", kind.toLowerCase());
  if (kind !== "") fill(names, "listKind", `${kind}List`);
  if (spec.conversion === undefined) spec.conversion = { strategy: "None" };
  const status = fillMap(crd, "status");
  if (Array.isArray(status.storedVersions) && status.storedVersions.length > 0) return;
  const stored = items(spec, "versions").find((version) => version.storage === true);
  if (stored?.name !== undefined) status.storedVersions = [stored.name];
};

const port: DefaultHook = (service) => fill(service, "port", 443);

/** Defaults by type name. */
export const definitionDefaults: Readonly<Record<string, DefaultHook>> = {
  "apiextensions.v1.CustomResourceDefinition": definition,
  "apiextensions.v1.ServiceReference": port,
  "apiregistration.v1.ServiceReference": port,
};
