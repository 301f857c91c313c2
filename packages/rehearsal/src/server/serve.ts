// The embedded API server as one function from request to answer.
import { printJson } from "@slipway/yaml";
import type { AuditEvent } from "../cluster.ts";
import { answerError, answerText } from "./answers.ts";
import { keepApiServices } from "./api-services.ts";
import { auditEvent } from "./audit.ts";
import { authorizeRequest } from "./authorize.ts";
import type { RequestContext, ServerContext } from "./context.ts";
import { cleanUpDefinitions } from "./crd/cleanup.ts";
import { establishDefinitions } from "./crd/establish.ts";
import { answerDiscovery } from "./discovery.ts";
import { followFlowSchemas } from "./flow-schemas.ts";
import { impersonate } from "./impersonate.ts";
import { isAcceptable, prefersYaml } from "./negotiate.ts";
import { answerOpenApi } from "./openapi/serve.ts";
import { type ApiAnswer, type ApiRequest, parseRequestInfo, type RequestInfo } from "./request.ts";
import { answerService } from "./service-paths.ts";
import { methodNotAllowed, noSuchResource, notAcceptable, notFound } from "./status-errors.ts";
import { bindingByName } from "./subresources/binding.ts";
import { serveSubresource } from "./subresources/serve.ts";
import { create } from "./verbs/create.ts";
import { deleteCollection, deleteNamed } from "./verbs/delete.ts";
import { get } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { patch } from "./verbs/patch.ts";
import { isReview, review } from "./verbs/review.ts";
import { update } from "./verbs/update.ts";
import { watch } from "./verbs/watch.ts";

/** The running server. */
export interface ApiServer {
  /** Answers every request; refusals are answers too, so it does not reject. */
  handle(request: ApiRequest): Promise<ApiAnswer>;
  readonly audit: readonly AuditEvent[];
}

/** Starts serving what the context's store holds. */
export function createApiServer(server: ServerContext): ApiServer {
  const audit: AuditEvent[] = [];
  establishDefinitions(server);
  cleanUpDefinitions(server);
  keepApiServices(server);
  followFlowSchemas(server);
  return {
    audit,
    async handle(sent) {
      let request = sent;
      const warnings: string[] = [];
      const annotations: Record<string, string> = {};
      let info: RequestInfo | undefined;
      let answer: ApiAnswer;
      try {
        info = parseRequestInfo(request);
        request = impersonate(server, sent);
        authorizeRequest(server, request, info);
        answer = inPreferredForm(request, await route(server, request, info, { warnings, annotations }));
      } catch (error) {
        answer = answerError(error, warnings);
      }
      audit.push(auditEvent(server.clock.now(), request, info, answer, annotations));
      return answer;
    },
  };
}

/** YAML where the client prefers it; a watch stays JSON lines. */
function inPreferredForm({ headers }: ApiRequest, answer: ApiAnswer): ApiAnswer {
  const { body } = answer;
  const isJson = answer.headers["content-type"] === "application/json";
  if (typeof body !== "string" || !isJson || !prefersYaml(headers.accept)) return answer;
  const headersOfYaml = { ...answer.headers, "content-type": "application/yaml" };
  return { ...answer, headers: headersOfYaml, body: printJson(JSON.parse(body)) };
}

/** Built-in kinds that the server itself advises against, whatever is asked that it does for them. */
const deprecatedKinds: Readonly<Record<string, string>> = {
  "/componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
  "/endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
};

/** A version that its definition calls deprecated says so in every answer. */
function warnDeprecated({ type, warnings }: RequestContext): void {
  const { deprecated, deprecationWarning } = type.custom?.version ?? {};
  if (deprecated !== true) return;
  const standard = `${type.group}/${type.version} ${type.kind} is deprecated`;
  warnings.push(typeof deprecationWarning === "string" ? deprecationWarning : standard);
}

async function route(
  server: ServerContext,
  request: ApiRequest,
  info: RequestInfo | undefined,
  told: Pick<RequestContext, "warnings" | "annotations">,
): Promise<ApiAnswer> {
  if (!info) {
    return (
      answerDiscovery(server, request) ??
      answerOpenApi(server, request) ??
      answerService(server, request) ??
      answerText(404, "404 page not found\n")
    );
  }
  const type = server.registry.find(info.group, info.version, info.resource);
  if (!type) {
    const { group, version } = info;
    const served = server.registry.all().some((one) => one.group === group && one.version === version);
    if (served) throw noSuchResource();
    return answerText(404, "404 page not found\n");
  }
  const context: RequestContext = { server, request, info, type, ...told };
  warnDeprecated(context);
  if (info.subresource !== undefined && info.subresource !== "status") return serveSubresource(context);
  const verbs = info.subresource
    ? type.subresources.find(({ name }) => name === info.subresource)?.verbs
    : type.verbs;
  if (!verbs) throw type.custom ? notFound(type, info.name ?? "") : noSuchResource();
  // A new object is sent to where all are, a change to where the object is.
  const hasPlace = (info.verb === "create") !== (info.name !== undefined);
  const isMade = ["create", "update", "patch"].includes(info.verb);
  const isServed = verbs.includes(info.verb) && (hasPlace || !isMade);
  const advice = deprecatedKinds[type.collection];
  if (isServed && advice) told.warnings.push(advice);
  if (!isAcceptable(request.headers.accept)) throw notAcceptable();
  if (!isServed) throw methodNotAllowed();
  switch (info.verb) {
    case "get":
      return get(context);
    case "list":
      return list(context);
    case "watch":
      return watch(context);
    case "create":
      if (type.collection === "/bindings") return bindingByName(context);
      return isReview(type.collection) ? review(context) : create(context);
    case "update":
      return update(context);
    case "patch":
      return patch(context);
    case "delete":
      return deleteNamed(context);
    default:
      return deleteCollection(context);
  }
}
