// What of a server's answer counts: the same on two servers that agree.
import type { HttpResponse } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Step } from "./scenario.ts";

/** An answer as read from the wire. */
export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body, or its text where it is no JSON; for a watch the list of its events. */
  readonly body: Json;
}

/** Reads an answer; of a watch, what comes until the server ends it. */
export async function readAnswer(response: HttpResponse, { stream }: { stream: boolean }): Promise<Answer> {
  const { status: code, headers } = response;
  if (stream && code === 200) {
    const events: Json[] = [];
    for await (const line of response.lines()) if (line) events.push(JSON.parse(line));
    return { code, headers, body: events };
  }
  const text = await response.text();
  return { code, headers, body: text.startsWith("{") ? JSON.parse(text) : text };
}

/** The names that a run made up, and what files write instead of them. */
export type Placeholders = ReadonlyMap<string, string>;

/** What of an answer is looked at. */
export interface ObserveOptions {
  readonly step: Step;
  /** The object as a whole, where the step does not name parts of it. */
  readonly whole: boolean;
  /** Who owns which of its fields. */
  readonly owners?: boolean;
  readonly placeholders: Placeholders;
}

/**
 * The answer in the terms of an `expect:` block: code, reason, message, causes, warnings, and of an object what
 * the step shows, without what is different on any two servers (identifiers, times, versions, addresses).
 */
export function observe(answer: Answer, { step, whole, owners, placeholders }: ObserveOptions): JsonObject {
  const { body, code } = answer;
  const seen: JsonObject = { code };
  const warnings = warningsOf(answer.headers);
  if (step.verb === "asked" && Array.isArray(body)) {
    delete seen.code;
    // How often a hook was asked while something was waited for is the server's own affair.
    if (step.show?.length !== 0)
      seen.asked = body.filter(isJsonObject).map((request) => clean(pick(request, step.show, placeholders)));
  } else if (step.verb === "watch" && Array.isArray(body)) {
    const events = body.filter(isJsonObject).map((event) => {
      const object = isJsonObject(event.object) ? event.object : {};
      if (event.type === "BOOKMARK") return "BOOKMARK";
      if (event.type === "ERROR") return `ERROR ${String(object.reason)}: ${String(object.message)}`;
      return `${String(event.type)} ${nameOf(object)}`;
    });
    // How many bookmarks come depends on when the watch ends.
    seen.events = events.filter((event, at) => event !== "BOOKMARK" || events[at - 1] !== "BOOKMARK");
  } else if (!isJsonObject(body)) {
    if (body !== "") seen.text = body;
  } else if (body.kind === "Status" && body.apiVersion === "v1") {
    if (code >= 400) {
      const details = isJsonObject(body.details) ? body.details : {};
      if (body.reason) seen.reason = body.reason;
      if (body.message) seen.message = body.message;
      if (Array.isArray(details.causes)) {
        const causes = details.causes.filter(isJsonObject).map(formatCause);
        // Whose fields an apply takes comes in no order.
        seen.causes = body.reason === "Conflict" ? causes.sort() : causes;
      }
    }
  } else if (Array.isArray(body.items) && (step.show === undefined || step.show.length === 0)) {
    seen.items = body.items.filter(isJsonObject).map(nameOf);
    const { continue: more, remainingItemCount } = isJsonObject(body.metadata) ? body.metadata : {};
    if (more) seen.more = remainingItemCount ?? true;
  } else if (step.show !== undefined) {
    if (step.show.length > 0) seen.show = clean(pick(body, step.show, placeholders));
  } else if (whole) {
    seen.object = clean(body);
    if (owners) seen.owners = ownersOf(body);
  }
  if (warnings.length > 0) seen.warnings = warnings;
  return replaceNames(seen, { placeholders, prefix: prefixIn(step.body) }) as JsonObject;
}

/** The value at a dotted path; `name=web` picks from a list by a field, a number by its place. */
export function valueAt(value: Json, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const part of path.match(/(?:\\.|[^.])+/g) ?? []) {
    const key = part.replaceAll("\\.", ".");
    if (Array.isArray(current)) {
      const [field = "", wanted] = key.split("=");
      current =
        wanted === undefined
          ? current[Number(key)]
          : current.find((item) => isJsonObject(item) && String(item[field]) === wanted);
    } else current = isJsonObject(current) ? current[key] : undefined;
  }
  return current;
}

function pick(body: JsonObject, show: Step["show"], placeholders: Placeholders): JsonObject {
  if (!show) return body;
  return Object.fromEntries(show.map((path) => [path, shownValue(body, path, placeholders)]));
}

/** A version or uid counts as the one that an earlier step saved, or as another. */
function shownValue(body: JsonObject, path: string, placeholders: Placeholders): Json {
  if (path === "owners") return ownersOf(body);
  const value = valueAt(body, path) ?? null;
  if (!/\.(resourceVersion|uid)$/.test(path) || typeof value !== "string") return value;
  return placeholders.get(value) ?? "<other>";
}

function nameOf(object: JsonObject): string {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const { name, generateName } = metadata;
  return generateName ? `${String(generateName)}<random>` : String(name);
}

function formatCause(cause: JsonObject): string {
  return `${String(cause.reason)} ${String(cause.field ?? "")}: ${String(cause.message)}`;
}

/** Who owns what: `manager Operation subresource` and the paths of its fields. */
function ownersOf(object: JsonObject): JsonObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const owners: JsonObject = {};
  for (const entry of Array.isArray(metadata.managedFields) ? metadata.managedFields : []) {
    if (!isJsonObject(entry)) continue;
    const parts = [managerOf(entry), entry.operation, entry.apiVersion, entry.subresource];
    owners[parts.filter((part) => part !== undefined).join(" ")] = leaves(entry.fieldsV1 ?? {}, "");
  }
  return owners;
}

/** The control plane of the tests calls itself by its binary's name, which is a digest. */
function managerOf({ manager }: JsonObject): string {
  return String(manager).replace(/^[0-9a-f]{16}$/, "kube-apiserver");
}

function leaves(value: Json, path: string): string[] {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, item]) =>
    leaves(item ?? null, key === "." ? `${path} .` : `${path}${shorten(key)}`),
  );
}

function shorten(key: string): string {
  return key.startsWith("f:") ? `.${key.slice(2)}` : `[${key}]`;
}

const dropped = new Set(["uid", "resourceVersion", "managedFields", "selfLink"]);
const addresses = new Set(["clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort", "podIP", "podIPs"]);

/** Without what no two servers have in common. */
function clean(value: Json): Json {
  if (Array.isArray(value)) return value.map(clean);
  if (!isJsonObject(value)) return typeof value === "string" ? cleanText(value) : value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (dropped.has(key) || (key === "creationTimestamp" && item !== null)) continue;
    if (addresses.has(key) && item !== "None" && !(Array.isArray(item) && item[0] === "None")) {
      if (item !== "" && item !== 0) result[key] = "<allocated>";
    } else if (/(^|\.)pod-template-hash$/.test(key) || key === "controller-revision-hash")
      result[key] = "<hash>";
    else result[key] = clean(item ?? null);
  }
  return result;
}

function cleanText(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uid>")
    .replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "<time>")
    .replace(/(resourceVersion\\*":\\*")\d+/g, "$1<version>")
    .replace(/\bkube-api-access-[a-z0-9]{5}\b/g, "kube-api-access-<random>")
    .replace(/\b(ReplicaSet \\*"[a-z0-9.-]+)-[bcdf-hj-np-tv-z2456789]{6,10}(?=\\*")/g, "$1-<hash>")
    .replace(/(Too large resource version: \d+, current: |ResourceVersion in record \()\d+/g, "$1<version>")
    .replace(/(pkg\/runtime\/scheme\.go:)\d+/g, "$1<line>")
    .replace(/\b10\.(96|244)\.\d+\.\d+\b/g, "<ip>");
}

/** The `generateName` that a step's object asks for. */
function prefixIn(body: Json | undefined): string {
  const metadata = isJsonObject(body) && isJsonObject(body.metadata) ? body.metadata : {};
  return metadata.name === undefined && typeof metadata.generateName === "string"
    ? metadata.generateName
    : "";
}

interface Names {
  readonly placeholders: Placeholders;
  /** What a name that the server made up begins with; "" when it made up none. */
  readonly prefix: string;
}

function replaceNames(value: Json, names: Names): Json {
  if (Array.isArray(value)) return value.map((item) => replaceNames(item, names));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        replaceText(key, names),
        replaceNames(item ?? null, names),
      ]),
    );
  }
  return typeof value === "string" ? cleanText(replaceText(value, names)) : value;
}

function replaceText(text: string, { placeholders, prefix }: Names): string {
  let result = text;
  for (const [actual, placeholder] of placeholders) {
    // What is shorter, a resource version, would be found in places where it is something else.
    if (actual.length >= 8) result = result.replaceAll(actual, placeholder);
  }
  let begin = prefix;
  for (const [actual, placeholder] of placeholders) begin = begin.replaceAll(actual, placeholder);
  const at = begin === "" ? -1 : result.indexOf(begin);
  const made = at < 0 ? "" : result.slice(at + begin.length, at + begin.length + 5);
  return /^[a-z0-9]{5}$/.test(made) ? result.replaceAll(begin + made, `${begin}<random>`) : result;
}

/** The texts of an answer's `Warning` headers. */
export function warningsOf(headers: Readonly<Record<string, string>>): string[] {
  const all = (headers.warning ?? "").matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...all].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
}
