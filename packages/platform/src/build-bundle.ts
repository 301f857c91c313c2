import { realpathSync } from "node:fs";
import { posix, relative, resolve } from "node:path";
import type { KubernetesObject } from "@slipway/kubernetes";
import { type BuiltResource, build, diskFileSystem } from "@slipway/kustomize";
import type { Problem } from "@slipway/yaml";
import type { Bundle, BundleResource } from "./bundle.ts";
import { componentOfFile } from "./catalogue/catalogue.ts";
import { composeOverlay, overlayDirectory } from "./compose/compose.ts";
import { layeredFileSystem } from "./compose/layered-file-system.ts";
import type { Platform } from "./load-platform.ts";
import type { Release } from "./release/release.ts";
import { summarizeDeprecations } from "./summarize-deprecations.ts";

/**
 * Builds a platform: its release's example, over which the chosen components are laid. Origins are relative to
 * the release's folder, or to that of its remotes. Throws the ProblemError of the build.
 */
export function buildBundle(platform: Platform): Bundle {
  const { release, components } = platform;
  const overlay = composeOverlay(release, components);
  const root = realpathSync(release.root);
  const fileSystem = layeredFileSystem(
    diskFileSystem,
    Object.fromEntries(Object.entries(overlay).map(([path, text]) => [posix.join(root, path), text])),
  );
  const result = build(shownPath(posix.join(release.root, posix.dirname(release.example))), {
    fileSystem,
    ...(release.remotes === undefined ? {} : { remotes: release.remotes }),
  });
  const entries = entriesOf(platform);
  return {
    name: platform.name,
    release: release.name,
    resources: result.resources.map((resource) => toBundleResource(resource, release, entries)),
    warnings: [...platform.warnings, ...(release.name === "starter" ? [starterWarning] : [])],
    notes: result.warnings.map((problem) => formatNote(problem, release)),
    deprecations: summarizeDeprecations(result.warnings, (file) => inRelease(file, release)),
    get yaml() {
      return result.yaml();
    },
    nameFile: (file) => inRelease(file, release),
  };
}

const starterWarning = "this is the starter platform, for learning and rehearsal: its images exist nowhere";

/** The path that errors show: from the working directory when that is shorter. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length ? near : path;
}

function toBundleResource(built: BuiltResource, release: Release, entries: Entries): BundleResource {
  const origin = { ...built.origin, file: inRelease(built.origin.file, release) };
  // What the example lists is among the last kustomizations that an object passed; the example's own
  // `components` come between.
  const entry = built.trail
    .map((file) => posix.dirname(inRelease(file, release)))
    .findLast((directory) => entries.has(directory));
  const component = entry === undefined ? componentOfFile(origin.file) : entries.get(entry);
  return {
    get object() {
      return built.object as KubernetesObject;
    },
    origin,
    ...(component === undefined ? {} : { component }),
    trail: built.trail.map((file) => inRelease(file, release)),
    root: built.root,
  };
}

/** The directories that are built, and the component that each installs. */
type Entries = ReadonlyMap<string, string | undefined>;

function entriesOf({ release, components }: Platform): Entries {
  const example = posix.dirname(release.example);
  return new Map([
    ...components.kept.map(({ resource, component }) => [posix.join(example, resource), component] as const),
    ...components.added.flatMap(({ component, paths }) =>
      [...paths, overlayDirectory(component)].map((path) => [path, component.name] as const),
    ),
  ]);
}

/** A path as the release knows it. */
function inRelease(file: string, release: Release): string {
  const path = resolve(file);
  for (const root of [release.root, release.remotes]) {
    if (root !== undefined && path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  }
  return file;
}

function formatNote({ message, position, next }: Problem, release: Release): string {
  const place = position ? `${inRelease(position.file, release)}:${position.line}: ` : "";
  return `${place}${message}${next ? `; ${next}` : ""}`;
}
