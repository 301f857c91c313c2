// How a definition's versions are converted (apiextensions validation.go, apiserver pkg/util/webhook/validation.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { dnsLabelFaults, dnsSubdomainFaults } from "./dns-names.ts";

const path = "spec.conversion";
const reviews = ["v1", "v1beta1"];

/** What is wrong with `spec.conversion`. */
export function validateConversion({ conversion }: JsonObject): FieldError[] {
  if (!isJsonObject(conversion)) return [];
  const webhook = isJsonObject(conversion.webhook) ? conversion.webhook : {};
  const client = webhook.clientConfig;
  const versions = Array.isArray(webhook.conversionReviewVersions) ? webhook.conversionReviewVersions : [];
  const errors = validateStrategy(conversion.strategy ?? "");
  if (conversion.strategy === "Webhook") {
    return [
      ...errors,
      ...validateClient(client, `${path}.webhookClientConfig`),
      ...validateReviews(versions),
    ];
  }
  const detail = "should not be set when strategy is not set to Webhook";
  if (client) errors.push(fieldError("FieldValueForbidden", `${path}.webhookClientConfig`, detail));
  if (versions.length > 0) {
    errors.push(fieldError("FieldValueForbidden", `${path}.conversionReviewVersions`, detail));
  }
  return errors;
}

function validateStrategy(strategy: Json): FieldError[] {
  if (strategy === "None" || strategy === "Webhook") return [];
  if (strategy === "") return [fieldError("FieldValueRequired", `${path}.strategy`, "")];
  return [
    fieldError("FieldValueNotSupported", `${path}.strategy`, 'supported values: "None", "Webhook"', strategy),
  ];
}

function validateReviews(versions: readonly Json[]): FieldError[] {
  const field = `${path}.conversionReviewVersions`;
  if (versions.length === 0) return [fieldError("FieldValueRequired", field, "")];
  const errors = versions.flatMap((version, index) => {
    const at = `${field}[${index}]`;
    if (versions.indexOf(version) < index) {
      return [fieldError("FieldValueInvalid", at, "duplicate version", version)];
    }
    return dnsLabelFaults(String(version)).map((fault) =>
      fieldError("FieldValueInvalid", at, fault, version),
    );
  });
  if (!versions.some((version) => reviews.includes(String(version)))) {
    const detail = `must include at least one of ${reviews.join(", ")}`;
    errors.push(fieldError("FieldValueInvalid", field, detail, [...versions]));
  }
  return errors;
}

function validateClient(client: Json | undefined, field: string): FieldError[] {
  if (!isJsonObject(client)) {
    return [fieldError("FieldValueRequired", field, "required when strategy is set to Webhook")];
  }
  const { url, service } = client;
  if ((typeof url === "string") === isJsonObject(service)) {
    return [fieldError("FieldValueRequired", field, "exactly one of url or service is required")];
  }
  return isJsonObject(service)
    ? validateService(service, `${field}.service`)
    : validateUrl(String(url), `${field}.url`);
}

const form = "; desired format: https://host[/path]";

function validateUrl(url: string, field: string): FieldError[] {
  const [, scheme = "", authority = ""] = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?/.exec(url) ?? [];
  const host = authority.replace(/^.*@/, "");
  const invalid = (value: string, detail: string) => fieldError("FieldValueInvalid", field, detail, value);
  const user = authority === host ? "" : authority.slice(0, -host.length - 1);
  const fragment = /#(.*)$/.exec(url)?.[1] ?? "";
  const query = /\?([^#]*)/.exec(url.replace(/#.*$/, ""))?.[1] ?? "";
  return [
    ...(scheme === "https" ? [] : [invalid(scheme, `'https' is the only allowed URL scheme${form}`)]),
    ...(host === "" ? [invalid(host, `host must be specified${form}`)] : []),
    ...(user === "" ? [] : [invalid(user, "user information is not permitted in the URL")]),
    ...(fragment === "" ? [] : [invalid(fragment, "fragments are not permitted in the URL")]),
    ...(query === "" ? [] : [invalid(query, "query parameters are not permitted in the URL")]),
  ];
}

function validateService(service: JsonObject, field: string): FieldError[] {
  const errors: FieldError[] = [];
  // The real server hands namespace and name to its check in the wrong order.
  if (!service.namespace) errors.push(fieldError("FieldValueRequired", `${field}.name`, ""));
  if (!service.name) errors.push(fieldError("FieldValueRequired", `${field}.namespace`, ""));
  const port = service.port ?? 443;
  if (typeof port === "number" && (port < 1 || port > 65_535)) {
    const detail = "port is not valid: must be between 1 and 65535, inclusive";
    errors.push(fieldError("FieldValueInvalid", `${field}.port`, detail, port));
  }
  if (typeof service.path === "string") errors.push(...validatePath(service.path, `${field}.path`));
  return errors;
}

function validatePath(path: string, field: string): FieldError[] {
  const invalid = (detail: string) => fieldError("FieldValueInvalid", field, detail, path);
  if (path === "" || path === "/") return [];
  if (path === "//") return [invalid("segment[0] may not be empty")];
  const segments = path.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(path.startsWith("/") ? [] : [invalid("must start with a '/'")]),
    ...segments.flatMap((segment, index) =>
      segment === ""
        ? [invalid(`segment[${index}] may not be empty`)]
        : dnsSubdomainFaults(segment).map((fault) => invalid(`segment[${index}]: ${fault}`)),
    ),
  ];
}
