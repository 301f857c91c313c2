import type { Environment } from "@marcbachmann/cel-js";

/**
 * The `authorizer` variable of admission expressions. Nobody is asked for permissions here: expressions with it
 * parse, and fail when they are evaluated.
 */
export class CelAuthorizer {}

const type = "kubernetes.authorization.Authorizer";

/** `authorizer.group('').resource('pods').check('get').allowed()` and its like (apiserver cel/library/authz.go). */
export function registerAuthorizer(env: Environment): void {
  const unavailable = () => {
    throw new Error("authorizer is not available");
  };
  env.registerType(type, CelAuthorizer);
  const one = ["path", "group", "resource", "subresource", "namespace", "name", "check"];
  for (const name of [...one, "fieldSelector", "labelSelector"]) {
    env.registerFunction(`${type}.${name}(string): ${type}`, unavailable);
  }
  env.registerFunction(`${type}.serviceAccount(string, string): ${type}`, unavailable);
  env.registerFunction(`${type}.allowed(): bool`, unavailable);
  env.registerFunction(`${type}.errored(): bool`, unavailable);
  for (const name of ["reason", "error"]) env.registerFunction(`${type}.${name}(): string`, unavailable);
}
