// What form of an answer the client asked for (apiserver endpoints/handlers/negotiation).

/** A plain object, a Table for printing, or only the metadata. */
export type AnswerForm = "object" | "table" | "metadata";

/** One entry of an `Accept` header with its parameters, names in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The entries of an `Accept` header in the order of preference that their `q` gives them. */
export function parseAccept(header: string | undefined): MediaType[] {
  const entries = (header ?? "*/*").split(",").map((entry) => {
    const [type = "", ...rest] = entry.split(";").map((part) => part.trim());
    const parameters: Record<string, string> = {};
    for (const parameter of rest) {
      const [name = "", value = ""] = parameter.split("=");
      parameters[name.toLowerCase()] = value;
    }
    return { type: type.toLowerCase(), parameters, quality: Number(parameters.q ?? 1) };
  });
  return entries.sort((a, b) => b.quality - a.quality);
}

/** Whether the server can give any of the forms in an `Accept` header. */
export function isAcceptable(header: string | undefined): boolean {
  return parseAccept(header).some(({ type, parameters }) => {
    const json = ["application/json", "*/*", "application/*"].includes(type);
    if (!json) return type === "application/yaml" && parameters.as === undefined;
    return parameters.as === undefined || (parameters.g === "meta.k8s.io" && parameters.v === "v1");
  });
}

/** Whether YAML is what the client likes best of what the server can give. */
export function prefersYaml(header: string | undefined): boolean {
  const types = parseAccept(header).map(({ type }) => type);
  return types.find((type) => /^(application\/(json|yaml|\*)|\*\/\*)$/.test(type)) === "application/yaml";
}

/** The first form in the `Accept` header that the server can give. */
export function negotiateForm(header: string | undefined): AnswerForm {
  for (const { type, parameters } of parseAccept(header)) {
    if (!["application/json", "*/*", "application/*"].includes(type)) continue;
    const { as } = parameters;
    if (as === undefined) return "object";
    if (parameters.g !== "meta.k8s.io" || parameters.v !== "v1") continue;
    if (as === "Table") return "table";
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return "metadata";
  }
  return "object";
}
