// The public face of @slipway/yaml.
export { isJsonObject, type Json, type JsonObject } from "./json.ts";
export { type Problem, ProblemError, type SourcePosition } from "./problem.ts";
