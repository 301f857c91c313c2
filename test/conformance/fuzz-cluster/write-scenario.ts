// Differences as scenario files, which run wherever the project's own do.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { formatScenario } from "../../scenarios/runner/format.ts";
import type { Scenario, Step } from "../../scenarios/runner/scenario.ts";

/** Longer definitions would hide what a scenario is about. */
const maxDefinitionBytes = 6_000;

/**
 * The sequence with the definitions of its custom kinds in front, in groups of its own; undefined when one of these
 * is too long for a scenario.
 */
export function selfContained(
  sequence: Scenario,
  definitions: readonly KubernetesObject[],
): Scenario | undefined {
  const kinds = new Set(sequence.steps.map(({ target }) => target.split("/")[0] ?? ""));
  const used = definitions.filter(({ spec }) => [...kinds].some((kind) => defines(spec, kind)));
  if (used.some((definition) => JSON.stringify(definition).length > maxDefinitionBytes)) return undefined;
  const groups = used.map(({ spec }) => (isJsonObject(spec) ? String(spec.group) : ""));
  const own = (target: string) => {
    const [kind = "", ...name] = target.split("/");
    const group = groups.find((one) => kind.endsWith(`.${one}`));
    return [group ? `${kind.slice(0, -group.length)}$NS.${group}` : kind, ...name].join("/");
  };
  const [like] = sequence.steps;
  if (!like) return sequence;
  const steps = sequence.steps.map((step) => ({ ...step, target: own(step.target) }));
  return {
    ...sequence,
    steps: [...used.flatMap((definition) => define(definition, like)), ...keepUsed(steps)],
  };
}

/** The steps without values that they save for nobody. */
function keepUsed(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => {
    const later = JSON.stringify(
      steps.slice(index + 1).map(({ body, query, target }) => [body, query, target]),
    );
    const save = Object.entries(step.save).filter(([name]) => later.includes(`$${name}`));
    return { ...step, save: Object.fromEntries(save) };
  });
}

/** Whether a definition is that of `Kind.version.group`. */
function defines(spec: KubernetesObject["spec"], kind: string): boolean {
  if (!isJsonObject(spec) || !isJsonObject(spec.names)) return false;
  return kind.startsWith(`${String(spec.names.kind)}.`) && kind.endsWith(`.${String(spec.group)}`);
}

/** Creates a definition and waits until it is served. */
function define({ metadata, spec }: KubernetesObject, like: Step): Step[] {
  const body: JsonObject = isJsonObject(spec) ? { ...spec, group: `$NS.${String(spec.group)}` } : {};
  const target = `CustomResourceDefinition/${metadata.name.replace(".", ".$NS.")}`;
  const bare: Step = { ...like, target, subresource: undefined, manager: undefined, query: {}, save: {} };
  return [
    { ...bare, verb: "create", body: { spec: body }, force: false, show: [] },
    {
      ...bare,
      verb: "get",
      body: undefined,
      force: false,
      show: [],
      until: { "status.conditions.type=Established.status": "True" },
    },
    { ...bare, verb: "sleep", target: "1", body: undefined, force: false },
  ];
}

/** Adds a scenario with what the real server answered to `fuzz.yaml` in a folder, which is made where it lacks. */
export function writeScenario(
  folder: string,
  scenario: Scenario,
  observations: readonly JsonObject[],
): string {
  const file = join(folder, "fuzz.yaml");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    writeFileSync(file, "about: what random sequences found, made as small as they get\nscenarios:\n");
  }
  const steps = scenario.steps.map((step, index) => ({ ...step, expect: observations[index] }));
  appendFileSync(file, `${formatScenario({ ...scenario, steps })}\n`);
  return file;
}
