import { suggest } from "@slipway/kubernetes/objects";
import { type Problem, ProblemError } from "@slipway/yaml";
import { findComponent, suggestComponents } from "../catalogue/catalogue.ts";
import type { CatalogueComponent } from "../catalogue/component.ts";
import { minimalComponents, type Preset } from "../catalogue/preset.ts";
import type { Release, ReleaseEntry } from "../release/release.ts";

/** What was asked for. */
export interface ComponentSelection {
  /** `standard`, what the release's example holds, when left out. */
  readonly preset?: Preset;
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

/** What is to be built. */
export interface ResolvedComponents {
  /** Names, in the release's order and then in the order of adding. */
  readonly names: readonly string[];
  /** Entries of the release's example that stay; all of them unless something was left out. */
  readonly kept: readonly ReleaseEntry[];
  /** Components that come on top. */
  readonly added: readonly AddedComponent[];
  readonly warnings: readonly string[];
}

/** What deciding needs to know of the outside. */
export interface ResolveContext {
  /** Whether the release holds a path. */
  readonly hasDirectory: (path: string) => boolean;
  /** Where a component is named in a file, if it is. */
  readonly placeOf?: (
    list: "add" | "drop",
    name: string,
  ) => Pick<Problem, "position" | "sourceLine"> | undefined;
}

export interface AddedComponent {
  readonly component: CatalogueComponent;
  /** The release's directories that install it. */
  readonly paths: readonly string[];
}

/**
 * Decides which components a platform has. Throws a ProblemError with everything that is wrong: an unknown name (`components/unknown`), one that the release
 * lacks (`components/not-in-release`), one dropped that is not there (`components/not-there`) or that another
 * needs (`components/required`).
 */
export function resolveComponents(
  release: Release,
  selection: ComponentSelection,
  { hasDirectory, placeOf = () => undefined }: ResolveContext,
): ResolvedComponents {
  const preset = selection.preset ?? "standard";
  const warnings: string[] = [];
  const problems: Problem[] = [];
  const listed = new Set(release.entries.flatMap(({ component }) => component ?? []));
  const names = new Set(
    [...listed].filter((name) => preset === "standard" || minimalComponents.includes(name)),
  );
  const fromPreset = new Set(names);

  const refuse = (list: "add" | "drop", name: string, problem: Problem) =>
    problems.push({ ...problem, ...placeOf(list, name) });

  const dropped = new Set(selection.drop ?? []);
  for (const name of dropped) {
    if (!findComponent(name)) refuse("drop", name, unknownComponent(name));
    else if (selection.add?.includes(name)) refuse("drop", name, addedAndDropped(name));
    else if (!names.delete(name)) refuse("drop", name, notThere(name, preset, release, names));
  }

  const added: AddedComponent[] = [];
  for (const name of new Set(selection.add ?? [])) {
    const component = findComponent(name);
    if (!component) refuse("add", name, unknownComponent(name));
    else if (dropped.has(name)) continue;
    else if (fromPreset.has(name)) {
      warnings.push(`${name} is part of ${release.name}'s ${preset} components already`);
    } else {
      names.add(name);
      if (listed.has(name)) continue;
      const paths = component.layouts.find((layout) => layout.every(hasDirectory));
      if (paths) added.push({ component, paths });
      else refuse("add", name, notInRelease(name, release));
    }
  }
  problems.push(...unmetRequirements(names, dropped, listed, placeOf));
  if (problems.length > 0) throw together(problems);

  const kept = release.entries.filter(({ component }) =>
    component ? names.has(component) : preset === "standard",
  );
  return { names: [...names], kept, added, warnings };
}

function unknownComponent(name: string): Problem {
  const [near] = suggestComponents(name);
  return {
    code: "components/unknown",
    message: `there is no component ${JSON.stringify(name)}`,
    next: near ? `did you mean ${near}?` : "slipway.yaml's reference lists them all",
  };
}

function addedAndDropped(name: string): Problem {
  return { code: "components/contradiction", message: `${name} is both added and dropped` };
}

function notThere(name: string, preset: Preset, release: Release, names: Iterable<string>): Problem {
  const [near] = suggest(name, names);
  return {
    code: "components/not-there",
    message: `${name} can't be dropped: it is not among ${release.name}'s ${preset} components`,
    next: near ? `did you mean ${near}?` : `take ${name} out of drop`,
  };
}

function notInRelease(name: string, release: Release): Problem {
  return {
    code: "components/not-in-release",
    message: `${release.name} has no component ${name}`,
    next: `take ${name} out of add, or choose a release that has it`,
  };
}

/** Requirements that neither stay nor are unknown to the release (another arrangement may do without them). */
function unmetRequirements(
  names: ReadonlySet<string>,
  dropped: ReadonlySet<string>,
  listed: ReadonlySet<string>,
  placeOf: NonNullable<ResolveContext["placeOf"]>,
): Problem[] {
  const problems: Problem[] = [];
  for (const required of new Set([...names].flatMap((name) => findComponent(name)?.requires ?? []))) {
    if (names.has(required)) continue;
    const needing = [...names].filter((name) => findComponent(name)?.requires.includes(required));
    const isDropped = dropped.has(required);
    if (!isDropped && !listed.has(required) && needing.every((name) => listed.has(name))) continue;
    const place = isDropped
      ? placeOf("drop", required)
      : needing.map((name) => placeOf("add", name)).find(Boolean);
    problems.push({
      ...place,
      code: "components/required",
      message: `${needing.join(", ")} ${needing.length === 1 ? "needs" : "need"} ${required}, which is ${isDropped ? "dropped" : "not chosen"}`,
      next: isDropped ? `keep ${required}, or drop ${needing.join(", ")} too` : `add ${required} too`,
    });
  }
  return problems;
}

function together(problems: readonly Problem[]): ProblemError {
  const [first] = problems;
  if (first && problems.length === 1) return new ProblemError(first);
  return new ProblemError({
    code: "components/invalid",
    message: `the choice of components has ${problems.length} problems`,
    related: problems.map(({ message, position, next }) => ({
      message: next ? `${message}; ${next}` : message,
      ...(position ? { position } : {}),
    })),
  });
}
