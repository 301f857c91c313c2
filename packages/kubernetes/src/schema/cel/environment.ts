import { Environment } from "@marcbachmann/cel-js";
import { registerAuthorizer } from "./authorizer.ts";
import { registerEncodingAndMath } from "./encoding.ts";
import { registerLists } from "./lists.ts";
import { registerMacros } from "./macros.ts";
import { registerNameFormats } from "./name-formats.ts";
import { registerNetwork } from "./network.ts";
import { registerQuantities } from "./quantity.ts";
import { registerSemver } from "./semver.ts";
import { registerText } from "./text.ts";
import { registerUrls } from "./url.ts";

let shared: Environment | undefined;

/** CEL with the libraries that the API server gives to rules; made on first use. Variables are untyped. */
export function celEnvironment(): Environment {
  if (shared) return shared;
  const env = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  });
  registerAuthorizer(env);
  registerMacros(env);
  registerUrls(env);
  registerNetwork(env);
  registerQuantities(env);
  registerSemver(env);
  registerText(env);
  registerLists(env);
  registerEncodingAndMath(env);
  registerNameFormats(env);
  shared = env;
  return env;
}
