// Makes a sequence that shows a difference as small as it can be.
import type { Json } from "@slipway/yaml";
import type { Scenario, Step } from "../../scenarios/runner/scenario.ts";
import { type Path, pathsOf, read, write } from "./mutate.ts";

/**
 * The smallest sequence found that still differs: first without steps, then without parts of what is left. `differs`
 * runs a sequence; it is asked at most `attempts` times.
 */
export async function shrink(
  sequence: Scenario,
  differs: (candidate: Scenario) => Promise<boolean>,
  attempts = 300,
): Promise<Scenario> {
  let left = attempts;
  let steps = sequence.steps;
  const tryWith = async (candidate: readonly Step[]): Promise<boolean> => {
    if (left <= 0 || candidate.length === 0) return false;
    left--;
    const holds = await differs({ ...sequence, steps: candidate });
    if (holds) steps = candidate;
    return holds;
  };
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = steps.length; end > 0; end -= size) {
      await tryWith([...steps.slice(0, Math.max(0, end - size)), ...steps.slice(end)]);
    }
  }
  for (let index = 0; index < steps.length; index++) {
    for (const simpler of simplerSteps(steps[index] as Step)) {
      await tryWith(steps.with(index, simpler(steps[index] as Step)));
    }
  }
  return { ...sequence, steps };
}

/** Each takes one thing away from a step. */
function simplerSteps({ body, query }: Step): ((step: Step) => Step)[] {
  const options = Object.keys(query).map((key) => (step: Step): Step => {
    const { [key]: _, ...rest } = step.query;
    return { ...step, query: rest };
  });
  // Outer parts come first, and of a list its end, so that the places of what is left stay the same.
  const parts = body === undefined ? [] : pathsOf(body).toReversed();
  const places = parts
    .sort((a, b) => a.length - b.length)
    .map(
      (path) =>
        (step: Step): Step => ({ ...step, body: remove(step.body ?? null, path) }),
    );
  return [
    (step) => ({ ...step, manager: step.verb === "apply" ? "ann" : undefined }),
    (step) => ({ ...step, force: false }),
    (step) => ({ ...step, save: {} }),
    ...options,
    ...places,
  ];
}

function remove(body: Json, path: Path): Json {
  return read(body, path) === undefined ? body : write(body, path, undefined);
}
