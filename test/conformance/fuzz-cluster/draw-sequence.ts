// Draws a sequence of requests: a few objects of one or two kinds, and what several clients do to them.
import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Scenario, Step } from "../../scenarios/runner/scenario.ts";
import { type Random, seededRandom } from "../fuzz/random.ts";
import { withComparableKeys } from "./merge-keys.ts";
import { mutate, type Path, pathsOf, read } from "./mutate.ts";
import { statusOf } from "./statuses.ts";
import { emptyStep } from "./steps.ts";
import type { Pool, Template } from "./templates.ts";

/** How many requests a sequence has. */
export const sequenceLength = 20;

/** Kinds that the real server's admission reads from caches, which follow a write a moment later. */
const cached = new Set([
  "LimitRange",
  "ResourceQuota",
  "ServiceAccount",
  "PriorityClass",
  "StorageClass",
  "RuntimeClass",
]);
const cacheSeconds = 0.3;
/** What the server's own controllers do with a definition takes longer. */
const definitionSeconds = 1;

/** One of the objects that a sequence is about. */
interface Subject {
  readonly template: Template;
  readonly donors: readonly Template[];
  /** `Kind/name` */
  readonly target: string;
  /** About what it is now, as far as can be known beforehand. */
  body: JsonObject;
  /** How many of its answers were saved, as `$Rn` (resourceVersion) and `$Un` (uid) with this object's letter. */
  saved: number;
  readonly letter: string;
}

/** The sequence of a seed; the same seed and pool give the same one. */
export function drawSequence(seed: number, pool: Pool): Scenario {
  const random = seededRandom(seed);
  const kinds = [...pool.byKind.keys()];
  const subjects = Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const letter = "xyz"[index] ?? "x";
    const [kind = ""] = chosen(kinds, 1, (name) => `${seed} ${letter} ${name}`);
    return newSubject(drawTemplates(pool, kind, `${seed} ${letter}`), letter);
  });
  const first = subjects[0];
  // Two objects of one kind, so that lists and collections have something in them.
  if (first && random.chance(0.5)) {
    subjects.push(newSubject(drawTemplates(pool, first.template.kind, `${seed} w`), "w"));
  }
  const steps: Step[] = [];
  for (let count = 0; count < sequenceLength; count++) {
    const subject = random.pick(subjects);
    const step = drawStep(subject, random, count);
    steps.push({ ...step, line: count + 1 });
    // The server reads the options of a deletion out of its body and leaves the query aside.
    const isTried = step.query.dryRun !== undefined && !step.verb.startsWith("delete");
    const writes = !["get", "list"].includes(step.verb) && !isTried;
    const { kind } = subject.template;
    if (writes && kind === "CustomResourceDefinition") steps.push(pause(definitionSeconds));
    else if (writes && cached.has(kind)) steps.push(pause(cacheSeconds));
  }
  return {
    file: "",
    name: `sequence ${seed}`,
    embeddedDiffers: undefined,
    since: undefined,
    hooks: new Map(),
    steps,
  };
}

/** How many objects of its kind lend a subject their fields. */
const donorCount = 12;

/** The template of a subject, and after it some more of its kind. */
function drawTemplates(pool: Pool, kind: string, salt: string): readonly Template[] {
  return chosen(pool.byKind.get(kind) ?? [], donorCount, ({ body }) => `${salt} ${JSON.stringify(body)}`);
}

/**
 * The items whose keys have the smallest digests (rendezvous hashing): what is added to the pool later takes a place
 * only where its own is among them, so that nearly all seeds go on giving the sequences that they gave.
 */
function chosen<T>(items: readonly T[], count: number, keyOf: (item: T) => string): T[] {
  const digest = (item: T) => createHash("sha256").update(keyOf(item)).digest("hex");
  const ranked = items.map((item) => ({ item, rank: digest(item) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return ranked.slice(0, count).map(({ item }) => item);
}

/** A subject made of the first of some templates of its kind. */
function newSubject(templates: readonly Template[], letter: string): Subject {
  const [template] = templates;
  if (!template) throw new Error("a kind without templates cannot be drawn");
  const { kind } = template;
  const name = template.namespaced ? letter : `$NS-${letter}`;
  const body = kind === "CustomResourceDefinition" ? ownGroup(template.body, letter) : template.body;
  const target = kind === "CustomResourceDefinition" ? `${kind}/${definitionName(body)}` : `${kind}/${name}`;
  return { template, donors: templates, target, body, saved: 0, letter };
}

/** A definition in a group that only this sequence has. */
function ownGroup(body: JsonObject, letter: string): JsonObject {
  const spec = isJsonObject(body.spec) ? body.spec : {};
  return { ...body, spec: { ...spec, group: `${letter}.$NS.example.com` } };
}

function definitionName({ spec }: JsonObject): string {
  return `${String(read(spec, ["names", "plural"]))}.${String(read(spec, ["group"]))}`;
}

function pause(seconds: number): Step {
  return { ...emptyStep, verb: "sleep", target: String(seconds) };
}

const managers = ["ann", "bob", "kubectl", "kubectl-client-side-apply"];

function drawStep(subject: Subject, random: Random, count: number): Step {
  // The first requests make something that the others can work on.
  const kind = count < 2 ? random.below(30) : random.below(100);
  const step = stepOfKind(kind, subject, random);
  const query = { ...step.query, ...drawOptions(step, random) };
  const writes = ["create", "update", "apply", "merge", "json", "strategic"].includes(step.verb);
  if (!writes) return { ...step, query };
  subject.saved++;
  const mark = `${subject.letter.toUpperCase()}${subject.saved}`;
  return {
    ...step,
    query,
    manager: step.verb === "apply" || random.chance(0.4) ? random.pick(managers) : undefined,
    save: { [`R${mark}`]: "metadata.resourceVersion", [`U${mark}`]: "metadata.uid" },
  };
}

function stepOfKind(kind: number, subject: Subject, random: Random): Step {
  const { target, template } = subject;
  const [name = ""] = target.split("/");
  const base = { ...emptyStep, target };
  if (kind < 16) {
    const body = drawBody(subject, random);
    const generated = random.chance(0.05) && template.kind !== "CustomResourceDefinition";
    if (!generated) return { ...base, verb: "create", body };
    const metadata = isJsonObject(body.metadata) ? body.metadata : {};
    const prefix = template.namespaced ? "made-" : "$NS-made-";
    return {
      ...base,
      verb: "create",
      target: name,
      body: { ...body, metadata: { ...metadata, generateName: prefix } },
    };
  }
  if (kind < 42)
    return { ...base, verb: "apply", body: drawApplied(subject, random), force: random.chance(0.3) };
  if (kind < 50)
    return { ...base, verb: "update", body: withVersion(drawBody(subject, random), subject, random) };
  if (kind < 60)
    return { ...base, verb: "merge", body: withVersion(drawMerge(subject, random), subject, random) };
  if (kind < 67) {
    return { ...base, verb: "strategic", body: withComparableKeys(drawStrategic(subject, random)) };
  }
  if (kind < 75) return { ...base, verb: "json", body: drawJsonPatch(subject, random) };
  if (kind < 80) return { ...base, verb: "get" };
  if (kind < 84) {
    const query = drawListOptions(random);
    // Objects outside of namespaces are those of other sequences too.
    const own: Record<string, string> = { fieldSelector: `metadata.name=${target.split("/")[1]}` };
    return { ...base, verb: "list", target: name, query: template.namespaced ? query : own };
  }
  if (kind < 91) return { ...base, verb: "delete", body: drawDelete(subject, random) };
  if (kind < 92) {
    const query = drawListOptions(random);
    return template.namespaced
      ? { ...base, verb: "deleteAll", target: name, query }
      : { ...base, verb: "get" };
  }
  if (kind < 97) return drawStatus(base, subject, random);
  return drawScale(base, random);
}

function drawOptions({ verb }: Step, random: Random): Record<string, string> {
  const reads = verb === "get" || verb === "list";
  const options: Record<string, string> = {};
  if (!reads && random.chance(0.1)) options.dryRun = random.chance(0.9) ? "All" : "Some";
  if (!reads && !verb.startsWith("delete") && random.chance(0.25)) {
    options.fieldValidation = random.pick(["Strict", "Warn", "Ignore", "Strict", "Maybe"]);
  }
  return options;
}

function drawListOptions(random: Random): Record<string, string> {
  return random.pick<Record<string, string>>([
    {},
    { limit: "1" },
    { labelSelector: "app=web" },
    { labelSelector: "a" },
    { labelSelector: "a in (b,c),!x" },
    { fieldSelector: "metadata.name=x" },
    { fieldSelector: "metadata.name!=x,metadata.namespace=$NS" },
    { fieldSelector: "spec.nope=x" },
  ]);
}

/** The whole object with up to three changes, which the sequence then goes on with. */
function drawBody(subject: Subject, random: Random): JsonObject {
  const changes = random.pick([0, 0, 1, 1, 1, 2, 3]);
  let body = random.chance(0.7) ? subject.body : subject.template.body;
  if (subject.template.kind === "CustomResourceDefinition") body = subject.body;
  for (let count = 0; count < changes; count++) body = mutate(body, random, random.pick(subject.donors).body);
  if (random.chance(0.25)) body = withMetadata(body, random, subject);
  if (random.chance(0.7)) subject.body = body;
  return body;
}

/** What an applier wants: the object, or some of its fields. */
function drawApplied(subject: Subject, random: Random): JsonObject {
  let body = drawBody(subject, random);
  for (let count = random.below(3); count > 0; count--) {
    const places = pathsOf(body).filter((path) => path.length > 1);
    if (places.length > 0) body = without(body, random.pick(places));
  }
  return random.chance(0.1) ? withVersion(body, subject, random) : body;
}

function without(body: JsonObject, path: Path): JsonObject {
  const patch = path.slice(0, -1);
  const parent = read(body, patch);
  if (!isJsonObject(parent)) return body;
  const { [String(path.at(-1))]: _, ...rest } = parent;
  return replaceAt(body, patch, rest);
}

function replaceAt(body: JsonObject, path: Path, value: Json): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return isJsonObject(value) ? value : body;
  const child = body[String(key)];
  if (rest.length === 0) return { ...body, [String(key)]: value };
  if (isJsonObject(child)) return { ...body, [String(key)]: replaceAt(child, rest, value) };
  if (!Array.isArray(child)) return body;
  const [index, ...below] = rest;
  return {
    ...body,
    [String(key)]: child.map((item, place) =>
      place !== index
        ? item
        : isJsonObject(item)
          ? replaceAt(item, below, value)
          : below.length === 0
            ? value
            : item,
    ),
  };
}

/** A merge patch: one place, and what is above it. */
function drawMerge(subject: Subject, random: Random): JsonObject {
  const changed = mutate(subject.body, random, random.pick(subject.donors).body);
  const candidates = pathsOf(changed).filter((path) => path.every((key) => typeof key === "string"));
  if (candidates.length === 0) return { metadata: { labels: { a: "b" } } };
  const path = random.pick(candidates);
  const value = random.chance(0.15) ? null : (read(changed, path) ?? null);
  const patch = nest(path, value) as JsonObject;
  return random.chance(0.3) ? withMetadata(patch, random, subject) : patch;
}

function nest(path: Path, value: Json): Json {
  return [...path].reverse().reduce<Json>((inner, key) => ({ [String(key)]: inner }), value);
}

/** A strategic merge patch: a part of the object, sometimes with a directive. */
function drawStrategic(subject: Subject, random: Random): JsonObject {
  const changed = mutate(subject.body, random, random.pick(subject.donors).body);
  const tops = Object.keys(changed);
  if (tops.length === 0) return { metadata: { labels: { a: "b" } } };
  const top = random.pick(tops);
  let patch: JsonObject = { [top]: changed[top] ?? null };
  const inner = pathsOf(patch).filter((path) => isJsonObject(read(patch, path)));
  if (inner.length > 0 && random.chance(0.2)) {
    const path = random.pick(inner);
    const value = read(patch, path);
    const directive = { $patch: random.pick(["delete", "replace", "merge", "other"]) };
    if (isJsonObject(value)) patch = replaceAt(patch, path, { ...value, ...directive });
  }
  return patch;
}

function drawJsonPatch(subject: Subject, random: Random): Json {
  const places = pathsOf(subject.body);
  return Array.from({ length: 1 + random.below(3) }, () => {
    const path = places.length > 0 ? random.pick(places) : ["metadata"];
    const changed = mutate(subject.body, random, random.pick(subject.donors).body);
    const pointer = pointerTo(random.chance(0.1) ? [...path, "none"] : path);
    const value = read(changed, path) ?? "a";
    const from = pointerTo(places.length > 0 ? random.pick(places) : ["metadata"]);
    return random.pick<JsonObject>([
      { op: "replace", path: pointer, value },
      { op: "replace", path: pointer, value },
      { op: "add", path: pointer, value },
      { op: "add", path: `/metadata/labels`, value: { a: "b" } },
      { op: "add", path: pointer.replace(/\/\d+$/, "/-"), value },
      { op: "remove", path: pointer },
      { op: "test", path: pointer, value: read(subject.body, path) ?? null },
      { op: "copy", from, path: pointer },
      { op: "move", from, path: pointer },
    ]);
  });
}

function pointerTo(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function drawDelete(subject: Subject, random: Random): JsonObject {
  return random.pick<JsonObject>([
    {},
    {},
    { propagationPolicy: "Background" },
    { propagationPolicy: "Foreground" },
    { propagationPolicy: "Orphan" },
    { gracePeriodSeconds: 0 },
    { gracePeriodSeconds: 5 },
    { preconditions: { uid: latest("U", subject, random) } },
    { preconditions: { resourceVersion: latest("R", subject, random) } },
    { dryRun: ["All"] },
    { propagationPolicy: "Sideways" },
  ]);
}

/** A saved version or identifier: mostly the last one, sometimes an older one or one that never was. */
function latest(what: "R" | "U", { saved, letter }: Subject, random: Random): string {
  if (saved === 0 || random.chance(0.1)) return what === "R" ? "1" : "11111111-2222-3333-4444-555555555555";
  const number = random.chance(0.7) ? saved : 1 + random.below(saved);
  return `$${what}${letter.toUpperCase()}${number}`;
}

function withVersion(body: JsonObject, subject: Subject, random: Random): JsonObject {
  if (random.chance(0.6) && !subject.template.custom) return body;
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  return { ...body, metadata: { ...metadata, resourceVersion: latest("R", subject, random) } };
}

function withMetadata(body: JsonObject, random: Random, subject: Subject): JsonObject {
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const owner = {
    apiVersion: "v1",
    kind: "ConfigMap",
    name: "o",
    uid: "11111111-2222-3333-4444-555555555555",
  };
  const added = random.pick<JsonObject>([
    { labels: { app: "web" } },
    { labels: { a: "b", "example.com/x": "y" } },
    { labels: { "a b": "c" } },
    { labels: null },
    { annotations: { note: "some text" } },
    { annotations: {} },
    { finalizers: ["example.com/hold"] },
    { finalizers: ["example.com/hold", "example.com/other"] },
    { finalizers: [] },
    { finalizers: ["hold"] },
    { ownerReferences: [owner] },
    { ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }] },
    { ownerReferences: [owner, { ...owner, uid: "x" }] },
    { ownerReferences: null },
    { uid: latest("U", subject, random) },
    { generation: 7 },
    { creationTimestamp: null },
    { managedFields: [] },
    { managedFields: null },
    { namespace: "other" },
    { unknown: "field" },
  ]);
  return { ...body, metadata: { ...metadata, ...added } };
}

function drawStatus(base: Step, subject: Subject, random: Random): Step {
  const status = statusOf(subject.template.kind.split(".")[0] ?? "", random);
  const verb = random.pick(["update", "apply", "merge", "strategic", "json"] as const);
  if (verb === "json") {
    return { ...base, verb, subresource: "status", body: [{ op: "add", path: "/status", value: status }] };
  }
  const body = verb === "update" ? { ...subject.body, status } : { status };
  return { ...base, verb, subresource: "status", body, force: random.chance(0.3) };
}

function drawScale(base: Step, random: Random): Step {
  const replicas = random.pick([0, 1, 2, 5, -1]);
  const verb = random.pick(["get", "merge", "merge", "update"] as const);
  if (verb === "get") return { ...base, verb, subresource: "scale" };
  const typed = verb === "update" ? { apiVersion: "autoscaling/v1", kind: "Scale" } : {};
  return { ...base, verb, subresource: "scale", body: { ...typed, spec: { replicas } } };
}
