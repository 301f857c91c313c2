// What a scenario file says, parsed once.
import { isJsonObject, type Json, type JsonObject, ProblemError, readYamlDocument } from "@slipway/yaml";
import type { Hook } from "./hook-server.ts";

/**
 * What a step asks the server for. `asked` asks a webhook of the scenario what it was sent; `sleep` asks nothing
 * and lets time pass.
 */
export const verbs = [
  "create",
  "update",
  "apply",
  "merge",
  "strategic",
  "json",
  "get",
  "list",
  "watch",
  "delete",
  "deleteAll",
  "request",
  "asked",
  "sleep",
] as const;
export type Verb = (typeof verbs)[number];

/** One request, how often it is repeated, and what of the answer counts. */
export interface Step {
  readonly verb: Verb;
  /** `Kind/name`, `Kind` for lists, `METHOD /path` for `request`, a hook for `asked`, seconds for `sleep`. */
  readonly target: string;
  /** The object to write, the patch, or a request's body. */
  readonly body: Json | undefined;
  readonly subresource: string | undefined;
  readonly manager: string | undefined;
  readonly force: boolean;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the answer, by dotted path, that later steps may use as `$NAME`. */
  readonly save: Readonly<Record<string, string>>;
  /** The parts of the answered object that count; undefined for all of it in a scenario's last step. */
  readonly show: readonly string[] | undefined;
  /** Dotted paths and the values that they must have; the request is repeated until they do. */
  readonly until: JsonObject | undefined;
  /** What a real server answered, or undefined before it was recorded. */
  readonly expect: JsonObject | undefined;
  /** Where the step is in the file: its first line and the column of its keys, both from 1. */
  readonly line: number;
  readonly column: number;
}

/** A few steps in a namespace of their own. */
export interface Scenario {
  readonly file: string;
  readonly name: string;
  /** Why the embedded server answers otherwise on purpose. */
  readonly embeddedDiffers: string | undefined;
  /** From which minor version on a real server answers so, and what is different before. */
  readonly since: { readonly minor: string; readonly difference: string } | undefined;
  /** Webhooks that answer while it runs, by name. */
  readonly hooks: ReadonlyMap<string, Hook>;
  readonly steps: readonly Step[];
}

const stepKeys = new Set<string>([
  ...verbs,
  "like",
  "with",
  "patch",
  "body",
  "sub",
  "manager",
  "force",
  "query",
  "headers",
  "save",
  "show",
  "until",
  "expect",
]);

/**
 * Reads a scenario file. `bases` are the objects that `like:` may name, beside those in the file itself.
 * @throws ProblemError `scenario/invalid` with file and line
 */
export function readScenarios(text: string, file: string, bases: JsonObject = {}): Scenario[] {
  const document = readYamlDocument(text, { file });
  const fail = (path: readonly (string | number)[], message: string): never => {
    throw new ProblemError({
      code: "scenario/invalid",
      message,
      position: document.position(path),
      sourceLine: document.sourceLine(path),
    });
  };
  const root = isJsonObject(document.value) ? document.value : fail([], "a scenario file is a map");
  for (const key of Object.keys(root)) {
    if (!["about", "bases", "scenarios"].includes(key)) fail([key], `a scenario file has no "${key}"`);
  }
  const known: JsonObject = { ...bases, ...(isJsonObject(root.bases) ? root.bases : {}) };
  const list = Array.isArray(root.scenarios) ? root.scenarios : fail([], "scenarios: must be a list");
  return list.map((value, index): Scenario => {
    const at = ["scenarios", index];
    const scenario = isJsonObject(value) ? value : fail(at, "a scenario is a map");
    for (const key of Object.keys(scenario)) {
      if (!["name", "embedded", "since", "hooks", "steps"].includes(key))
        fail([...at, key], `a scenario has no "${key}"`);
    }
    const { name, steps, embedded } = scenario;
    if (typeof name !== "string") return fail(at, "a scenario has a name, which is text");
    if (!Array.isArray(steps) || steps.length === 0) return fail(at, `"${name}" has no steps`);
    const differs = isJsonObject(embedded) ? embedded.differs : undefined;
    if (embedded !== undefined && typeof differs !== "string") {
      fail([...at, "embedded"], "embedded: { differs: why } says why");
    }
    return {
      file,
      name,
      embeddedDiffers: typeof differs === "string" ? differs : undefined,
      since: readSince(scenario.since, (message) => fail([...at, "since"], message)),
      hooks: readHooks(scenario.hooks, (message, key) => fail([...at, "hooks", key], message)),
      steps: steps.map((step, number) => {
        const path = [...at, "steps", number];
        const place = document.position(path);
        const text = typeof step === "object" ? step : null;
        return readStep(isJsonObject(text) ? text : fail(path, "a step is a map"), {
          bases: known,
          fail: (message, key) => fail(key === undefined ? path : [...path, key], message),
          line: place.line,
          column: place.column,
        });
      }),
    };
  });
}

function readSince(value: Json | undefined, fail: (message: string) => never): Scenario["since"] {
  if (value === undefined) return undefined;
  const [[minor, difference] = [], ...more] = isJsonObject(value) ? Object.entries(value) : [];
  if (!minor || typeof difference !== "string" || more.length > 0) {
    return fail('since: { "1.36": what is different before }');
  }
  return { minor, difference };
}

/** Whether what is recorded holds for a server of this minor version. */
export function holdsFor({ since }: Scenario, minor: string): boolean {
  return since === undefined || Number(minor.split(".")[1]) >= Number(since.minor.split(".")[1]);
}

const hookKeys = new Set(["answer", "patch", "review", "convert", "code", "text", "silent"]);

function readHooks(
  value: Json | undefined,
  fail: (message: string, hook: string) => never,
): Map<string, Hook> {
  const hooks = new Map<string, Hook>();
  for (const [name, item] of Object.entries(isJsonObject(value) ? value : {})) {
    const hook = isJsonObject(item) ? item : {};
    for (const key of Object.keys(hook)) if (!hookKeys.has(key)) fail(`a hook has no "${key}"`, name);
    const { answer, patch, review, convert, code, text, silent } = hook;
    hooks.set(name, {
      answer: isJsonObject(answer) ? answer : {},
      patch,
      review: isJsonObject(review) ? review : {},
      convert: isJsonObject(convert) ? convert : {},
      code: typeof code === "number" ? code : 200,
      text: optionalText(text),
      silent: silent === true,
    });
  }
  return hooks;
}

interface StepContext {
  readonly bases: JsonObject;
  readonly fail: (message: string, key?: string) => never;
  readonly line: number;
  readonly column: number;
}

function readStep(step: JsonObject, { bases, fail, line, column }: StepContext): Step {
  for (const key of Object.keys(step)) if (!stepKeys.has(key)) fail(`a step has no "${key}"`, key);
  const [verb, ...others] = verbs.filter((name) => step[name] !== undefined);
  if (!verb || others.length > 0) return fail(`a step has one of ${verbs.join(", ")}`);
  const target = step[verb];
  if (typeof target !== "string" && typeof target !== "number") return fail("a target is text", verb);
  const { like } = step;
  const base = typeof like === "string" ? bases[like] : undefined;
  if (like !== undefined && base === undefined) fail(`no base is called ${JSON.stringify(like)}`, "like");
  const given = step.with ?? step.patch ?? step.body;
  return {
    verb,
    target: String(target),
    body: base === undefined ? given : layOver(base, given ?? {}),
    subresource: optionalText(step.sub),
    manager: optionalText(step.manager),
    force: step.force === true,
    query: texts(step.query),
    headers: texts(step.headers),
    save: texts(step.save),
    show: Array.isArray(step.show) ? step.show.map(String) : undefined,
    until: isJsonObject(step.until) ? step.until : undefined,
    expect: isJsonObject(step.expect) ? step.expect : undefined,
    line,
    column,
  };
}

function optionalText(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function texts(value: Json | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}

/**
 * A JSON merge patch (RFC 7386), so that `with` says only what is different from the base; a map that is laid over
 * a list changes items by their place.
 */
function layOver(base: Json, patch: Json): Json {
  if (Array.isArray(base) && isJsonObject(patch)) {
    return base.map((item, index) => layOver(item, patch[index] ?? {}));
  }
  if (!isJsonObject(patch) || !isJsonObject(base)) return patch;
  const result: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = layOver(result[key] ?? {}, value);
  }
  return result;
}
