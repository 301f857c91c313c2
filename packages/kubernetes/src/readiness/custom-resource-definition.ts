import { condition } from "./fields.ts";
import { failed, pending, type ReadinessRule, ready } from "./readiness.ts";

/** apiextensions/CustomResourceDefinition: kstatus's rule. */
export const definitionReadiness: ReadinessRule = (object) => {
  const names = condition(object, "NamesAccepted");
  if (names?.status === "False") return failed(`its names are not accepted: ${names.message}`);
  const established = condition(object, "Established");
  if (established?.status === "True") return ready("it is established");
  if (established?.status === "False" && established.reason !== "Installing") {
    return failed(`it cannot be established: ${established.message || established.reason}`);
  }
  return pending("it is being established");
};
