import { realpathSync } from "node:fs";
import { posix, relative, resolve } from "node:path";
import type { KubernetesObject } from "@slipway/kubernetes";
import { type BuiltResource, build, diskFileSystem } from "@slipway/kustomize";
import type { Problem } from "@slipway/yaml";
import type { Bundle, BundleResource } from "./bundle.ts";
import { componentOfFile } from "./catalogue/catalogue.ts";
import { componentOfOverlay, composeOverlay } from "./compose/compose.ts";
import { layeredFileSystem } from "./compose/layered-file-system.ts";
import type { Platform } from "./load-platform.ts";
import type { Release } from "./release/release.ts";

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
  return {
    name: platform.name,
    release: release.name,
    resources: result.resources.map((resource) => toBundleResource(resource, release)),
    warnings: [...platform.warnings, ...(release.name === "starter" ? [starterWarning] : [])],
    notes: result.warnings.map((problem) => formatNote(problem, release)),
    get yaml() {
      return result.yaml();
    },
  };
}

const starterWarning =
  "the starter platform is for learning and rehearsal: its images do not exist and its Secrets protect nothing";

/** The path that errors show: from the working directory when that is shorter. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length ? near : path;
}

function toBundleResource(built: BuiltResource, release: Release): BundleResource {
  const origin = { ...built.origin, file: inRelease(built.origin.file, release) };
  // The last kustomization is the example; the one before it is what the example lists.
  const entry = built.trail.at(-2);
  const file = entry === undefined ? origin.file : inRelease(entry, release);
  const component = componentOfOverlay(file) ?? componentOfFile(file);
  return {
    get object() {
      return built.object as KubernetesObject;
    },
    origin,
    ...(component === undefined ? {} : { component }),
  };
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
