// What a webhook server sent back, read as the API server's client reads it.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** An HTTP answer. */
export interface WebhookReply {
  readonly code: number;
  readonly contentType: string;
  readonly text: string;
}

/** The line of apiserver's sources that registers the kinds of reviews is part of what the server says. */
const scheme = "pkg/runtime/scheme.go:111";

/** The versions of a review that the API server knows, and the fields of its answer that have one type only. */
const fieldTypes: Readonly<Record<string, string>> = { allowed: "boolean", uid: "string", patch: "string" };

/**
 * The answered review, of the kind and version that was sent.
 * @throws Error with the text of client-go's rest.Result and of the decoders behind it
 */
export function readReview({ code, contentType, text }: WebhookReply, sent: JsonObject): JsonObject {
  const parsed = parse(text);
  if (code < 200 || code > 206) throw new Error(refusalOf(code, contentType, text, parsed));
  if (text === "") {
    throw new Error(`0-length response with status code: ${code} and content type: ${contentType}`);
  }
  if (!isJsonObject(parsed)) {
    throw new Error(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(parsed)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const { apiVersion = sent.apiVersion, kind = sent.kind } = parsed;
  const group = String(sent.apiVersion).split("/")[0];
  if (kind !== sent.kind || ![`${group}/v1`, `${group}/v1beta1`].includes(String(apiVersion))) {
    throw new Error(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(scheme)}`,
    );
  }
  if (apiVersion !== sent.apiVersion) {
    const type = (version: Json | undefined) => `${String(version).split("/")[1]}.${String(kind)}`;
    throw new Error(`converting (${type(apiVersion)}) to (${type(sent.apiVersion)}): unknown conversion`);
  }
  checkTypes(parsed.response);
  return { ...parsed, apiVersion: apiVersion ?? "", kind };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function checkTypes(response: Json | undefined): void {
  if (!isJsonObject(response)) return;
  for (const [field, type] of Object.entries(fieldTypes)) {
    const value = response[field];
    if (value === undefined || value === null || typeof value === type) continue;
    throw new Error(
      `json: cannot unmarshal ${jsonType(value)} into Go struct field AdmissionResponse.response.${field} of type ${type === "boolean" ? "bool" : type}`,
    );
  }
  const { patch } = response;
  const bad = typeof patch === "string" ? patch.search(/[^A-Za-z0-9+/=]/) : -1;
  if (bad >= 0) throw new Error(`illegal base64 data at input byte ${bad}`);
}

/** Status codes whose text says all (apimachinery api/errors NewGenericServerResponse). */
const texts: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  409: "the server reported a conflict",
  422: "the server rejected our request due to an error in our request",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

function refusalOf(code: number, contentType: string, text: string, parsed: Json): string {
  if (isJsonObject(parsed) && parsed.kind === "Status" && typeof parsed.message === "string")
    return parsed.message;
  const said = contentType.startsWith("text/") ? text.trim() : "unknown";
  if (code === 403) return said;
  if (texts[code]) return texts[code];
  return code >= 500
    ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
    : `the server responded with the status code ${code} but did not return more information`;
}
