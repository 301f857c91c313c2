// One field after another of every template is changed, and both servers are asked what they make of it.
import type { Json, JsonObject } from "@slipway/yaml";
import type { Step } from "../../scenarios/runner/scenario.ts";
import { compareOne, type Pair } from "./compare-sequences.ts";
import { type Path, pathsOf, read, write } from "./mutate.ts";
import { emptyStep } from "./steps.ts";
import type { Pool, Template } from "./templates.ts";

/** How the changed objects are sent: as new ones, or onto the unchanged one. All are dry runs. */
export type SweepVerb = "create" | "update" | "apply";

/** One change of one template. */
export interface SweepCase {
  /** The kind, the place and what was done there. */
  readonly name: string;
  readonly template: Template;
  readonly body: JsonObject;
}

const changes: readonly (readonly [string, (old: Json) => Json | undefined])[] = [
  ["removed", () => undefined],
  ["null", () => null],
  ["an empty text", () => ""],
  ["another text", () => "a b"],
  ["negative", () => -1],
  ["zero", () => 0],
  ["turned", (old) => (typeof old === "boolean" ? !old : true)],
  ["an empty map", () => ({})],
  ["an empty list", () => []],
];

/** Maps whose keys are anybody's: one entry stands for all. */
const freeMaps =
  /^(annotations|binaryData|data|hard|labels|limits|matchLabels|nodeSelector|requests|stringData)$/;

/**
 * Every change of every field of the built-in kinds' templates, each field of a kind once. Values keep their type
 * unless `otherTypes` is asked for: what cannot be decoded is told of without a look at the object.
 */
export function sweepCases(pool: Pool, { otherTypes = false } = {}): SweepCase[] {
  const seen = new Set<string>();
  const cases: SweepCase[] = [];
  for (const [kind, templates] of pool.byKind) {
    if (kind === "CustomResourceDefinition") continue;
    for (const template of templates.filter(({ custom }) => !custom)) {
      for (const path of pathsOf(template.body)) {
        for (const [what, change] of changes) {
          const old = read(template.body, path) ?? null;
          const value = change(old);
          if (JSON.stringify(value) === JSON.stringify(old) || !(otherTypes || isAlike(value, old))) continue;
          const place = `${kind} ${placeOf(path)} ${what}`;
          if (seen.has(place)) continue;
          seen.add(place);
          const body = write(template.body, path, value) as JsonObject;
          cases.push({ name: `${kind} ${path.join(".")}: ${what}`, template, body });
        }
      }
    }
  }
  return cases;
}

function isAlike(value: Json | undefined, old: Json): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === typeof old && Array.isArray(value) === Array.isArray(old);
}

/** A place in all objects of its kind: without indexes, and without the keys of free maps. */
function placeOf(path: Path): string {
  return path
    .map((key, index) =>
      typeof key === "number" || freeMaps.test(String(path[index - 1] ?? "")) ? "*" : key,
    )
    .join(".");
}

const casesAtOnce = 40;
const parallel = 6;

/** Asks both servers about all cases, and tells of those that they answer otherwise: a line with the case and the answers. */
export async function* sweep(
  pair: Pair,
  cases: readonly SweepCase[],
  verb: SweepVerb,
): AsyncGenerator<string> {
  const waiting = groupsOf(cases);
  const running: Promise<string[]>[] = [];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    running.push(compareGroup(pair, next, verb));
    if (running.length >= parallel) yield* (await running.shift()) ?? [];
  }
  for (const group of running) yield* await group;
}

/** Cases of one template together, so that its unchanged object is made once. */
function groupsOf(cases: readonly SweepCase[]): SweepCase[][] {
  const groups: SweepCase[][] = [];
  for (const one of cases) {
    const last = groups.at(-1);
    if (last?.[0]?.template === one.template && last.length < casesAtOnce) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

async function compareGroup(pair: Pair, cases: readonly SweepCase[], verb: SweepVerb): Promise<string[]> {
  const [{ template } = { template: undefined }] = cases;
  if (!template) return [];
  const target = `${template.kind}/${template.namespaced ? "x" : "$NS-x"}`;
  const first: Step = { ...emptyStep, verb: "create", target, body: template.body, line: 1 };
  const steps = verb === "create" ? [] : [first];
  const names = new Map<number, string>([[1, `${template.kind}: unchanged`]]);
  for (const { body, name } of cases) {
    const line = steps.length + 1;
    names.set(line, name);
    const how = verb === "apply" ? { manager: "ann", force: true } : {};
    steps.push({ ...emptyStep, ...how, verb, target, body, query: { dryRun: "All" }, line });
  }
  const differences = await compareOne(pair, {
    file: "",
    name: "sweep",
    embeddedDiffers: undefined,
    since: undefined,
    hooks: new Map(),
    steps,
  });
  const found = new Map<string, string>();
  for (const difference of differences) {
    const name = names.get(Number(/^step (\d+)/.exec(difference)?.[1])) ?? "";
    if (!found.has(name)) found.set(name, `${name}\n    ${difference.replace(/^step \d+\./, "")}`);
  }
  return [...found.values()];
}
